/* SPDX-License-Identifier: Apache-2.0 */
/* Stages while they are gathered (stage.c); zero is a valid empty list. */
#ifndef LUNETTES_TIMELINE_STAGE_LIST_H
#define LUNETTES_TIMELINE_STAGE_LIST_H

#include "base/arena.h"
#include "timeline/timeline.h"

struct stage_list {
	struct stage *list;
	size_t n, cap;
};

/* A stage without a known start is not told (NULL); one that ends before it starts takes no time.
 */
struct stage *stage_list_add(struct stage_list *l, struct arena *arena, enum lifecycle_stage stage,
			     struct str subject, struct mark start, struct mark end);
/* The stage is going on, if it has no end and nothing shows that it is over. */
void stage_open_if(struct stage *stage, bool unfinished);
void stage_list_sort(struct stage_list *l); /* by (start, stage, subject) */

#endif
