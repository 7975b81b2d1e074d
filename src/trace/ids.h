/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids that do not depend on the input files: a second import of the same pod changes nothing, and
 * a link needs only the identity of its target. They are hashes, not secrets, and never zero.
 */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"
#include "trace/trace.h"

/*
 * Of an operation on a pod or claim, which is identified by its UID, otherwise by its names, its
 * creation and why it was rejected. ordinal: the time of an operation that can be repeated, or 0.
 */
struct trace_id trace_id_of(struct arena *arena, const struct timeline *t, enum operation operation,
			    int64_t ordinal);
/* The same for a pod of which only the UID is known. */
struct trace_id trace_id_of_uid(struct arena *arena, struct str cluster, struct str uid,
				enum operation operation);
/* Of the rollout of one ReplicaSet. */
struct trace_id trace_id_of_revision(struct arena *arena, struct str cluster, struct str namespace,
				     struct str replica_set);
/* path and ordinal identify the span in its trace. */
struct span_id span_id_of(struct trace_id trace, struct str path, uint32_t ordinal);
struct span_id root_id_of(struct trace_id trace);

/* The key of a name in the cluster and namespace of the timeline, for maps. */
struct str name_key_of(struct arena *arena, const struct timeline *t, struct str name);
