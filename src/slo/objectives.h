/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which outcomes are good, by the objectives of the settings, and what that costs of their budgets.
 *
 * An outcome counts where it is known to be good or bad: one that is in progress, or that was
 * aborted, is bad once it has taken longer than the threshold, and before that it does not count.
 * One that failed is bad. Memory: 8 bytes an outcome and objective.
 */
#pragma once

#include "slo/burn.h"
#include "slo/outcome.h"

enum { OBJECTIVE_WINDOWS = 2 };

extern const nsec objective_windows[OBJECTIVE_WINDOWS]; /* 1 h, 5 m */

struct objective_result {
	const struct objective *objective;
	struct burn_series series; /* of those whose beginning is known */
	uint64_t judged, bad;
	/* made by finish */
	uint64_t rate;	 /* over all; in thousandths */
	bool projected;	 /* the log is long enough to project how long the budget lasts */
	nsec exhaustion; /* NSEC_NONE: it lasts its window */
	struct burn_window worst[OBJECTIVE_WINDOWS];
	struct burn_alert alerts[BURN_PAIRS];
};

struct objectives {
	struct objective_result *results; /* as in the settings, those of one SLO */
	size_t n;
};

void objectives_begin(struct objectives *o, const struct settings *settings, enum slo slo);
void objectives_add(struct objectives *o, const struct timeline *t, const struct outcome *outcome);
void objectives_finish(struct objectives *o, struct burn_span span);
void objectives_free(struct objectives *o);

/* A decimal with at most so many digits behind the point, as a whole number of the last one. */
bool decimal_parse(struct str text, unsigned digits, int64_t *ret);
/* "delivery<=30s:99.5%", "success:99%"; its name is the text itself, which must outlive it. */
int objective_parse(struct str text, enum slo slo, struct objective *ret, struct err *err);
