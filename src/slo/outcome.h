/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an SLO counts: one delivery of a pod, one deletion, one upgrade, one claim. All give the
 * same value, so that there is one report, one set of tables and one set of documents.
 */
#pragma once

#include "slo/delivery.h"

enum { OUTCOMES_MAX = 64 }; /* of one timeline: upgrades beyond that are left out */

struct outcome {
	enum slo slo;
	enum verdict verdict;
	enum exclusion exclusion;
	nsec begin;    /* when it was asked for; NSEC_NONE unknown */
	nsec end;      /* when it was done; NSEC_NONE: not, or unknown */
	nsec total;    /* end - begin; NSEC_NONE */
	nsec measured; /* what the limit is compared with: of a delivery without user time */
	nsec waited;   /* not done: `measured` so far; else NSEC_NONE */
	nsec until;    /* not done: how far its open stages go; NSEC_NONE */
	nsec limit;    /* NSEC_NONE: none */
	nsec startup;  /* the startup SLI; NSEC_NONE: excluded */
	/* What went wrong, ""; of deliveries the code of the refusal, or of the diagnosis, which is
	 * filled in where there is one; of the others upstream's word: a finalizer, timeout. */
	struct str code;
	struct str step;  /* of a deletion, on upstream's ladder: delete, stale, terminating; else
			     p == NULL */
	enum owner owner; /* who can fix `code`; OWNER_NONE: unknown */
	const struct upgrade *upgrade; /* of SLO_UPGRADE */
	struct delivery delivery;      /* of SLO_CREATE */
	const struct stage *stages;
	size_t n_stages;
};

/* What an outcome is judged by. */
struct judging {
	const struct timeline *t;
	const struct cluster *cluster; /* of the timeline, never NULL */
	const struct settings *settings;
};

/* Fills in at most OUTCOMES_MAX; 0: this timeline has none of that SLO. */
size_t outcomes_of(enum slo slo, const struct judging *j, struct outcome *ret);

enum measured {
	MEASURED_NOT,	   /* nothing is known of it, or it has none */
	MEASURED_ALL,	   /* it took exactly so long */
	MEASURED_AT_LEAST, /* it was still going on */
};

/* One duration of an outcome. */
enum measured outcome_measure(const struct outcome *o, enum sli sli, nsec *ret);

/*
 * For the judges of what is no delivery. The rules are those of slo/delivery.h: what the log does
 * not show is excluded, what has not ended when the log does is open, and only what is proven to
 * have taken too long has failed.
 */
struct judged {
	const struct timeline *t;
	const struct mark *begin, *end; /* of what is judged; begin->at must be known */
	nsec last;   /* nothing counts behind that: the log's end, or what ended it before */
	nsec proven; /* until when the log proves that it is not done */
	bool aborted, without_user; /* it was ended before; user time in t->stages does not count */
	enum exclusion unseen;	    /* the reason if the log does not show how it ended */
};

struct outcome outcome_new(enum slo slo, nsec limit);
/* Times, verdict, and upstream's code for what took too long or did not come to its end. */
void outcome_judge(struct outcome *o, const struct judged *j);
