/* SPDX-License-Identifier: Apache-2.0 */
#include "base/significance.h"

#include "base/mem.h"

/* e^-x = (e^-1)^k * e^-f, f < 1; the series of the latter ends below the last bit. */
double exp_minus(double x)
{
	static const double inverse_e = 0.36787944117144232160;
	double term = 1, sum = 1, power = inverse_e, result = 1, fraction;
	unsigned k;

	if (x > 745) /* below the least number there is */
		return 0;
	k = (unsigned)x;
	fraction = x - k;
	for (unsigned i = 1; i < 24; i++) {
		term *= -fraction / i;
		sum += term;
	}
	for (; k; k >>= 1) {
		if (k & 1)
			result *= power;
		power *= power;
	}
	return result * sum;
}

/*
 * Near 0 the series of the distribution function, which loses digits as z grows. For larger z the
 * continued fraction of Mills' ratio, z + 1/(z + 2/(z + 3/...)), evaluated from the innermost term.
 */
double normal_tail(double z)
{
	static const double inverse_sqrt_2pi = 0.39894228040143267794;
	double density = inverse_sqrt_2pi * exp_minus(z * z / 2);

	if (z < 2) {
		double term = z, sum = z;

		for (unsigned i = 1; i < 60; i++) {
			term *= z * z / (2 * i + 1);
			sum += term;
		}
		return 0.5 - density * sum;
	} else {
		double fraction = z;

		for (unsigned i = 300; i > 0; i--)
			fraction = z + i / fraction;
		return density / fraction;
	}
}

/* Ranks */

static int by_value(const void *a, const void *b)
{
	const struct ranksum_item *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* The ranks of the second sample among all values. */
struct ranking {
	uint64_t n[2];
	uint64_t twice_u; /* twice the pairs in which the second's value is larger, plus the ties */
	double ties;	  /* sum of t^3 - t over the groups of equal values */
	bool tied;
};

static struct ranking rank(struct ranksum_item *items, size_t n)
{
	struct ranking r = { 0 };

	qsort(items, n, sizeof(*items), by_value);
	for (size_t i = 0, end; i < n; i = end) {
		uint64_t here[2] = { 0, 0 };
		double t;

		for (end = i; end < n && items[end].value == items[i].value; end++)
			here[items[end].second]++;
		r.twice_u += here[1] * (2 * r.n[0] + here[0]);
		r.n[0] += here[0];
		r.n[1] += here[1];
		t = (double)(end - i);
		r.ties += t * (t * t - 1);
		r.tied |= end - i > 1;
	}
	return r;
}

/* The number of orders in which U is at most `most`, by the subsets of size n1 of the ranks. */
static double exact_tail(uint64_t n1, uint64_t n2, uint64_t most)
{
	size_t width = (size_t)(n1 * n2 + 1), n = (size_t)(n1 + n2);
	double *count = mem_zalloc((size_t)(n1 + 1) * width * sizeof(*count)), sum = 0, all = 0;

	count[0] = 1;
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = MIN(i, (size_t)n1); k > 0; k--) {
			size_t below = i - k;

			for (size_t u = below; u < width; u++)
				count[k * width + u] += count[(k - 1) * width + u - below];
		}
	}
	for (size_t u = 0; u < width; u++) {
		all += count[n1 * width + u];
		sum += u <= most ? count[n1 * width + u] : 0;
	}
	mem_free(count);
	return sum / all;
}

static double normal_p(const struct ranking *r, uint64_t twice_off)
{
	double pairs = (double)r->n[0] * (double)r->n[1], n = (double)(r->n[0] + r->n[1]);
	double variance = pairs / 12 * (n + 1 - r->ties / (n * (n - 1)));
	double off = (double)twice_off / 2 - 0.5; /* corrected for continuity */

	if (off <= 0 || variance <= 0)
		return 1;
	return MIN(1, 2 * normal_tail(off / __builtin_sqrt(variance)));
}

struct ranksum ranksum_test(struct ranksum_item *items, size_t n)
{
	struct ranking r = rank(items, n);
	uint64_t pairs = r.n[0] * r.n[1];
	uint64_t off = r.twice_u > pairs ? r.twice_u - pairs : pairs - r.twice_u;
	struct ranksum result = { .n = { r.n[0], r.n[1] } };

	result.share = (double)r.twice_u / (2 * (double)pairs);
	result.larger = r.twice_u > pairs;
	result.exact = n <= RANKSUM_EXACT_MAX && !r.tied;
	if (result.exact)
		result.p = MIN(
		    1, 2 * exact_tail(MIN(r.n[0], r.n[1]), MAX(r.n[0], r.n[1]), (pairs - off) / 2));
	else
		result.p = normal_p(&r, off);
	return result;
}

/* Shares */

/* The four counts of a table with given sums: one count determines the others. */
struct hypergeometric {
	double n1, n2, have; /* sizes of the samples; how many of both have the property */
	double least, most;  /* how many of the first may have it */
};

static double step_up(const struct hypergeometric *h, double x)
{
	return (h->n1 - x) * (h->have - x) / ((x + 1) * (h->n2 - h->have + x + 1));
}

/* The probability of b, as a multiple of that of a. */
static double relative(const struct hypergeometric *h, double a, double b)
{
	double weight = 1;

	for (double x = a; x < b && weight > 0; x++)
		weight *= step_up(h, x);
	for (double x = a; x > b && weight > 0; x--)
		weight /= step_up(h, x - 1);
	return weight;
}

/*
 * The sum over all tables that are at most as probable as this one, relative to the most probable
 * one. The tolerance is for tables that are equally probable, because rounding may make one larger.
 */
static double at_most(const struct hypergeometric *h, double mode, double seen)
{
	double limit = relative(h, mode, seen) * (1 + 1e-7), weight, sum = 1, part = 0;

	if (limit >= 1)
		return 1;
	weight = 1;
	for (double x = mode; x < h->most && weight > 0; x++) {
		weight *= step_up(h, x);
		sum += weight;
		part += weight <= limit ? weight : 0;
	}
	weight = 1;
	for (double x = mode; x > h->least && weight > 0; x--) {
		weight /= step_up(h, x - 1);
		sum += weight;
		part += weight <= limit ? weight : 0;
	}
	return MIN(1, part / sum);
}

double fisher_test(const uint64_t part[2], const uint64_t n[2])
{
	/* always in the same order, so that swapping them does not change the order of the sums */
	unsigned first = n[0] < n[1] || (n[0] == n[1] && part[0] <= part[1]) ? 0 : 1;
	struct hypergeometric h = { .n1 = (double)n[first],
				    .n2 = (double)n[!first],
				    .have = (double)(part[0] + part[1]) };
	double mode;

	h.least = MAX(0, h.have - h.n2);
	h.most = MIN(h.have, h.n1);
	mode = (double)(uint64_t)((h.n1 + 1) * (h.have + 1) / (h.n1 + h.n2 + 2));
	mode = MAX(h.least, MIN(mode, h.most));
	return at_most(&h, mode, (double)part[first]);
}

/* Series */

struct in_series {
	int64_t value;
	size_t at;
};

static int by_value_in_series(const void *a, const void *b)
{
	const struct in_series *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Twice the rank of each value; equal ones share theirs. */
static int64_t *twice_ranks(const int64_t *values, size_t n)
{
	struct in_series *sorted = mem_alloc((n + 1) * sizeof(*sorted));
	int64_t *ranks = mem_alloc((n + 1) * sizeof(*ranks));

	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct in_series){ values[i], i };
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_value_in_series);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && sorted[end].value == sorted[i].value; end++)
			;
		for (size_t k = i; k < end; k++)
			ranks[sorted[k].at] = (int64_t)(i + 1 + end);
	}
	mem_free(sorted);
	return ranks;
}

bool pettitt_test(const int64_t *values, size_t n, struct pettitt *ret)
{
	int64_t *ranks = twice_ranks(values, n), sum = 0, least = 0;
	double k, size = (double)n;

	/* U_t = sum of sgn(x_i - x_j) over i <= t < j: the lowest where later values are larger */
	for (size_t i = 0; i + 1 < n; i++) {
		sum += ranks[i] - (int64_t)(n + 1);
		if (sum < least) {
			least = sum;
			ret->at = i + 1;
		}
	}
	mem_free(ranks);
	k = -(double)least;
	ret->p = MIN(1, 2 * exp_minus(6 * k * k / (size * size * size + size * size)));
	return least < 0;
}

/* Many tests */

struct numbered {
	double p;
	size_t at;
};

static int by_p(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->p != y->p)
		return x->p > y->p ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

void holm_correct(const double *p, size_t n, double *ret)
{
	struct numbered *sorted = mem_alloc((n + 1) * sizeof(*sorted));
	double most = 0;

	for (size_t i = 0; i < n; i++)
		sorted[i] = (struct numbered){ p[i], i };
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_p);
	for (size_t i = 0; i < n; i++) {
		most = MAX(most, MIN(1, sorted[i].p * (double)(n - i)));
		ret[sorted[i].at] = most;
	}
	mem_free(sorted);
}
