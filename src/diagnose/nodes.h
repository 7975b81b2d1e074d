/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scheduler's message when no node fits, as a histogram:
 *
 * 0/5 nodes are available: 1 node(s) had untolerated taint {a: b}, 4 Insufficient cpu.
 * preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.
 *
 * in the form of Kubernetes 1.22 to 1.36. Reasons are sorted by how likely they are the cause
 * (see nodes.c). Other messages of a scheduler (a failed binding or plugin) are no histogram.
 */
#pragma once

#include "base/arena.h"

enum { NODE_REASONS_MAX = 64 }; /* per message; real ones have at most a dozen */

struct node_reason {
	uint32_t count;	  /* nodes it excludes; all of them if it is about the pod */
	struct str text;  /* the scheduler's text, without the count */
	struct str code;  /* code of its rule; FailedScheduling if no row matches */
	struct str value; /* taint {key: value} without braces, or resource; empty: none */
};

struct nodes {
	uint32_t total;			   /* the N of 0/N */
	const struct node_reason *list;	   /* the likely cause first */
	size_t n;			   /* 0: no reason is given */
	struct str preemption;		   /* the text about preemption; p == NULL: none */
	const struct node_reason *victims; /* why preemption does not help, in the order of the
					      text */
	size_t n_victims;
};

/* Returns false if the message is no histogram. Slices point into the message; lists are in the
 * arena. */
bool nodes_parse(struct str message, struct arena *arena, struct nodes *ret);

/* The possible codes of reasons, for authors of rules; NULL after the last. Static. */
const char *nodes_code(size_t i);
