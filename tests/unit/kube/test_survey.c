/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "kube/audit.h"
#include "kube/survey.h"

static void record(struct survey *s, uint64_t line, nsec at)
{
	struct audit a = { .completed = at };

	survey_record(s, &a, (struct position){ .line = line, .offset = line * 100 });
}

/* Stage times of a file in minutes; how many stand behind a later one, where it jumps first. */
static const struct row {
	int minutes[8];
	size_t n;
	uint64_t disorder, jumps, jump_line;
} rows[] = {
	{ { 1, 2, 3, 4 }, 4, 0, 0, 0 },	    { { 1, 3, 2, 4 }, 4, 1, 0, 0 },
	{ { 20, 11, 12, 10 }, 4, 2, 0, 0 }, { { 20, 21, 10, 11 }, 4, 1, 1, 3 },
	{ { 60, 40, 20, 61 }, 4, 2, 2, 2 }, { { 5 }, 1, 0, 0, 0 },
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

/* A second UID is told where it comes first; other accounts may be made anew. */
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

TCase *survey_tests(void)
{
	TCase *tests = tcase_create("survey");

	tcase_add_loop_test(tests, test_order, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, test_mixed);
	return tests;
}
