/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a difference more than chance? Two samples of durations (Mann-Whitney U), two shares (Fisher's
 * exact test), the moment from which a series is larger (Pettitt's test), and the correction for
 * many tests (Holm). All p-values are two-sided.
 *
 * It uses only addition, multiplication, division and square root, which IEEE 754 rounds alike
 * everywhere: the same input gives the same bits on every machine (no libm, and this room is
 * compiled without contraction). Swapping the two samples changes no bit of p.
 */
#pragma once

#include "base/prelude.h"

/*
 * Up to this many values and without ties, the distribution of U is exact; otherwise it is
 * approximated by the normal one. The largest count, C(50, 25), fits a double exactly.
 */
enum { RANKSUM_EXACT_MAX = 50 };

struct ranksum_item {
	int64_t value; /* INT64_MAX: ranks after all others */
	bool second;   /* of the second sample */
};

struct ranksum {
	uint64_t n[2];
	double share; /* share of pairs in which the second's value is larger; ties count half */
	bool larger;  /* the second tends to be larger: share > 1/2 */
	bool exact;
	double p;
};

/* Sorts the items. Neither sample may be empty. */
struct ranksum ranksum_test(struct ranksum_item *items, size_t n);

/* part[0] of n[0] have the property, and part[1] of n[1]. Neither n may be 0. */
double fisher_test(const uint64_t part[2], const uint64_t n[2]);

struct pettitt {
	size_t at; /* the first value after the change */
	double p;  /* by Pettitt's own approximation */
};

/* The index from which the series is most clearly larger. n >= 2. False: there is none. */
bool pettitt_test(const int64_t *values, size_t n, struct pettitt *ret);

/* Holm: ret[i] is p[i] corrected for all n tests. */
void holm_correct(const double *p, size_t n, double *ret);

/* P(Z > z) of the standard normal distribution, z >= 0; and e^-x, x >= 0. */
double normal_tail(double z);
double exp_minus(double x);
