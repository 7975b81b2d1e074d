/* SPDX-License-Identifier: Apache-2.0 */
/* Converts AnyValue of opentelemetry/proto/common/v1 to the text or JSON that it represents. */
#include "base/buf.h"
#include "json/fields.h"
#include "wrap/wrapping.h"

/* Kubernetes objects have fewer than 30 levels. */
enum { ANY_VALUE_DEPTH = 32 };

enum any_kind { ANY_TEXT, ANY_NUMBER, ANY_LIST, ANY_MAP };

static const struct any_row {
	struct str key;
	enum any_kind kind;
} any_rows[] = {
	{ { "stringValue", 11 }, ANY_TEXT },   { { "kvlistValue", 11 }, ANY_MAP },
	{ { "arrayValue", 10 }, ANY_LIST },    { { "intValue", 8 }, ANY_NUMBER },
	{ { "doubleValue", 11 }, ANY_NUMBER }, { { "boolValue", 9 }, ANY_NUMBER },
	{ { "bytesValue", 10 }, ANY_TEXT },
};

struct writer {
	struct arena *arena;
	struct buf *out;
	unsigned depth;
	bool map, first;
};

static void write_value(struct writer *w, struct str raw);

/* The member that holds the value, and its raw text; NULL: none, which is null in OTLP. */
static const struct any_row *find_value(struct str raw, struct arena *arena, struct str *ret_value)
{
	struct json j = json_of(raw, arena);
	const struct any_row *found = NULL;
	struct str key;

	if (!json_object(&j))
		return NULL;
	while (json_key(&j, &key)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(any_rows) && !str_eq(key, any_rows[i].key))
			i++;
		if (i == ARRAY_SIZE(any_rows))
			json_skip(&j);
		else if (json_raw(&j, ret_value))
			found = &any_rows[i];
	}
	return found;
}

/* KeyValue, raw. */
struct pair {
	struct str name, value;
};

static const struct json_field pair_fields[] = {
	JSON_FIELD(RAW, "key", struct pair, name),
	JSON_FIELD(RAW, "value", struct pair, value),
};

/* An item of `values`: a value, or a key-value pair. */
static int write_item(void *ctx, struct str raw, struct err *err)
{
	struct writer *w = ctx;
	struct pair pair = { .value = raw };

	if (w->map) {
		struct json j = json_of(raw, w->arena);

		pair.value = (struct str){ 0 };
		json_fields(&j, pair_fields, ARRAY_SIZE(pair_fields), &pair);
		if (!pair.name.n || pair.name.p[0] != '"')
			return 0;
	}
	if (!w->first)
		buf_add_char(w->out, ',');
	w->first = false;
	if (w->map) {
		buf_add_str(w->out, pair.name);
		buf_add_char(w->out, ':');
	}
	write_value(w, pair.value);
	return 0;
}

static void write_values(const struct writer *outer, struct str raw, bool map)
{
	struct writer w = *outer;
	struct path_visit walk = { w.arena, write_item, &w };
	struct err err = { 0 };

	w.map = map;
	w.first = true;
	w.depth++;
	buf_add_char(w.out, map ? '{' : '[');
	path_each(&walk, raw, "values[]", &err);
	buf_add_char(w.out, map ? '}' : ']');
}

/* Strings and numbers are JSON already; 64-bit integers are quoted. */
static void write_value(struct writer *w, struct str raw)
{
	struct str value = { 0 };
	const struct any_row *row = find_value(raw, w->arena, &value);

	if (!row || !value.n || w->depth == ANY_VALUE_DEPTH) {
		buf_add_str(w->out, STR("null"));
		return;
	}
	switch (row->kind) {
	case ANY_TEXT:
		buf_add_str(w->out, value);
		break;
	case ANY_NUMBER:
		raw_text(value, w->arena, &value);
		buf_add_str(w->out, value);
		break;
	case ANY_LIST:
	case ANY_MAP:
		write_values(w, value, row->kind == ANY_MAP);
		break;
	}
}

bool any_value_text(struct str raw, struct arena *arena, struct str *ret_text)
{
	struct buf out = { 0 };
	struct writer w = { .arena = arena, .out = &out };
	struct str value = { 0 };
	const struct any_row *row = find_value(raw, arena, &value);

	if (!row)
		return false;
	if (row->kind == ANY_TEXT)
		return raw_text(value, arena, ret_text);
	write_value(&w, raw);
	*ret_text = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return true;
}
