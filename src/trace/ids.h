/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids that everybody finds again: the same pod has the same in whatever file it is read, so that a
 * second import changes nothing and links need no look at what they lead to. They are hashes, not
 * secrets, and never zero.
 */
#ifndef LUNETTES_TRACE_IDS_H
#define LUNETTES_TRACE_IDS_H

#include "base/arena.h"
#include "timeline/timeline.h"
#include "trace/trace.h"

/*
 * Of what was done to a pod or claim. It is known by its UID, else by its names, its creation and
 * why it was refused. ordinal: when it was asked for, where it may be done several times; else 0.
 */
struct trace_id trace_id_of(struct arena *arena, const struct timeline *t, enum operation operation,
			    int64_t ordinal);
/* The same for a pod of which only the UID is known. */
struct trace_id trace_id_of_uid(struct arena *arena, struct str cluster, struct str uid,
				enum operation operation);
/* Of the rollout of one ReplicaSet. */
struct trace_id trace_id_of_revision(struct arena *arena, struct str cluster, struct str namespace,
				     struct str replica_set);
/* path: what tells the span among those of its trace, but for its ordinal. */
struct span_id span_id_of(struct trace_id trace, struct str path, uint32_t ordinal);
struct span_id root_id_of(struct trace_id trace);

/* The key of a name in the cluster and namespace of the timeline, for maps. */
struct str name_key_of(struct arena *arena, const struct timeline *t, struct str name);

#endif
