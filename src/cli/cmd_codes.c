/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes codes: what diagnose can find, and what it means. */
#include "cli/cause_choice.h"
#include "cli/ending.h"
#include "cli/rulebook.h"
#include "documents/codes_list.h"
#include "page/codes.h"
#include "base/sink.h"

#include <unistd.h>

/* rule: NULL for all of them. */
struct codes_format {
	struct format format;
	void (*write)(struct buf *out, const struct options *o, const struct rules *rules,
		      const struct rule *rule);
};

static void write_text(struct buf *out, const struct options *o, const struct rules *rules,
		       const struct rule *rule)
{
	if (rule)
		codes_text_one(out, rule, ending_style(o));
	else
		codes_text(out, rules, ending_style(o));
}

static void write_json(struct buf *out, const struct options *o, const struct rules *rules,
		       const struct rule *rule)
{
	codes_json(out, rules, rule);
}

static void write_csv(struct buf *out, const struct options *o, const struct rules *rules,
		      const struct rule *rule)
{
	codes_rows(out, rules, rule, false, o->no_headers);
}

static void write_tsv(struct buf *out, const struct options *o, const struct rules *rules,
		      const struct rule *rule)
{
	codes_rows(out, rules, rule, true, o->no_headers);
}

static const struct codes_format formats[] = {
	{ { "table", FORMAT_TABLE }, write_text },
	{ { "wide", FORMAT_WIDE }, write_text },
	{ { "json", FORMAT_DOCUMENT }, write_json },
	{ { "csv", FORMAT_DOCUMENT }, write_csv },
	{ { "tsv", FORMAT_DOCUMENT }, write_tsv },
	{ { "markdown", FORMAT_MARKDOWN }, write_text },
};

/* Every code that was asked for, or all; an unknown one is an error with the nearest name. */
static int write_codes(const struct options *o, const struct rules *rules, struct buf *out,
		 struct err *err)
{
	const struct codes_format *format = FORMAT_ROW(o->format, struct codes_format);

	if (!o->operands.n)
		format->write(out, o, rules, NULL);
	for (size_t i = 0; i < o->operands.n; i++) {
		const struct rule *rule =
		    cause_choice_rule(rules, "", str_from(o->operands.items[i]), err);

		if (!rule)
			return -1;
		if (i && (o->format->kind == FORMAT_TABLE || o->format->kind == FORMAT_WIDE))
			buf_add_char(out, '\n');
		format->write(out, o, rules, rule);
	}
	return 0;
}

static int run_codes(const struct options *options)
{
	struct err err = { 0 };
	struct buf text = { 0 };
	struct sink out;
	struct rules *rules = rulebook(options, &err);
	int r = rules ? write_codes(options, rules, &text, &err) : -1;

	if (r == 0) {
		sink_open(&out, STDOUT_FILENO, "standard output");
		sink_write(&out, buf_str(&text));
		r = sink_close(&out, &err);
	}
	if (r < 0)
		fprintf(stderr, "lunettes: %s\n", err.message);
	buf_free(&text);
	rules_free(rules);
	return r < 0 ? (int)status_of(&err) : STATUS_OK;
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
	.run = run_codes,
};
/* clang-format on */
