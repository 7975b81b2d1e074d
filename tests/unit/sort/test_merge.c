/* SPDX-License-Identifier: Apache-2.0 */
#include "testlib.h"

#include "sort/merge.h"

static struct spill_run spill(struct spill_file *file, const struct pairs *sorted)
{
	struct spill_writer *w = spill_writer_new(SPILL_BLOCK_MIN);
	struct spill_run run;
	struct err err;

	spill_writer_begin(w, file);
	for (size_t i = 0; i < sorted->n; i++)
		ck_assert_int_eq(spill_writer_add(w, sorted->p[i].key, sorted->p[i].value, &err),
				 0);
	ck_assert_int_eq(spill_writer_end(w, &run, &err), 0);
	spill_writer_free(w);
	return run;
}

/* Every number of sources, on disk and in memory by turns, some of them empty. */
START_TEST(merges_any_number_of_runs)
{
	uint64_t seed = (uint64_t)_i;
	char *dir = test_dir_new();
	struct spill_file file;
	struct run *runs = mem_zalloc((size_t)(_i + 1) * sizeof(*runs));
	struct merge *m = merge_new();
	struct pairs all = { 0 };
	struct str key, value;
	struct err err;

	ck_assert_int_eq(spill_file_open(&file, dir, &err), 1);
	for (int i = 0; i < _i; i++) {
		struct pairs some = pairs_random((enum pairs_shape)(test_random(&seed) % SHAPES),
						 test_random(&seed) % 200, &seed);

		for (size_t k = 0; k < some.n; k++)
			pairs_add(&all, some.p[k].key, some.p[k].value);
		pairs_sort(&some);
		run_init(&runs[i], 1 << 20);
		if (test_random(&seed) % 2) {
			struct spill_run run = spill(&file, &some);

			merge_add_spill(m, &run);
		} else {
			for (size_t k = some.n; k-- > 0;)
				run_add(&runs[i], some.p[k].key, some.p[k].value);
			run_sort(&runs[i]);
			merge_add_run(m, &runs[i]);
		}
		pairs_free(&some);
	}
	pairs_sort(&all);
	for (size_t i = 0; i < all.n; i++) {
		ck_assert_int_eq(merge_next(m, &key, &value, &err), 1);
		ck_assert(str_eq(key, all.p[i].key));
		ck_assert(str_eq(value, all.p[i].value));
	}
	ck_assert_int_eq(merge_next(m, &key, &value, &err), 0);
	ck_assert_int_eq(merge_next(m, &key, &value, &err), 0);
	merge_free(m);
	for (int i = 0; i < _i; i++)
		run_free(&runs[i]);
	mem_free(runs);
	spill_file_close(&file);
	pairs_free(&all);
	test_dir_free(dir);
}
END_TEST

Suite *merge_suite(void)
{
	Suite *suite = suite_create("merge");
	TCase *tcase = tcase_create("merge");

	tcase_set_timeout(tcase, 60);
	tcase_set_tags(tcase, "long");
	tcase_add_loop_test(tcase, merges_any_number_of_runs, 0, 70);
	suite_add_tcase(suite, tcase);
	return suite;
}
