/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact quantiles of durations by nearest rank, ceil(p * n): every printed percentile is a value
 * that was observed. Censored values ("at least x": it never happened while anybody looked) rank
 * behind all exact ones; a quantile that falls on one is only known to be larger than everything
 * exact and than what was waited.
 */
#pragma once

#include "base/clock.h"

struct quantile_value {
	nsec value;
	bool censored; /* the true value is at least this one */
};

/* 8 bytes a value: this is what memory grows with, one a pod and question. */
struct quantile {
	int64_t *packed; /* value * 2 + censored; values beyond 146 years are cut */
	size_t n, cap;
	bool sorted;
};

void quantile_add(struct quantile *q, nsec value, bool censored);
/* permille: 500 is p50, 1000 the maximum. False on an empty set. */
bool quantile_at(struct quantile *q, unsigned permille, struct quantile_value *ret_value);
void quantile_free(struct quantile *q);
