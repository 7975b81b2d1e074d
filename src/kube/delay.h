/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How late a node's Events were received: from the nanoseconds in their names, on the node's clock,
 * to the API server's receive time. Counted in steps of an eighth of their size, so that any order
 * of adding gives the same; zero is empty.
 */
#pragma once

#include "base/clock.h"

enum { DELAY_STEPS = 8 * 40 }; /* from a microsecond to more than a week */

struct delays {
	uint64_t n;
	nsec least, most;
	uint32_t *steps; /* DELAY_STEPS; NULL while there is none */
};

void delays_add(struct delays *d, nsec delay);
void delays_join(struct delays *to, const struct delays *from);
void delays_free(struct delays *d);
/* What that share of them (of 100) is not later than, an eighth too much at most; n must not be 0.
 */
nsec delays_quantile(const struct delays *d, unsigned percent);
