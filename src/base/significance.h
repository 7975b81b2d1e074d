/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a difference more than chance? Two samples of durations (Mann-Whitney U), two shares (Fisher's
 * exact test), a moment from which a series is larger (Pettitt's test), and what many tests at once
 * cost (Holm's correction). All p-values are two-sided.
 *
 * The arithmetic is addition, multiplication, division and square root alone, which IEEE 754 rounds
 * alike everywhere: the same input gives the same bits on every machine (no libm, and the room is
 * compiled without contraction). Swapping the two samples changes no bit of p.
 */
#pragma once

#include "base/prelude.h"

/*
 * Up to so many values, and if no two are equal, the distribution of U is counted out; else it is
 * approximated by the normal one. The largest count, C(50, 25), fits a double exactly.
 */
enum { RANKSUM_EXACT_MAX = 50 };

struct ranksum_item {
	int64_t value; /* INT64_MAX: behind all others */
	bool second;   /* of the second sample */
};

struct ranksum {
	uint64_t n[2];
	double share; /* of all pairs, those in which the second's value is larger; ties are half */
	bool larger;  /* the second tends to be larger: share > 1/2 */
	bool exact;
	double p;
};

/* Sorts the items. Neither sample may be empty. */
struct ranksum ranksum_test(struct ranksum_item *items, size_t n);

/* Of n[0], part[0] have something; of n[1], part[1]. Neither n may be 0. */
double fisher_test(const uint64_t part[2], const uint64_t n[2]);

struct pettitt {
	size_t at; /* the first value behind the change */
	double p;  /* by Pettitt's own approximation */
};

/* Where the series most clearly begins to be larger. n >= 2. False: nowhere. */
bool pettitt_test(const int64_t *values, size_t n, struct pettitt *ret);

/* ret[i] is p[i] corrected for all n tests: none of those below alpha is there by chance alone but
 * with probability alpha. */
void holm_correct(const double *p, size_t n, double *ret);

/* P(Z > z) of the standard normal distribution, z >= 0; and e^-x, x >= 0. */
double normal_tail(double z);
double exp_minus(double x);
