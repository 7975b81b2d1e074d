/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `kubectl get pods` would have shown at a given time. The result depends only on the timeline
 * and the time. STATUS is derived from phase, conditions and container states like in the API
 * server's printer since Kubernetes 1.30. What the log does not show is unknown.
 */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"

struct sight {
	bool exists;	   /* created and not yet gone; the rest is valid only then */
	struct str status; /* p == NULL: not logged */
	bool ready_known;  /* and the number of containers */
	uint32_t ready, containers;
	bool restarts_known;
	uint32_t restarts;
	nsec last_restart; /* when the last restarted container had ended; NSEC_NONE */
	nsec age;	   /* NSEC_NONE: the creation time is unknown */
	struct str node;   /* empty: not bound yet; p == NULL: unknown */
};

/* Created and not yet gone. */
bool sight_exists(const struct timeline *t, nsec at);
struct sight sight_of(const struct timeline *t, nsec at, struct arena *arena);
/* When the object was removed, as far as the log shows: by the last delete request, or the write
 * that removed the last finalizer. NSEC_NONE: it was not. */
nsec sight_gone(const struct timeline *t);
/* The restarts of all its containers at the end. Returns false if no state is shown. */
bool sight_restarts(const struct timeline *t, uint64_t *ret_restarts);
/* Is a running container ready? ContainersReady (NULL: not shown) lists those that are not.
 * Otherwise it is ready when it has started, if its spec (NULL: not shown) has no probe. */
bool sight_runs_ready(const struct fact *containers_ready, const struct container_spec *spec,
		      const struct fact *running, bool *ret_known);
