/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The causes of many pods, grouped: how many, since when, and what they have in common. The order
 * of adding does not matter.
 */
#ifndef LUNETTES_DIAGNOSE_FLEET_H
#define LUNETTES_DIAGNOSE_FLEET_H

#include "base/map.h"
#include "diagnose/diagnose.h"

/* What pods of one cause may have in common. */
enum trait { TRAIT_NODE, TRAIT_IMAGE, TRAIT_WORKLOAD, TRAIT_NAMESPACE, TRAIT_COUNT };

struct str trait_name(enum trait trait);

struct trait_share {
	struct str value; /* that most of them have; p == NULL: none */
	uint64_t pods;	  /* that have it */
	uint64_t all;	  /* pods of the fleet that have it, whatever became of them */
};

struct fleet_group {
	const struct rule *rule;
	enum scope scope;
	uint64_t pods, claims;
	nsec first, last;
	struct str example; /* namespace/name of the first one, in time */
	struct trait_share traits[TRAIT_COUNT];
	struct map values[TRAIT_COUNT];
	uint64_t *counts[TRAIT_COUNT];
	size_t caps[TRAIT_COUNT];
};

struct fleet {
	struct map keys;	    /* id of the rule and scope */
	struct fleet_group *groups; /* by pods, claims, id, scope; after fleet_finish */
	size_t n, cap;
	uint64_t pods, verdicts[VERDICT_COUNT];
	uint64_t healthy; /* without a cause */
	uint64_t claims, claim_verdicts[VERDICT_COUNT], healthy_claims;
	struct map values[TRAIT_COUNT]; /* of all pods */
	uint64_t *counts[TRAIT_COUNT];
	size_t caps[TRAIT_COUNT];
	struct arena arena;
};

struct fleet *fleet_new(void);
void fleet_add(struct fleet *f, const struct timeline *t, const struct delivery *d,
	       const struct diagnosis *diagnosis);
/* Claims are counted apart from pods, and have nothing in common with them but the cause. */
void fleet_add_claim(struct fleet *f, const struct timeline *t, const struct delivery *d,
		     const struct diagnosis *diagnosis);
void fleet_finish(struct fleet *f);
void fleet_free(struct fleet *f);

#endif
