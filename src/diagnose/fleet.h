/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Causes of many pods, grouped: how many, since when, and which traits the affected pods share
 * that others do not (traits.h). The order of adding does not matter.
 *
 * Legal order: fleet_new; fleet_add; fleet_finish; readers; fleet_free.
 */
#pragma once

#include "diagnose/traits.h"

struct fleet_group {
	const struct rule *rule;
	enum scope scope;
	uint64_t pods, claims, owners[3]; /* by enum owner, which the message may decide */
	nsec first, last;
	const struct onset *onset; /* recent changes (onset.h); NULL: not requested */
	struct str example;	   /* namespace/name of the earliest one */
	struct str summary;	   /* of the example */
	nsec example_at;
	struct trait_share traits[TRAIT_COUNT];
	struct trait_counts counts[TRAIT_COUNT];
	struct str *names; /* namespace/name, sorted; only with fleet->names */
	size_t n_names, names_cap;
};

/* A pod with a PVC. Its storage class is known only when all PVCs are, so it is added last. */
struct fleet_claim {
	uint32_t claim; /* of claims */
	uint32_t group; /* index in order of creation, or FLEET_NO_GROUP */
};

#define FLEET_NO_GROUP UINT32_MAX

struct fleet {
	const struct context *context;
	bool names;		    /* keep the pods' names for each group */
	struct map keys;	    /* CAUSE_KEY */
	struct fleet_group *groups; /* by pods, claims, id, scope; after fleet_finish */
	size_t n, cap;
	uint64_t pods; /* those not excluded, or with a cause */
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t exclusions[EXCLUSION_COUNT];
	uint64_t unjudged;	     /* with a cause, although the delivery is excluded */
	uint64_t healthy;	     /* without a cause */
	uint64_t owners[3];	     /* of the causes */
	uint64_t unmet, unmet_known; /* denied, failed or slow; of these with a cause other than
					Unknown */
	uint64_t claims, claim_verdicts[VERDICT_COUNT], healthy_claims; /* the same for PVCs */
	struct trait_counts counts[TRAIT_COUNT]; /* of all pods */
	uint64_t offered;
	struct map claim_names; /* cluster\0namespace\0name */
	struct str *classes;	/* of these; p == NULL: unknown so far */
	size_t classes_cap;
	struct fleet_claim *claimants;
	size_t n_claimants, claimants_cap;
	struct arena arena;
};

struct fleet *fleet_new(void);
/* diagnosis: NULL if excluded. wanted: false for a pod that is only used for comparison: it is not
 * counted, but contributes to the traits of all pods. */
void fleet_add(struct fleet *f, const struct timeline *t, const struct delivery *d,
	       const struct diagnosis *diagnosis, bool wanted);
/* The storage class of a PVC, for the pods that use it. */
void fleet_know_claim(struct fleet *f, const struct timeline *t);
/* PVCs are counted separately from pods; no common traits are computed for them. */
void fleet_add_claim(struct fleet *f, const struct timeline *t, const struct delivery *d,
		     const struct diagnosis *diagnosis);
void fleet_finish(struct fleet *f);
void fleet_free(struct fleet *f);
