/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of sorter.h: the same bytes with any budget, fan-in and number of lanes. */
#include "testlib.h"

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

struct adder {
	struct sorter *sorter;
	const struct pairs *all;
	unsigned lane, lanes;
	pthread_t thread;
	int rc;
	struct err err;
};

static void *add_lane(void *ctx)
{
	struct adder *a = ctx;

	for (size_t i = a->lane; i < a->all->n && a->rc == 0; i += a->lanes)
		a->rc =
		    sorter_add(a->sorter, a->lane, a->all->p[i].key, a->all->p[i].value, &a->err);
	return NULL;
}

static int add_all(struct sorter *s, const struct pairs *all, unsigned lanes, struct err *err)
{
	struct adder adders[8];
	int rc = 0;

	for (unsigned i = 0; i < lanes; i++) {
		adders[i] = (struct adder){ .sorter = s, .all = all, .lane = i, .lanes = lanes };
		ck_assert_int_eq(pthread_create(&adders[i].thread, NULL, add_lane, &adders[i]), 0);
	}
	for (unsigned i = 0; i < lanes; i++) {
		pthread_join(adders[i].thread, NULL);
		if (adders[i].rc < 0) {
			rc = -1;
			*err = adders[i].err;
		}
	}
	return rc;
}

static void check_output(struct sorter *s, const struct pairs *sorted)
{
	struct str key, value;
	struct err err = { 0 };

	for (size_t i = 0; i < sorted->n; i++) {
		int rc = sorter_next(s, &key, &value, &err);

		ck_assert_msg(rc == 1, "item %zu: %d %s", i, rc, err.message);
		ck_assert(str_eq(key, sorted->p[i].key));
		ck_assert(str_eq(value, sorted->p[i].value));
	}
	ck_assert_int_eq(sorter_next(s, &key, &value, &err), 0);
	ck_assert_int_eq(sorter_next(s, &key, &value, &err), 0);
}

static struct sorter_stats sort_and_check(const struct sorter_config *config,
					  const struct pairs *all, const struct pairs *sorted)
{
	struct sorter *s = sorter_new(config);
	unsigned lanes = config->lanes ? config->lanes : 1;
	struct sorter_stats stats;
	struct err err = { 0 };

	ck_assert_msg(add_all(s, all, lanes, &err) == 0, "%s", err.message);
	ck_assert_uint_eq(test_dir_entries(config->tmpdir), 0);
	ck_assert_msg(sorter_finish(s, &err) == 0, "%s", err.message);
	check_output(s, sorted);
	ck_assert_uint_eq(test_dir_entries(config->tmpdir), 0);
	stats = sorter_stats(s);
	ck_assert_uint_eq(stats.items, all->n);
	ck_assert_uint_eq(stats.runs > 0, stats.spilled_bytes > 0);
	sorter_free(s);
	return stats;
}

static const struct config_case {
	size_t memory;
	unsigned fan_in, lanes;
} configs[] = {
	{ 1, 2, 1 },	      { 1, 3, 2 },	   { 1, 64, 4 },	{ 0, 0, 0 },
	{ 64 << 10, 2, 4 },   { 100 << 10, 5, 3 }, { 256 << 10, 4, 1 }, { 1 << 20, 2, 2 },
	{ 1 << 20, 64, 4 },   { 3 << 20, 16, 2 },  { 64 << 20, 2, 1 },	{ 64 << 20, 64, 4 },
	{ 1 << 30, 1000, 3 }, { 2 << 20, 1, 1 },
};

START_TEST(same_bytes_for_every_configuration)
{
	const struct config_case *c = &configs[_i];
	char *dir = test_dir_new();
	struct sorter_config config = { c->memory, dir, c->fan_in, c->lanes };
	uint64_t seed = 11;

	for (int shape = 0; shape < SHAPES; shape++) {
		struct pairs all = pairs_random((enum pairs_shape)shape, 4000, &seed);
		struct pairs sorted = { mem_alloc(all.n * sizeof(*all.p)), all.n, all.n };

		memcpy(sorted.p, all.p, all.n * sizeof(*all.p));
		pairs_sort(&sorted);
		sort_and_check(&config, &all, &sorted);
		pairs_shuffle(&all, &seed);
		sort_and_check(&config, &all, &sorted);
		mem_free(sorted.p);
		pairs_free(&all);
	}
	test_dir_free(dir);
}
END_TEST

/* So many that finish sorts each lane in a thread of its own. */
START_TEST(many_items_in_memory)
{
	char *dir = test_dir_new();
	struct sorter_config config = { 256 << 20, dir, 0, 3 };
	uint64_t seed = 17;
	struct pairs all = pairs_random(SHAPE_NULS, 60000, &seed);
	struct pairs sorted = { mem_alloc(all.n * sizeof(*all.p)), all.n, all.n };

	memcpy(sorted.p, all.p, all.n * sizeof(*all.p));
	pairs_sort(&sorted);
	ck_assert_uint_eq(sort_and_check(&config, &all, &sorted).runs, 0);
	mem_free(sorted.p);
	pairs_free(&all);
	test_dir_free(dir);
}
END_TEST

START_TEST(few_items)
{
	char *dir = test_dir_new();

	for (unsigned lanes = 1; lanes <= 4; lanes++) {
		struct sorter_config config = { 1, dir, 2, lanes };
		struct pairs all = { 0 };

		sort_and_check(&config, &all, &all);
		pairs_add(&all, STR(""), STR(""));
		sort_and_check(&config, &all, &all);
		pairs_add(&all, STR("a"), STR("b"));
		sort_and_check(&config, &all, &all);
		pairs_free(&all);
	}
	test_dir_free(dir);
}
END_TEST

START_TEST(items_larger_than_the_budget)
{
	char *dir = test_dir_new();
	struct sorter_config config = { 64 << 10, dir, 2, 2 };
	struct pairs all = { 0 }, sorted;
	char *bytes = mem_zalloc(1 << 20);
	uint64_t seed = 5;

	for (size_t i = 0; i < 40; i++) {
		size_t n = test_random(&seed) % (1 << 20);

		if (i % 3 == 0)
			n %= 100;
		bytes[n / 2] = (char)i;
		pairs_add(&all, (struct str){ bytes, i % 2 ? n : 3 }, (struct str){ bytes, n });
	}
	sorted = (struct pairs){ mem_alloc(all.n * sizeof(*all.p)), all.n, all.n };
	memcpy(sorted.p, all.p, all.n * sizeof(*all.p));
	pairs_sort(&sorted);
	ck_assert_uint_gt(sort_and_check(&config, &all, &sorted).runs, 20);
	mem_free(sorted.p);
	pairs_free(&all);
	mem_free(bytes);
	test_dir_free(dir);
}
END_TEST

/* (runs - fan_in) / (fan_in - 1), rounded up: no merge more than needed. */
START_TEST(as_few_merges_as_needed)
{
	unsigned fan_in = (unsigned)_i;
	char *dir = test_dir_new();
	struct sorter_config config = { 900 << 10, dir, fan_in, 1 };
	uint64_t seed = 5, spare, inputs;
	struct pairs all = pairs_random(SHAPE_PODS, 35000, &seed);
	struct sorter_stats stats;

	pairs_sort(&all);
	stats = sort_and_check(&config, &all, &all);
	ck_assert_uint_gt(stats.runs, stats.passes);
	inputs = stats.runs - stats.passes;
	ck_assert_uint_gt(inputs, 9);
	spare = inputs > fan_in ? inputs - fan_in : 0;
	ck_assert_uint_eq(stats.passes, (spare + fan_in - 2) / (fan_in - 1));
	pairs_free(&all);
	test_dir_free(dir);
}
END_TEST

static size_t allocated(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

/* What malloc has given out, measured at every item; nothing to measure under a sanitizer. */
START_TEST(memory_stays_in_the_budget)
{
	unsigned lanes = 1 + (unsigned)_i % 3;
	size_t memory = lanes * (_i < 3 ? (size_t)2 << 20 : (size_t)4 << 20);
	enum { SLACK = 32 << 10 }; /* the machine itself, the list of runs, malloc's own */
	char *dir = test_dir_new();
	struct sorter_config config = { memory, dir, 64, lanes };
	uint64_t seed = 5;
	struct pairs all = pairs_random(SHAPE_PODS, 60000, &seed);
	size_t before = allocated(), peak = 0;
	struct sorter *s = sorter_new(&config);
	struct str key, value;
	struct err err;

	for (size_t i = 0; i < all.n; i++) {
		ck_assert_int_eq(
		    sorter_add(s, (unsigned)(i % lanes), all.p[i].key, all.p[i].value, &err), 0);
		peak = MAX(peak, allocated());
	}
	ck_assert_int_eq(sorter_finish(s, &err), 0);
	while (sorter_next(s, &key, &value, &err) > 0)
		peak = MAX(peak, allocated());
	ck_assert_uint_gt(sorter_stats(s).runs, 1);
	ck_assert_uint_le(peak, before + memory + SLACK);
	sorter_free(s);
	pairs_free(&all);
	test_dir_free(dir);
}
END_TEST

START_TEST(a_missing_directory_is_named)
{
	struct sorter_config config = { 1, "/nowhere/at/all", 2, 2 };
	uint64_t seed = 5;
	struct pairs all = pairs_random(SHAPE_PODS, 3000, &seed);
	struct sorter *s = sorter_new(&config);
	struct err err;

	ck_assert_int_eq(add_all(s, &all, 2, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
	ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/at/all"));
	ck_assert_ptr_nonnull(strstr(err.message, "--tmpdir"));
	sorter_free(s);
	config.memory = 64 << 20; /* not needed, so not missed */
	s = sorter_new(&config);
	ck_assert_int_eq(add_all(s, &all, 2, &err), 0);
	ck_assert_int_eq(sorter_finish(s, &err), 0);
	pairs_sort(&all);
	check_output(s, &all);
	sorter_free(s);
	pairs_free(&all);
}
END_TEST

/* The limit is met while adding, or only by a merge, or by reading never. */
START_TEST(a_full_disk_is_an_error)
{
	char *dir = test_dir_new();
	struct sorter_config config = { 64 << 10, dir, 2, 1 + (unsigned)_i % 2 };
	rlim_t size = (rlim_t)1000 << _i;
	struct rlimit limit = { size, size };
	uint64_t seed = 5;
	struct pairs all = pairs_random(SHAPE_PODS, 6000, &seed);
	struct sorter *s = sorter_new(&config);
	struct err err;
	int rc;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	rc = add_all(s, &all, config.lanes, &err);
	if (rc == 0)
		rc = sorter_finish(s, &err);
	ck_assert(_i > 7 || rc == -1);
	if (rc == 0) {
		pairs_sort(&all);
		check_output(s, &all);
	} else {
		ck_assert_int_eq(err.code, ERR_SYSTEM);
		ck_assert_ptr_nonnull(strstr(err.message, dir));
		ck_assert_ptr_nonnull(strstr(err.message, "--tmpdir"));
	}
	ck_assert_uint_eq(test_dir_entries(dir), 0);
	sorter_free(s);
	pairs_free(&all);
	test_dir_free(dir);
}
END_TEST

/* Lanes share a file when only one can be opened; with none at all there is an error. */
START_TEST(survives_without_descriptors)
{
	char *dir = test_dir_new();
	struct sorter_config config = { 64 << 10, dir, 3, 4 };
	uint64_t seed = 5;
	struct pairs all = pairs_random(SHAPE_PODS, 6000, &seed);
	struct sorter *s = sorter_new(&config);
	struct rlimit limit, old;
	struct err err = { 0 };
	int next = dup(0), rc;

	ck_assert_int_ge(next, 0);
	close(next);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	limit = old;
	limit.rlim_cur = (rlim_t)(next + _i);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	rc = add_all(s, &all, 4, &err);
	setrlimit(RLIMIT_NOFILE, &old); /* the leak checker opens files at the end */
	if (_i == 0) {
		ck_assert_int_eq(rc, -1);
		ck_assert_ptr_nonnull(strstr(err.message, "no file descriptor"));
	} else {
		ck_assert_msg(rc == 0, "%s", err.message);
		ck_assert_int_eq(sorter_finish(s, &err), 0);
		pairs_sort(&all);
		check_output(s, &all);
	}
	sorter_free(s);
	pairs_free(&all);
	test_dir_free(dir);
}
END_TEST

START_TEST(refuses_what_is_too_large)
{
	struct sorter_config config = { 0 };
	struct sorter *s = sorter_new(&config);
	struct str huge = { "", (size_t)SORTER_ITEM_MAX };
	struct err err;

	ck_assert_int_eq(sorter_add(s, 0, huge, STR("a"), &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	ck_assert_int_eq(sorter_add(s, 0, (struct str){ "", SIZE_MAX }, huge, &err), -1);
	sorter_free(s);
	sorter_free(NULL);
}
END_TEST

Suite *sorter_suite(void)
{
	Suite *suite = suite_create("sorter");
	TCase *tcase = tcase_create("sorter"), *slow = tcase_create("sorter, long");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, few_items);
	tcase_add_test(tcase, a_missing_directory_is_named);
	tcase_add_loop_test(tcase, a_full_disk_is_an_error, 0, 14);
	tcase_add_loop_test(tcase, survives_without_descriptors, 0, 3);
	tcase_add_test(tcase, refuses_what_is_too_large);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(slow, 120);
	tcase_set_tags(slow, "long");
	tcase_add_loop_test(slow, same_bytes_for_every_configuration, 0, (int)ARRAY_SIZE(configs));
	tcase_add_test(slow, many_items_in_memory);
	tcase_add_test(slow, items_larger_than_the_budget);
	tcase_add_loop_test(slow, as_few_merges_as_needed, 2, 12);
	tcase_add_loop_test(slow, memory_stays_in_the_budget, 0, 6);
	suite_add_tcase(suite, slow);
	return suite;
}
