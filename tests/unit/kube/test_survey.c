/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "kube/audit.h"
#include "kube/survey.h"

static void record(struct survey *s, uint64_t line, nsec at)
{
	struct audit a = { .completed = at };

	survey_record(s, &a, (struct position){ .line = line, .offset = line * 100 });
}

/* Stage times of a file in minutes; how many follow a later one, and the first jump. */
static const struct row {
	int minutes[8];
	size_t n;
	uint64_t disorder, jumps, jump_line;
} rows[] = {
	{ { 1, 2, 3, 4 }, 4, 0, 0, 0 },
	{ { 1, 3, 2, 4 }, 4, 1, 0, 0 },
	{ { 20, 11, 12, 10 }, 4, 2, 0, 0 },
	{ { 20, 21, 10, 11 }, 4, 1, 1, 3 },
	{ { 60, 40, 20, 61 }, 4, 2, 2, 2 },
	{ { 5 }, 1, 0, 0, 0 },
	/* a cut of the file must not change the time that it is compared with */
	{ { 60, 55, 45, 34 }, 4, 3, 1, 4 },
	{ { 60, 55, 49 }, 3, 2, 0, 0 },
	{ { 60, 50, 39, 61, 48 }, 5, 3, 2, 3 },
};

/* Cut into runs anywhere, and given to two surveys, it is the same file. */
START_TEST(test_order)
{
	const struct row *row = &rows[_i];

	for (unsigned cuts = 0; cuts < 1u << row->n; cuts++) {
		struct survey parts[2] = { 0 }, sum = { 0 };
		unsigned part = 0;

		for (size_t i = 0; i < row->n; i++) {
			if (cuts >> i & 1) {
				part = !part;
				survey_begin(&parts[part]);
			}
			record(&parts[part], i + 1, row->minutes[i] * MINUTE);
		}
		survey_merge(&sum, &parts[1]);
		survey_merge(&sum, &parts[0]);
		survey_finish(&sum);
		ck_assert_uint_eq(sum.n_runs, 1);
		ck_assert_uint_eq(sum.runs[0].records, row->n);
		ck_assert_uint_eq(sum.runs[0].disorder, row->disorder);
		ck_assert_uint_eq(sum.runs[0].jumps, row->jumps);
		if (row->jumps)
			ck_assert_uint_eq(sum.runs[0].jump.line, row->jump_line);
		survey_free(&parts[0]);
		survey_free(&parts[1]);
		survey_free(&sum);
	}
}
END_TEST

static void account(struct survey *s, const char *name, const char *uid, uint64_t line)
{
	struct audit a = { .completed = MINUTE,
			   .username = str_from(name),
			   .user_uid = str_from(uid),
			   .cluster = STR("") };

	survey_record(s, &a, (struct position){ .line = line, .offset = line });
}

static void tell(void *ctx, const struct survey_identity *identity)
{
	uint64_t *lines = ctx;

	lines[lines[0] + 1] = identity->first.line;
	lines[0]++;
}

/* A second UID is reported where it first occurs; other accounts may be recreated. */
START_TEST(test_mixed)
{
	static const char controller[] = "system:serviceaccount:kube-system:replicaset-controller";
	static const char other[] = "system:serviceaccount:kube-system:coredns";
	uint64_t lines[8] = { 0 };
	struct survey a = { 0 }, b = { 0 };

	account(&a, controller, "2", 9);
	account(&a, other, "3", 2);
	account(&b, other, "4", 3);
	account(&b, controller, "1", 5);
	account(&b, controller, "2", 7);
	survey_merge(&a, &b);
	survey_finish(&a);
	survey_mixed(&a, tell, lines);
	ck_assert_uint_eq(lines[0], 1);
	ck_assert_uint_eq(lines[1], 7);
	survey_free(&a);
	survey_free(&b);
}
END_TEST

static void request(struct survey *s, const char *level, const char *resource, const char *agent)
{
	struct audit a = { .completed = NSEC_NONE,
			   .level = str_from(level),
			   .has_ref = resource != NULL,
			   .resource = str_from(resource),
			   .user_agent = str_from(agent) };

	if (resource && strcmp(resource, "replicasets") == 0) {
		a.api_group = STR("apps");
		a.subresource = STR("status");
	}
	survey_record(s, &a, (struct position){ .line = 1 });
}

static uint64_t level_count(const struct survey *s, const char *resource, enum audit_level level)
{
	uint32_t i = map_find(&s->resources, str_from(resource));

	ck_assert_msg(i != MAP_NONE, "no resource %s", resource);
	return s->levels[i][level];
}

static uint64_t agent_count(const struct survey *s, struct str agent)
{
	uint32_t i = map_find(&s->agents, agent);

	return i == MAP_NONE ? 0 : s->agent_records[i];
}

/* Resources by level, components by version; from two threads, in either order. */
START_TEST(test_details)
{
	struct survey parts[2] = { { .detailed = true }, { .detailed = true } };
	struct survey sum = { .detailed = true };

	request(&parts[0], "Metadata", "pods", "kubelet/v1.32.13 (linux/amd64) kubernetes/d4b43f3");
	request(&parts[0], "Request", "pods", "kubelet/v1.32.13 (linux/amd64) kubernetes/d4b43f3");
	request(&parts[0], "None", "replicasets", "kube-scheduler/v1.33.0");
	request(&parts[1], "RequestResponse", "pods", "kubelet/v1.31.0 (linux/amd64)");
	request(&parts[1], "Metadata", "replicasets", "kubectl/v1.32.0 (linux/amd64)");
	request(&parts[1], "Metadata", NULL, "kubelet");
	request(&parts[1], "Metadata", "", "kubelet/unknown");
	survey_component(&parts[1], STR("kubelet"), STR("v1.31.0"));
	survey_merge(&sum, &parts[_i]);
	survey_merge(&sum, &parts[!_i]);
	survey_finish(&sum);
	ck_assert_uint_eq(sum.n_runs, 0); /* none had a time */
	ck_assert_uint_eq(sum.resources.n, 3);
	for (enum audit_level level = 0; level < LEVEL_OTHER; level++)
		ck_assert_uint_eq(level_count(&sum, "pods", level), 1);
	ck_assert_uint_eq(level_count(&sum, "pods", LEVEL_OTHER), 0);
	ck_assert_uint_eq(level_count(&sum, "replicasets.apps/status", LEVEL_OTHER), 1);
	ck_assert_uint_eq(level_count(&sum, "replicasets.apps/status", LEVEL_METADATA), 1);
	ck_assert_uint_eq(level_count(&sum, "(others)", LEVEL_METADATA), 1);
	ck_assert_uint_eq(sum.agents.n, 3);
	ck_assert_uint_eq(agent_count(&sum, STR("kubelet\0v1.32.13")), 2);
	ck_assert_uint_eq(agent_count(&sum, STR("kubelet\0v1.31.0")), 2);
	ck_assert_uint_eq(agent_count(&sum, STR("kube-scheduler\0v1.33.0")), 1);
	survey_free(&parts[0]);
	survey_free(&parts[1]);
	survey_free(&sum);
}
END_TEST

/* What only inspect shows is not counted for others. */
START_TEST(test_not_detailed)
{
	struct survey s = { 0 };

	request(&s, "Metadata", "pods", "kubelet/v1.32.13");
	survey_component(&s, STR("kubelet"), STR("v1.31.0"));
	survey_finish(&s);
	ck_assert_uint_eq(s.resources.n + s.agents.n, 0);
	survey_free(&s);
}
END_TEST

/* Thousands of invented names do not fill the memory, and all are counted. */
START_TEST(test_many_names)
{
	struct survey s = { .detailed = true };
	uint64_t sum = 0;
	char name[600];

	for (int i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		request(&s, "Metadata", name, "");
	}
	memset(name, 'r', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	request(&s, "Metadata", name, "");
	survey_finish(&s);
	ck_assert_uint_le(s.resources.n, 5000);
	for (uint32_t i = 0; i < s.resources.n; i++)
		sum += s.levels[i][LEVEL_METADATA];
	ck_assert_uint_eq(sum, 10001);
	survey_free(&s);
}
END_TEST

TCase *survey_tests(void)
{
	TCase *tests = tcase_create("survey");

	tcase_add_loop_test(tests, test_order, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, test_mixed);
	tcase_add_loop_test(tests, test_details, 0, 2);
	tcase_add_test(tests, test_not_detailed);
	tcase_add_test(tests, test_many_names);
	return tests;
}
