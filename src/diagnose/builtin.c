/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "diagnose/ruleset.h"

void rules_builtin(struct rules *r)
{
	assert(r->n == 0);
	for (size_t i = 0; i < n_builtin_rules; i++)
		rules_put(r, &builtin_rules[i]);
	array_reserve(r->matchers, r->matchers_cap, n_builtin_matchers);
	memcpy(r->matchers, builtin_matchers, n_builtin_matchers * sizeof(*r->matchers));
	r->n_matchers = n_builtin_matchers;
}
