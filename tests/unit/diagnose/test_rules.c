/* SPDX-License-Identifier: Apache-2.0 */
/* What the built-in rules promise about each other, and about the tables whose codes they explain.
 */
#include "suites.h"

#include "diagnose/nodes.h"
#include "diagnose/rules.h"
#include "kube/refusal.h"

static struct rules *rules;

static void read_rules(void)
{
	struct err err = { 0 };

	rules = rules_new();
	ck_assert_msg(rules_builtin(rules, &err) == 0, "%s", err.message);
	rules_finish(rules);
}

static void free_rules(void)
{
	rules_free(rules);
}

/* Every reason of the scheduler that has a code has the rule of that name. */
START_TEST(test_nodes)
{
	size_t i = 0;

	for (; nodes_code(i); i++)
		if (*nodes_code(i))
			ck_assert_msg(rules_find(rules, str_from(nodes_code(i))) != NULL, "%s",
				      nodes_code(i));
	ck_assert_uint_gt(i, 30);
}
END_TEST

/* diagnose and slo call a refusal by the same name, and name the same owner. */
START_TEST(test_refusals)
{
	static const char *const owners[] = { "", "platform", "user" };
	size_t n = 0;

	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *r = rules_at(rules, i);
		const struct refusal *refusal = refusal_by_code(r->code);

		if (!str_starts(r->id, STR("LUN-C")))
			continue;
		ck_assert_msg(refusal != NULL, STR_FMT, STR_ARG(r->code));
		ck_assert_str_eq(owners[r->owner], refusal->owner);
		ck_assert_int_eq(r->stage, STAGE_ADMISSION);
		n++;
	}
	ck_assert_uint_gt(n, 25);
}
END_TEST

/* And whatever the status, a create that was refused for good has a rule. */
START_TEST(test_statuses)
{
	for (int32_t status = 300; status < 600; status++) {
		struct str code = str_from(refusal_of(status, STR(""))->code);

		if (refusal_is_final(status))
			ck_assert_msg(rules_find(rules, code) != NULL, STR_FMT, STR_ARG(code));
	}
}
END_TEST

Suite *suite_rules(void)
{
	Suite *suite = suite_create("rules");
	TCase *t = tcase_create("rules");

	tcase_add_checked_fixture(t, read_rules, free_rules);
	tcase_add_test(t, test_nodes);
	tcase_add_test(t, test_refusals);
	tcase_add_test(t, test_statuses);
	suite_add_tcase(suite, t);
	return suite;
}
