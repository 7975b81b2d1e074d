/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests of significance against values of textbooks and of R (named where they are), else of
 * SciPy 1.17: mannwhitneyu (exact without ties, else asymptotic), fisher_exact, norm.sf.
 */
#include "suites.h"

#include "base/significance.h"

static bool near(double a, double b)
{
	double off = a > b ? a - b : b - a;

	return off <= 1e-9 && off <= 1e-9 * b + 1e-300;
}

static const struct {
	double z, p;
} tails[] = {
	{ 0, 0.5 },
	{ 0.1, 0.460172162722971 },
	{ 0.5, 0.3085375387259869 },
	{ 1, 0.15865525393145707 },
	{ 1.5, 0.06680720126885807 },
	{ 1.9999, 0.02275553158476718 },
	{ 2, 0.022750131948179195 },
	{ 2.5, 0.006209665325776132 },
	{ 3, 0.0013498980316300933 },
	{ 5, 2.866515718791933e-07 },
	{ 8, 6.22096057427174e-16 },
	{ 20, 2.7536241186061556e-89 },
	{ 37, 5.7255712225239266e-300 },
	{ 50, 0 },
};

START_TEST(test_normal_tail)
{
	ck_assert_msg(near(normal_tail(tails[_i].z), tails[_i].p), "%g: %.17g", tails[_i].z,
		      normal_tail(tails[_i].z));
}
END_TEST

enum { SAMPLE_MAX = 40 };

/* share: of SciPy's statistic, which counts the pairs in which the first is larger. */
static const struct {
	size_t n[2];
	int64_t values[2][SAMPLE_MAX];
	double u, p;
	bool exact;
} samples[] = {
	/* Hollander & Wolfe 1973, page 69: permeability constants; R's wilcox.test has half of p */
	{ { 10, 5 },
	  { { 80, 83, 189, 104, 145, 138, 191, 164, 73, 146 }, { 115, 88, 90, 74, 121 } },
	  35,
	  0.2544122544122544,
	  true },
	/* ages at which diabetes was found, of five men and four women; worked in SciPy's manual */
	{ { 5, 4 }, { { 19, 22, 16, 29, 24 }, { 20, 11, 17, 12 } }, 17, 0.1111111111111111, true },
	/* nothing overlaps: 2 of the 252 orders of five and five */
	{ { 5, 5 }, { { 0, 1, 2, 3, 4 }, { 5, 6, 7, 8, 9 } }, 0, 2.0 / 252, true },
	{ { 12, 11 },
	  { { 1, 2, 2, 3, 5, 5, 5, 8, 9, 10, 12, 12 }, { 2, 4, 5, 6, 8, 8, 11, 12, 13, 13, 14 } },
	  41.5,
	  0.1373948258558008,
	  false },
	{ { 3, 3 }, { { 7, 7, 7 }, { 7, 7, 7 } }, 4.5, 1, false },
};

static size_t items_of(size_t i, bool swapped, struct ranksum_item *ret)
{
	size_t n = 0;

	for (unsigned side = 0; side < 2; side++)
		for (size_t k = 0; k < samples[i].n[side]; k++)
			ret[n++] =
			    (struct ranksum_item){ samples[i].values[side][k], side ^ swapped };
	return n;
}

START_TEST(test_ranksum)
{
	struct ranksum_item items[2 * SAMPLE_MAX];
	struct ranksum r = ranksum_test(items, items_of((size_t)_i, false, items));
	double pairs = (double)(samples[_i].n[0] * samples[_i].n[1]);

	ck_assert_uint_eq(r.n[0], samples[_i].n[0]);
	ck_assert_uint_eq(r.n[1], samples[_i].n[1]);
	ck_assert_int_eq(r.exact, samples[_i].exact);
	ck_assert_msg(near(r.share, 1 - samples[_i].u / pairs), "share %.17g", r.share);
	ck_assert_int_eq(r.larger, samples[_i].u < pairs / 2);
	ck_assert_msg(near(r.p, samples[_i].p), "p %.17g", r.p);
}
END_TEST

START_TEST(test_ranksum_swapped)
{
	struct ranksum_item items[2 * SAMPLE_MAX];
	struct ranksum r = ranksum_test(items, items_of((size_t)_i, false, items));
	struct ranksum s = ranksum_test(items, items_of((size_t)_i, true, items));

	ck_assert(r.p == s.p); /* every bit */
	ck_assert(near(r.share + s.share, 1));
}
END_TEST

/* Larger samples, made by a rule: the normal approximation with ties, the exact one at its bound.
 */
START_TEST(test_ranksum_large)
{
	struct ranksum_item items[100];
	struct ranksum r;
	size_t n = 0;

	for (int64_t i = 0; i < 40; i++)
		items[n++] = (struct ranksum_item){ i * 37 % 101, false };
	for (int64_t i = 0; i < 35; i++)
		items[n++] = (struct ranksum_item){ i * 53 % 97 + 20, true };
	r = ranksum_test(items, n);
	ck_assert_msg(near(r.p, 0.0403784377472705), "p %.17g", r.p);
	ck_assert(near(r.share, 1 - 506.5 / (40 * 35)));
	for (n = 0; n < 50; n++)
		items[n] = (struct ranksum_item){ (int64_t)n, n % 2 };
	r = ranksum_test(items, n);
	ck_assert(r.exact);
	ck_assert_msg(near(r.p, 0.8175043412833242), "p %.17g", r.p);
}
END_TEST

static const struct {
	uint64_t part[2], n[2];
	double p;
} tables[] = {
	/* Fisher 1935: the lady tasting tea, 3 of 4 cups right (34/70) */
	{ { 3, 1 }, { 4, 4 }, 34.0 / 70 },
	/* R's fisher.test: of 12 convicted twins 10 were monozygotic, of the 18 others 3 */
	{ { 10, 3 }, { 12, 18 }, 0.0005367241191434357 },
	{ { 8, 1 }, { 10, 6 }, 0.034965034965034975 },
	{ { 0, 5 }, { 5, 5 }, 2.0 / 252 },
	{ { 190, 200 }, { 990, 1100 }, 0.5741118581260882 },
	{ { 2, 136 }, { 33, 15668 }, 0.03390271476034176 },
	{ { 0, 0 }, { 7, 9 }, 1 },
	{ { 7, 9 }, { 7, 9 }, 1 },
	{ { 40, 70 }, { 100, 100 }, 3.304592989272319e-05 },
	{ { 1, 30 }, { 1000, 1000 }, 2.423984186449799e-08 },
	{ { 0, 100000 }, { 100000, 100000 }, 0 }, /* less than any number */
};

START_TEST(test_fisher)
{
	uint64_t part[2] = { tables[_i].part[1], tables[_i].part[0] };
	uint64_t n[2] = { tables[_i].n[1], tables[_i].n[0] };
	double p = fisher_test(tables[_i].part, tables[_i].n);

	ck_assert_msg(near(p, tables[_i].p), "p %.17g", p);
	ck_assert(p == fisher_test(part, n));
}
END_TEST

/* `at` and K were counted by hand from the signs of all pairs. */
static const struct {
	size_t n;
	int64_t values[20];
	bool found;
	size_t at;
	double k;
} series[] = {
	{ 12, { 1, 2, 1, 2, 1, 9, 8, 9, 7, 9, 8, 9 }, true, 5, 35 },
	{ 4, { 5, 5, 5, 5 }, false, 0, 0 },
	{ 4, { 9, 8, 7, 6 }, false, 0, 0 },
	{ 4, { 1, 2, 3, 4 }, true, 2, 4 },
	{ 20, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 }, true, 10, 100 },
};

START_TEST(test_pettitt)
{
	double n = (double)series[_i].n, k = series[_i].k;
	struct pettitt found;

	ck_assert_int_eq(pettitt_test(series[_i].values, series[_i].n, &found), series[_i].found);
	if (!series[_i].found)
		return;
	ck_assert_uint_eq(found.at, series[_i].at);
	k = 2 * exp_minus(6 * k * k / (n * n * n + n * n));
	ck_assert_msg(near(found.p, MIN(1, k)), "p %.17g, not %.17g", found.p, k);
}
END_TEST

START_TEST(test_exp_minus)
{
	ck_assert(near(exp_minus(0), 1));
	ck_assert(near(exp_minus(1), 0.36787944117144233));
	ck_assert(near(exp_minus(0.75), 0.47236655274101471));
	ck_assert(near(exp_minus(10.5), 2.7536449349747158e-05));
	ck_assert(near(exp_minus(700), 9.8596765437597708e-305));
	ck_assert(exp_minus(800) == 0);
}
END_TEST

/* By hand: 0.01 * 5, 0.02 * 4, 0.03 * 3, then 0.04 * 2, which may not be below the one before. */
START_TEST(test_holm)
{
	const double p[] = { 0.04, 0.01, 0.03, 0.02, 0.9 }, none[] = { 0 };
	const double corrected[] = { 0.09, 0.05, 0.09, 0.08, 0.9 };
	double ret[5];

	holm_correct(p, 5, ret);
	for (size_t i = 0; i < 5; i++)
		ck_assert_msg(near(ret[i], corrected[i]), "%zu: %.17g", i, ret[i]);
	holm_correct(none, 0, ret);
	holm_correct(p, 1, ret);
	ck_assert(near(ret[0], 0.04));
}
END_TEST

TCase *significance_tests(void)
{
	TCase *tests = tcase_create("significance");

	tcase_add_loop_test(tests, test_normal_tail, 0, ARRAY_SIZE(tails));
	tcase_add_loop_test(tests, test_ranksum, 0, ARRAY_SIZE(samples));
	tcase_add_loop_test(tests, test_ranksum_swapped, 0, ARRAY_SIZE(samples));
	tcase_add_test(tests, test_ranksum_large);
	tcase_add_loop_test(tests, test_fisher, 0, ARRAY_SIZE(tables));
	tcase_add_loop_test(tests, test_pettitt, 0, ARRAY_SIZE(series));
	tcase_add_test(tests, test_exp_minus);
	tcase_add_test(tests, test_holm);
	return tests;
}
