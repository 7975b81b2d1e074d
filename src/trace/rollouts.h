/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a revision of a workload was rolled out: the pods of one ReplicaSet, from the creation of the
 * first until the last one was delivered. Traced after all pods; lives for the run. The earliest
 * ROLLOUT_PODS_MAX pods of a revision are kept, the others counted.
 *
 * Only ReplicaSets that are not older than the log: the first pod of older ones is unknown, and a
 * replacement of a pod would look like a rollout.
 */
#pragma once

#include "base/map.h"
#include "trace/settings.h"
#include "trace/trace.h"

enum { ROLLOUT_PODS_MAX = 128 };

struct rollout_pod {
	nsec begin, end; /* of its creation, as traced */
	nsec lost;	 /* deleted or ended: later pods replace it; INT64_MAX: not */
	struct trace_id create;
	struct str name, error; /* error.type; empty: none; both run */
	enum verdict verdict;
	bool open;
};

struct revision {
	struct str cluster, namespace, name, service; /* run; name: of the ReplicaSet */
	struct str workload_kind, workload_name;
	struct rollout_pod *pods; /* in order of (begin, trace id) */
	size_t n, cap;
	uint64_t more; /* that are not kept */
};

struct rollouts {
	struct map revisions;
	struct revision *list; /* by number of the revision */
	size_t cap, next;      /* next: to be traced */
	struct arena arena;    /* run */
};

/* The rollout of the pod's ReplicaSet is in the log; begin: when the pod was created. */
bool rollouts_know(const struct context *context, const struct cluster *cluster,
		   const struct timeline *pod, nsec begin);
/* The creation of a pod of which rollouts_know is true. */
void rollouts_note(struct rollouts *r, const struct timeline *pod, const struct trace *create,
		   enum verdict verdict, struct arena *scratch);
/* The next revision's trace, made in the arena; NULL: there are no more. */
const struct trace *rollouts_next(struct rollouts *r, const struct trace_settings *settings,
				  struct arena *arena);
void rollouts_free(struct rollouts *r);
