/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rulebook.h"

#include "cli/small_file.h"

static int add_files(struct rules *rules, const struct option_list *files, struct err *err)
{
	struct buf text = { 0 };
	int r = 0;

	for (size_t i = 0; i < files->n && r >= 0; i++) {
		buf_reset(&text);
		r = small_file_read("the rules", files->items[i], false, &text, err);
		if (r > 0)
			r = rules_read(rules, files->items[i], buf_str(&text), err);
	}
	buf_free(&text);
	return r;
}

struct rules *rulebook(const struct options *options, struct err *err)
{
	struct rules *rules = rules_new();

	rules_builtin(rules);
	if (add_files(rules, &options->rules, err) < 0) {
		rules_free(rules);
		return NULL;
	}
	rules_finish(rules);
	return rules;
}
