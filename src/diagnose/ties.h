/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ties between writes and the pods of one cause: for everything that these pods have or name (a
 * namespace, a workload, a ConfigMap), how many pods have it, and since when they have the
 * cause.
 *
 * Legal order, from a zeroed struct: ties_collect_names, of all writes; reset; add; find; free.
 * Names are used only if a write is about an object of that name.
 */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "changes/writes.h"
#include "diagnose/diagnose.h"

struct tie_share {
	uint64_t pods;
	uint64_t last; /* index of the last pod counted */
	nsec since;    /* first time of the cause among these pods */
};

struct ties {
	const struct map *names;
	struct map keys; /* tie and object */
	struct tie_share *shares;
	size_t cap;
	uint64_t pods;
	nsec since;	  /* first time of the cause for the last pod */
	nsec first, last; /* of these */
	struct buf key;
};

void ties_collect_names(struct map *names, const struct write *w);
void ties_reset(struct ties *ties, const struct map *names);
void ties_add(struct ties *ties, const struct timeline *t, const struct cause *cause);
/* NULL: the write is tied to none of the pods. */
const struct tie_share *ties_find(struct ties *ties, enum tie tie, const struct write *w);
void ties_free(struct ties *ties);
