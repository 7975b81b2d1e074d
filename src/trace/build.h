/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All traces of one timeline: the creation of a pod, its deletion, its upgrades in place, the
 * binding of a claim. What an SLO does not judge (excluded) is not traced but counted, for of it
 * the beginning or the end is not known. Pure: the same timeline gives the same traces.
 *
 * What the spans, attributes, events and links mean, for users: lunettes-trace(1).
 *
 * Legal order: traces_of for one timeline after the other, in the order in which the builder gives
 * them; then rollouts_next until it gives none; traces_free. What links need of pods that went
 * before is remembered: of the previous life under the same name, of those that mount a claim or
 * are of one revision.
 */
#ifndef LUNETTES_TRACE_BUILD_H
#define LUNETTES_TRACE_BUILD_H

#include "base/buf.h"
#include "trace/mounts.h"
#include "trace/rollouts.h"
#include "trace/settings.h"

struct traced {
	struct trace trace;
	enum verdict verdict;
};

struct traces {
	const struct trace_settings *settings;
	struct traced *list; /* of the last timeline; pod */
	size_t n;
	uint64_t excluded[EXCLUSION_COUNT]; /* operations that were not traced, by reason */
	uint64_t unwanted;		    /* of another verdict than was asked for */
	struct buf before;		    /* cluster, namespace and name of the last pod */
	struct trace_id before_create, before_delete;
	bool has_before_create, has_before_delete;
	struct mounts mounts;
	struct rollouts rollouts;
};

/* Fills in list and n. The traces live as long as the arena and the timeline. */
void traces_of(struct traces *traces, const struct timeline *t, const struct cluster *cluster,
	       struct arena *arena);
void traces_free(struct traces *traces);

#endif
