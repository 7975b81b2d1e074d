/* SPDX-License-Identifier: Apache-2.0 */
/* Internals of the builder: the facts of an incarnation while they are collected. */
#pragma once

#include "kube/context.h"
#include "timeline/edges.h"

enum {
	SLOTS_MAX = 256,      /* kinds of facts whose repetitions are folded */
	RARE_FACTS_MAX = 256, /* of TIMELINE_FACTS_MAX: reserved for rare facts */
	CHANGES_MAX = 256,    /* of one pod's spec */
};

/* A change of the spec during a pod's life. */
struct spec_change {
	enum upgrade_kind kind;	     /* image or resize */
	const struct entry *trigger; /* the write; or the first record that shows it */
	bool write;		     /* trigger is the write itself */
	nsec seen_before;	     /* when the old spec was last seen */
	const struct container_spec *before, *after;
	size_t n_before, n_after;
};

/* Entries that another incarnation of the name has outgrown, by the power of two of their number.
 * Reusing them keeps memory low for names with thousands of incarnations. */
struct spares {
	struct spare {
		struct spare *next;
	} * lists[32];
};

struct incarnation {
	struct str uid; /* p == NULL: not known yet */
	struct spares *spares;
	struct entry *entries;
	size_t n, cap;
	uint32_t *slots; /* the latest entry of each kind */
	size_t n_slots, slots_cap;
	const struct pod_object *object;
	const struct claim_object *claim;
	const struct container_spec
	    *spec; /* as last seen; changes are found by comparison */
	size_t n_spec;
	nsec spec_seen;
	struct spec_change *changes;
	size_t n_changes, changes_cap;
	nsec changed;  /* the last in-place update: later Events repeat no earlier ones */
	nsec replaced; /* when the next pod of that name was created; NSEC_NONE */
	struct container_spec *ephemerals; /* in any body: they are added to running pods */
	size_t n_ephemerals, ephemerals_cap;
	struct str node;
	const struct node *place; /* from the context; NULL: unknown */
	nsec gated; /* received time of the last body with a scheduling gate, or NSEC_NONE */
	const struct entry *ungated;	/* the first record after it whose body has none */
	bool ungated_written;		/* the request itself removed the last one */
	nsec created;			/* metadata.creationTimestamp */
	const struct entry *created_by; /* the first record that shows it */
	bool static_twin;		/* a static pod, represented by its mirror pod */
	bool has_create, bound;
	bool born_bound;    /* created with a node: no scheduler was involved */
	bool deleted, gone; /* deletion requested; removed */
	bool was_ready;
	bool named_before; /* a record named it before the first kept one */
	bool cut, kubelet_create;
	bool dumped; /* it is in dumps, this often */
	uint32_t copies, attempts;
	void *attached;		     /* of timelines_keep */
	const struct entry *refused; /* rejected creates of that name before this one */
	size_t n_refused;
};

/* What all timelines of one name share. */
struct name_group {
	const struct context *context;
	enum object_kind kind;
	struct str cluster, namespace, name;
	struct arena pod; /* until the next group */
};

/* assemble.c. The timeline of an incarnation; of denied creates. */
struct refused;
void timeline_of(struct name_group *g, struct timeline *t, struct incarnation *in);
void timeline_refused(struct name_group *g, struct timeline *t, const struct refused *p);

/* Adds the new facts of the record. Returns true if the record must live as long as the pod. */
bool incarnation_add(struct incarnation *in, struct arena *arena, const struct context *context,
		     const struct record *r);

/* milestones.c: all milestones; then scheduling facts other than the binding. */
void timeline_milestones(struct timeline *t, const struct incarnation *in);
void timeline_scheduling(struct timeline *t);
/* Does the phase show that the kubelet rejected the pod? */
bool timeline_rejected(const struct timeline *t, const struct fact *phase);

/* regained.c: a Ready that may not be the first becomes an upper bound. */
void timeline_regained(struct timeline *t, const struct incarnation *in, const struct cluster *c);
/* Is it ready as soon as it has started: no probes, gates or hooks? */
bool timeline_ready_at_start(const struct timeline *t);
/* A pod that is not ready in a dump, or Failed, may have been ready before. */
bool timeline_perhaps_was_ready(const struct timeline *t);
bool timeline_failed_unseen(const struct timeline *t, const struct cluster *cluster);

/* stages.c: the stages of a delivery; call it after the milestones. */
void timeline_stages(struct timeline *t, const struct incarnation *in, struct arena *arena);

/* containers.c. Lists the containers, before the milestones; then their states, after them.
 * Ephemeral containers are for debugging and not part of the delivery. */
struct container_life *timeline_containers(struct timeline *t, const struct incarnation *in,
					   struct arena *arena);
void timeline_containers_live(const struct timeline *t, struct container_life *list);
/* The spec of a container, or NULL. */
const struct container_spec *timeline_container(const struct timeline *t, struct str name);
bool timeline_ephemeral(const struct timeline *t, struct str name);

/* The deletion (deletion.c) and in-place updates (upgrade.c); call them after the milestones. */
void timeline_deletion(struct timeline *t, const struct incarnation *in,
		       const struct cluster *cluster, struct arena *arena);
void timeline_upgrades(struct timeline *t, const struct incarnation *in, struct arena *arena);
/* claims.c: milestones of PVCs only, and the rest of a PVC. */
milestone_finder claim_scheduled, claim_bound;
void timeline_claim(struct timeline *t, const struct incarnation *in, const struct cluster *cluster,
		    struct arena *arena);

/* change.c. A record as evidence for a change that is not among its facts. */
const struct entry *record_evidence(struct arena *arena, const struct record *r);
/* The changes in the record's spec. Returns false if there are none, or the spec is old and
 * late. */
bool incarnation_changes(const struct incarnation *in, const struct record *r,
			 enum upgrade_kind *ret_kind);
/* Is the record the write of a change that another record has shown before it? */
bool incarnation_explains(const struct incarnation *in, const struct record *r);
void incarnation_note_spec(struct incarnation *in, struct arena *arena, const struct record *r);
/* A kubelet's Event that a container is stopped to restart it with its new definition. */
bool event_restarts_in_place(const struct fact *f);

/* silence.c: from when an unseen delivery is possible, and which times become uncertain; until when
 * "not ready" is proven. */
void timeline_unseen(struct timeline *t);
nsec timeline_status_until(const struct timeline *t, const struct incarnation *in,
			   const struct cluster *cluster);
bool timeline_is_bound(const struct timeline *t); /* something shows its node */
bool timeline_has_kubelet(const struct timeline *t);
/* Start of the first hole that is not over at that time; INT64_MAX: none. */
nsec timeline_hole_behind(const struct holes *holes, nsec from);
