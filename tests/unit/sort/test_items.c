/* SPDX-License-Identifier: Apache-2.0 */
/* The sort in memory, and the run that it sorts. */
#include "testlib.h"

#include "sort/run.h"

static void run_fill(struct run *run, const struct pairs *all)
{
	for (size_t i = 0; i < all->n; i++)
		ck_assert(run_add(run, all->p[i].key, all->p[i].value));
}

static void check_run(const struct run *run, const struct pairs *sorted)
{
	ck_assert_uint_eq(run->n, sorted->n);
	for (size_t i = 0; i < run->n; i++) {
		const char *record = run_record(run, i);

		ck_assert(str_eq(item_key(record), sorted->p[i].key));
		ck_assert(str_eq(item_value(record), sorted->p[i].value));
	}
}

START_TEST(sorts_as_qsort_does)
{
	uint64_t seed = (uint64_t)_i;

	for (size_t n = 0; n < 6000; n = n * 3 / 2 + 1) {
		struct pairs all = pairs_random((enum pairs_shape)(_i % SHAPES), n, &seed);
		struct run run;

		run_init(&run, 1 << 30);
		run_fill(&run, &all);
		pairs_sort(&all);
		run_sort(&run);
		check_run(&run, &all);
		items_sort(run.items, run.n); /* sorted input */
		check_run(&run, &all);
		pairs_shuffle(&all, &seed);
		run_reset(&run);
		run_fill(&run, &all);
		run_sort(&run);
		pairs_sort(&all);
		check_run(&run, &all);
		run_free(&run);
		pairs_free(&all);
	}
}
END_TEST

/* With no bad pivot allowed heapsort does what quicksort leaves. */
START_TEST(sorts_by_heap)
{
	uint64_t seed = 7;
	struct pairs all = pairs_random((enum pairs_shape)_i, 3000, &seed);
	struct run run;

	run_init(&run, 1 << 30);
	run_fill(&run, &all);
	for (int i = 0; i < 50; i++) /* one pivot among the outliers is bad */
		ck_assert(run_add(&run, STR("zzz"), STR("")));
	run_sort(&run);
	for (size_t i = run.n; i > 1; i--) {
		size_t k = test_random(&seed) % i;
		struct item last = run.items[i - 1];

		run.items[i - 1] = run.items[k];
		run.items[k] = last;
	}
	items_sort_limited(run.items, run.n, 0);
	for (size_t i = 1; i < run.n; i++) {
		struct str a = item_key(run.items[i - 1].record);
		struct str b = item_key(run.items[i].record);

		ck_assert_int_le(str_cmp(a, b), 0);
		if (str_eq(a, b))
			ck_assert_int_le(str_cmp(item_value(run.items[i - 1].record),
						 item_value(run.items[i].record)),
					 0);
	}
	run_free(&run);
	pairs_free(&all);
}
END_TEST

/* Bytes equal over a gigabyte's worth of words would overflow a naive recursion. */
START_TEST(long_equal_values_do_not_recurse)
{
	enum { SIZE = 4 << 20, N = 24 };
	char *value = mem_zalloc(SIZE);
	struct run run;

	run_init(&run, 1 << 30);
	for (int i = 0; i < N; i++) {
		value[SIZE - 1] = (char)(i * 7 % N);
		ck_assert(run_add(&run, STR("key"), (struct str){ value, SIZE }));
	}
	run_sort(&run);
	for (int i = 0; i < N; i++) {
		struct str s = item_value(run_record(&run, (size_t)i));

		ck_assert_int_eq(s.p[SIZE - 1], i);
	}
	run_free(&run);
	mem_free(value);
}
END_TEST

static const size_t budgets[] = { 1, 5000, 16 << 10, 100000, 1 << 20, 20 << 20 };

START_TEST(a_run_stays_in_its_budget)
{
	uint64_t seed = 3;
	size_t budget = budgets[_i], rejected = 0;
	char *bytes = mem_zalloc(4 << 20);
	struct run run;

	run_init(&run, budget);
	for (int i = 0; i < 30000; i++) {
		size_t n = test_random(&seed) % 400;

		if (i % 1000 == 999) /* larger than a chunk, perhaps than the budget */
			n = test_random(&seed) % (4 << 20);
		if (!run_add(&run, (struct str){ bytes, n % 50 }, (struct str){ bytes, n })) {
			ck_assert_uint_gt(run.n, 0);
			if (i % 2)
				run_sort(&run);
			run_reset(&run);
			ck_assert_uint_eq(run.n, 0);
			ck_assert(
			    run_add(&run, (struct str){ bytes, n % 50 }, (struct str){ bytes, n }));
			rejected++;
		}
		ck_assert(run.n == 1 || run_memory(&run) <= budget);
	}
	ck_assert_uint_gt(rejected, 0);
	run_free(&run);
	mem_free(bytes);
}
END_TEST

Suite *items_suite(void)
{
	Suite *suite = suite_create("items");
	TCase *tcase = tcase_create("items"), *slow = tcase_create("items, long");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, sorts_by_heap, 0, SHAPES);
	tcase_add_test(tcase, long_equal_values_do_not_recurse);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(slow, 60);
	tcase_set_tags(slow, "long");
	tcase_add_loop_test(slow, sorts_as_qsort_does, 0, 2 * SHAPES);
	tcase_add_loop_test(slow, a_run_stays_in_its_budget, 0, (int)ARRAY_SIZE(budgets));
	suite_add_tcase(suite, slow);
	return suite;
}
