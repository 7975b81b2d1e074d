/* SPDX-License-Identifier: Apache-2.0 */
/* Walking: from the text into containers, from key to key and item to item, and to the end. */
#include "json/internal.h"

static const unsigned char type_of[256] = {
	['{'] = JSON_OBJECT, ['['] = JSON_ARRAY,  ['"'] = JSON_STRING, ['-'] = JSON_NUMBER,
	['0'] = JSON_NUMBER, ['1'] = JSON_NUMBER, ['2'] = JSON_NUMBER, ['3'] = JSON_NUMBER,
	['4'] = JSON_NUMBER, ['5'] = JSON_NUMBER, ['6'] = JSON_NUMBER, ['7'] = JSON_NUMBER,
	['8'] = JSON_NUMBER, ['9'] = JSON_NUMBER, ['t'] = JSON_BOOL,   ['f'] = JSON_BOOL,
	['n'] = JSON_NULL,
};

static enum json_type type_at(const char *p)
{
	return (enum json_type)type_of[(unsigned char)*p];
}

struct json json_of(struct str text, struct arena *arena)
{
	const char *p = text.p ? text.p : "";

	return (struct json){ .p = p, .start = p, .end = p + text.n, .arena = arena };
}

void json_fail(struct json *j, const char *p, const char *what)
{
	if (!j->bad) {
		j->bad = true;
		j->what = what;
		j->p_bad = p;
	}
	j->p = j->end;
	j->after_value = false;
}

bool json_value_due(struct json *j)
{
	if (UNLIKELY(j->after_value)) {
		json_fail(j, j->p, "a value where none may stand");
		return false;
	}
	j->p = json_after_blanks(j->p, j->end);
	if (UNLIKELY(j->p == j->end)) {
		json_fail(j, j->end, "the text ends where a value should stand");
		return false;
	}
	return true;
}

enum json_type json_peek(struct json *j)
{
	enum json_type type;

	if (j->after_value)
		return JSON_NOTHING;
	j->p = json_after_blanks(j->p, j->end);
	if (j->p == j->end)
		return JSON_NOTHING;
	type = type_at(j->p);
	if (UNLIKELY(type == JSON_NOTHING))
		json_fail(j, j->p, "not a value");
	return type;
}

static bool open_container(struct json *j, char bracket)
{
	if (!json_value_due(j))
		return false;
	if (*j->p != bracket) {
		json_skip(j);
		return false;
	}
	if (j->depth == JSON_DEPTH_MAX) {
		json_fail(j, j->p, "nested too deeply");
		return false;
	}
	j->depth++;
	j->p++;
	return true;
}

bool json_object(struct json *j)
{
	return open_container(j, '{');
}

bool json_array(struct json *j)
{
	return open_container(j, '[');
}

/* To the next member, past a comma. False after an error, or at the end, one past the bracket. */
static bool next_member(struct json *j, char bracket, const char *what)
{
	const char *p = json_after_blanks(j->p, j->end);

	if (UNLIKELY(p == j->end)) {
		json_fail(j, p, "the text ends inside an object or array");
		return false;
	}
	if (*p == bracket) {
		assert(j->depth > 0);
		j->depth--;
		j->p = p + 1;
		j->after_value = true;
		return false;
	}
	if (j->after_value) {
		if (UNLIKELY(*p != ',')) {
			json_fail(j, p, what);
			return false;
		}
		p = json_after_blanks(p + 1, j->end);
		if (UNLIKELY(p == j->end)) {
			json_fail(j, p, "the text ends after a comma");
			return false;
		}
		j->after_value = false;
	}
	j->p = p;
	return true;
}

bool json_next_key(struct json *j, struct str *ret_inner, bool *ret_escaped)
{
	struct str inner;
	bool escaped;
	const char *p;

	if (!next_member(j, '}', "a comma or closing brace should stand here"))
		return false;
	if (UNLIKELY(*j->p != '"')) {
		json_fail(j, j->p, "a key should stand here");
		return false;
	}
	if (!json_take_string(j, &inner, &escaped))
		return false;
	p = json_after_blanks(j->p, j->end);
	if (UNLIKELY(p == j->end)) {
		json_fail(j, p, "the text ends after a key");
		return false;
	}
	if (UNLIKELY(*p != ':')) {
		json_fail(j, p, "a colon should stand here");
		return false;
	}
	j->p = p + 1;
	*ret_inner = inner;
	*ret_escaped = escaped;
	return true;
}

bool json_key(struct json *j, struct str *ret_key)
{
	struct str inner;
	bool escaped;

	if (!json_next_key(j, &inner, &escaped))
		return false;
	*ret_key = UNLIKELY(escaped) ? json_unescape(j->arena, inner) : inner;
	return true;
}

bool json_item(struct json *j)
{
	if (!next_member(j, ']', "a comma or closing bracket should stand here"))
		return false;
	if (UNLIKELY(type_at(j->p) == JSON_NOTHING)) {
		json_fail(j, j->p, "not a value");
		return false;
	}
	return true;
}

bool json_end(struct json *j)
{
	if (j->bad)
		return false;
	j->p = json_after_blanks(j->p, j->end);
	if (j->depth > 0)
		json_fail(j, j->p, "an object or array was not read to its end");
	else if (!j->after_value)
		json_fail(j, j->p, "a value should stand here");
	else if (j->p != j->end)
		json_fail(j, j->p, "something follows after the value");
	return !j->bad;
}

size_t json_offset(const struct json *j)
{
	return (size_t)((j->bad ? j->p_bad : j->p) - j->start);
}

/* One value with all that is inside: down into containers, and up again when they end. */
static void check_value(struct json *j)
{
	bool in_object[JSON_DEPTH_MAX];

	do {
		enum json_type type = json_peek(j);
		bool escaped, more = false;
		struct str inner;

		if (type == JSON_OBJECT || type == JSON_ARRAY) {
			if (!open_container(j, type == JSON_OBJECT ? '{' : '['))
				return;
			in_object[j->depth - 1] = type == JSON_OBJECT;
		} else {
			json_skip(j);
		}
		while (!j->bad && j->depth > 0 && !more)
			more = in_object[j->depth - 1] ? json_next_key(j, &inner, &escaped)
						       : json_item(j);
	} while (!j->bad && j->depth > 0);
}

bool json_check(struct str text, const char **ret_what, size_t *ret_offset)
{
	struct json j = json_of(text, NULL);

	check_value(&j);
	if (json_end(&j))
		return true;
	*ret_what = j.what;
	*ret_offset = json_offset(&j);
	return false;
}
