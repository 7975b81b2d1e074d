/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes codes: what diagnose can find, and what it means. */
#include "cli/cause_choice.h"
#include "cli/drive.h"
#include "cli/rulebook.h"
#include "documents/codes_list.h"
#include "page/codes.h"

struct codes_run {
	struct rules *rules;
};

/* rule: NULL for all of them. */
struct codes_format {
	struct format format;
	void (*write)(struct buf *out, const struct command_run *run, const struct rules *rules,
		      const struct rule *rule);
};

static void write_text(struct buf *out, const struct command_run *run, const struct rules *rules,
		       const struct rule *rule)
{
	if (rule)
		codes_text_one(out, rule, run->style);
	else
		codes_text(out, rules, run->style);
}

static void write_json(struct buf *out, const struct command_run *run, const struct rules *rules,
		       const struct rule *rule)
{
	codes_json(out, rules, rule);
}

static void write_csv(struct buf *out, const struct command_run *run, const struct rules *rules,
		      const struct rule *rule)
{
	codes_rows(out, rules, rule, false, run->style.no_headers);
}

static void write_tsv(struct buf *out, const struct command_run *run, const struct rules *rules,
		      const struct rule *rule)
{
	codes_rows(out, rules, rule, true, run->style.no_headers);
}

static const struct codes_format formats[] = {
	{ { "table", FORMAT_TABLE }, write_text },
	{ { "wide", FORMAT_WIDE }, write_text },
	{ { "json", FORMAT_DOCUMENT }, write_json },
	{ { "csv", FORMAT_DOCUMENT }, write_csv },
	{ { "tsv", FORMAT_DOCUMENT }, write_tsv },
	{ { "markdown", FORMAT_MARKDOWN }, write_text },
};

static int read_rules(struct command_run *run, struct err *err)
{
	struct codes_run *own = run->own;

	own->rules = rulebook(run->options, err);
	return own->rules ? 0 : -1;
}

/* Every code that is named, or all; an unknown one is an error with the nearest name. */
static int write_codes(struct command_run *run, struct err *err)
{
	const struct options *o = run->options;
	const struct codes_format *format = FORMAT_ROW(o->format, struct codes_format);
	const struct rules *rules = ((struct codes_run *)run->own)->rules;

	if (!o->operands.n)
		format->write(&run->text, run, rules, NULL);
	for (size_t i = 0; i < o->operands.n; i++) {
		const struct rule *rule =
		    cause_choice_rule(rules, "", str_from(o->operands.items[i]), err);

		if (!rule)
			return -1;
		format->write(&run->text, run, rules, rule);
	}
	return 0;
}

static void free_rules(struct command_run *run)
{
	rules_free(((struct codes_run *)run->own)->rules);
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
	.own_size = sizeof(struct codes_run),
	.prepare = read_rules,
	.finish = write_codes,
	.release = free_rules,
};
/* clang-format on */
