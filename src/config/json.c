/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON: cJSON makes the tree. The pull reader checks the text first, because cJSON accepts invalid
 * JSON, and reads it again when the position of a value is needed.
 */
#include "config/reading.h"
#include "json/reader.h"

enum { NUMBER_MAX = 63 }; /* digits that cJSON accepts: it would read the rest as a value */

#define NO_KEY SIZE_MAX

struct json_walk {
	const struct document *d;
	struct json j;
	unsigned depth;
	struct str *numbers; /* as written, in order */
	size_t n_numbers, numbers_cap;
	size_t n, wanted; /* values that were met, and the one to stop at */
	size_t key_at, at;
	struct err *err;
};

static int fail_at(const struct json_walk *p, size_t offset, const char *what)
{
	return config_fail(p->d, config_spot(p->d->text, offset), p->err, what);
}

/* The reader is after a value or a bracket: find where the next key begins. */
static size_t next_key(const struct json_walk *p)
{
	const char *next = p->j.p;

	while (next < p->j.end && strchr(" \n\r\t,", *next))
		next++;
	return (size_t)(next - p->d->text.p);
}

static int pull_value(struct json_walk *p, size_t key_at);

/* Recursion is bounded by the depth. */
static int pull_container(struct json_walk *p, bool object, size_t at)
{
	struct str key = { 0 };
	size_t key_at = NO_KEY;
	int r = 0;

	if (p->depth++ == CONFIG_DEPTH_MAX)
		return fail_at(p, at, "found objects and lists nested too deep");
	if (object)
		json_object(&p->j);
	else
		json_array(&p->j);
	while (r == 0) {
		key_at = object ? next_key(p) : NO_KEY;
		if (object ? !json_key(&p->j, &key) : !json_item(&p->j))
			break;
		if (key.n && memchr(key.p, 0, key.n))
			return fail_at(p, key_at, "found NUL in a key, expected none");
		r = pull_value(p, key_at);
	}
	p->depth--;
	return r;
}

/* < 0 an error, 1 the wanted value, 0 another value or invalid JSON, which json_end reports. */
static int pull_value(struct json_walk *p, size_t key_at)
{
	enum json_type type = json_peek(&p->j);
	size_t at = json_offset(&p->j);
	struct str text = { 0 };

	if (p->n++ == p->wanted) {
		p->key_at = key_at;
		p->at = at;
		return 1;
	}
	if (p->n > CONFIG_NODES_MAX)
		return fail_at(p, at, "found more values than a configuration may have");
	if (type == JSON_OBJECT || type == JSON_ARRAY)
		return pull_container(p, type == JSON_OBJECT, at);
	if (type == JSON_STRING)
		json_text(&p->j, &text);
	else if (type == JSON_NUMBER)
		json_number(&p->j, &text);
	else
		json_skip(&p->j);
	if (p->j.bad)
		return 0;
	if (text.n && memchr(text.p, 0, text.n))
		return fail_at(p, at, "found NUL in a string, expected none");
	if (type == JSON_NUMBER && text.n > NUMBER_MAX)
		return fail_at(p, at, "found a number of more than 63 characters");
	if (type == JSON_NUMBER) {
		arena_reserve(p->d->arena, p->numbers, p->n_numbers, p->numbers_cap);
		p->numbers[p->n_numbers++] = text;
	}
	return 0;
}

struct location config_find_json(const struct document *d, size_t rank)
{
	struct json_walk p = { .d = d, .j = json_of(d->text, d->arena), .wanted = rank };
	struct location l = { 0 };

	if (pull_value(&p, NO_KEY) > 0) {
		l.at = config_spot(d->text, p.at);
		if (p.key_at != NO_KEY)
			l.key_at = config_spot(d->text, p.key_at);
	}
	return l;
}

/* Of a number cJSON keeps only a double. */
static void keep_texts(struct arena *arena, cJSON *node, const struct str **number)
{
	if (cJSON_IsString(node))
		config_keep_text(arena, node, str_from(node->valuestring));
	else if (cJSON_IsNumber(node))
		config_keep_text(arena, node, *(*number)++);
	for (cJSON *child = node->child; child; child = child->next)
		keep_texts(arena, child, number);
}

int config_read_json(struct config *config, const struct document *head, struct err *err)
{
	struct json_walk p = {
		.d = head, .j = json_of(head->text, head->arena), .wanted = SIZE_MAX, .err = err
	};
	const struct str *number;
	const char *end = head->text.p;
	char what[160];
	cJSON *root;

	if (pull_value(&p, NO_KEY) < 0)
		return -1;
	if (!json_end(&p.j)) {
		snprintf(what, sizeof(what), "not JSON: %s", p.j.what);
		return fail_at(&p, json_offset(&p.j), what);
	}
	root = cJSON_ParseWithLengthOpts(head->text.p, head->text.n, &end, false);
	if (!root) /* accepted by the reader but not by cJSON */
		return fail_at(&p, (size_t)(end - head->text.p),
			       "not JSON: half a surrogate pair in a string");
	number = p.numbers;
	keep_texts(head->arena, root, &number);
	config_add_document(config, head, root);
	return 0;
}
