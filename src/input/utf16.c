/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 to UTF-8 through the C library: PowerShell's > writes UTF-16. */
#include "input/stream.h"

#include "base/mem.h"

#include <errno.h>
#include <iconv.h>

enum { UTF16_ROOM = 16 * 1024, UTF16_UNIT_MAX = 4 /* bytes of a character in UTF-16 */ };

struct utf16 {
	struct stream s;
	struct feed in;
	iconv_t cd;
	bool begun;
	char rest[UTF16_UNIT_MAX]; /* of a character that the last input split */
	size_t n_rest;
	char out[UTF16_ROOM];
	size_t pos, n;
};

/* Bytes that cannot be converted become U+FFFD, one for each unit of 16 bits. */
static void replace(struct utf16 *u, char **to, size_t *room)
{
	static const char mark[] = "\xef\xbf\xbd";

	memcpy(*to, mark, sizeof(mark) - 1);
	*to += sizeof(mark) - 1;
	*room -= sizeof(mark) - 1;
}

/* Converts the input; only part of a character remains. */
static void convert(struct utf16 *u, char **from, size_t *left)
{
	char *to = u->out + u->n;
	size_t room = sizeof(u->out) - u->n;

	while (*left >= 2 && room >= 2 * UTF16_UNIT_MAX) {
		if (iconv(u->cd, from, left, &to, &room) != (size_t)-1)
			break;
		if (errno == E2BIG)
			break;
		if (errno == EINVAL && *left < UTF16_UNIT_MAX)
			break; /* half of a pair */
		if (room < 2 * UTF16_UNIT_MAX)
			break;
		replace(u, &to, &room);
		*from += 2;
		*left -= 2;
	}
	u->n = sizeof(u->out) - room;
}

static void convert_rest(struct utf16 *u)
{
	char *from = u->rest;

	while (u->n_rest < UTF16_UNIT_MAX && u->in.pos < u->in.n)
		u->rest[u->n_rest++] = (char)u->in.buf[u->in.pos++];
	convert(u, &from, &u->n_rest);
	memmove(u->rest, from, u->n_rest);
}

/* The byte order mark is not part of the text. */
static void skip_mark(struct utf16 *u)
{
	u->begun = true;
	u->in.pos += MIN(u->in.n, (size_t)2);
}

static ssize_t utf16_more(struct utf16 *u, struct stream_fault *fault)
{
	char *from;
	size_t left;

	u->pos = u->n = 0;
	while (u->n == 0) {
		if (u->in.pos == u->in.n) {
			ssize_t got = feed_more(&u->in, fault);

			if (got <= 0)
				return got; /* half a character at the end is dropped */
			if (!u->begun)
				skip_mark(u);
		}
		if (u->n_rest) {
			convert_rest(u);
			continue;
		}
		from = (char *)u->in.buf + u->in.pos;
		left = u->in.n - u->in.pos;
		convert(u, &from, &left);
		u->in.pos = u->in.n - left;
		if (left < UTF16_UNIT_MAX) {
			memcpy(u->rest, from, left);
			u->n_rest = left;
			u->in.pos = u->in.n;
		}
	}
	return (ssize_t)u->n;
}

static ssize_t utf16_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct utf16 *u = (struct utf16 *)s;

	if (u->pos == u->n) {
		ssize_t got = utf16_more(u, fault);

		if (got <= 0)
			return got;
	}
	n = MIN(n, u->n - u->pos);
	memcpy(to, u->out + u->pos, n);
	u->pos += n;
	return (ssize_t)n;
}

static void utf16_close(struct stream *s)
{
	struct utf16 *u = (struct utf16 *)s;

	if (u->cd != (iconv_t)-1)
		iconv_close(u->cd);
	feed_close(&u->in);
	mem_free(u);
}

static struct stream *utf16_open(struct stream *from, const char *charset)
{
	static const struct stream_ops ops = { utf16_read, utf16_close };
	struct utf16 *u = mem_zalloc(sizeof(*u));

	u->s.ops = &ops;
	feed_open(&u->in, from);
	u->cd = iconv_open("UTF-8", charset);
	return &u->s;
}

struct stream *utf16le_open(struct stream *from, const struct peel_config *config)
{
	return utf16_open(from, "UTF-16LE");
}

struct stream *utf16be_open(struct stream *from, const struct peel_config *config)
{
	return utf16_open(from, "UTF-16BE");
}
