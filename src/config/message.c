/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about a document: where, at which key, what was found. */
#include "base/utf8.h"
#include "config/building.h"

#include <stdarg.h>

enum { QUOTED_MAX = 60, PATH_MAX_BYTES = 120 }; /* bytes of what users wrote that a message shows */

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

void config_add_where(struct buf *out, const struct document *d, struct spot at)
{
	if (!d->outer) {
		buf_printf(out, STR_FMT ":%u:%u", STR_ARG(d->file), at.line, at.column);
	} else if (d->body.line) {
		config_add_where(
		    out, d->outer,
		    (struct spot){ d->body.line + at.line - 1, d->body.column + at.column - 1 });
	} else {
		const struct place *in = config_place(d->outer, d->outer_node);

		config_add_where(out, d->outer, in->at);
		buf_printf(out, ": in ");
		config_add_path(out, d->outer, (uint32_t)(in - d->outer->places));
		buf_printf(out, ", line %u, column %u", at.line, at.column);
	}
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

void config_add_path(struct buf *out, const struct document *d, uint32_t place)
{
	uint32_t steps[CONFIG_DEPTH_MAX + 1];
	size_t n = 0, begin = out->n;

	for (uint32_t i = place; d->places[i].parent != UINT32_MAX; i = d->places[i].parent)
		steps[n++] = i;
	while (n-- > 0 && out->n - begin < PATH_MAX_BYTES) {
		const struct place *p = &d->places[steps[n]];

		if (!p->key.p) {
			buf_printf(out, "[%u]", p->index);
		} else if (is_word(p->key)) {
			buf_printf(out, "%s" STR_FMT, out->n > begin ? "." : "", STR_ARG(p->key));
		} else {
			buf_add_char(out, '[');
			config_add_quoted(out, p->key);
			buf_add_char(out, ']');
		}
	}
}

static void add_found(struct buf *out, const struct place *p)
{
	if (cJSON_IsString(p->node) || cJSON_IsNumber(p->node)) {
		if (cJSON_IsNumber(p->node))
			buf_printf(out, "the number " STR_FMT "%s", (int)MIN(p->text.n, QUOTED_MAX),
				   p->text.p, p->text.n > QUOTED_MAX ? "..." : "");
		else
			config_add_quoted(out, p->text);
		return;
	}
	buf_printf(out, "%s",
		   cJSON_IsObject(p->node)  ? "an object"
		   : cJSON_IsArray(p->node) ? "a list"
		   : cJSON_IsNull(p->node)  ? "null"
		   : cJSON_IsTrue(p->node)  ? "true"
					    : "false");
}

/* `WHERE: PATH: `; of a root, which has no path, `WHERE: `. */
static void add_head(struct buf *out, const struct document *d, const struct place *p, bool at_key)
{
	size_t begin;

	config_add_where(out, d, at_key && p->key.p ? p->key_at : p->at);
	buf_add(out, ": ", 2);
	begin = out->n;
	config_add_path(out, d, (uint32_t)(p - d->places));
	if (out->n > begin)
		buf_add(out, ": ", 2);
}

__attribute__((format(printf, 3, 0))) static int tell(struct buf *text, struct err *err,
						      const char *fmt, va_list ap)
{
	char rest[sizeof(err->message)];

	vsnprintf(rest, sizeof(rest), fmt, ap);
	buf_printf(text, "%s", rest);
	err_set(err, ERR_USAGE, STR_FMT, STR_ARG(buf_str(text)));
	buf_free(text);
	return -1;
}

int config_wrong(const struct document *d, const cJSON *node, struct err *err, const char *expected,
		 ...)
{
	const struct place *p = config_place(d, node);
	struct buf text = { 0 };
	va_list ap;

	add_head(&text, d, p, false);
	buf_printf(&text, "found ");
	add_found(&text, p);
	buf_printf(&text, ", expected ");
	va_start(ap, expected);
	tell(&text, err, expected, ap);
	va_end(ap);
	return -1;
}

int config_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;

	add_head(&text, d, config_place(d, node), false);
	va_start(ap, fmt);
	tell(&text, err, fmt, ap);
	va_end(ap);
	return -1;
}

int config_key_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt,
		     ...)
{
	struct buf text = { 0 };
	va_list ap;

	add_head(&text, d, config_place(d, node), true);
	va_start(ap, fmt);
	tell(&text, err, fmt, ap);
	va_end(ap);
	return -1;
}

void config_add_key(struct buf *out, const struct document *d, const cJSON *node)
{
	const struct place *p = config_place(d, node);

	config_add_where(out, d, p->key.p ? p->key_at : p->at);
	buf_add(out, ": ", 2);
	config_add_path(out, d, (uint32_t)(p - d->places));
}
