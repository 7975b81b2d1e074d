/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the facts about one container, in the order received. Most pods have a few containers and a
 * few dozen facts, which are searched linearly. For larger ones an index is built once, so that a
 * lookup does not visit all facts. Everything lives as long as the pod.
 */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"

/* An index of a list of names. */
struct name_index {
	const struct str *list;
	uint32_t *order; /* by (name, number) */
	size_t n;
};

/* The list must live as long as the index. */
struct name_index *names_new(struct arena *arena, const struct str *list, size_t n);
size_t names_find(const struct name_index *names, struct str name); /* the first one; names->n:
								       none */

/* Call it once, when the timeline has all its entries. */
void about_index(struct timeline *t, struct arena *arena);

enum {
	ABOUT_EVENTS = 1 << FACT_EVENT,
	ABOUT_RUNNING = 1 << FACT_RUNNING,
	ABOUT_TERMINATED = 1 << FACT_TERMINATED,
	ABOUT_STATES = 1 << FACT_WAITING | ABOUT_RUNNING | ABOUT_TERMINATED,
};

struct about {
	const struct timeline *t;
	struct str name;
	unsigned kinds;
	size_t at;
};

/* Iterates over entries of these kinds whose fact's subject is the name. */
struct about about(const struct timeline *t, struct str name, unsigned kinds);
const struct entry *about_next(struct about *a); /* NULL: no more */
