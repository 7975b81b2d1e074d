/* SPDX-License-Identifier: Apache-2.0 */
/* Paths into JSON, as used in the rows of wrappers. */
#include "wrap/wrapping.h"

struct str path_key(const char *path, const char **ret_rest)
{
	size_t n = strcspn(path, ".[");

	*ret_rest = path[n] == '.' ? path + n + 1 : path + n;
	return (struct str){ path, n };
}

struct str raw_word(struct str raw)
{
	return raw.n > 1 && raw.p[0] == '"' ? (struct str){ raw.p + 1, raw.n - 2 }
					    : (struct str){ 0 };
}

bool raw_text(struct str raw, struct arena *arena, struct str *ret_text)
{
	struct json j = json_of(raw, arena);

	return raw.n && raw.p[0] == '"' && json_text(&j, ret_text);
}

/* The last member of that name, as most parsers do. */
static bool member_text(struct str object, struct str name, struct arena *arena,
			struct str *ret_text)
{
	struct json j = json_of(object, arena);
	struct str key;
	bool found = false;

	if (!json_object(&j))
		return false;
	while (json_key(&j, &key))
		if (str_eq(key, name))
			found = json_text(&j, ret_text);
		else
			json_skip(&j);
	return found;
}

/* [], [1], [key=value]: is this one of the selected items? */
static bool item_is_meant(struct str which, struct str raw, uint64_t index, struct arena *arena)
{
	struct str key, value, text;
	uint64_t wanted;

	if (!which.n)
		return true;
	if (str_u64(which, &wanted))
		return index == wanted;
	return str_cut(which, '=', &key, &value) && raw.n && raw.p[0] == '{' &&
	       member_text(raw, key, arena, &text) && str_eq(text, value);
}

static int each_item(const struct path_visit *walk, struct str raw, const char *path,
		     struct err *err)
{
	const char *end = strchr(path, ']');
	struct str which = str_from_to(path + 1, end), item;
	struct json j = json_of(raw, walk->arena);
	int r = 0;

	path = end[1] == '.' ? end + 2 : end + 1;
	if (!json_array(&j))
		return 0;
	for (uint64_t i = 0; r >= 0 && json_item(&j) && json_raw(&j, &item); i++)
		if (item_is_meant(which, item, i, walk->arena))
			r = path_each(walk, item, path, err);
	return r;
}

static int each_member(const struct path_visit *walk, struct str raw, const char *path,
		       struct err *err)
{
	struct json j = json_of(raw, walk->arena);
	struct str wanted, key, value;
	int r = 0;

	wanted = path_key(path, &path);
	if (!json_object(&j))
		return 0;
	while (r >= 0 && json_key(&j, &key)) {
		if (!str_eq(key, wanted))
			json_skip(&j);
		else if (json_raw(&j, &value))
			r = path_each(walk, value, path, err);
	}
	return r;
}

int path_each(const struct path_visit *walk, struct str raw, const char *path, struct err *err)
{
	if (!*path)
		return walk->fn(walk->ctx, raw, err);
	if (raw_text(raw, walk->arena, &raw))
		raw = str_trim(raw);
	return *path == '[' ? each_item(walk, raw, path, err) : each_member(walk, raw, path, err);
}

struct text_at {
	struct arena *arena;
	struct str text;
	bool found;
};

static int keep_text(void *ctx, struct str raw, struct err *err)
{
	struct text_at *at = ctx;

	at->found = raw_text(raw, at->arena, &at->text) || at->found;
	return 0;
}

bool path_text(struct str raw, const char *path, struct arena *arena, struct str *ret_text)
{
	struct text_at at = { .arena = arena };
	struct path_visit walk = { arena, keep_text, &at };
	struct err err = { 0 };

	path_each(&walk, raw, path, &err);
	if (at.found)
		*ret_text = at.text;
	return at.found;
}
