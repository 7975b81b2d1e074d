/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Burn rates: how fast an objective's error budget was spent. Pure functions of a series of
 * outcomes, each good or bad, at the times of their requests, and of the time span of the log.
 *
 * rate = (bad / judged) / (1 - target): at 1 the budget lasts exactly for its window. A window
 * is (end - length, end]; its end is the time of an outcome, or the first time at which the log
 * is long enough. Windows longer than the log are skipped, because the time before the log is
 * unknown.
 */
#pragma once

#include "base/clock.h"

#define BURN_ENDLESS UINT64_MAX /* infinite: a bad outcome with a target of 100 % */

struct burn_series {
	int64_t *packed; /* time * 2 + bad */
	size_t n, cap;
	bool sorted;
};

struct burn_span {
	nsec first, last; /* of the log; NSEC_NONE: no log */
};

struct burn_window {
	bool known; /* false: the log is too short */
	nsec end;
	uint64_t bad, judged;
};

/* An alert fires while both windows burn at the limit or above. */
struct burn_pair {
	nsec longer, shorter;
	uint64_t limit; /* in thousandths */
};

struct burn_alert {
	bool known;	/* false: the log is shorter than the longer window */
	uint64_t worst; /* the highest value of min(longer, shorter); in thousandths */
	nsec worst_at;	/* NSEC_NONE: no burn */
	nsec fired;	/* when it first fired; NSEC_NONE: never */
};

enum { BURN_PAIRS = 3 };

extern const struct burn_pair burn_pairs[BURN_PAIRS];

void burn_add(struct burn_series *s, nsec at, bool bad);
void burn_free(struct burn_series *s);

/* In thousandths, rounded down; 0 if nothing was judged. */
uint64_t burn_rate(uint64_t bad, uint64_t judged, unsigned target_ppm);
/* The window with the largest share of bad outcomes; of equals the first with the most bad ones. */
struct burn_window burn_worst(struct burn_series *s, struct burn_span span, nsec length);
struct burn_alert burn_alert(struct burn_series *s, struct burn_span span,
			     const struct burn_pair *pair, unsigned target_ppm);
/* How long a budget for `window` lasts at that rate; NSEC_NONE: for the whole window or longer. */
nsec burn_exhaustion(uint64_t rate, nsec window);
