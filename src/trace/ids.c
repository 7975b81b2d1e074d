/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/ids.h"

#include "base/hash.h"

/* The hash and its input must never change: links and earlier imports of users depend on them. */
#define SCHEME "lunettes/v1"

/* Any two different numbers. */
enum { SEED_FIRST = 0x6c756e65, SEED_SECOND = 0x74746573 };

static void put_be64(uint8_t *bytes, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

static struct trace_id of_key(struct str key)
{
	struct trace_id id;
	uint64_t first = hash_str(key, SEED_FIRST), second = hash_str(key, SEED_SECOND);

	put_be64(id.bytes, first ? first : 1);
	put_be64(id.bytes + 8, second ? second : 1);
	return id;
}

/* Each part after its length, so that different lists of parts have different keys. */
static struct str key_of(struct arena *arena, const struct str *parts, size_t n)
{
	size_t size = 0;
	char *text, *p;

	for (size_t i = 0; i < n; i++)
		size += parts[i].n + 8;
	text = p = arena_alloc(arena, size, 1);
	for (size_t i = 0; i < n; i++) {
		put_be64((uint8_t *)p, parts[i].n);
		p += 8;
		if (parts[i].n)
			p = mempcpy(p, parts[i].p, parts[i].n);
	}
	return str_from_to(text, p);
}

struct trace_id trace_id_of_uid(struct arena *arena, struct str cluster, struct str uid,
				enum operation operation)
{
	const struct str parts[] = {
		STR(SCHEME), cluster, STR("uid"), uid, operation_name(operation), STR("0")
	};

	return of_key(key_of(arena, parts, ARRAY_SIZE(parts)));
}

struct trace_id trace_id_of_revision(struct arena *arena, struct str cluster, struct str namespace,
				     struct str replica_set)
{
	const struct str parts[] = { STR(SCHEME), cluster,     STR("revision"),
				     namespace,	  replica_set, operation_name(OPERATION_ROLLOUT) };

	return of_key(key_of(arena, parts, ARRAY_SIZE(parts)));
}

struct trace_id trace_id_of(struct arena *arena, const struct timeline *t, enum operation operation,
			    int64_t ordinal)
{
	struct str number = arena_printf(arena, "%lld", (long long)ordinal);

	if (t->uid.n) {
		const struct str parts[] = {
			STR(SCHEME), t->cluster, STR("uid"), t->uid, operation_name(operation),
			number
		};

		return of_key(key_of(arena, parts, ARRAY_SIZE(parts)));
	}
	const struct str parts[] = {
		STR(SCHEME),
		t->cluster,
		STR("name"),
		t->namespace,
		t->name,
		t->generate_name,
		t->refusal,
		t->workload_kind,
		t->workload_name,
		arena_printf(arena, "%lld", (long long)t->marks[MILESTONE_CREATED].at),
		operation_name(operation),
		number,
	};

	return of_key(key_of(arena, parts, ARRAY_SIZE(parts)));
}

struct span_id span_id_of(struct trace_id trace, struct str path, uint32_t ordinal)
{
	uint64_t seed = hash_str((struct str){ (const char *)trace.bytes, 16 }, ordinal);
	uint64_t value = hash_str(path, seed);
	struct span_id id;

	put_be64(id.bytes, value ? value : 1);
	return id;
}

struct span_id root_id_of(struct trace_id trace)
{
	return span_id_of(trace, STR(""), 0);
}

struct str name_key_of(struct arena *arena, const struct timeline *t, struct str name)
{
	return arena_printf(arena, "%zu/%zu/" STR_FMT STR_FMT STR_FMT, t->cluster.n, t->namespace.n,
			    STR_ARG(t->cluster), STR_ARG(t->namespace), STR_ARG(name));
}
