/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error budgets over time: how fast an objective's budget was spent. Pure functions of a series of
 * outcomes, each good or bad, at the time at which it was asked for, and of the span of the log.
 *
 * rate = (bad / judged) / (1 - target): at 1 the budget lasts exactly as long as it is meant to.
 * A window is (end - length, end], its end the time of an outcome, or the moment from which on the
 * log reaches back far enough. A window that the log does not fill is never looked at: what lies
 * before the log is not known.
 */
#pragma once

#include "base/clock.h"

#define BURN_ENDLESS UINT64_MAX /* the rate of something bad where nothing may be */

struct burn_series {
	int64_t *packed; /* time * 2 + bad */
	size_t n, cap;
	bool sorted;
};

struct burn_span {
	nsec first, last; /* of the log; NSEC_NONE: there is none */
};

struct burn_window {
	bool known; /* false: the log is shorter */
	nsec end;
	uint64_t bad, judged;
};

/* An alert holds while both windows burn at the limit or above. */
struct burn_pair {
	nsec longer, shorter;
	uint64_t limit; /* in thousandths */
};

struct burn_alert {
	bool known;	/* false: the log is shorter than the longer window */
	uint64_t worst; /* over time, the lesser of the two windows' rates; in thousandths */
	nsec worst_at;	/* NSEC_NONE: it never burned */
	nsec fired;	/* when it first held; NSEC_NONE: never */
};

enum { BURN_PAIRS = 3 };

extern const struct burn_pair burn_pairs[BURN_PAIRS];

void burn_add(struct burn_series *s, nsec at, bool bad);
void burn_free(struct burn_series *s);

/* In thousandths, cut off; 0 of nothing. */
uint64_t burn_rate(uint64_t bad, uint64_t judged, unsigned target_ppm);
/* The window with the greatest share of bad ones; of equal ones, the first with the most. */
struct burn_window burn_worst(struct burn_series *s, struct burn_span span, nsec length);
struct burn_alert burn_alert(struct burn_series *s, struct burn_span span,
			     const struct burn_pair *pair, unsigned target_ppm);
/* How long a budget that is meant for `window` lasts at that rate; NSEC_NONE: at least so long. */
nsec burn_exhaustion(uint64_t rate, nsec window);
