/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

enum { CJSON_NUMBER_MAX = 63 };

cJSON *oracle_parse(struct str text)
{
	char *copy = malloc(text.n + 1);
	const char *end = NULL;
	cJSON *tree;

	if (!copy)
		abort();
	if (text.n)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	tree = cJSON_ParseWithLengthOpts(copy, text.n, &end, false);
	for (; tree && end < copy + text.n; end++) {
		if (!strchr(" \t\r\n", *end) || !*end) {
			cJSON_Delete(tree);
			tree = NULL;
		}
	}
	free(copy);
	return tree;
}

/* cJSON's strings end at the first NUL, even at one that an escape has put there. */
static bool same_text(struct str ours, const char *theirs)
{
	size_t n = ours.n ? strnlen(ours.p, ours.n) : 0;

	return theirs && strlen(theirs) == n && (n == 0 || memcmp(ours.p, theirs, n) == 0);
}

static bool same_number(struct json *j, const cJSON *node)
{
	struct json again = *j;
	struct str number;
	char text[512];
	double value;
	int64_t integer;

	if (!json_number(j, &number) || number.n >= sizeof(text))
		return false;
	memcpy(text, number.p, number.n);
	text[number.n] = '\0';
	value = strtod(text, NULL);
	if (json_i64(&again, &integer) && (double)integer != value)
		return false;
	return !memcmp(&value, &node->valuedouble, sizeof(value)) && again.p == j->p;
}

static bool same_scalar(struct json *j, enum json_type type, const cJSON *node)
{
	struct str text;
	bool value;

	switch (type) {
	case JSON_STRING:
		return cJSON_IsString(node) && json_text(j, &text) &&
		       same_text(text, node->valuestring);
	case JSON_NUMBER:
		return cJSON_IsNumber(node) && same_number(j, node);
	case JSON_BOOL:
		return cJSON_IsBool(node) && json_bool(j, &value) && value == cJSON_IsTrue(node);
	case JSON_NULL:
		json_skip(j);
		return cJSON_IsNull(node);
	default:
		return false;
	}
}

/* Recursion is bounded by the reader's JSON_DEPTH_MAX. */
static bool same_value(struct json *j, const cJSON *node)
{
	enum json_type type = json_peek(j);
	const cJSON *child = node->child;
	struct str key;

	if (type != JSON_OBJECT && type != JSON_ARRAY)
		return same_scalar(j, type, node);
	if (type == JSON_OBJECT) {
		if (!cJSON_IsObject(node) || !json_object(j))
			return false;
		for (; json_key(j, &key); child = child->next)
			if (!child || !same_text(key, child->string) || !same_value(j, child))
				return false;
	} else {
		if (!cJSON_IsArray(node) || !json_array(j))
			return false;
		for (; json_item(j); child = child->next)
			if (!child || !same_value(j, child))
				return false;
	}
	return !child && !j->bad;
}

bool oracle_same(struct str text, const cJSON *tree)
{
	struct arena arena = { 0 };
	struct json j = json_of(text, &arena);
	bool same = same_value(&j, tree) && json_end(&j);

	arena_free(&arena);
	return same;
}

bool oracle_is_lax(struct str text, const char *what, size_t offset)
{
	return str_starts(text, STR("\xef\xbb\xbf")) ||
	       (offset < text.n && (unsigned char)text.p[offset] < 0x20) ||
	       strstr(what, "number") || strstr(what, "hexadecimal") || strstr(what, "nested");
}

bool oracle_is_narrow(struct str text)
{
	size_t run = 0;

	for (size_t i = 0; i < text.n; i++) {
		run = text.p[i] && strchr("+-0123456789.eE", text.p[i]) ? run + 1 : 0;
		if (run > CJSON_NUMBER_MAX)
			return true;
		if (text.n - i >= 4 && text.p[i] == '\\' && text.p[i + 1] == 'u' &&
		    (text.p[i + 2] | 0x20) == 'd' && strchr("89abcdefABCDEF", text.p[i + 3]))
			return true;
	}
	return false;
}
