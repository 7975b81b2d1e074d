/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pods that mount a claim. Claims come after all pods, so the pods that waited for a claim are
 * known in time. Lives for the run; the earliest MOUNTS_MAX pods of a claim are kept.
 */
#pragma once

#include "base/map.h"
#include "timeline/timeline.h"
#include "trace/trace.h"

enum { MOUNTS_MAX = 64 };

struct mount {
	nsec begin, end; /* when the pod could wait for it; end INT64_MAX: to the end of the log */
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
/* Its pods, of which some may not have waited; n is 0 if there are none. */
struct mounts_of_claim mounts_find(const struct mounts *m, const struct timeline *claim,
				   struct arena *scratch);
void mounts_free(struct mounts *m);
