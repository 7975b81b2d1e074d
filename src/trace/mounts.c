/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/mounts.h"

#include "base/mem.h"
#include "trace/ids.h"

static bool comes_before(const struct mount *a, const struct mount *b)
{
	if (a->begin != b->begin)
		return a->begin < b->begin;
	return memcmp(&a->create, &b->create, sizeof(a->create)) < 0;
}

static void insert(struct mounts_of_claim *l, const struct mount *mount)
{
	size_t at = l->n;

	while (at && comes_before(mount, &l->list[at - 1]))
		at--;
	if (at == MOUNTS_MAX)
		return;
	if (l->n < MOUNTS_MAX) {
		array_reserve(l->list, l->cap, l->n + 1);
		l->n++;
	}
	memmove(&l->list[at + 1], &l->list[at], (l->n - 1 - at) * sizeof(*l->list));
	l->list[at] = *mount;
}

/* A pod that is deleted or has ended waits for no volume. */
static nsec end_of(const struct timeline *pod)
{
	nsec end =
	    clock_earlier(pod->marks[MILESTONE_DELETED].at, pod->marks[MILESTONE_FINISHED].at);

	return nsec_known(end) ? end : INT64_MAX;
}

void mounts_note(struct mounts *m, const struct timeline *pod, nsec begin, struct trace_id create,
		 struct arena *scratch)
{
	struct mount mount = { begin, end_of(pod), create };
	struct str rest = pod->object ? pod->object->claims : STR(""), claim;

	while (rest.n && str_cut(rest, 0, &claim, &rest)) {
		bool is_new;
		uint32_t i = map_put(&m->claims, name_key_of(scratch, pod, claim), &is_new);

		if (is_new) {
			array_reserve(m->lists, m->cap, (size_t)i + 1);
			m->lists[i] = (struct mounts_of_claim){ 0 };
		}
		insert(&m->lists[i], &mount);
	}
}

struct mounts_of_claim mounts_find(const struct mounts *m, const struct timeline *claim,
				   struct arena *scratch)
{
	uint32_t i = map_find(&m->claims, name_key_of(scratch, claim, claim->name));

	return i == MAP_NONE ? (struct mounts_of_claim){ 0 } : m->lists[i];
}

void mounts_free(struct mounts *m)
{
	for (size_t i = 0; i < m->claims.n; i++)
		mem_free(m->lists[i].list);
	mem_free(m->lists);
	map_free(&m->claims);
	*m = (struct mounts){ 0 };
}
