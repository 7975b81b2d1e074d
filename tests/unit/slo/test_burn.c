/* SPDX-License-Identifier: Apache-2.0 */
/* Error budgets: every expected number was worked out by hand, as the comments show. */
#include "suites.h"

#define MIN_AT(minutes) AT((minutes)*60)
#define DAY (24 * HOUR)

static const struct {
	uint64_t bad, judged;
	unsigned target_ppm;
	uint64_t rate;
} rates[] = {
	{ 1, 1000, 999000, 1000 },     /* 0.1 % of 0.1 % */
	{ 144, 10000, 999000, 14400 }, /* 1.44 % of 0.1 % */
	{ 1, 3, 990000, 33333 },       /* 33.333... % of 1 %, cut off */
	{ 2, 3, 990000, 66666 },
	{ 1, 200, 995000, 1000 },
	{ 0, 100, 990000, 0 },
	{ 0, 0, 990000, 0 },
	{ 5, 5, 999999, 1000000000 },
	{ 1, 1000000, 1000000, BURN_ENDLESS }, /* nothing may be bad */
	{ 0, 1000000, 1000000, 0 },
};

START_TEST(rate)
{
	ck_assert_uint_eq(burn_rate(rates[_i].bad, rates[_i].judged, rates[_i].target_ppm),
			  rates[_i].rate);
}
END_TEST

START_TEST(exhaustion)
{
	ck_assert_int_eq(burn_exhaustion(2000, 30 * DAY), 15 * DAY);
	/* 30 d / 14.4 = 50 h */
	ck_assert_int_eq(burn_exhaustion(14400, 30 * DAY), 50 * HOUR);
	ck_assert_int_eq(burn_exhaustion(1000, 30 * DAY), NSEC_NONE);
	ck_assert_int_eq(burn_exhaustion(0, 30 * DAY), NSEC_NONE);
	ck_assert_int_eq(burn_exhaustion(BURN_ENDLESS, 30 * DAY), 0);
}
END_TEST

/* Minutes of outcomes; negative ones are bad. */
static void fill(struct burn_series *s, const int *minutes, size_t n, bool reversed)
{
	for (size_t i = 0; i < n; i++) {
		int m = minutes[reversed ? n - 1 - i : i];

		burn_add(s, MIN_AT(m < 0 ? -m : m), m < 0);
	}
}

static const struct {
	int minutes[8];
	size_t n;
	int last, length; /* of the log from 0, and the window, in minutes */
	bool known;
	int end; /* 0: none is worst */
	uint64_t bad, judged;
} windows[] = {
	/* the first whole hour holds two bad of three; the one that ends at 65 two of four */
	{ { -10, 11, -12, 65 }, 4, 120, 60, true, 60, 2, 3 },
	/* 5 m: 10 alone is bad; until 11 it is one of two, until 12 two of three */
	{ { -10, 11, -12, 65 }, 4, 120, 5, true, 10, 1, 1 },
	/* of equal shares the one with more bad ones: until 21 both */
	{ { -10, -20, -21 }, 3, 120, 5, true, 21, 2, 2 },
	/* exactly a window's length before the end is outside of the window: (5, 10] */
	{ { 5, -10 }, 2, 60, 5, true, 10, 1, 1 },
	{ { 6, -10 }, 2, 60, 5, true, 10, 1, 2 },
	/* a log of just the length has one window, a shorter one has none */
	{ { -10, 20 }, 2, 60, 60, true, 60, 1, 2 },
	{ { -10, 20 }, 2, 59, 60, false, 0, 0, 0 },
	/* pods that begin after the log's end are ignored */
	{ { 10, -130 }, 2, 120, 60, true, 60, 0, 1 },
	{ { 0 }, 0, 120, 60, true, 0, 0, 0 },
};

START_TEST(worst)
{
	struct burn_span span = { AT(0), MIN_AT(windows[_i].last) };

	for (int reversed = 0; reversed < 2; reversed++) {
		struct burn_series s = { 0 };
		struct burn_window w;

		fill(&s, windows[_i].minutes, windows[_i].n, reversed);
		w = burn_worst(&s, span, windows[_i].length * MINUTE);
		ck_assert_int_eq(w.known, windows[_i].known);
		ck_assert_int_eq(w.end, windows[_i].end ? MIN_AT(windows[_i].end) : NSEC_NONE);
		ck_assert_uint_eq(w.bad, windows[_i].bad);
		ck_assert_uint_eq(w.judged, windows[_i].judged);
		burn_free(&s);
	}
}
END_TEST

START_TEST(no_log)
{
	struct burn_series s = { 0 };

	burn_add(&s, AT(10), true);
	ck_assert(!burn_worst(&s, (struct burn_span){ NSEC_NONE, NSEC_NONE }, MINUTE).known);
	burn_free(&s);
}
END_TEST

/*
 * One good per minute for an hour, then ten bad, then five good; 1 % may be bad. At minute 60 + k
 * the hour has 60, k of them bad: k = 8 is 13.3 %, k = 9 15 %, k = 10 16.666 %. The last five
 * minutes are all bad then, and afterwards the hour stays at 10 of 60.
 */
START_TEST(alert)
{
	struct burn_series s = { 0 };
	struct burn_alert a;

	for (int m = 1; m <= 75; m++)
		burn_add(&s, MIN_AT(m), m > 60 && m <= 70);
	a = burn_alert(&s, (struct burn_span){ AT(0), MIN_AT(180) }, &burn_pairs[0], 990000);
	ck_assert(a.known);
	ck_assert_uint_eq(a.worst, 16666);
	ck_assert_int_eq(a.worst_at, MIN_AT(70));
	ck_assert_int_eq(a.fired, MIN_AT(69));
	/* 2 % may be bad: 8.333 at worst, below 14.4 */
	a = burn_alert(&s, (struct burn_span){ AT(0), MIN_AT(180) }, &burn_pairs[0], 980000);
	ck_assert_uint_eq(a.worst, 8333);
	ck_assert_int_eq(a.fired, NSEC_NONE);
	/* three hours prove nothing about six */
	a = burn_alert(&s, (struct burn_span){ AT(0), MIN_AT(180) }, &burn_pairs[1], 990000);
	ck_assert(!a.known);
	burn_free(&s);
}
END_TEST

/* A burst that is long over lights the hour, but not the five minutes. */
START_TEST(both_windows_must_burn)
{
	struct burn_series s = { 0 };
	struct burn_alert a;

	for (int m = 1; m <= 20; m++)
		burn_add(&s, MIN_AT(m), true);
	for (int m = 50; m <= 70; m++)
		burn_add(&s, MIN_AT(m), false);
	a = burn_alert(&s, (struct burn_span){ AT(0), MIN_AT(180) }, &burn_pairs[0], 990000);
	ck_assert(a.known);
	ck_assert_uint_eq(a.worst, 0);
	ck_assert_int_eq(a.fired, NSEC_NONE);
	burn_free(&s);
}
END_TEST

START_TEST(nothing_may_be_bad)
{
	struct burn_series s = { 0 };
	struct burn_alert a;

	burn_add(&s, MIN_AT(60), true);
	a = burn_alert(&s, (struct burn_span){ AT(0), MIN_AT(180) }, &burn_pairs[0], 1000000);
	ck_assert_uint_eq(a.worst, BURN_ENDLESS);
	ck_assert_int_eq(a.fired, MIN_AT(60));
	burn_free(&s);
}
END_TEST

Suite *suite_burn(void)
{
	Suite *s = suite_create("burn");
	TCase *t = tcase_create("burn");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, rate, 0, (int)ARRAY_SIZE(rates));
	tcase_add_test(t, exhaustion);
	tcase_add_loop_test(t, worst, 0, (int)ARRAY_SIZE(windows));
	tcase_add_test(t, no_log);
	tcase_add_test(t, alert);
	tcase_add_test(t, both_windows_must_burn);
	tcase_add_test(t, nothing_may_be_bad);
	return s;
}
