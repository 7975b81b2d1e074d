/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts of timelines. Everything in this room is a pure function of finished timelines and of
 * settings (settings.h): outcomes_of judges a timeline, report.h adds outcomes up, compare.h
 * compares two sets of them, condition.h evaluates --fail-on.
 *
 * An outcome is the result for one event of an SLO: a pod's delivery, a deletion, an upgrade, a PVC
 * binding. All have the same type, so that report, tables and documents exist once.
 */
#pragma once

#include "slo/delivery.h"

enum { OUTCOMES_MAX = 64 }; /* per timeline; further upgrades are dropped */

struct outcome {
	enum slo slo;
	enum verdict verdict;
	enum exclusion exclusion;
	nsec begin;    /* when it was requested; NSEC_NONE: unknown */
	nsec end;      /* when it was done; NSEC_NONE: not done, or unknown */
	nsec total;    /* end - begin; NSEC_NONE */
	nsec measured; /* compared with the limit: for deliveries without user time */
	nsec waited;   /* not done: `measured` so far; otherwise NSEC_NONE */
	nsec until;    /* not done: end of its open stages; NSEC_NONE */
	nsec limit;    /* NSEC_NONE: none */
	nsec startup;  /* the startup SLI; NSEC_NONE if excluded */
	/* The error, or "". For deliveries the code of the rejection or of the diagnosis, which is
	 * filled in later; for others a finalizer or Alipay's word (timeout). */
	struct str code;
	struct str step;  /* for deletions, in Alipay's terms: delete, stale, terminating; otherwise
			     p == NULL */
	enum owner owner; /* who must fix `code`; OWNER_NONE: unknown */
	const struct upgrade *upgrade; /* for SLO_UPGRADE */
	struct delivery delivery;      /* for SLO_CREATE */
	const struct stage *stages;
	size_t n_stages;
};

/* The input of a judgement. */
struct judging {
	const struct timeline *t;
	const struct cluster *cluster; /* of the timeline, never NULL */
	const struct settings *settings;
};

/* Fills in at most OUTCOMES_MAX. 0: nothing to judge for that SLO. */
size_t outcomes_of(enum slo slo, const struct judging *j, struct outcome *ret);

enum measured {
	MEASURED_NOT,	   /* unknown, or it has no such duration */
	MEASURED_ALL,	   /* the exact duration */
	MEASURED_AT_LEAST, /* in progress: the minimum */
};

/* One duration of an outcome. */
enum measured outcome_measure(const struct outcome *o, enum sli sli, nsec *ret);

/*
 * Input for judging deletions, upgrades and PVCs. The rules are those of slo/delivery.h: what the
 * log does not show is excluded, what is in progress at its end is open, and only what is proven to
 * be over the limit has failed.
 */
struct judged {
	const struct timeline *t;
	const struct mark *begin, *end; /* of the event; begin->at must be known */
	nsec last;   /* later times do not count: end of the log, or of the event if earlier */
	nsec proven; /* until when the log proves that it is not done */
	bool aborted, without_user; /* it was ended early; user time in t->stages does not count */
	enum exclusion unseen;	    /* the exclusion if the log does not show the end */
};

struct outcome outcome_new(enum slo slo, nsec limit);
/* Sets times, verdict, and the code for what took too long or did not finish. */
void outcome_judge(struct outcome *o, const struct judged *j);
