/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an SLO counts: one delivery of a pod, one deletion, one upgrade, one claim. All four give
 * the same value, so that there is one report, one set of tables and one set of documents.
 */
#ifndef LUNETTES_SLO_OUTCOME_H
#define LUNETTES_SLO_OUTCOME_H

#include "slo/delivery.h"

enum { OUTCOMES_MAX = 64 }; /* of one timeline: upgrades beyond that are not told apart */

struct outcome {
	enum slo slo;
	enum verdict verdict;
	enum exclusion exclusion;
	nsec begin;    /* when it was asked for; NSEC_NONE unknown */
	nsec end;      /* when it was done; NSEC_NONE: not, or unknown */
	nsec total;    /* end - begin; NSEC_NONE */
	nsec measured; /* what the limit is held against: of a delivery without user time */
	nsec waited;   /* not done: `measured` so far; else NSEC_NONE */
	nsec until;    /* not done: how far its open stages go; NSEC_NONE */
	nsec limit;    /* NSEC_NONE: none */
	nsec startup;  /* the startup SLI; NSEC_NONE: excluded */
	/* What went wrong, ""; of deliveries the code of the refusal, or of the diagnosis, which
	 * whoever has one fills in; of the others upstream's word: a finalizer, timeout. */
	struct str code;
	struct str step;  /* of a deletion, on upstream's ladder: delete, stale, terminating; else
			     p == NULL */
	enum owner owner; /* who can mend what `code` says; OWNER_NONE: nobody is named */
	const struct upgrade *upgrade; /* of SLO_UPGRADE */
	const struct stage *stages;
	size_t n_stages;
};

/* Fills in at most OUTCOMES_MAX; 0: this timeline has none of that SLO. d is set for SLO_CREATE. */
size_t outcomes_of(enum slo slo, const struct timeline *t, const struct cluster *cluster,
		   const struct settings *settings, struct outcome *ret, struct delivery *ret_d);

#endif
