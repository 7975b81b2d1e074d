/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a configuration of spans has asked of a pod's records (kube/extract.h): every operation and
 * Event in upstream's words, none of them folded, and what stood at its paths. They take no part
 * in milestones and stages, and are no entries. Everything lives for the pod.
 */
#ifndef LUNETTES_TIMELINE_OPERATIONS_H
#define LUNETTES_TIMELINE_OPERATIONS_H

#include "base/arena.h"
#include "kube/record.h"

enum {
	OPERATIONS_MAX = 20000, /* of one incarnation, as TIMELINE_FACTS_MAX */
	OPERATIONS_TEXT_MAX =
	    64 * 1024 * 1024, /* bytes of raw texts of one; later ones are left out */
};

struct seen_operation {
	nsec received, completed;
	uint32_t record;  /* those of one record have the same number */
	struct fact fact; /* of those that kube/extract.h makes */
};

struct operations {
	const struct seen_operation *list; /* in order of their records' received */
	size_t n;
	bool cut; /* there were more than OPERATIONS_MAX */
};

/* While they are gathered; zero is empty. */
struct operations_making {
	struct seen_operation *list;
	size_t n, cap;
	uint32_t records;
	size_t text; /* bytes of FACT_TEXT so far */
	bool cut;
};

/*
 * Takes these facts of a record, which stand behind all others, and returns how many there are.
 * *ret_kept: at least one must live as long as the pod. Values that stand there unchanged are not.
 */
size_t operations_take(struct operations_making *m, struct arena *arena, const struct record *r,
		       bool *ret_kept);

#endif
