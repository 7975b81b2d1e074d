/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traits that pods with one cause may share, and whether they are significant.
 *
 * A trait is significant if at least two pods and four fifths of the group have it, if at most
 * half as large a share of the other pods has it, and if a random choice of as many pods would
 * have it as often with a probability below 1 % (Fisher's exact test). If no other pod is known
 * that could have it, nothing is reported.
 */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "diagnose/diagnose.h"
#include "kube/context.h"

/* Of traits that explain equally much, the first is shown. */
enum trait {
	TRAIT_WEBHOOK, /* named by the message of a rejection */
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
	const char *name;	 /* documented in lunettes-diagnose(1) */
	const char *preposition; /* "all of them on node n1" */
};

extern const struct trait_row trait_rows[TRAIT_COUNT];

/* The number of pods per value. */
struct trait_counts {
	struct map values;
	uint64_t *counts;
	size_t cap;
	uint64_t pods; /* whose value is known */
};

struct trait_share {
	struct str value; /* the most frequent value in the group; p == NULL: unknown */
	uint64_t pods;	  /* of the group that have it */
	uint64_t others;  /* pods outside of the group that have it */
	uint64_t known;	  /* pods outside of the group that could have it */
	double p;
	bool tells;
};

/* Empty: none, or unknown. cause: NULL for a pod without one; its subject selects the image. */
struct str trait_value(const struct timeline *t, const struct cause *cause,
		       const struct context *context, enum trait trait, struct buf *room);

void trait_count(struct trait_counts *c, struct str value);
void trait_counts_free(struct trait_counts *c);
/* group: pods in it; all: pods of the fleet. */
struct trait_share trait_share_of(enum trait trait, const struct trait_counts *group,
				  uint64_t group_pods, const struct trait_counts *all,
				  uint64_t all_pods);
