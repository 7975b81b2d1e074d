/* SPDX-License-Identifier: Apache-2.0 */
#include "changes/writes.h"

#include "base/mem.h"

/* Collects more than may be kept before dropping the surplus, so that it is rarely done. */
static bool is_full(const struct writes *w)
{
	return w->n >= WRITES_MAX + WRITES_MAX / 2 || w->bytes >= WRITES_BYTES + WRITES_BYTES / 2;
}

/* The texts of a write, which are copied. */
static const size_t texts[] = {
	offsetof(struct write, cluster),  offsetof(struct write, namespace),
	offsetof(struct write, name),	  offsetof(struct write, subresource),
	offsetof(struct write, verb),	  offsetof(struct write, actor),
	offsetof(struct write, agent),	  offsetof(struct write, impersonator),
	offsetof(struct write, audit_id),
};

static const struct str *text_of(const struct write *w, size_t i)
{
	return (const void *)((const char *)w + texts[i]);
}

/* Depends only on the content, so that the order of the input does not matter. */
static size_t bytes_of(const struct write *w)
{
	size_t bytes = sizeof(*w);

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		bytes += text_of(w, i)->n;
	for (size_t i = 0; i < w->n_leaves; i++)
		bytes += sizeof(*w->leaves) + w->leaves[i].path.n + w->leaves[i].value.n;
	return bytes;
}

static struct str copy_of(struct arena *arena, struct str s)
{
	return s.n ? arena_str(arena, s) : (struct str){ s.p ? "" : NULL, 0 };
}

static void copy_write(struct arena *arena, struct write *to, const struct write *from)
{
	struct write_leaf *leaves = arena_array(arena, struct write_leaf, from->n_leaves);

	*to = *from;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*(struct str *)(void *)((char *)to + texts[i]) = copy_of(arena, *text_of(from, i));
	for (size_t i = 0; i < from->n_leaves; i++) {
		leaves[i] = from->leaves[i];
		leaves[i].path = copy_of(arena, from->leaves[i].path);
		leaves[i].value = copy_of(arena, from->leaves[i].value);
	}
	to->leaves = leaves;
}

/* Orders */

static int by_object(const struct write *x, const struct write *y)
{
	int c = str_cmp(x->cluster, y->cluster);

	c = c ? c : (x->row > y->row) - (x->row < y->row);
	c = c ? c : str_cmp(x->namespace, y->namespace);
	return c ? c : str_cmp(x->name, y->name);
}

/* Writes that are equal in this are duplicates. */
static int by_request(const struct write *x, const struct write *y)
{
	int c = (x->at > y->at) - (x->at < y->at);

	c = c ? c : str_cmp(x->audit_id, y->audit_id);
	c = c ? c : str_cmp(x->verb, y->verb);
	c = c ? c : (x->uri_hash > y->uri_hash) - (x->uri_hash < y->uri_hash);
	return c ? c : by_object(x, y);
}

static int by_place(const struct position *x, const struct position *y)
{
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (x->member != y->member)
		return x->member < y->member ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Of duplicates, the one with the most content first, then by content, then by position. */
static int by_content(const struct write *x, const struct write *y)
{
	size_t a = bytes_of(x), b = bytes_of(y);
	int c = (a < b) - (a > b);

	c = c ? c : (int)y->body - (int)x->body;
	for (size_t i = 0; !c && i < x->n_leaves && i < y->n_leaves; i++) {
		c = str_cmp(x->leaves[i].path, y->leaves[i].path);
		c = c ? c
		      : (x->leaves[i].hash > y->leaves[i].hash) -
			    (x->leaves[i].hash < y->leaves[i].hash);
	}
	c = c ? c : str_cmp(x->actor, y->actor);
	c = c ? c : str_cmp(x->agent, y->agent);
	return c ? c : by_place(&x->position, &y->position);
}

/* The last ones first, because they are kept. */
static int latest_first(const void *a, const void *b)
{
	const struct write *x = a, *y = b;
	int c = by_request(y, x);

	return c ? c : by_content(x, y);
}

static int by_time(const void *a, const void *b)
{
	const struct write *x = a, *y = b;
	int c = by_object(x, y);

	return c ? c : by_request(x, y);
}

/* Drops duplicates, and all but the last writes that fit. Partial data never drops a write that
 * fits in the end, so the order of merging does not matter. */
static void compact(struct writes *w)
{
	struct arena arena = { 0 };
	size_t n = 0, bytes = 0;

	if (w->n)
		qsort(w->list, w->n, sizeof(*w->list), latest_first);
	for (size_t i = 0; i < w->n; i++) {
		struct write one = w->list[i]; /* n is never after i */

		if (n && by_request(&w->list[n - 1], &one) == 0)
			continue;
		if (n == WRITES_MAX || bytes + bytes_of(&one) > WRITES_BYTES) {
			w->cut = true;
			break;
		}
		bytes += bytes_of(&one);
		copy_write(&arena, &w->list[n++], &one);
	}
	w->n = n;
	w->bytes = bytes;
	arena_free(&w->arena);
	w->arena = arena;
}

void writes_add(struct writes *w, const struct write *write)
{
	array_reserve(w->list, w->cap, w->n + 1);
	copy_write(&w->arena, &w->list[w->n++], write);
	w->bytes += bytes_of(write);
	if (is_full(w))
		compact(w);
}

void writes_merge(struct writes *sum, const struct writes *more)
{
	sum->cut = sum->cut || more->cut;
	for (size_t i = 0; i < more->n; i++)
		writes_add(sum, &more->list[i]);
}

static bool is_blind(const struct write *w)
{
	return w->body == WRITE_BARE && !w->subresource.n &&
	       (str_eq(w->verb, STR("update")) || str_eq(w->verb, STR("patch")));
}

/* Repeated changes by one actor without bodies are routine and not reported. */
static void drop_routine(struct write *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t times = 0;

		if (!is_blind(&list[i]) || !list[i].news)
			continue;
		for (size_t k = i; k < n && times < WRITES_ROUTINE; k++)
			times += is_blind(&list[k]) && str_eq(list[k].actor, list[i].actor);
		for (size_t k = i; k < n && times == WRITES_ROUTINE; k++)
			if (is_blind(&list[k]) && str_eq(list[k].actor, list[i].actor))
				list[k].news = false;
	}
}

void writes_finish(struct writes *w)
{
	compact(w);
	w->from = w->cut && w->n ? w->list[w->n - 1].at : NSEC_NONE;
	if (w->n)
		qsort(w->list, w->n, sizeof(*w->list), by_time);
	for (size_t i = 0, end; i < w->n; i = end) {
		for (end = i + 1; end < w->n && by_object(&w->list[i], &w->list[end]) == 0;)
			end++;
		writes_compare(&w->list[i], end - i, &w->arena);
		drop_routine(&w->list[i], end - i);
	}
}

void writes_free(struct writes *w)
{
	mem_free(w->list);
	arena_free(&w->arena);
	*w = (struct writes){ 0 };
}
