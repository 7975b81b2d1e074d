/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes inspect: what do these logs hold, what do they lack, and what does that cost? */
#include "cli/ending.h"
#include "documents/inspect_json.h"
#include "base/sink.h"

#include <unistd.h>

struct inspect_format {
	struct format format;
	void (*write)(struct buf *out, const struct inspection *found, struct table_style style);
};

static void write_json(struct buf *out, const struct inspection *found, struct table_style style)
{
	inspect_json(out, found);
}

static const struct inspect_format formats[] = {
	{ { "table", FORMAT_TABLE }, inspect_text },
	{ { "wide", FORMAT_WIDE }, inspect_text },
	{ { "json", FORMAT_DOCUMENT }, write_json },
};

static int print(const struct options *options, const struct inspection *found, struct err *err)
{
	struct buf text = { 0 };
	struct sink out;

	FORMAT_ROW(options->format, struct inspect_format)
	    ->write(&text, found, ending_style(options));
	sink_open(&out, STDOUT_FILENO, "standard output");
	sink_write(&out, buf_str(&text));
	buf_free(&text);
	return sink_close(&out, err);
}

static const struct cluster *cluster_of(struct pipeline *p, const struct timeline *t)
{
	return context_find_cluster(pipeline_basis(p)->context, t->cluster);
}

/*
 * An input without anything of use is looked at all the same: why it is of none is the question.
 * But not what was counted until the disk was full.
 */
static int run(struct pipeline *p, const struct options *options, struct err *err)
{
	struct coverage coverage = { 0 };
	const struct timeline *t;
	int read = pipeline_read(p, err), r = 0;

	if (read < 0 && (err->code != ERR_INPUT || !pipeline_has_basis(p)))
		return read;
	while (read == 0 && (r = pipeline_next(p, &t, err)) > 0)
		coverage_add(&coverage, t, cluster_of(p, t)->first);
	pipeline_end_progress(p);
	if (r >= 0)
		r = print(options,
			  &(struct inspection){ .basis = pipeline_basis(p),
						.survey = pipeline_survey(p),
						.coverage = &coverage,
						.wrappers = pipeline_wrappers(p) },
			  read < 0 ? &(struct err){ 0 } : err);
	coverage_free(&coverage);
	return read < 0 ? read : r;
}

static int run_inspect(const struct options *options)
{
	struct pipeline *p = pipeline_open(options);
	struct err err = { 0 };
	int status, r = run(p, options, &err);

	status = ending(p, options, r, &err, &(struct ending_said){ 0 });
	pipeline_close(p);
	return status;
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
	.run = run_inspect,
};
/* clang-format on */
