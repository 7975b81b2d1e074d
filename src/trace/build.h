/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All traces of one timeline: the creation of a pod, its deletion, its in-place updates, the
 * binding of a claim. Operations that an SLO excludes are counted instead, because their beginning
 * or their end is unknown. Pure: the same timeline gives the same traces.
 *
 * lunettes-trace(1) explains the spans, attributes, events and links to users.
 *
 * Legal order: traces_of for one timeline after the other, in the order in which the builder gives
 * them; then rollouts_next until it gives none; traces_free. Links need some earlier pods, which
 * are remembered: the previous one of the same name, those that mount a claim, and those of one
 * revision.
 */
#pragma once

#include "base/buf.h"
#include "trace/mounts.h"
#include "trace/rollouts.h"
#include "trace/settings.h"

struct traced {
	struct trace trace;
	enum verdict verdict;
};

/* Of one pod; zero: not traced. */
struct pod_traces {
	struct trace_id create, deletion;
};

struct traces {
	const struct trace_settings *settings;
	struct traced *list; /* of the last timeline; pod */
	size_t n;
	uint64_t excluded[EXCLUSION_COUNT]; /* operations that were not traced, by reason */
	uint64_t unwanted;		    /* with a verdict that is not in the settings */
	struct buf name;		    /* cluster, namespace and name of the last pod */
	struct pod_traces before;
	struct mounts mounts;
	struct rollouts rollouts;
};

/* Fills in list and n. The traces live as long as the arena and the timeline. */
void traces_of(struct traces *traces, const struct timeline *t, const struct cluster *cluster,
	       struct arena *arena);
void traces_free(struct traces *traces);
