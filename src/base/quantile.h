/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact quantiles of durations by nearest rank, ceil(p * n): every printed percentile is a value
 * that was observed. Censored values ("at least x") take part in the ranks; a quantile that falls
 * on one is itself only a lower bound.
 */
#ifndef LUNETTES_BASE_QUANTILE_H
#define LUNETTES_BASE_QUANTILE_H

#include "base/clock.h"

struct quantile_value {
	nsec value;
	bool censored; /* the true value is at least this one */
};

struct quantile {
	struct quantile_value *values;
	size_t n, cap;
	bool sorted;
};

void quantile_add(struct quantile *q, nsec value, bool censored);
/*
 * permille: 500 is p50, 1000 the maximum. False on an empty set. Censored values rank after all
 * exact ones that are not larger.
 */
bool quantile_at(struct quantile *q, unsigned permille, struct quantile_value *ret_value);
void quantile_free(struct quantile *q);

#endif
