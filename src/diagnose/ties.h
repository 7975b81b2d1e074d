/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ties writes to the pods of one cause: of all that these pods have or name, such as a
 * namespace, a workload or a ConfigMap, how many of them have it, and since when they have the
 * cause.
 *
 * Legal order, from a zeroed struct: reset; add; find; free. Names count only if a write is about
 * something of that name: ties_collect_names, of all writes, comes before all else.
 */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "changes/writes.h"
#include "diagnose/diagnose.h"

struct tie_share {
	uint64_t pods;
	uint64_t last; /* the number of the pod that was counted last */
	nsec since;    /* the cause's first time among these pods */
};

struct ties {
	const struct map *names;
	struct map keys; /* tie, and what it is */
	struct tie_share *shares;
	size_t cap;
	uint64_t pods;
	nsec since;	  /* the cause's first time of the last pod */
	nsec first, last; /* of these */
	struct buf key;
};

void ties_collect_names(struct map *names, const struct write *w);
void ties_reset(struct ties *ties, const struct map *names);
void ties_add(struct ties *ties, const struct timeline *t, const struct cause *cause);
/* NULL: it ties the write to none of the pods. */
const struct tie_share *ties_find(struct ties *ties, enum tie tie, const struct write *w);
void ties_free(struct ties *ties);
