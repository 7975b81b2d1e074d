/* SPDX-License-Identifier: Apache-2.0 */
/* Reads back, for one pod, what extract_attach attached to its records. */
#include "spans/extract.h"

static bool next_item(struct bytes *in, struct extracted *ret)
{
	if (in->p == in->end)
		return false;
	ret->kind = (enum extracted_kind)bytes_varint(in);
	ret->number = (uint32_t)bytes_varint(in);
	ret->word = bytes_maybe(in);
	ret->text = bytes_maybe(in);
	return !in->bad;
}

/* The path has the same values as in the last response that contained it; at first: none. */
static bool is_unchanged(struct pod_extracts *all, const struct extracted *item)
{
	struct str *last;

	if (item->kind != EXTRACTED_VALUES || item->number >= EXTRACT_PATHS_MAX)
		return false;
	last = &all->values[item->number];
	if (str_eq(*last, item->text))
		return true;
	*last = item->text;
	return false;
}

static void keep_item(struct pod_extracts *all, struct arena *arena, const struct extracted *item)
{
	bool raw = extracted_is_text(item);

	arena_reserve(arena, all->items, all->n, all->cap);
	all->items[all->n] = *item;
	if (raw && all->text + item->text.n > EXTRACT_POD_TEXT_MAX)
		all->items[all->n].text = (struct str){ 0 };
	else if (raw)
		all->text += item->text.n;
	all->n++;
}

static void keep_moment(struct pod_extracts *all, struct arena *arena,
			const struct extract_moment *at)
{
	arena_reserve(arena, all->moments, all->n_moments, all->moments_cap);
	all->moments[all->n_moments++] = *at;
}

bool extract_keep(void **state, struct arena *arena, const struct record *r)
{
	struct pod_extracts *all = *state;
	struct bytes in = bytes_of(r->attached);
	struct extracted item;
	size_t first;

	if (!all)
		*state = all = arena_new(arena, struct pod_extracts);
	first = all->n;
	while (next_item(&in, &item)) {
		if (is_unchanged(all, &item))
			continue;
		if (all->n == EXTRACT_POD_MAX) {
			all->cut = true;
			break;
		}
		keep_item(all, arena, &item);
	}
	if (all->n == first)
		return false;
	keep_moment(all, arena,
		    &(struct extract_moment){
			.received = r->received,
			.completed = nsec_known(r->completed) ? r->completed : r->received,
			.first = first,
			.n = all->n - first,
		    });
	return true;
}

static int by_completed(const void *a, const void *b)
{
	const struct extract_moment *x = a, *y = b;

	if (x->completed != y->completed)
		return x->completed < y->completed ? -1 : 1;
	if (x->received != y->received)
		return x->received < y->received ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

struct extract_moment *extract_moments(const struct pod_extracts *all, struct arena *arena)
{
	struct extract_moment *list = arena_array(arena, struct extract_moment, all->n_moments);

	for (size_t i = 0; i < all->n_moments; i++) {
		list[i] = all->moments[i];
		list[i].list = &all->items[list[i].first];
	}
	if (all->n_moments)
		qsort(list, all->n_moments, sizeof(*list), by_completed);
	return list;
}
