/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes inspect: what do these logs contain, what is missing, and what are the consequences? */
#include "cli/drive.h"
#include "documents/inspect_json.h"

struct inspect_format {
	struct format format;
	void (*write)(struct buf *out, const struct inspection *found, struct table_style style);
};

static const struct inspect_format formats[] = {
	{ { "table", FORMAT_TABLE }, inspect_text },
	{ { "wide", FORMAT_WIDE }, inspect_text },
	{ { "json", FORMAT_DOCUMENT }, inspect_json },
	{ { "markdown", FORMAT_MARKDOWN }, inspect_text },
};

/* An input without useful records is shown, too, because the user wants to know why. */
static int ask_for_survey(struct command_run *run, struct err *err)
{
	run->needs.survey = run->needs.empty_input = true;
	return 0;
}

static bool observe_coverage(struct command_run *run, const struct timeline *t,
			     const struct cluster *cluster)
{
	coverage_add(run->own, t, cluster->first);
	return true;
}

static int write_inspection(struct command_run *run, struct err *err)
{
	const struct inspect_format *format = run->format;
	const struct inspection found = { .basis = run->basis,
					  .survey = &run->pipeline.all.survey,
					  .coverage = run->own,
					  .wrappers = &run->pipeline.all.wrappers };

	format->write(&run->text, &found, run->style);
	return 0;
}

static void free_coverage(struct command_run *run)
{
	coverage_free(run->own);
}

/* clang-format off */
const struct command command_inspect = {
	.name = "inspect",
	.bits = COMMAND_INSPECT | READERS | PRINTERS,
	.operands = "[OPTION]... [FILE|DIR|-]...",
	.summary = "show what logs hold and lack, and what it costs",
	.description =
		"Reads the same as slo, and tells what the numbers of slo would rest on: "
		"which files were read and how, which time and which gaps, what was logged "
		"about pods and at which level, what could not be used, and what of the "
		"delivery of pods can therefore not be told."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes inspect logs/\tWhat the logs of a directory are good for.\n"
		"lunettes inspect -o json logs/ | jq .\tThe same for other programs.\n",
	.formats = FORMATS(formats),
	.own_size = sizeof(struct coverage),
	.prepare = ask_for_survey,
	.observe = observe_coverage,
	.finish = write_inspection,
	.release = free_coverage,
};
/* clang-format on */
