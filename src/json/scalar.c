/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one value as the requested type, or skips it. */
#include "json/internal.h"

static bool is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

static const char *after_digits(const char *p, const char *end)
{
	while (is_digit(p, end))
		p++;
	return p;
}

static bool number_fails(struct json *j, const char *p)
{
	json_fail(j, p, p == j->end ? "the text ends inside a number" : "not a number");
	return false;
}

bool json_take_number(struct json *j, struct str *ret_number, bool *ret_integer)
{
	const char *first = j->p, *end = j->end, *p = first + (*first == '-');
	bool integer = true;

	if (!is_digit(p, end))
		return number_fails(j, p);
	if (*p++ != '0')
		p = after_digits(p, end);
	else if (is_digit(p, end)) /* no leading zeros */
		return number_fails(j, p);
	if (p < end && *p == '.') {
		integer = false;
		if (!is_digit(++p, end))
			return number_fails(j, p);
		p = after_digits(p, end);
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		integer = false;
		if (++p < end && (*p == '+' || *p == '-'))
			p++;
		if (!is_digit(p, end))
			return number_fails(j, p);
		p = after_digits(p, end);
	}
	*ret_number = str_from_to(first, p);
	*ret_integer = integer;
	j->p = p;
	j->after_value = true;
	return true;
}

bool json_take_literal(struct json *j, struct str word)
{
	size_t left = (size_t)(j->end - j->p), n = MIN(left, word.n);

	for (size_t i = 0; i < n; i++) {
		if (UNLIKELY(j->p[i] != word.p[i])) {
			json_fail(j, j->p + i, "not a value");
			return false;
		}
	}
	if (UNLIKELY(left < word.n)) {
		json_fail(j, j->end, "the text ends inside true, false or null");
		return false;
	}
	j->p += word.n;
	j->after_value = true;
	return true;
}

static void skip_container(struct json *j)
{
	const char *after = json_skip_container(j->p, j->end);

	if (UNLIKELY(!after)) {
		json_fail(j, j->end, "the text ends inside an object or array");
		return;
	}
	j->p = after;
	j->after_value = true;
}

static void skip_number(struct json *j)
{
	struct str number;
	bool integer;

	json_take_number(j, &number, &integer);
}

static void skip_string(struct json *j)
{
	struct str inner;
	bool escaped;

	if (json_take_string(j, &inner, &escaped))
		j->after_value = true;
}

void json_skip(struct json *j)
{
	if (!json_value_due(j))
		return;
	switch (*j->p) {
	case '"':
		skip_string(j);
		break;
	case '{':
	case '[':
		skip_container(j);
		break;
	case 't':
		json_take_literal(j, STR("true"));
		break;
	case 'f':
		json_take_literal(j, STR("false"));
		break;
	case 'n':
		json_take_literal(j, STR("null"));
		break;
	default:
		if (*j->p == '-' || is_digit(j->p, j->end))
			skip_number(j);
		else
			json_fail(j, j->p, "not a value");
	}
}

bool json_text(struct json *j, struct str *ret_text)
{
	struct str inner;
	bool escaped;

	if (!json_value_due(j))
		return false;
	if (*j->p != '"') {
		json_skip(j);
		return false;
	}
	if (!json_take_string(j, &inner, &escaped))
		return false;
	j->after_value = true;
	*ret_text = escaped ? json_unescape(j->arena, inner) : inner;
	return true;
}

static bool number(struct json *j, struct str *ret_number, bool *ret_integer)
{
	if (!json_value_due(j))
		return false;
	if (*j->p != '-' && !is_digit(j->p, j->end)) {
		json_skip(j);
		return false;
	}
	return json_take_number(j, ret_number, ret_integer);
}

bool json_number(struct json *j, struct str *ret_number)
{
	bool integer;

	return number(j, ret_number, &integer);
}

bool json_i64(struct json *j, int64_t *ret_value)
{
	struct str digits;
	bool integer;

	return number(j, &digits, &integer) && integer && str_i64(digits, ret_value);
}

bool json_bool(struct json *j, bool *ret_value)
{
	bool value;

	if (!json_value_due(j))
		return false;
	value = *j->p == 't';
	if (!value && *j->p != 'f') {
		json_skip(j);
		return false;
	}
	if (!json_take_literal(j, value ? STR("true") : STR("false")))
		return false;
	*ret_value = value;
	return true;
}

bool json_raw(struct json *j, struct str *ret_text)
{
	const char *first;

	if (!json_value_due(j))
		return false;
	first = j->p;
	json_skip(j);
	if (j->bad)
		return false;
	*ret_text = str_from_to(first, j->p);
	return true;
}
