/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pods named a claim: claims come behind all pods, so when a claim's turn comes, the pods
 * that it kept waiting are known. Lives for the run; of one claim the earliest MOUNTS_MAX pods are
 * kept.
 */
#ifndef LUNETTES_TRACE_MOUNTS_H
#define LUNETTES_TRACE_MOUNTS_H

#include "base/map.h"
#include "timeline/timeline.h"
#include "trace/trace.h"

enum { MOUNTS_MAX = 64 };

struct mount {
	nsec begin, end; /* when the pod was there and could wait; end INT64_MAX: until the end */
	struct trace_id create;
};

struct mounts_of_claim {
	struct mount *list; /* in order of (begin, trace id) */
	size_t n, cap;
};

struct mounts {
	struct map claims;
	struct mounts_of_claim *lists; /* by number of the claim */
	size_t cap;
};

/* A pod that was created at `begin`, in the trace `create`. */
void mounts_note(struct mounts *m, const struct timeline *pod, nsec begin, struct trace_id create,
		 struct arena *scratch);
/* Its list; n is 0 if nobody named it. Not all of them have waited. */
struct mounts_of_claim mounts_find(const struct mounts *m, const struct timeline *claim,
				   struct arena *scratch);
void mounts_free(struct mounts *m);

#endif
