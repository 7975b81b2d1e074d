/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of slo/outcome.h: what the three SLOs that are no deliveries have in common. The rules
 * are those of slo/delivery.h: what the log does not show is excluded, what has not ended when the
 * log does is open, and only what is proven to have taken too long has failed.
 */
#ifndef LUNETTES_SLO_JUDGE_H
#define LUNETTES_SLO_JUDGE_H

#include "slo/outcome.h"

struct judged {
	const struct timeline *t;
	const struct mark *begin, *end; /* of what is judged; begin->at must be known */
	nsec last;   /* nothing counts behind that: the log's end, or what ended it before */
	nsec proven; /* until when the log proves that it is not done */
	bool aborted, without_user; /* it was ended before; user time in t->stages is taken off */
	enum exclusion unseen;	    /* what to say when the log does not show how it ended */
};

struct outcome outcome_new(enum slo slo, nsec limit);
void outcome_exclude(struct outcome *o, enum exclusion exclusion);
/* Times, verdict, and upstream's code for what took too long or did not come to its end. */
void outcome_judge(struct outcome *o, const struct judged *j);

size_t outcome_of_deletion(const struct timeline *t, const struct cluster *cluster,
			   const struct settings *settings, struct outcome *ret);
size_t outcomes_of_upgrades(const struct timeline *t, const struct cluster *cluster,
			    const struct settings *settings, struct outcome *ret);
size_t outcome_of_claim(const struct timeline *t, const struct cluster *cluster,
			const struct settings *settings, struct outcome *ret);

#endif
