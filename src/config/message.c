/* SPDX-License-Identifier: Apache-2.0 */
/* Messages about a document: position, key, and the value that was found. */
#include "base/utf8.h"
#include "config/reading.h"

#include <stdarg.h>

enum { QUOTED_MAX = 60, PATH_MAX_BYTES = 120 }; /* bytes of a user's text that a message shows */

void config_add_quoted(struct buf *out, struct str text)
{
	size_t shown = 0;

	buf_add_char(out, '"');
	while (text.n && shown < QUOTED_MAX) {
		struct utf8 first = utf8_first(text);
		size_t n = first.good ? first.n : 1;
		bool control = !first.good || first.c < 0x20 || (first.c >= 0x7f && first.c < 0xa0);

		for (size_t i = 0; control && i < n; i++)
			buf_printf(out, "\\x%02x", (unsigned char)text.p[i]);
		if (!control)
			buf_add(out, text.p, n);
		text = str_after(text, n);
		shown += control ? 4 * n : n;
	}
	buf_printf(out, "%s\"", text.n ? "..." : "");
}

struct spot config_spot(struct str text, size_t offset)
{
	struct spot at = { 1, 1 };

	for (size_t i = 0; i < offset; i++) {
		if (text.p[i] == '\n')
			at = (struct spot){ at.line + 1, 1 };
		else if (!utf8_continues(text.p[i]))
			at.column++;
	}
	return at;
}

/* The position of a node in its tree. */
struct trail {
	const cJSON *nodes[CONFIG_DEPTH_MAX + 1]; /* from the root to the node */
	size_t n;
	size_t rank; /* nodes before it, as they are in the text */
};

static bool find_node(const cJSON *from, const cJSON *node, struct trail *t)
{
	t->nodes[t->n++] = from;
	if (from == node)
		return true;
	t->rank++;
	for (const cJSON *child = from->child; child; child = child->next)
		if (find_node(child, node, t))
			return true;
	t->n--;
	return false;
}

static struct location locate(const struct document *d, const cJSON *node)
{
	struct trail t = { .n = 0 };

	find_node(d->root, node, &t);
	return d->yaml ? config_find_yaml(d, t.rank) : config_find_json(d, t.rank);
}

static bool is_word(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!(key.p[i] >= 'a' && key.p[i] <= 'z') &&
		    !(key.p[i] >= 'A' && key.p[i] <= 'Z') &&
		    !(key.p[i] >= '0' && key.p[i] <= '9') && key.p[i] != '-' && key.p[i] != '_')
			return false;
	return key.n > 0 && key.n <= QUOTED_MAX;
}

static unsigned index_of(const cJSON *list, const cJSON *item)
{
	unsigned n = 0;

	for (const cJSON *child = list->child; child != item; child = child->next)
		n++;
	return n;
}

static void add_path(struct buf *out, const struct document *d, const cJSON *node)
{
	struct trail t = { .n = 0 };
	size_t begin = out->n;

	find_node(d->root, node, &t);
	for (size_t i = 1; i < t.n && out->n - begin < PATH_MAX_BYTES; i++) {
		struct str key = str_from(t.nodes[i]->string);

		if (cJSON_IsArray(t.nodes[i - 1])) {
			buf_printf(out, "[%u]", index_of(t.nodes[i - 1], t.nodes[i]));
		} else if (is_word(key)) {
			buf_printf(out, "%s" STR_FMT, out->n > begin ? "." : "", STR_ARG(key));
		} else {
			buf_add_char(out, '[');
			config_add_quoted(out, key);
			buf_add_char(out, ']');
		}
	}
}

/* The position in the file, of a document in a string whose lines are in the file unchanged. */
static struct spot in_file(const struct location *string, struct spot at)
{
	return (struct spot){ string->body.line + at.line - 1,
			      string->body.column + at.column - 1 };
}

static void add_where(struct buf *out, const struct document *d, struct spot at)
{
	struct location string;

	if (!d->outer) {
		buf_printf(out, STR_FMT ":%u:%u", STR_ARG(d->file), at.line, at.column);
		return;
	}
	string = locate(d->outer, d->outer_node);
	if (string.body.line) {
		add_where(out, d->outer, in_file(&string, at));
	} else {
		add_where(out, d->outer, string.at);
		buf_printf(out, ": in ");
		add_path(out, d->outer, d->outer_node);
		buf_printf(out, ", line %u, column %u", at.line, at.column);
	}
}

static void add_found(struct buf *out, const struct document *d, const cJSON *node)
{
	struct str text = config_text(node);

	if (cJSON_IsNumber(node))
		buf_printf(out, "the number " STR_FMT "%s", (int)MIN(text.n, QUOTED_MAX), text.p,
			   text.n > QUOTED_MAX ? "..." : "");
	else if (cJSON_IsString(node))
		config_add_quoted(out, text);
	else
		buf_printf(out, "%s",
			   cJSON_IsObject(node)	 ? "an object"
			   : cJSON_IsArray(node) ? "a list"
			   : cJSON_IsNull(node)	 ? "null"
			   : cJSON_IsTrue(node)	 ? "true"
						 : "false");
}

static void add_key_place(struct buf *out, const struct document *d, const cJSON *node)
{
	struct location l = locate(d, node);

	add_where(out, d, l.key_at.line ? l.key_at : l.at);
	buf_add(out, ": ", 2);
}

/* `WHERE: PATH: `, or `WHERE: ` for a root, which has no path. */
static void add_head(struct buf *out, const struct document *d, const cJSON *node, bool at_key)
{
	size_t begin;

	if (at_key) {
		add_key_place(out, d, node);
	} else {
		add_where(out, d, locate(d, node).at);
		buf_add(out, ": ", 2);
	}
	begin = out->n;
	add_path(out, d, node);
	if (out->n > begin)
		buf_add(out, ": ", 2);
}

__attribute__((format(printf, 3, 0))) static int set_error(struct buf *text, struct err *err,
							   const char *fmt, va_list ap)
{
	char rest[sizeof(err->message)];

	vsnprintf(rest, sizeof(rest), fmt, ap);
	buf_printf(text, "%s", rest);
	err_set(err, ERR_USAGE, STR_FMT, STR_ARG(buf_str(text)));
	buf_free(text);
	return -1;
}

int config_fail(const struct document *d, struct spot at, struct err *err, const char *what)
{
	struct buf where = { 0 };

	add_where(&where, d, at);
	err_set(err, ERR_USAGE, STR_FMT ": %s", STR_ARG(buf_str(&where)), what);
	buf_free(&where);
	return -1;
}

/* The object that contains the node. */
static const cJSON *object_of(const struct document *d, const cJSON *node)
{
	struct trail t = { .n = 0 };

	find_node(d->root, node, &t);
	return t.nodes[t.n - 2];
}

int config_twice(const struct document *d, const cJSON *first, const cJSON *node, struct err *err)
{
	struct spot before = locate(d, first).key_at;
	struct buf text = { 0 };
	size_t begin;

	if (d->outer) {
		struct location string = locate(d->outer, d->outer_node);

		before = string.body.line ? in_file(&string, before) : before;
	}
	add_key_place(&text, d, node);
	begin = text.n;
	add_path(&text, d, object_of(d, node));
	buf_printf(&text, "%sthe key ", text.n > begin ? ": " : "");
	config_add_quoted(&text, str_from(node->string));
	buf_printf(&text, " stands already in line %u, column %u; expected each key once",
		   before.line, before.column);
	err_set(err, ERR_USAGE, STR_FMT, STR_ARG(buf_str(&text)));
	buf_free(&text);
	return -1;
}

int config_wrong(const struct document *d, const cJSON *node, struct err *err, const char *expected,
		 ...)
{
	struct buf text = { 0 };
	va_list ap;

	add_head(&text, d, node, false);
	buf_printf(&text, "found ");
	add_found(&text, d, node);
	buf_printf(&text, ", expected ");
	va_start(ap, expected);
	set_error(&text, err, expected, ap);
	va_end(ap);
	return -1;
}

int config_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;

	add_head(&text, d, node, false);
	va_start(ap, fmt);
	set_error(&text, err, fmt, ap);
	va_end(ap);
	return -1;
}

int config_key_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt,
		     ...)
{
	struct buf text = { 0 };
	va_list ap;

	add_head(&text, d, node, true);
	va_start(ap, fmt);
	set_error(&text, err, fmt, ap);
	va_end(ap);
	return -1;
}

void config_add_key(struct buf *out, const struct document *d, const cJSON *node)
{
	add_key_place(out, d, node);
	add_path(out, d, node);
}
