/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What pods of one cause may have in common, and whether that is significant.
 *
 * A trait is significant (tells) if at least two pods and four fifths of the group have it, if at
 * most half as large a share of the other pods has it, and if as many pods, drawn at random from
 * all, would so often have it by chance less than once in a hundred times (Fisher's exact test).
 * Where no other pod is known that could have had it, nothing can be said.
 */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "diagnose/diagnose.h"
#include "kube/context.h"

/* Of those that explain as much, the first is shown. */
enum trait {
	TRAIT_WEBHOOK, /* that the message of a refusal names */
	TRAIT_NODE,
	TRAIT_ZONE, /* of the node */
	TRAIT_STORAGE_CLASS,
	TRAIT_REGISTRY, /* the host in the image */
	TRAIT_IMAGE,
	TRAIT_WORKLOAD,
	TRAIT_NAMESPACE,
	TRAIT_COUNT
};

struct trait_row {
	const char *name;	 /* lunettes-diagnose(1) explains it */
	const char *preposition; /* "all of them on node n1" */
};

extern const struct trait_row trait_rows[TRAIT_COUNT];

/* How many pods have which value. */
struct trait_counts {
	struct map values;
	uint64_t *counts;
	size_t cap;
	uint64_t pods; /* whose value is known */
};

struct trait_share {
	struct str value; /* that most of the group have; p == NULL: none is known */
	uint64_t pods;	  /* of the group that have it */
	uint64_t others;  /* pods outside of the group that have it */
	uint64_t known;	  /* pods outside of the group that could have it */
	double p;
	bool tells;
};

/* Empty: it has none, or none is known. cause: NULL of a pod without; its subject says which image.
 */
struct str trait_value(const struct timeline *t, const struct cause *cause,
		       const struct context *context, enum trait trait, struct buf *room);

void trait_count(struct trait_counts *c, struct str value);
void trait_counts_free(struct trait_counts *c);
/* group: pods in it; all: pods of the fleet. */
struct trait_share trait_share_of(enum trait trait, const struct trait_counts *group,
				  uint64_t group_pods, const struct trait_counts *all,
				  uint64_t all_pods);
