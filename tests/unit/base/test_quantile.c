/* SPDX-License-Identifier: Apache-2.0 */
/* Nearest rank: the value number ceil(p * n), worked by hand. */
#include "suites.h"

#include "base/quantile.h"

static struct quantile q;

static void teardown(void)
{
	quantile_free(&q);
}

/* The values 1..n, in an order that is neither sorted nor its reverse. */
static void fill(int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		quantile_add(&q, 1 + (n - i / 2 - 1) * (i % 2) + i / 2 * (1 - i % 2), false);
}

static const struct {
	int64_t n;
	unsigned permille;
	int64_t rank;
} ranks[] = {
	{ 1, 0, 1 },	      { 1, 1, 1 },	   { 1, 500, 1 },      { 1, 1000, 1 },
	{ 2, 1, 1 },	      { 2, 500, 1 },	   { 2, 501, 2 },      { 2, 990, 2 },
	{ 2, 1000, 2 },	      { 3, 500, 2 },	   { 4, 500, 2 },      { 5, 500, 3 },
	{ 10, 900, 9 },	      { 10, 901, 10 },	   { 10, 999, 10 },    { 99, 500, 50 },
	{ 99, 900, 90 },      { 99, 990, 99 },	   { 99, 989, 98 },    { 100, 500, 50 },
	{ 100, 900, 90 },     { 100, 950, 95 },	   { 100, 990, 99 },   { 100, 991, 100 },
	{ 100, 999, 100 },    { 100, 1000, 100 },  { 101, 500, 51 },   { 101, 990, 100 },
	{ 1000, 1, 1 },	      { 1000, 500, 500 },  { 1000, 990, 990 }, { 1000, 999, 999 },
	{ 1000, 1000, 1000 }, { 1001, 999, 1000 }, { 1001, 500, 501 }, { 2001, 999, 1999 },
	{ 100, 2000, 100 }, /* more than all is all */
};

START_TEST(test_rank)
{
	struct quantile_value v = { -1, true };

	fill(ranks[_i].n);
	ck_assert(quantile_at(&q, ranks[_i].permille, &v));
	ck_assert_int_eq(v.value, ranks[_i].rank);
	ck_assert(!v.censored);
}
END_TEST

START_TEST(test_none)
{
	struct quantile_value v = { 7, true };

	ck_assert(!quantile_at(&q, 500, &v));
	ck_assert(v.value == 7 && v.censored);
}
END_TEST

START_TEST(test_add_later)
{
	struct quantile_value v;

	quantile_add(&q, 10, false);
	ck_assert(quantile_at(&q, 1000, &v) && v.value == 10);
	quantile_add(&q, 5, false);
	quantile_add(&q, 20, false);
	ck_assert(quantile_at(&q, 1, &v) && v.value == 5);
	ck_assert(quantile_at(&q, 500, &v) && v.value == 10);
	ck_assert(quantile_at(&q, 1000, &v) && v.value == 20);
}
END_TEST

/*
 * 10, 20 and 30 are exact; two pods were censored at 5 and at 100. The ranks are 10, 20, 30, > 5, >
 * 100. The fourth is more than 30, because all exact values are below it.
 */
START_TEST(test_censored)
{
	static const struct {
		unsigned permille;
		nsec value;
		bool censored;
	} expected[] = {
		{ 200, 10, false }, { 400, 20, false }, { 600, 30, false },  { 601, 30, true },
		{ 800, 30, true },  { 801, 100, true }, { 1000, 100, true },
	};
	struct quantile_value v;

	quantile_add(&q, 100, true);
	quantile_add(&q, 30, false);
	quantile_add(&q, 5, true);
	quantile_add(&q, 10, false);
	quantile_add(&q, 20, false);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		ck_assert(quantile_at(&q, expected[i].permille, &v));
		ck_assert_int_eq(v.value, expected[i].value);
		ck_assert_int_eq(v.censored, expected[i].censored);
	}
}
END_TEST

START_TEST(test_all_censored)
{
	struct quantile_value v;

	quantile_add(&q, 7, true);
	quantile_add(&q, 3, true);
	ck_assert(quantile_at(&q, 500, &v) && v.value == 3 && v.censored);
	ck_assert(quantile_at(&q, 1000, &v) && v.value == 7 && v.censored);
}
END_TEST

/* One value that was waited for as long as another one took: the exact one ranks first. */
START_TEST(test_equal)
{
	struct quantile_value v;

	quantile_add(&q, 9, true);
	quantile_add(&q, 9, false);
	ck_assert(quantile_at(&q, 500, &v) && v.value == 9 && !v.censored);
	ck_assert(quantile_at(&q, 501, &v) && v.value == 9 && v.censored);
}
END_TEST

START_TEST(test_extremes)
{
	struct quantile_value v;

	quantile_add(&q, 0, false);
	quantile_add(&q, -5, false);
	quantile_add(&q, INT64_MAX, false);
	quantile_add(&q, INT64_MIN, false);
	ck_assert(quantile_at(&q, 1, &v) && v.value == -(INT64_MAX / 2) && !v.censored);
	ck_assert(quantile_at(&q, 500, &v) && v.value == -5);
	ck_assert(quantile_at(&q, 750, &v) && v.value == 0);
	ck_assert(quantile_at(&q, 1000, &v) && v.value == INT64_MAX / 2 && !v.censored);
	quantile_add(&q, INT64_MAX, true);
	ck_assert(quantile_at(&q, 1000, &v) && v.value == INT64_MAX / 2 && v.censored);
}
END_TEST

TCase *quantile_tests(void)
{
	TCase *t = tcase_create("quantile");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, test_rank, 0, ARRAY_SIZE(ranks));
	tcase_add_test(t, test_none);
	tcase_add_test(t, test_add_later);
	tcase_add_test(t, test_censored);
	tcase_add_test(t, test_all_censored);
	tcase_add_test(t, test_equal);
	tcase_add_test(t, test_extremes);
	return t;
}
