/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes codes: what diagnose can find, and what it means. */
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/ending.h"
#include "cli/rulebook.h"
#include "output/codes.h"
#include "output/sink.h"

#include <unistd.h>

/* Every code that was asked for, or all; an unknown one is an error with the nearest name. */
static int print(const struct options *o, const struct rules *rules, struct buf *out,
		 struct err *err)
{
	struct table_style style = ending_style(o);

	if (!o->operands.n && o->output == OUTPUT_JSON)
		codes_json(out, rules, NULL);
	else if (!o->operands.n)
		codes_text(out, rules, style);
	for (size_t i = 0; i < o->operands.n; i++) {
		const struct rule *rule = rules_find(rules, str_from(o->operands.items[i]));
		struct suggest near = suggest_for(str_from(o->operands.items[i]));

		for (size_t k = 0; !rule && k < rules_count(rules); k++)
			suggest_offer(&near, rules_at(rules, k)->code.p);
		if (!rule)
			return err_set(
			    err, ERR_USAGE, "there is no code '%.100s'%s%s%s", o->operands.items[i],
			    near.best ? "; did you mean '" : "; 'lunettes codes' lists them",
			    near.best ? near.best : "", near.best ? "'?" : "");
		if (o->output == OUTPUT_JSON)
			codes_json(out, rules, rule);
		else
			codes_text_one(out, rule, style);
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
