/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the builder: facts of one incarnation while they are gathered. */
#pragma once

#include "kube/context.h"
#include "timeline/edges.h"

enum {
	SLOTS_MAX = 256,      /* kinds of facts whose repetitions are folded */
	RARE_FACTS_MAX = 256, /* of TIMELINE_FACTS_MAX: places for facts that come seldom */
	CHANGES_MAX = 256,    /* of one pod's spec */
};

/* A change of the spec of a living pod. */
struct spec_change {
	enum upgrade_kind kind;	     /* image or resize */
	const struct entry *trigger; /* the write; or the first record that shows it */
	bool write;		     /* trigger is the write itself */
	nsec seen_before;	     /* when the spec before it was last seen */
	const struct container_spec *before, *after;
	size_t n_before, n_after;
};

/*
 * Entries that another life of the name has outgrown: by the power of two that is their number. So
 * a name with thousands of lives does not leave half of its memory unused.
 */
struct spares {
	struct spare {
		struct spare *next;
	} * lists[32];
};

struct incarnation {
	struct str uid; /* p == NULL: unknown yet */
	struct spares *spares;
	struct entry *entries;
	size_t n, cap;
	uint32_t *slots; /* entry that holds the latest of its kind */
	size_t n_slots, slots_cap;
	const struct pod_object *object;
	const struct claim_object *claim;
	const struct container_spec
	    *spec; /* as last seen; changes are found by comparing with it */
	size_t n_spec;
	nsec spec_seen;
	struct spec_change *changes;
	size_t n_changes, changes_cap;
	nsec changed;  /* the last change in place: Events behind it repeat none before it */
	nsec replaced; /* when the next of that name was created; NSEC_NONE */
	struct container_spec *ephemerals; /* that any body shows: they are added to living pods */
	size_t n_ephemerals, ephemerals_cap;
	struct str node;
	const struct node *place; /* from the context; NULL: unknown */
	nsec gated; /* received of the last body with a scheduling gate, or NSEC_NONE */
	const struct entry *ungated;	/* the first record behind it whose body has none */
	bool ungated_written;		/* it is the request itself that took off the last one */
	nsec created;			/* metadata.creationTimestamp */
	const struct entry *created_by; /* the first record that shows it */
	bool static_twin;		/* the static pod itself: its mirror pod represents it */
	bool has_create, bound;
	bool born_bound;    /* it was created with a node: no scheduler was asked */
	bool deleted, gone; /* asked to be deleted; deleted for good */
	bool was_ready;
	bool named_before; /* something named it before the first record that is kept */
	bool cut, kubelet_create;
	bool dumped; /* a dump holds it itself, in that many places */
	uint32_t copies, attempts;
	void *attached;		     /* of timelines_keep */
	const struct entry *refused; /* creates of that name that were refused before this one */
	size_t n_refused;
};

/* Records of one name: what all of its timelines share. */
struct name_group {
	const struct context *context;
	enum object_kind kind;
	struct str cluster, namespace, name;
	struct arena pod; /* until the next group */
};

/* assemble.c. The timeline of a life; of creates that were denied. */
struct refused;
void timeline_of(struct name_group *g, struct timeline *t, struct incarnation *in);
void timeline_refused(struct name_group *g, struct timeline *t, const struct refused *p);

/* Adds what is new in the record. True: it must live as long as the pod; else nothing of it. */
bool incarnation_add(struct incarnation *in, struct arena *arena, const struct context *context,
		     const struct record *r);

/* milestones.c: all of them; then what a pod had to do with the scheduler beside its binding. */
void timeline_milestones(struct timeline *t, const struct incarnation *in);
void timeline_scheduling(struct timeline *t);
/* The phase is that of a pod that its kubelet rejected. */
bool timeline_rejected(const struct timeline *t, const struct fact *phase);

/* regained.c: a Ready that something contradicts is only known to have been True by a time. */
void timeline_regained(struct timeline *t, const struct incarnation *in, const struct cluster *c);
/* Nothing but the start itself decides when it is ready: no probe, no gate, no hook. */
bool timeline_ready_at_start(const struct timeline *t);
/* What is not ready in a dump, or Failed, may have been ready before. */
bool timeline_perhaps_was_ready(const struct timeline *t);
bool timeline_failed_unseen(const struct timeline *t, const struct cluster *cluster);

/* stages.c: the stages of a delivery, behind the milestones. */
void timeline_stages(struct timeline *t, const struct incarnation *in, struct arena *arena);

/*
 * containers.c. Which containers there are, before the milestones; what became of them, behind
 * them. An ephemeral container is made for debugging, and has no part in the delivery.
 */
struct container_life *timeline_containers(struct timeline *t, const struct incarnation *in,
					   struct arena *arena);
void timeline_containers_live(const struct timeline *t, struct container_life *list);
/* The spec of a container; NULL: unknown. */
const struct container_spec *timeline_container(const struct timeline *t, struct str name);
bool timeline_ephemeral(const struct timeline *t, struct str name);

/* How it was deleted (deletion.c) and changed in place (upgrade.c); behind the milestones. */
void timeline_deletion(struct timeline *t, const struct incarnation *in,
		       const struct cluster *cluster, struct arena *arena);
void timeline_upgrades(struct timeline *t, const struct incarnation *in, struct arena *arena);
/* claims.c: milestones that only claims have, and the rest of a claim. */
milestone_finder claim_scheduled, claim_bound;
void timeline_claim(struct timeline *t, const struct incarnation *in, const struct cluster *cluster,
		    struct arena *arena);

/* change.c. A record as evidence for what it shows beside its facts. */
const struct entry *record_evidence(struct arena *arena, const struct record *r);
/* What the record's spec changes; false: nothing, or it is an old one that came late. */
bool incarnation_changes(const struct incarnation *in, const struct record *r,
			 enum upgrade_kind *ret_kind);
/* The record is the write of a change that another one showed before it. */
bool incarnation_explains(const struct incarnation *in, const struct record *r);
void incarnation_note_spec(struct incarnation *in, struct arena *arena, const struct record *r);
/* An Event of a kubelet that stops a container to run it again as it is now wanted. */
bool event_restarts_in_place(const struct fact *f);

/*
 * silence.c: from when it may have been delivered unseen, and what is doubted for that; and until
 * when "not ready" is proven.
 */
void timeline_unseen(struct timeline *t);
nsec timeline_status_until(const struct timeline *t, const struct incarnation *in,
			   const struct cluster *cluster);
bool timeline_is_bound(const struct timeline *t); /* something shows that it has a node */
bool timeline_has_kubelet(const struct timeline *t);
/* Where the first of these holes that is not over at that time begins; INT64_MAX: there is none. */
nsec timeline_hole_behind(const struct holes *holes, nsec from);
