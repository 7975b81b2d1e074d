/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact quantiles of durations by nearest rank, ceil(p * n): every printed percentile is a value
 * that was observed. Censored values ("at least x": the event had not happened by the end of the
 * observation) rank after all exact ones. A quantile that falls on one is only known to be larger
 * than every exact value and than the censored one.
 */
#pragma once

#include "base/clock.h"

struct quantile_value {
	nsec value;
	bool censored; /* the true value is at least this one */
};

/* 8 bytes per value, because memory grows with it: one per pod and SLI. */
struct quantile {
	int64_t *packed; /* value * 2 + censored; values beyond 146 years are capped */
	size_t n, cap;
	bool sorted;
};

void quantile_add(struct quantile *q, nsec value, bool censored);
/* permille: 500 is p50, 1000 the maximum. False on an empty set. */
bool quantile_at(struct quantile *q, unsigned permille, struct quantile_value *ret_value);
void quantile_free(struct quantile *q);
