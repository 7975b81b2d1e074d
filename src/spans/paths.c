/* SPDX-License-Identifier: Apache-2.0 */
/* Values at paths of objects. */
#include "spans/extract.h"

#include "json/reader.h"

static bool parse_keys(struct str text, struct arena *arena, struct extract_step *step)
{
	struct str *keys = arena_array(arena, struct str, text.n + 1), key;

	while (str_cut(text, ',', &key, &text))
		keys[step->n_keys++] = key;
	keys[step->n_keys++] = text;
	step->keys = keys;
	for (size_t i = 0; i < step->n_keys; i++)
		if (!keys[i].n)
			return false;
	return true;
}

static bool parse_step(struct str text, struct arena *arena, struct extract_step *step)
{
	struct str keys, rest;

	step->field = text;
	if (!text.n || text.p[0] != '[')
		return text.n > 0;
	if (!str_cut(str_after(text, 1), ']', &keys, &rest) || !rest.n)
		return false;
	step->field = rest;
	return parse_keys(keys, arena, step);
}

static bool is_map(struct str field)
{
	return str_eq(field, STR("labels")) || str_eq(field, STR("annotations")) ||
	       str_eq(field, STR("nodeSelector"));
}

bool extract_path_parse(struct str text, struct arena *arena, struct extract_path *ret_path,
			struct err *err)
{
	struct extract_step *steps = arena_array(arena, struct extract_step, EXTRACT_STEPS_MAX);
	struct str rest = str_after(text, 1), step;
	bool more = true, exact = false;
	size_t n = 0;

	while (more) {
		more = str_cut(rest, text.p[0], &step, &rest);
		if (!more)
			step = rest;
		if (n == EXTRACT_STEPS_MAX) {
			err_set(err, ERR_USAGE, "more than %d steps", EXTRACT_STEPS_MAX);
			return false;
		}
		if (!parse_step(step, arena, &steps[n])) {
			err_set(err, ERR_USAGE, "step %zu is no field, [key]field or [$]field",
				n + 1);
			return false;
		}
		steps[n].exact = exact;
		exact = is_map(steps[n++].field);
	}
	*ret_path = (struct extract_path){ steps, n, text };
	return true;
}

/* key: the path so far. */
struct value_walk {
	const struct extract_path *path;
	struct arena *arena;
	struct buf key, out;
	size_t n;
};

static bool is_field(const struct extract_step *step, struct str key)
{
	return step->exact ? str_eq(key, step->field) : str_eq_fold(key, step->field);
}

static void put_value(struct value_walk *w, struct str value)
{
	if (w->n == EXTRACT_VALUES_MAX || w->out.n + w->key.n + value.n + 2 > EXTRACT_BYTES_MAX ||
	    (value.n && memchr(value.p, 0, value.n)))
		return;
	w->n++;
	buf_add_str(&w->out, buf_str(&w->key));
	buf_add_char(&w->out, 0);
	buf_add_str(&w->out, value);
	buf_add_char(&w->out, 0);
}

/* The part of the key that comes from the element itself. */
static void add_keys(struct value_walk *w, const struct extract_step *step, struct str raw)
{
	for (size_t i = 0; i < step->n_keys; i++) {
		struct json j = json_of(raw, w->arena);
		struct str key, text = STR("");

		if (i)
			buf_add_char(&w->key, ',');
		if (str_eq(step->keys[i], STR("$"))) {
			json_text(&j, &text);
		} else if (json_object(&j)) {
			while (json_key(&j, &key))
				if (str_eq(key, step->keys[i]))
					json_text(&j, &text);
				else
					json_skip(&j);
		}
		if (!memchr(text.p ? text.p : "", 0, text.n))
			buf_add_str(&w->key, text);
	}
}

static void walk_object(struct value_walk *w, struct str raw, size_t at);

/* A value after the step before `at`; the rest of the path continues there. */
static void walk_value(struct value_walk *w, struct str raw, size_t at)
{
	struct json j = json_of(raw, w->arena);
	bool last = at == w->path->n ||
		    (at + 1 == w->path->n && str_eq(w->path->steps[at].field, STR("$")));
	struct str text;

	if (!last)
		walk_object(w, raw, at);
	else if (json_text(&j, &text))
		put_value(w, text);
}

static void walk_array(struct value_walk *w, struct json *j, struct str field, size_t at)
{
	const struct extract_step *step = &w->path->steps[at];
	size_t before = w->key.n;
	struct str raw;

	json_array(j);
	while (json_item(j)) {
		if (!json_raw(j, &raw))
			continue;
		buf_add_char(&w->key, '_');
		if (step->n_keys)
			buf_add_char(&w->key, '[');
		add_keys(w, step, raw);
		if (step->n_keys)
			buf_add_char(&w->key, ']');
		buf_add_str(&w->key, field);
		walk_value(w, raw, at + 1);
		w->key.n = before;
	}
}

static void walk_object(struct value_walk *w, struct str raw, size_t at)
{
	const struct extract_step *step = &w->path->steps[at];
	struct json j = json_of(raw, w->arena);
	size_t before = w->key.n;
	struct str key, inner;

	if (!json_object(&j))
		return;
	while (json_key(&j, &key)) {
		if (!is_field(step, key)) {
			json_skip(&j);
		} else if (json_peek(&j) == JSON_ARRAY) {
			walk_array(w, &j, step->field, at);
		} else if (json_raw(&j, &inner)) {
			buf_add_char(&w->key, '_');
			buf_add_str(&w->key, step->field);
			walk_value(w, inner, at + 1);
			w->key.n = before;
		}
	}
}

struct str extract_values(const struct extract_path *path, struct str raw, struct arena *arena)
{
	struct value_walk w = { .path = path, .arena = arena };
	struct str values;

	walk_object(&w, raw, 0);
	values = w.out.n ? arena_str(arena, buf_str(&w.out)) : STR("");
	buf_free(&w.key);
	buf_free(&w.out);
	return values;
}
