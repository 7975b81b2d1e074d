/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin.h"

const struct rules *builtin(void)
{
	static struct rules *rules;

	if (!rules) {
		rules = rules_new();
		rules_builtin(rules);
		rules_finish(rules);
	}
	return rules;
}
