/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of stages while they are gathered. */
#include "timeline/stage_list.h"

struct stage *stage_list_add(struct stage_list *l, struct arena *arena, enum lifecycle_stage stage,
			     struct str subject, struct mark start, struct mark end)
{
	struct stage *new;

	if (start.at == NSEC_NONE)
		return NULL;
	if (end.at != NSEC_NONE && end.at < start.at)
		end.at = start.at;
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 4;
		l->list = arena_grow(arena, l->list, l->n, l->cap, sizeof(*l->list));
	}
	new = &l->list[l->n++];
	*new = (struct stage){
		.stage = stage, .subject = subject, .start = start, .end = end, .waited = NSEC_NONE
	};
	return new;
}

void stage_open_if(struct stage *stage, bool unfinished)
{
	if (stage && stage->end.at == NSEC_NONE)
		stage->open = stage->open || unfinished;
}

enum owner stage_owner(const struct stage *stage)
{
	return stage->owner != OWNER_NONE ? stage->owner : lifecycle_rows[stage->stage].owner;
}

bool stages_open(const struct stage *stages, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (stages[i].open)
			return true;
	return false;
}

static int by_start(const void *a, const void *b)
{
	const struct stage *x = a, *y = b;

	if (x->start.at != y->start.at)
		return x->start.at < y->start.at ? -1 : 1;
	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	return str_cmp(x->subject, y->subject);
}

void stage_list_sort(struct stage_list *l)
{
	if (l->n)
		qsort(l->list, l->n, sizeof(*l->list), by_start);
}
