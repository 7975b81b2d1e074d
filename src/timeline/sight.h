/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `kubectl get pods` would have shown of a pod at a moment. Pure: the same timeline and moment
 * give the same sight. STATUS is worked out from phase, conditions and states of containers as the
 * API server's printer does it since Kubernetes 1.30; what the log does not show is unknown.
 */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"

struct sight {
	bool exists;	   /* it was created, and not yet gone; the rest holds only then */
	struct str status; /* p == NULL: the log does not show it */
	bool ready_known;  /* and how many there are */
	uint32_t ready, containers;
	bool restarts_known;
	uint32_t restarts;
	nsec last_restart; /* when the last container that was restarted had ended; NSEC_NONE */
	nsec age;	   /* NSEC_NONE: the creation time is unknown */
	struct str node;   /* empty: not bound yet; p == NULL: unknown */
};

/* It was created, and not yet gone. */
bool sight_exists(const struct timeline *t, nsec at);
struct sight sight_of(const struct timeline *t, nsec at, struct arena *arena);
/*
 * When the object was gone, as far as the log shows: the last delete request, or the write that
 * removed the last finalizer. NSEC_NONE: it was not.
 */
nsec sight_gone(const struct timeline *t);
/* The restarts of all its containers to the end; false: no state of any is shown. */
bool sight_restarts(const struct timeline *t, uint64_t *ret_restarts);
/*
 * Is a container that runs ready? ContainersReady (NULL: not shown) names those that are not; else
 * nothing but its start decides, if its spec (NULL: not shown) has no probe.
 */
bool sight_runs_ready(const struct fact *containers_ready, const struct container_spec *spec,
		      const struct fact *running, bool *ret_known);
