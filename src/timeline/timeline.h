/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timeline of a pod incarnation (or of a rejected pod): what happened, when, and with which
 * precision. It lives until the next call of timelines_next (pod).
 *
 * Milestones and stages are defined in lunettes-stages(7). A write counts from its
 * requestReceivedTimestamp; a value that is only read back has the value's own precision. No
 * edge is before one that must come first, so no duration is negative.
 */
#pragma once

#include "timeline/lives.h"

enum milestone {
	MILESTONE_CREATED,
	MILESTONE_ADMITTED,    /* the create was answered */
	MILESTONE_SCHEDULED,   /* bound to a node */
	MILESTONE_KUBELET,     /* the kubelet's first record */
	MILESTONE_SANDBOX,     /* first proof that sandbox and network are ready */
	MILESTONE_INIT_IMAGE,  /* the first init container's image is requested, or present */
	MILESTONE_INITIALIZED, /* condition Initialized */
	MILESTONE_RUNNING,     /* the first app container started */
	MILESTONE_STARTED,     /* the last app container started */
	MILESTONE_OBSERVED,    /* a status write shows that all app containers started */
	MILESTONE_CONTAINERS_READY,
	MILESTONE_READY,
	MILESTONE_FINISHED, /* phase Succeeded or Failed first seen */
	MILESTONE_FAILED,   /* phase Failed first seen */
	MILESTONE_DELETED,  /* deletion requested */
	MILESTONE_BOUND,    /* of PVCs: phase Bound */
	MILESTONE_UNGATED,  /* the last scheduling gate was removed; only pods with gates */
	MILESTONE_COUNT
};

/* Why a delivery may be missing although the policy logs it. */
enum unseen {
	UNSEEN_NOT,
	UNSEEN_GAP,	  /* it may be in a gap of the log */
	UNSEEN_END,	  /* or after the last record of its writer */
	UNSEEN_KUBELET,	  /* its kubelet does not write to this log */
	UNSEEN_SCHEDULER, /* the scheduler does not */
};

struct name_index;
struct holes;
struct incarnation;
struct timeline;

typedef struct mark milestone_finder(const struct timeline *t, const struct incarnation *in);

struct milestone_row {
	const char *name;	       /* camelCase, as in documents */
	milestone_finder *find[OBJECT_KINDS]; /* NULL: as `every` */
	milestone_finder *every;	      /* NULL: other kinds do not have it */
};

extern const struct milestone_row milestone_rows[MILESTONE_COUNT];

enum { TIMELINE_FACTS_MAX = 20000 }; /* per incarnation; more than a crash loop has in weeks */

struct timeline {
	enum object_kind kind; /* PVCs have no containers, and milestones of their own */
	struct str cluster, namespace, name;
	struct str generate_name;		 /* p == NULL: unknown or none */
	struct str uid, node;			 /* p == NULL: unknown; node empty: not bound */
	struct str workload_kind, workload_name; /* p == NULL: unknown; empty: none */
	const struct pod_object *object;	 /* NULL: not in any body */
	const struct claim_object *claim;	 /* NULL: a pod, or not in any body */
	bool mirror, job_known, job;
	bool dumped;	    /* the Pod is in a dump */
	nsec dumped_until;  /* when that dump was made, as far as known; NSEC_NONE */
	bool denied;	    /* rejected by the API server: only created, attempts and refusal are
			       set */
	struct str refusal; /* the code of the rejection */
	uint32_t attempts;  /* create requests seen */
	bool unschedulable; /* reported by the scheduler at least once, waited for preemption, or
			       gated */
	bool failed_unseen; /* phase Failed; unknown whether it was ready before */
	bool cut;	    /* more than TIMELINE_FACTS_MAX: the rest was dropped */
	/* status_until: until when the log proves that the last status is still true; NSEC_NONE:
	 * never, INT64_MAX: to its end. unseen_from: from when an unseen delivery is possible;
	 * INT64_MAX: never (silence.c). */
	nsec status_until, unseen_from;
	enum unseen unseen;
	/* When writes of its kubelet (of any, if it has no node) and of the scheduler may be
	 * missing. NULL: never. They live for the run. */
	const struct holes *kubelet_holes, *scheduler_holes, *log_holes; /* log: of all clients */
	const struct holes
	    *holder_holes; /* of the controllers that remove its finalizers, as far as known */
	bool no_events;	   /* its kubelet writes no Events, though others do */
	struct mark marks[MILESTONE_COUNT];
	const struct stage *stages; /* by (start, stage, subject) */
	size_t n_stages;
	const struct container_life *containers; /* in the order of the spec, then by name */
	size_t n_containers;
	const struct deletion *deletion; /* NULL: not requested */
	const struct upgrade *upgrades;	 /* sorted by time */
	size_t n_upgrades;
	struct str preemptor;	     /* what preempted it: UID or NAMESPACE/NAME; empty: unknown; p
					== NULL: not preempted, as far as logged */
	struct str nominated;	     /* the node nominated for it; p == NULL: none */
	nsec clock_offset;	     /* added to times of its node's clock */
	const struct entry *entries; /* sorted by received */
	size_t n_entries;
	const void *attached; /* result of timelines_keep, or NULL */
	const struct entry
	    *refused; /* rejected creates of that name before the successful one */
	size_t n_refused;
	const struct name_index *subjects;	  /* of the entries; NULL: only a few (about.h) */
	const struct name_index *container_names; /* of the containers; NULL: only a few */
};

/* for (e = each entry, in order) */
#define entries_each(e, t)                                                                         \
	for (const struct entry *e = (t)->entries; e < (t)->entries + (t)->n_entries; e++)
/* for (c = each container's spec, if known) */
#define specs_each(c, t)                                                                           \
	for (const struct container_spec *c = (t)->object ? (t)->object->containers : NULL,        \
					 *c##_end = c ? c + (t)->object->n_containers : NULL;      \
	     c < c##_end; c++)

/* When it was delivered: Ready for services; the first of Running, Succeeded, Failed for jobs;
 * Bound for PVCs. A state that is reached only during the deletion does not count. */
const struct mark *timeline_delivered(const struct timeline *t);
/* The same for a pod, including states reached during the deletion. */
const struct mark *timeline_became(const struct timeline *t);
/* The last Ready condition seen, True or not, or NULL. */
const struct entry *timeline_last_ready(const struct timeline *t);
/* Was the client that ends that stage present in the log for all that time? Then silence is
 * proof. */
bool timeline_covered(const struct timeline *t, enum lifecycle_stage stage, nsec from, nsec to);

/* Checks for tests: the order of edges, no negative stages. Returns NULL, or the problem
 * (static). */
const char *timeline_invariant(const struct timeline *t);
