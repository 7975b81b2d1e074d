/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the builder: facts of one incarnation while they are gathered. */
#ifndef LUNETTES_TIMELINE_INCARNATION_H
#define LUNETTES_TIMELINE_INCARNATION_H

#include "kube/context.h"
#include "timeline/timeline.h"

/* An edge that is only bounded by its neighbours is known when they are this close. */
#define BOUND_MAX (2 * SECOND)

enum {
	SLOTS_MAX = 256,      /* kinds of facts whose repetitions are folded */
	RARE_FACTS_MAX = 256, /* of TIMELINE_FACTS_MAX: places for facts that come seldom */
};

struct incarnation {
	struct str uid; /* p == NULL: unknown yet */
	struct entry *entries;
	size_t n, cap;
	uint32_t *slots; /* entry that holds the latest of its kind */
	size_t n_slots, slots_cap;
	const struct pod_object *object;
	struct container_spec *ephemerals; /* that any body shows: they are added to living pods */
	size_t n_ephemerals, ephemerals_cap;
	struct str node;
	nsec gated; /* received of the last body with a scheduling gate, or NSEC_NONE */
	const struct entry *ungated;	/* the first record behind it whose body has none */
	bool ungated_written;		/* it is the request itself that took off the last one */
	nsec created;			/* metadata.creationTimestamp */
	const struct entry *created_by; /* the first record that says so */
	bool static_twin; /* the static pod itself, of which a mirror pod stands for all */
	bool has_create, bound;
	bool born_bound;    /* it was created with a node: no scheduler was asked */
	bool deleted, gone; /* asked to be deleted; deleted for good */
	bool was_ready;
	bool named_before; /* something named it before the first record that is kept */
	bool cut, kubelet_create;
	bool dumped; /* a dump holds the Pod itself */
	uint32_t attempts;
};

/* Adds what is new in the record; bytes is its encoding, kept only if needed. */
void incarnation_add(struct incarnation *in, struct arena *arena, const struct context *context,
		     const struct record *scratch, struct str bytes);

/* Facts to milestones (milestones.c) and to stages (stages.c); both fill in the timeline. */
void timeline_milestones(struct timeline *t, const struct incarnation *in,
			 const struct cluster *cluster);
void timeline_stages(struct timeline *t, const struct incarnation *in, struct arena *arena);

/* scheduling.c: preemption, and whether the scheduler had to wait; all of it from the facts. */
void timeline_scheduling(struct timeline *t);

/*
 * containers.c. Which containers there are, before the milestones; what became of them, behind
 * them. An ephemeral container is made for debugging, and has no part in the delivery.
 */
struct container_life *timeline_containers(struct timeline *t, const struct incarnation *in,
					   struct arena *arena);
void timeline_containers_live(const struct timeline *t, struct container_life *list);
bool timeline_ephemeral(const struct timeline *t, struct str name);

/*
 * dumped.c. A condition of a dump whose last transition need not be its first is only known to have
 * been no later; and a service that a dump shows unready may have been ready before.
 */
struct mark dumped_first_or_bound(const struct timeline *t, struct mark m);
bool dumped_perhaps_was_ready(const struct timeline *t);

extern const struct mark mark_unreached; /* no time, not reached */

/* The earliest Event with that reason (and about that container, if subject.p); NULL: none. */
const struct entry *entries_event(const struct timeline *t, const char *reason, struct str subject);
/* When it first came, on the API servers' clock as far as that is known; e may be NULL. */
struct mark timeline_event_mark(const struct timeline *t, const struct entry *e);
/* A container's first start, of its Event or of its states. */
struct mark timeline_container_started(const struct timeline *t, struct str name);

#endif
