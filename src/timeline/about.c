/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/about.h"

enum { FACTS_MANY = 256 }; /* shorter lists are searched faster than they are sorted */

static int by_name(const void *a, const void *b, void *context)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct name_index *names = context;
	int c = str_cmp(names->list[x], names->list[y]);

	return c ? c : (x > y) - (x < y);
}

struct name_index *names_new(struct arena *arena, const struct str *list, size_t n)
{
	struct name_index *names = arena_new(arena, struct name_index);

	assert(n <= UINT32_MAX);
	*names = (struct name_index){ list, arena_array(arena, uint32_t, n), n };
	for (size_t i = 0; i < n; i++)
		names->order[i] = (uint32_t)i;
	if (n)
		qsort_r(names->order, n, sizeof(*names->order), by_name, names);
	return names;
}

static size_t lower_bound(const struct name_index *names, struct str name)
{
	size_t i;

	LOWER_BOUND(i, names->n, str_cmp(names->list[names->order[i]], name) < 0);
	return i;
}

size_t names_find(const struct name_index *names, struct str name)
{
	size_t at = lower_bound(names, name);

	if (at == names->n || !str_eq(names->list[names->order[at]], name))
		return names->n;
	return names->order[at];
}

void about_index(struct timeline *t, struct arena *arena)
{
	struct str *subjects;

	if (t->n_entries < FACTS_MANY)
		return;
	subjects = arena_array(arena, struct str, t->n_entries);
	for (size_t i = 0; i < t->n_entries; i++)
		subjects[i] = t->entries[i].fact.subject;
	t->subjects = names_new(arena, subjects, t->n_entries);
}

struct about about(const struct timeline *t, struct str name, unsigned kinds)
{
	return (struct about){ t, name, kinds, t->subjects ? lower_bound(t->subjects, name) : 0 };
}

static bool wanted(const struct about *a, const struct entry *e)
{
	return a->kinds >> e->fact.kind & 1;
}

const struct entry *about_next(struct about *a)
{
	const struct timeline *t = a->t;
	const struct name_index *names = t->subjects;

	while (a->at < t->n_entries) {
		size_t at = a->at++;
		const struct entry *e = &t->entries[names ? names->order[at] : at];
		bool equal = (names || wanted(a, e)) && str_eq(e->fact.subject, a->name);

		if (equal && wanted(a, e))
			return e;
		if (names && !equal)
			return NULL;
	}
	return NULL;
}
