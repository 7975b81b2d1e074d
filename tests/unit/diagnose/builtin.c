/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin.h"

#include <check.h>

const struct rules *builtin(void)
{
	static struct rules *rules;
	struct err err = { 0 };

	if (!rules) {
		rules = rules_new();
		ck_assert_int_eq(rules_builtin(rules, &err), 0);
		rules_finish(rules);
	}
	return rules;
}
