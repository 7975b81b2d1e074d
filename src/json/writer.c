/* SPDX-License-Identifier: Apache-2.0 */
#include "json/writer.h"

#include "base/utf8.h"
#include "json/internal.h"

struct json_writer json_writer_of(struct buf *out)
{
	return (struct json_writer){ .out = out };
}

/* Used only by assertions. */
__attribute__((unused)) static bool in_object(const struct json_writer *w)
{
	return w->depth > 0 && w->in_object[w->depth - 1];
}

static void begin_value(struct json_writer *w)
{
	assert(!in_object(w) || w->key_due_value);
	if (w->comma)
		buf_add_char(w->out, ',');
	w->comma = false;
	w->key_due_value = false;
}

static void end_value(struct json_writer *w)
{
	w->comma = w->depth > 0;
}

static void begin_container(struct json_writer *w, char bracket)
{
	begin_value(w);
	assert(w->depth < JSON_WRITER_DEPTH);
	w->in_object[w->depth++] = bracket == '{';
	buf_add_char(w->out, bracket);
}

static void end_container(struct json_writer *w, char bracket)
{
	assert(w->depth > 0 && in_object(w) == (bracket == '}') && !w->key_due_value);
	w->depth--;
	buf_add_char(w->out, bracket);
	end_value(w);
}

void json_begin_object(struct json_writer *w)
{
	begin_container(w, '{');
}

void json_end_object(struct json_writer *w)
{
	end_container(w, '}');
}

void json_begin_array(struct json_writer *w)
{
	begin_container(w, '[');
}

void json_end_array(struct json_writer *w)
{
	end_container(w, ']');
}

static void add_escape(struct buf *out, unsigned char c)
{
	static const char names[256] = {
		['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
		['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
	};
	char text[6] = { '\\', names[c] };

	if (!names[c]) {
		memcpy(text + 1, "u00", 3);
		str_hex(&c, 1, text + 4);
	}
	buf_add(out, text, names[c] ? 2 : 6);
}

/* Removes one character that is not plain ASCII from the front of s and writes it. */
static struct str add_special(struct buf *out, struct str s)
{
	struct utf8 first;

	if ((unsigned char)*s.p < 0x80) {
		add_escape(out, (unsigned char)*s.p);
		return str_after(s, 1);
	}
	first = utf8_first(s);
	if (!first.good) {
		buf_add_str(out, STR("\xef\xbf\xbd")); /* U+FFFD for each byte, like Go */
		return str_after(s, 1);
	}
	buf_add(out, s.p, first.n);
	return str_after(s, first.n);
}

static void add_string(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	while (s.n) {
		const char *stop = json_scan_ascii(s.p, s.p + s.n);

		buf_add(out, s.p, (size_t)(stop - s.p));
		s = str_from_to(stop, s.p + s.n);
		if (s.n)
			s = add_special(out, s);
	}
	buf_add_char(out, '"');
}

static void begin_key(struct json_writer *w)
{
	assert(in_object(w) && !w->key_due_value);
	if (w->comma)
		buf_add_char(w->out, ',');
	w->comma = false;
	w->key_due_value = true;
}

char *json_begin_key(struct json_writer *w, size_t n)
{
	char *p;

	begin_key(w);
	buf_reserve(w->out, n + 3);
	p = w->out->p + w->out->n;
	w->out->n += n + 3;
	p[0] = p[n + 1] = '"';
	p[n + 2] = ':';
	return p + 1;
}

void json_put_key_str(struct json_writer *w, struct str key)
{
	begin_key(w);
	add_string(w->out, key);
	buf_add_char(w->out, ':');
}

void json_put_str(struct json_writer *w, struct str s)
{
	begin_value(w);
	add_string(w->out, s);
	end_value(w);
}

void json_put_text(struct json_writer *w, const char *text)
{
	if (text)
		json_put_str(w, str_from(text));
	else
		json_put_null(w);
}

void json_put_raw(struct json_writer *w, struct str json)
{
	assert(json.n > 0);
	begin_value(w);
	buf_add_str(w->out, json);
	end_value(w);
}

/* quote: '"' on both sides, or 0 for none. */
static void put_decimal(struct json_writer *w, uint64_t magnitude, bool negative, char quote)
{
	char text[24], *end = text + sizeof(text), *p = end;

	if (quote)
		*--p = quote;
	do {
		*--p = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude);
	if (negative)
		*--p = '-';
	if (quote)
		*--p = quote;
	json_put_raw(w, str_from_to(p, end));
}

static uint64_t magnitude_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void json_put_i64(struct json_writer *w, int64_t value)
{
	put_decimal(w, magnitude_of(value), value < 0, 0);
}

void json_put_u64(struct json_writer *w, uint64_t value)
{
	put_decimal(w, value, false, 0);
}

void json_put_quoted_i64(struct json_writer *w, int64_t value)
{
	put_decimal(w, magnitude_of(value), value < 0, '"');
}

void json_put_bool(struct json_writer *w, bool value)
{
	json_put_raw(w, value ? STR("true") : STR("false"));
}

void json_put_null(struct json_writer *w)
{
	json_put_raw(w, STR("null"));
}

void json_put_time(struct json_writer *w, nsec at)
{
	char text[CLOCK_TEXT];

	if (!nsec_known(at))
		json_put_null(w);
	else
		json_put_str(w, (struct str){ text, clock_format(at, text) });
}

void json_put_seconds(struct json_writer *w, nsec duration)
{
	char text[DURATION_TEXT];

	if (!nsec_known(duration))
		json_put_null(w);
	else
		json_put_raw(w, (struct str){ text, duration_format_seconds(duration, text) });
}
