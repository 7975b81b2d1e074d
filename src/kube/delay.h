/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How late the API server received a node's Events, compared with the nanoseconds in their names.
 * Delays are counted in steps of an eighth of their size, so any order of adding gives the same
 * counts. Zero is empty.
 */
#pragma once

#include "base/clock.h"

enum { DELAY_STEPS = 8 * 40 }; /* from 1 us to more than a week */

struct delays {
	uint64_t n;
	nsec least, most;
	uint32_t *steps; /* DELAY_STEPS; NULL while there is none */
};

void delays_add(struct delays *d, nsec delay);
void delays_join(struct delays *to, const struct delays *from);
void delays_free(struct delays *d);
/* The percentile, at most an eighth too large; n must not be 0. */
nsec delays_quantile(const struct delays *d, unsigned percent);
