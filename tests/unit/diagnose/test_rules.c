/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants of the built-in rules, and of the tables whose codes they explain. */
#include "suites.h"

#include "base/buf.h"
#include "diagnose/nodes.h"
#include "diagnose/rules.h"
#include "kube/refusal.h"
#include "changes/writes.h"

#define NEW "code: Mine, id: X, stage: none, owner: user, summary: S., advice: A."

static struct rules *rules;

static void read_rules(void)
{
	rules = rules_new();
	rules_builtin(rules);
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
			ck_assert_msg(rules_find(rules, str_from(nodes_code(i))) != NULL,
				      "no rule explains %s of diagnose/nodes.c: add it to "
				      "src/diagnose/rules/scheduling.yaml",
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
		ck_assert_msg(refusal != NULL, STR_FMT ": no row of kube/refusal.c has this code",
			      STR_ARG(r->code));
		ck_assert_str_eq(owners[r->owner], refusal->owner);
		ck_assert_int_eq(r->stage, STAGE_ADMISSION);
		n++;
	}
	ck_assert_uint_gt(n, 25);
}
END_TEST

/* Whatever the status, a create that was rejected for good has a rule. */
START_TEST(test_statuses)
{
	for (int32_t status = 300; status < 600; status++) {
		struct str code = str_from(refusal_of(status, STR(""))->code);

		if (refusal_is_final(status))
			ck_assert_msg(rules_find(rules, code) != NULL, STR_FMT, STR_ARG(code));
	}
}
END_TEST

/* A colon or a # that YAML takes for its own would cut a sentence. */
START_TEST(test_sentences)
{
	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *r = rules_at(rules, i);
		const struct str texts[] = { r->summary, r->advice };

		for (size_t k = 0; k < ARRAY_SIZE(texts); k++)
			ck_assert_msg(texts[k].p[texts[k].n - 1] == '.' ||
					  texts[k].p[texts[k].n - 1] == '}',
				      STR_FMT ": " STR_FMT, STR_ARG(r->code), STR_ARG(texts[k]));
	}
}
END_TEST

/* The content of a file, and the resulting message. */
static const struct {
	const char *rules, *message;
} wrong_rules[] = {
	{ "- {" NEW ", match: [{event: A, is: 'True'}]}",
	  "f:1:97: [0].match[0].is: stands only beside condition" },
	{ "- {" NEW ", match: [{waiting: A, exit: 1}]}",
	  "f:1:101: [0].match[0].exit: stands only beside terminated" },
	{ "- {" NEW ", match: [{event: A, over: 3s}]}",
	  "f:1:99: [0].match[0].over: stands only beside slow and test" },
	{ "- {" NEW ", match: [{condition: Ready, is: Flase}]}",
	  "f:1:105: [0].match[0].is: found \"Flase\", expected False or True; did you mean "
	  "\"False\"?" },
	{ "- {" NEW ", scope: [create, die]}",
	  "f:1:90: [0].scope[1]: found \"die\", expected create, run or delete" },
	{ "- {code: Mine, id: LUN-R16, stage: none, owner: user, summary: S., advice: A.}",
	  "f:1:20: [0].id: is that of the code PostStartHookError already" },
	{ "- {code: PostStartHookError, id: X, stage: none, owner: user, summary: S., advice: A.}",
	  "f:1:10: [0].code: has the id LUN-R16 already; a rule that replaces it needs the same "
	  "one" },
	{ "- {" NEW ", match: [{event: A, killed: true}]}",
	  "f:1:101: [0].match[0].killed: stands only beside terminated" },
	{ "- {" NEW ", changed: {secret: named}}",
	  "f:1:84: [0].changed.secret: unknown key; did you mean \"secrets\"?" },
	{ "- {" NEW ", changed: {secrets: [named, name]}}",
	  "f:1:101: [0].changed.secrets[1]: found \"name\", expected named, workload, node, "
	  "namespace, cluster, scaled, labels, notCreated or last" },
	{ "- {" NEW ", changed: {secrets: notCreated}}",
	  "f:1:93: [0].changed.secrets: does not say what ties it to the pods: named, workload, "
	  "node, namespace or cluster" },
	{ "- {" NEW ", changed: [secrets]}",
	  "f:1:83: [0].changed: found a list, expected an object" },
};

START_TEST(test_wrong)
{
	struct err err = { 0 };

	ck_assert_int_eq(rules_read(rules, "f", str_from(wrong_rules[_i].rules), &err), -1);
	ck_assert_str_eq(err.message, wrong_rules[_i].message);
}
END_TEST

/* YAML takes the bare words for booleans. */
START_TEST(test_bare_truth)
{
	struct err err = { 0 };

	ck_assert_msg(rules_read(rules, "f",
				 STR("- {" NEW ", match: [{condition: Ready, is: False}]}"),
				 &err) == 0,
		      "%s", err.message);
}
END_TEST

/* A rule's key about writes, and the result; NULL: the key is missing. */
static const struct {
	const char *names, *changed, *resource;
	unsigned ties;
} changes[] = {
	{ "code: Mine, id: X", NULL, "deployments", 1u << TIE_WORKLOAD },
	{ "code: Mine, id: X", NULL, "secrets", 0 },
	{ "code: Mine, id: X", "{}", "deployments", 0 },
	{ "code: Mine, id: X", "{secrets: named}", "deployments", 0 },
	{ "code: Mine, id: X", "{secrets: [named, namespace, notCreated]}", "secrets",
	  1u << TIE_NAMED | 1u << TIE_NAMESPACE | CHANGED_NOT_CREATED },
	{ "code: Mine, id: X", "{workloads: [workload, scaled]}", "cronjobs",
	  1u << TIE_WORKLOAD | CHANGED_SCALED },
	{ "code: Mine, id: X", "{workloads: workload, jobs: namespace}", "jobs",
	  1u << TIE_NAMESPACE },
	{ "code: Mine, id: X", "{nodes: [cluster, labels, last]}", "nodes",
	  1u << TIE_CLUSTER | CHANGED_LABELS | CHANGED_LAST },
	/* a rule that replaces one of the program keeps its key unless it sets it */
	{ "code: ConfigMapMissing, id: LUN-V04a", NULL, "configmaps", 1u << TIE_NAMED },
	{ "code: ConfigMapMissing, id: LUN-V04a", "{secrets: named}", "configmaps", 0 },
};

START_TEST(test_changed)
{
	const struct write_row *row = write_rows;
	struct err err = { 0 };
	struct buf text = { 0 };
	struct str code = str_from(changes[_i].names);
	const struct rule *rule;

	while (strcmp(row->resource, changes[_i].resource) != 0)
		row++;
	buf_printf(&text, "- {%s, stage: none, owner: user, summary: S., advice: A.%s%s}",
		   changes[_i].names, changes[_i].changed ? ", changed: " : "",
		   changes[_i].changed ? changes[_i].changed : "");
	ck_assert_msg(rules_read(rules, "f", buf_str(&text), &err) == 0, "%s", err.message);
	str_cut(str_after(code, 6), ',', &code, &(struct str){ 0 });
	rule = rules_find(rules, code);
	ck_assert_uint_eq(rule->changed[row - write_rows], changes[_i].ties);
	buf_free(&text);
}
END_TEST

/* A resource that no rule names is kept for nothing, but for those that `lunettes policy` asks for.
 */
START_TEST(test_resources)
{
	static const char unused[] = "horizontalpodautoscalers customresourcedefinitions";

	for (size_t i = 0; i < n_write_rows; i++) {
		unsigned any = 0;

		for (size_t k = 0; k < rules_count(rules); k++)
			any |= rules_at(rules, k)->changed[i];
		ck_assert_msg(any || strstr(unused, write_rows[i].resource) != NULL,
			      "%s: no rule of src/diagnose/rules has it under `changed:`",
			      write_rows[i].resource);
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
	tcase_add_test(t, test_sentences);
	tcase_add_loop_test(t, test_wrong, 0, ARRAY_SIZE(wrong_rules));
	tcase_add_test(t, test_bare_truth);
	tcase_add_loop_test(t, test_changed, 0, ARRAY_SIZE(changes));
	tcase_add_test(t, test_resources);
	suite_add_tcase(suite, t);
	return suite;
}
