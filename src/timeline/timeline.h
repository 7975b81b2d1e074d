/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One incarnation of one pod (or one pod that was refused): what happened to it, when, and how well
 * that is known. A value; everything in it lives until the next call of timelines_next (pod).
 *
 * Definitions of milestones and stages: lunettes-stages(7). One rule holds for all edges: a write
 * counts from its requestReceivedTimestamp; what is only read back has the precision of what was
 * read. No edge lies before one that must come first, so no duration is negative.
 */
#pragma once

#include "timeline/lives.h"

enum milestone {
	MILESTONE_CREATED,
	MILESTONE_ADMITTED,    /* the create was answered */
	MILESTONE_SCHEDULED,   /* bound to a node */
	MILESTONE_KUBELET,     /* the kubelet's first sign */
	MILESTONE_SANDBOX,     /* first proof that sandbox and network are ready */
	MILESTONE_INIT_IMAGE,  /* the first init container's image is asked for, or there */
	MILESTONE_INITIALIZED, /* condition Initialized */
	MILESTONE_RUNNING,     /* the first app container started */
	MILESTONE_STARTED,     /* the last app container started */
	MILESTONE_OBSERVED,    /* a status write shows every app container started */
	MILESTONE_CONTAINERS_READY,
	MILESTONE_READY,
	MILESTONE_FINISHED, /* first sight of phase Succeeded or Failed */
	MILESTONE_FAILED,   /* first sight of phase Failed */
	MILESTONE_DELETED,  /* the deletion was requested */
	MILESTONE_BOUND,    /* of a claim: phase Bound */
	MILESTONE_UNGATED,  /* the last scheduling gate was removed; not of pods without */
	MILESTONE_COUNT
};

/* Why a delivery may be missing from the log, though the policy logs it. */
enum unseen {
	UNSEEN_NOT,
	UNSEEN_GAP,	  /* it may lie in a gap of the log */
	UNSEEN_END,	  /* or behind the last that its writer wrote */
	UNSEEN_KUBELET,	  /* its kubelet does not write to this log */
	UNSEEN_SCHEDULER, /* the scheduler does not */
};

struct name_index;
struct holes;
struct incarnation;
struct timeline;

typedef struct mark milestone_finder(const struct timeline *t, const struct incarnation *in);

struct milestone_row {
	const char *name;	       /* as documents have it: camelCase */
	milestone_finder *pod, *claim; /* NULL: these have none */
};

extern const struct milestone_row milestone_rows[MILESTONE_COUNT];

enum { TIMELINE_FACTS_MAX = 20000 }; /* kept of one incarnation; a crash loop of weeks has fewer */

struct timeline {
	enum object_kind kind; /* a claim has no containers, and milestones of its own */
	struct str cluster, namespace, name;
	struct str generate_name;		 /* p == NULL: unknown or none */
	struct str uid, node;			 /* p == NULL: unknown; node empty: not bound */
	struct str workload_kind, workload_name; /* p == NULL: unknown; empty: none */
	const struct pod_object *object;	 /* NULL: no body shows the pod */
	const struct claim_object *claim;	 /* NULL: it is a pod, or no body shows it */
	bool mirror, job_known, job;
	bool dumped;	    /* the Pod is in a dump */
	nsec dumped_until;  /* that dump looked at it at that time, as far as is known; NSEC_NONE */
	bool denied;	    /* refused by the API; only created, attempts, refusal hold */
	struct str refusal; /* the code of the refusal */
	uint32_t attempts;  /* create requests seen */
	bool unschedulable; /* reported by the scheduler at least once, or it preempted for it; or
			       gated */
	bool failed_unseen; /* phase Failed; the log does not show whether it was ready before */
	bool cut;	    /* more than TIMELINE_FACTS_MAX: the rest was dropped */
	/*
	 * Until when the log proves that its last status still holds; NSEC_NONE: never, INT64_MAX:
	 * to its end. And from when it may have been delivered unseen, if it was not before:
	 * INT64_MAX: never (silence.c).
	 */
	nsec status_until, unseen_from;
	enum unseen unseen;
	/* When its kubelet, or while it has no node any of them, may have written unseen; and the
	   scheduler. NULL: never. Of the run. */
	const struct holes *kubelet_holes, *scheduler_holes, *log_holes; /* log: of everybody */
	const struct holes
	    *holder_holes; /* of the controllers that remove its finalizers, as far as is known */
	bool no_events;	   /* its kubelet writes, but no Events, though others are in the log */
	struct mark marks[MILESTONE_COUNT];
	const struct stage *stages; /* by (start, stage, subject) */
	size_t n_stages;
	const struct container_life *containers; /* in order of the spec, then of their names */
	size_t n_containers;
	const struct deletion *deletion; /* NULL: not requested */
	const struct upgrade *upgrades;	 /* in time order */
	size_t n_upgrades;
	struct str preemptor;	     /* what preempted it: a UID, or NAMESPACE/NAME; empty: unknown;
					p == NULL: not preempted, as far as is shown */
	struct str nominated;	     /* which node was to be freed for it; p == NULL: none */
	nsec clock_offset;	     /* what was added to its node's clock */
	const struct entry *entries; /* by received */
	size_t n_entries;
	const void *attached; /* what timelines_keep made of it; NULL: nothing */
	const struct entry
	    *refused; /* creates of that name that were refused before it was granted */
	size_t n_refused;
	const struct name_index *subjects;	  /* of the entries; NULL: they are few (about.h) */
	const struct name_index *container_names; /* of the containers; NULL: they are few */
};

/* for (e = each entry, in order) */
#define entries_each(e, t)                                                                         \
	for (const struct entry *e = (t)->entries; e < (t)->entries + (t)->n_entries; e++)
/* for (c = the spec of each container, if it is known) */
#define specs_each(c, t)                                                                           \
	for (const struct container_spec *c = (t)->object ? (t)->object->containers : NULL,        \
					 *c##_end = c ? c + (t)->object->n_containers : NULL;      \
	     c < c##_end; c++)

/*
 * The moment of delivery: Ready for services; for jobs the first of Running, Succeeded, Failed; for
 * claims Bound. What a pod becomes only while it is being deleted is no delivery.
 */
const struct mark *timeline_delivered(const struct timeline *t);
/* The same of a pod, also where it came only while the pod was being deleted. */
const struct mark *timeline_became(const struct timeline *t);
/* The condition Ready that was seen last, True or not; NULL: none was. */
const struct entry *timeline_last_ready(const struct timeline *t);
/* The writer that ends that stage was present in the log all of that time: silence has a meaning.
 */
bool timeline_covered(const struct timeline *t, enum lifecycle_stage stage, nsec from, nsec to);

/* Checks for tests: order of edges, no negative stage. NULL, or what is wrong (static). */
const char *timeline_invariant(const struct timeline *t);
