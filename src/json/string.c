/* SPDX-License-Identifier: Apache-2.0 */
/* Strings with escapes, which are checked while the end is searched, and decoded afterwards. */
#include "json/internal.h"

enum { REPLACEMENT = 0xfffd };

/* The character that an escape means; 0 where RFC 8259 has no such escape. */
static const char unescaped[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One past the escape whose backslash is at p, or NULL. */
static const char *check_escape(struct json *j, const char *p)
{
	const char *end = j->end;

	if (++p == end) {
		json_fail(j, end, "the text ends inside a string");
		return NULL;
	}
	if (*p != 'u') {
		if (unescaped[(unsigned char)*p])
			return p + 1;
		json_fail(j, p, "not an escape");
		return NULL;
	}
	p++;
	for (int i = 0; i < 4; i++, p++) {
		if (p == end) {
			json_fail(j, end, "the text ends inside a string");
			return NULL;
		}
		if (hex_digit(*p) < 0) {
			json_fail(j, p, "not four hexadecimal digits after \\u");
			return NULL;
		}
	}
	return p;
}

const char *json_close_string(struct json *j, const char *p)
{
	while (p < j->end && *p != '"') {
		if (*p != '\\') {
			json_fail(j, p, "a control character inside a string");
			return NULL;
		}
		p = check_escape(j, p);
		if (!p)
			return NULL;
		p = json_scan_plain(p, j->end);
	}
	if (p == j->end) {
		json_fail(j, p, "the text ends inside a string");
		return NULL;
	}
	return p;
}

static unsigned hex4(const char *p)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 4 | (unsigned)hex_digit(p[i]);
	return value;
}

static char *put_utf8(char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

/* p is after \u; a pair of surrogates is one character, half a pair is none. */
static const char *decode_unicode(const char *p, const char *end, char **out)
{
	unsigned c = hex4(p), low;

	p += 4;
	if (c >= 0xd800 && c <= 0xdfff) {
		bool pair = c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u';

		low = pair ? hex4(p + 2) : 0;
		if (low >= 0xdc00 && low <= 0xdfff) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		} else {
			c = REPLACEMENT;
		}
	}
	*out = put_utf8(*out, c);
	return p;
}

struct str json_unescape(struct arena *arena, struct str inner)
{
	const char *p = inner.p, *end = p + inner.n;
	char *first, *out;

	assert(arena);
	first = out = arena_alloc(arena, inner.n, 1); /* no escape is shorter than its UTF-8 */
	while (p < end) {
		const char *stop = json_scan_plain(p, end);

		memcpy(out, p, (size_t)(stop - p));
		out += stop - p;
		p = stop;
		if (p == end)
			break;
		if (p[1] == 'u') {
			p = decode_unicode(p + 2, end, &out);
		} else {
			*out++ = unescaped[(unsigned char)p[1]];
			p += 2;
		}
	}
	return str_from_to(first, out);
}
