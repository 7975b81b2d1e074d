/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes codes: what diagnose can find, and what it means. */
#include "cli/cause_choice.h"
#include "cli/commands.h"
#include "cli/ending.h"
#include "cli/rulebook.h"
#include "documents/codes_list.h"
#include "page/codes.h"
#include "base/sink.h"

#include <unistd.h>

/* All of them, or one that was asked for. */
static void add(const struct options *o, const struct rules *rules, const struct rule *rule,
		struct buf *out)
{
	struct table_style style = ending_style(o);

	switch (o->output) {
	case OUTPUT_JSON:
		codes_json(out, rules, rule);
		break;
	case OUTPUT_CSV:
	case OUTPUT_TSV:
		codes_rows(out, rules, rule, o->output == OUTPUT_TSV, o->no_headers);
		break;
	default:
		if (rule)
			codes_text_one(out, rule, style);
		else
			codes_text(out, rules, style);
		break;
	}
}

/* Every code that was asked for, or all; an unknown one is an error with the nearest name. */
static int print(const struct options *o, const struct rules *rules, struct buf *out,
		 struct err *err)
{
	if (!o->operands.n)
		add(o, rules, NULL, out);
	for (size_t i = 0; i < o->operands.n; i++) {
		const struct rule *rule =
		    cause_choice_rule(rules, "", str_from(o->operands.items[i]), err);

		if (!rule)
			return -1;
		if (i && o->output <= OUTPUT_WIDE)
			buf_add_char(out, '\n');
		add(o, rules, rule, out);
	}
	return 0;
}

int cmd_codes(const struct options *options)
{
	struct err err = { 0 };
	struct buf text = { 0 };
	struct sink out;
	struct rules *rules = rulebook(options, &err);
	int r = rules ? print(options, rules, &text, &err) : -1;

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
