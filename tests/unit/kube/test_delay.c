/* SPDX-License-Identifier: Apache-2.0 */
/* How late Events were: quantiles from steps, against those of the sorted list. */
#include "suites.h"

#include "kube/delay.h"

static int by_size(const void *a, const void *b)
{
	nsec x = *(const nsec *)a, y = *(const nsec *)b;

	return (x > y) - (x < y);
}

/* Never less than the value, and at most an eighth or a microsecond more; any split is the same. */
START_TEST(test_quantile)
{
	static const unsigned percents[] = { 1, 50, 95, 99, 100 };
	enum { N = 500 };
	struct delays one = { 0 }, parts[2] = { 0 };
	uint64_t state = (uint64_t)_i;
	nsec list[N];

	for (int i = 0; i < N; i++) {
		list[i] = (nsec)(test_random(&state) >> (24 + test_random(&state) % 40));
		delays_add(&one, list[i]);
		delays_add(&parts[i % 3 == 0], list[i]);
	}
	delays_join(&parts[0], &parts[1]);
	qsort(list, N, sizeof(*list), by_size);
	ck_assert_uint_eq(parts[0].n, N);
	ck_assert_int_eq(parts[0].least, list[0]);
	ck_assert_int_eq(parts[0].most, list[N - 1]);
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++) {
		nsec exact = list[(N * percents[i] + 99) / 100 - 1];
		nsec got = delays_quantile(&one, percents[i]);

		ck_assert_int_eq(got, delays_quantile(&parts[0], percents[i]));
		ck_assert_int_ge(got, exact);
		ck_assert_int_le(got, exact + exact / 8 + 1000);
	}
	delays_free(&one);
	delays_free(&parts[0]);
	delays_free(&parts[1]);
}
END_TEST

/* A node whose clock is fast: its Events arrive before they happened. */
START_TEST(test_ahead)
{
	struct delays d = { 0 }, none = { 0 };

	delays_add(&d, -5 * SECOND);
	delays_join(&d, &none);
	ck_assert_int_eq(d.least, -5 * SECOND);
	ck_assert_int_eq(delays_quantile(&d, 50), 0);
	delays_add(&d, INT64_MAX);
	ck_assert_int_eq(d.most, INT64_MAX);
	ck_assert_int_gt(delays_quantile(&d, 100), 0);
	delays_free(&d);
}
END_TEST

TCase *delay_tests(void)
{
	TCase *t = tcase_create("delay");

	tcase_add_loop_test(t, test_quantile, 0, 20);
	tcase_add_test(t, test_ahead);
	return t;
}
