/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The causes of many pods, grouped: how many, since when, and what they have in common that other
 * pods do not (traits.h). The order of adding does not matter.
 *
 * Legal order: fleet_new; fleet_add; fleet_finish; readers; fleet_free.
 */
#pragma once

#include "diagnose/traits.h"

struct fleet_group {
	const struct rule *rule;
	enum scope scope;
	uint64_t pods, claims, owners[3]; /* by enum owner: a text may decide whose it is */
	nsec first, last;
	const struct onset *onset; /* what came just before (onset.h); NULL: not asked for */
	struct str example;	   /* namespace/name of the first one, in time */
	struct str summary;	   /* of that one */
	nsec example_at;
	struct trait_share traits[TRAIT_COUNT];
	struct trait_counts counts[TRAIT_COUNT];
	struct str *names; /* namespace/name, in order; only with fleet->names */
	size_t n_names, names_cap;
};

/* A pod with a claim, whose storage class is only known when all claims are: they come last. */
struct fleet_claim {
	uint32_t claim; /* of claims */
	uint32_t group; /* number of the group as they were made, or FLEET_NO_GROUP */
};

#define FLEET_NO_GROUP UINT32_MAX

struct fleet {
	const struct context *context;
	bool names;		    /* of the pods of each group are wanted */
	struct map keys;	    /* CAUSE_KEY */
	struct fleet_group *groups; /* by pods, claims, id, scope; after fleet_finish */
	size_t n, cap;
	uint64_t pods; /* that are not excluded, or have a cause */
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t exclusions[EXCLUSION_COUNT];
	uint64_t unjudged;	     /* with a cause, though their delivery is excluded */
	uint64_t healthy;	     /* without a cause */
	uint64_t owners[3];	     /* of the causes */
	uint64_t unmet, unmet_known; /* denied, failed or slow; with a cause that is not Unknown */
	uint64_t claims, claim_verdicts[VERDICT_COUNT], healthy_claims; /* as of pods */
	struct trait_counts counts[TRAIT_COUNT]; /* of all pods that were offered */
	uint64_t offered;
	struct map claim_names; /* cluster\0namespace\0name */
	struct str *classes;	/* of these; p == NULL: not known yet */
	size_t classes_cap;
	struct fleet_claim *claimants;
	size_t n_claimants, claimants_cap;
	struct arena arena;
};

struct fleet *fleet_new(void);
/*
 * diagnosis: NULL if it is excluded. wanted: false if it is only there to be compared with: it is
 * counted nowhere, but shows what all pods have in common.
 */
void fleet_add(struct fleet *f, const struct timeline *t, const struct delivery *d,
	       const struct diagnosis *diagnosis, bool wanted);
/* The storage class of a claim, for the pods that have it. */
void fleet_know_claim(struct fleet *f, const struct timeline *t);
/* Claims are counted apart from pods, and have nothing in common with them but the cause. */
void fleet_add_claim(struct fleet *f, const struct timeline *t, const struct delivery *d,
		     const struct diagnosis *diagnosis);
void fleet_finish(struct fleet *f);
void fleet_free(struct fleet *f);
