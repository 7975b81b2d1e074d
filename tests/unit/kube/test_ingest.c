/* SPDX-License-Identifier: Apache-2.0 */
/* Counters are a table: every member of the struct is in the table, and is summed. */
#include "suites.h"

START_TEST(test_table)
{
	struct ingest one = { 0 }, sum = { 0 };
	uint64_t *fields = (uint64_t *)&one;
	bool seen[sizeof(struct ingest) / sizeof(uint64_t)] = { false };

	ck_assert_uint_eq(n_ingest_rows, ARRAY_SIZE(seen));
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		fields[i] = i + 1;
	ingest_add(&sum, &one);
	ingest_add(&sum, &one);
	for (size_t i = 0; i < n_ingest_rows; i++) {
		const struct ingest_row *row = &ingest_rows[i];
		size_t field = row->offset / sizeof(uint64_t);

		ck_assert(row->key[0] && row->what[0]);
		ck_assert_uint_eq(row->offset % sizeof(uint64_t), 0);
		ck_assert(field < ARRAY_SIZE(seen) && !seen[field]);
		seen[field] = true;
		ck_assert_uint_eq(ingest_value(&one, row), field + 1);
		ck_assert_uint_eq(ingest_value(&sum, row), 2 * (field + 1));
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(ingest_rows[k].key, row->key);
	}
}
END_TEST

START_TEST(test_names)
{
	for (int i = 0; i < FACT_KINDS; i++)
		for (int k = 0; k < i; k++)
			ck_assert(!str_eq(fact_kind_name((enum fact_kind)i),
					  fact_kind_name((enum fact_kind)k)));
	ck_assert_str(fact_kind_name(FACT_CREATE), STR("create"));
	ck_assert_str(fact_kind_name(FACT_EVENT), STR("event"));
	ck_assert_str(fact_kind_name(FACT_KINDS), STR("?"));
	ck_assert_str(precision_name(PRECISION_EXACT), STR("exact"));
	ck_assert_str(precision_name(PRECISION_SECOND), STR("second"));
	ck_assert_str(precision_name(PRECISION_INFERRED), STR("inferred"));
	ck_assert_str(origin_name(ORIGIN_OTHER), STR("other"));
	ck_assert_str(origin_name(ORIGIN_APISERVER), STR("apiserver"));
	ck_assert_str(origin_name(ORIGIN_SCHEDULER), STR("scheduler"));
	ck_assert_str(origin_name(ORIGIN_KUBELET), STR("kubelet"));
	ck_assert_str(origin_name(ORIGIN_CONTROLLER), STR("controller"));
}
END_TEST

/* The user name decides. The agent, which any client can set, counts only without one. */
static const struct {
	const char *user, *agent;
	enum origin origin;
	const char *node;
} writers[] = {
	{ "system:node:n1", "curl", ORIGIN_KUBELET, "n1" },
	{ "alice", "kubelet/v1.36.0 (linux/amd64)", ORIGIN_KUBELET, NULL },
	{ "system:kube-scheduler", "x", ORIGIN_SCHEDULER, NULL },
	{ "alice", "kube-scheduler/v1.36.0", ORIGIN_SCHEDULER, NULL },
	{ "system:kube-controller-manager", "x", ORIGIN_CONTROLLER, NULL },
	{ "system:serviceaccount:kube-system:replicaset-controller",
	  "kube-controller-manager/v1.36.0", ORIGIN_CONTROLLER, NULL },
	{ "system:apiserver", "x", ORIGIN_APISERVER, NULL },
	{ "alice", "kube-apiserver/v1.36.0", ORIGIN_APISERVER, NULL },
	{ "system:node:n1", "kube-scheduler/v1.36.0", ORIGIN_KUBELET, "n1" },
	{ "alice", "kubectl/v1.36.0", ORIGIN_OTHER, NULL },
	{ "", "", ORIGIN_OTHER, NULL },
};

START_TEST(test_writer)
{
	struct event e = { "get",
			   "pods",
			   .name = "web",
			   .code = 200,
			   .user = writers[_i].user,
			   .agent = writers[_i].agent };
	struct decoded all = { 0 };

	decoded_event(&all, &e);
	ck_assert_int_eq(all.last.origin, writers[_i].origin);
	ck_assert_str(all.last.node, str_from(writers[_i].node));
	decoded_free(&all);
}
END_TEST

TCase *ingest_tests(void)
{
	TCase *t = tcase_create("ingest");

	tcase_add_test(t, test_table);
	tcase_add_test(t, test_names);
	tcase_add_loop_test(t, test_writer, 0, ARRAY_SIZE(writers));
	return t;
}
