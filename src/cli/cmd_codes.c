/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes codes: the causes that diagnose can find, and their meaning. */
#include "cli/cause_choice.h"
#include "cli/drive.h"
#include "cli/rulebook.h"
#include "documents/codes_list.h"
#include "page/codes.h"

struct codes_format {
	struct format format;
	/* rule: NULL for all of them. */
	void (*write)(struct buf *out, const struct rules *rules, const struct rule *rule,
		      struct table_style style);
};

static const struct codes_format formats[] = {
	{ { "table", FORMAT_TABLE }, codes_text },
	{ { "wide", FORMAT_WIDE }, codes_text },
	{ { "json", FORMAT_DOCUMENT }, codes_json },
	{ { "csv", FORMAT_DOCUMENT }, codes_rows },
	{ { "tsv", FORMAT_DOCUMENT, .tabs = true }, codes_rows },
	{ { "markdown", FORMAT_MARKDOWN }, codes_text },
};

static int read_rules(struct command_run *run, struct err *err)
{
	run->rules = rulebook(run->options, err);
	return run->rules ? 0 : -1;
}

/* Every code that is named, or all; an unknown one is an error with the nearest name. */
static int write_codes(struct command_run *run, struct err *err)
{
	const struct option_list *codes = &run->options->operands;
	const struct codes_format *format = run->format;

	if (!codes->n)
		format->write(&run->text, run->rules, NULL, run->style);
	for (size_t i = 0; i < codes->n; i++) {
		const struct rule *rule =
		    cause_choice_rule(run->rules, "", str_from(codes->items[i]), err);

		if (!rule)
			return -1;
		format->write(&run->text, run->rules, rule, run->style);
	}
	return 0;
}

/* clang-format off */
const struct command command_codes = {
	.name = "codes",
	.bits = COMMAND_CODES | PRINTERS,
	.operands = "[OPTION]... [CODE]...",
	.summary = "list the codes of diagnose, or explain some",
	.description =
		"Prints what diagnose can find: each code with the stage that it explains, "
		"who can mend it, and what it means. With CODEs, names or ids, it explains "
		"these. lunettes-codes(7) has them all.",
	.examples =
		"lunettes codes ImageNotFound\tOne code explained.\n"
		"lunettes codes -o json\tAll of them, for other programs.\n",
	.formats = FORMATS(formats),
	.prepare = read_rules,
	.finish = write_codes,
};
/* clang-format on */
