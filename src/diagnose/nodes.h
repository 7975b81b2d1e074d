/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the scheduler says when no node will do, as a histogram:
 *
 *     0/5 nodes are available: 1 node(s) had untolerated taint {a: b}, 4 Insufficient cpu.
 *     preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.
 *
 * in the words of Kubernetes 1.22 to 1.36. The reasons come in the order in which they are likely
 * to be the cause; nodes.c says how that is found. Other sentences of a scheduler (it could
 * not bind, a plugin failed) are no histogram.
 */
#pragma once

#include "base/arena.h"

enum { NODE_REASONS_MAX = 64 }; /* of one sentence; real ones have at most a dozen */

struct node_reason {
	uint32_t count;	  /* nodes that it keeps away; of what is about the pod: all of them */
	struct str text;  /* as the scheduler says it, without the count */
	struct str code;  /* which rule is about it; of what no row knows: FailedScheduling */
	struct str value; /* the taint {key: value} without braces, the resource; empty: none */
};

struct nodes {
	uint32_t total;			   /* the N of 0/N */
	const struct node_reason *list;	   /* the likely cause first */
	size_t n;			   /* 0: it gives no reason */
	struct str preemption;		   /* what it says of preemption; p == NULL: nothing */
	const struct node_reason *victims; /* why preemption does not help, as the text has them */
	size_t n_victims;
};

/* False: the message is no histogram. Slices point into the message; the lists are the arena's. */
bool nodes_parse(struct str message, struct arena *arena, struct nodes *ret);

/* The codes that reasons can have, for those who write rules: NULL behind the last. Static. */
const char *nodes_code(size_t i);
