/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts about one container, in the order in which they were received. Most pods have a few
 * containers and a few dozen facts, which are walked through; where there are many, an index of
 * their names is made once, so that no question about one container costs a look at all others.
 * Everything lives for the pod.
 */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"

/* Numbers of a list of names, by name. */
struct name_index {
	const struct str *list;
	uint32_t *order; /* by (name, number) */
	size_t n;
};

/* The list must live as long as the index. */
struct name_index *names_new(struct arena *arena, const struct str *list, size_t n);
size_t names_find(const struct name_index *names, struct str name); /* the first; names->n: none */

/* To be called once, when the entries of the timeline are all there. */
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

/* A walk through the entries whose fact's subject is the name, and of these kinds alone. */
struct about about(const struct timeline *t, struct str name, unsigned kinds);
const struct entry *about_next(struct about *a); /* NULL: no more */
