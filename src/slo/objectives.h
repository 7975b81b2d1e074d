/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which outcomes are good according to the objectives, and how much of the error budgets was
 * spent.
 *
 * An outcome counts if it is known to be good or bad. One that is in progress, or was aborted,
 * is bad once it exceeds the threshold, and does not count before. A failed one is bad. Memory:
 * 8 bytes per outcome and objective.
 */
#pragma once

#include "slo/burn.h"
#include "slo/outcome.h"

enum { OBJECTIVE_WINDOWS = 2 };

extern const nsec objective_windows[OBJECTIVE_WINDOWS]; /* 1 h, 5 m */

struct objective_result {
	const struct objective *objective;
	struct burn_series series; /* of outcomes whose start is known */
	uint64_t judged, bad;
	/* made by finish */
	uint64_t rate;	 /* for the whole log; in thousandths */
	bool projected;	 /* the log is long enough to project when the budget is exhausted */
	nsec exhaustion; /* NSEC_NONE: not within its window */
	struct burn_window worst[OBJECTIVE_WINDOWS];
	struct burn_alert alerts[BURN_PAIRS];
};

struct objectives {
	struct objective_result *results; /* as in the settings, for one SLO */
	size_t n;
};

void objectives_begin(struct objectives *o, const struct settings *settings, enum slo slo);
void objectives_add(struct objectives *o, const struct timeline *t, const struct outcome *outcome);
void objectives_finish(struct objectives *o, struct burn_span span);
void objectives_free(struct objectives *o);

/* Parses a decimal with at most `digits` decimal places as a multiple of the last place. */
bool decimal_parse(struct str text, unsigned digits, int64_t *ret);
/* Parses "delivery<=30s:99.5%", "success:99%". Its name is the text, which must outlive it. */
int objective_parse(struct str text, enum slo slo, struct objective *ret, struct err *err);
