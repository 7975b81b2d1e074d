/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/refusals.h"

#include "kube/codec.h"
#include "kube/refusal.h"

/* After a larger group the map is recreated, because resetting it would slow down every later
 * pod. */
enum { KEYS_KEPT = 1024 };

static const struct fact *create_of(const struct record *r)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == FACT_CREATE)
			return &r->facts[i];
	return NULL;
}

/* Webhooks may use any HTTP status with their code, including 409 and 429. */
static struct str key_of(struct arena *arena, const struct record *r, struct str code)
{
	const struct pod_object *o = r->object;
	struct str none = { 0 };

	return arena_printf(arena, STR_FMT "/%d/" STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(code),
			    refusal_is_final(r->status), STR_ARG(o ? o->owner_kind : none),
			    STR_ARG(o ? o->owner_name : none),
			    STR_ARG(o ? o->generate_name : none));
}

static const struct entry *first_entry(struct arena *arena, const struct record *r)
{
	struct entry *e = arena_new(arena, struct entry);

	*e = entry_of(r, create_of(r));
	return e;
}

int refusals_add(struct refusals *rs, struct arena *arena, const struct record *scratch,
		 struct str bytes, struct err *err)
{
	struct arena keys = { 0 };
	struct record r;
	bool is_new;
	uint32_t i =
	    map_put(&rs->keys, key_of(&keys, scratch, create_of(scratch)->reason), &is_new);

	arena_free(&keys);
	rs->attempts++;
	if (!is_new) {
		rs->list[i].attempts++;
		rs->list[i].last = clock_later(rs->list[i].last, scratch->received);
		return 0;
	}
	if (record_decode(arena_str(arena, bytes), arena, &r, err) < 0)
		return -1;
	arena_reserve(arena, rs->list, rs->n, rs->cap);
	rs->list[rs->n++] = (struct refused){
		.code = create_of(&r)->reason,
		.generate_name = r.object ? r.object->generate_name : STR(""),
		.object = r.object,
		.first = first_entry(arena, &r),
		.attempts = 1,
		.last = r.received,
		.final = refusal_is_final(r.status),
	};
	return 0;
}

const struct entry *refusals_entries(const struct refusals *rs, struct arena *arena)
{
	struct entry *list = arena_array(arena, struct entry, rs->n);

	for (size_t i = 0; i < rs->n; i++) {
		list[i] = *rs->list[i].first;
		list[i].times = rs->list[i].attempts;
		list[i].last = rs->list[i].last;
	}
	return list;
}

void refusals_reset(struct refusals *rs)
{
	if (rs->keys.n > KEYS_KEPT)
		map_free(&rs->keys);
	else if (rs->keys.n)
		map_reset(&rs->keys);
	rs->list = NULL;
	rs->n = rs->cap = 0;
	rs->attempts = 0;
}

void refusals_free(struct refusals *rs)
{
	map_free(&rs->keys);
	*rs = (struct refusals){ 0 };
}
