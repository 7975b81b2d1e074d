/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable buffer of bytes. A zeroed buffer is valid and empty; reset keeps the memory, free
 * releases it. A slice of its content is valid until the buffer changes.
 *
 * struct bytes reads back the output of the buf_ functions: varints (LEB128), zigzag, strings with
 * a length. It never reads past its end: the first invalid read sets `bad`, and every later one
 * returns 0.
 */
#pragma once

#include "base/str.h"

struct buf {
	char *p;
	size_t n, cap;
};

void buf_reserve(struct buf *b, size_t more); /* room for more bytes after n */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_free(struct buf *b);

static inline void buf_add_char(struct buf *b, char c)
{
	if (UNLIKELY(b->n == b->cap))
		buf_reserve(b, 1);
	b->p[b->n++] = c;
}

static inline void buf_reset(struct buf *b)
{
	b->n = 0;
}

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

void buf_put_long_varint(struct buf *b, uint64_t value);
void buf_put_zigzag(struct buf *b, int64_t value);
void buf_put_str(struct buf *b, struct str s); /* varint length, then the bytes */
void buf_put_maybe(struct buf *b,
		   struct str s); /* may be unknown (p == NULL): 0, else length + 1 */
void buf_put_be64(struct buf *b, uint64_t value);

struct bytes {
	const unsigned char *p, *end;
	bool bad;
};

struct bytes bytes_of(struct str s);
uint64_t bytes_long_varint(struct bytes *in);
int64_t bytes_zigzag(struct bytes *in);
struct str bytes_str(struct bytes *in); /* a slice of the input */
struct str bytes_maybe(struct bytes *in);
uint64_t bytes_be64(struct bytes *in);

/* Nearly all varints are a single byte. */
static inline void buf_put_varint(struct buf *b, uint64_t value)
{
	if (value < 0x80 && b->n < b->cap)
		b->p[b->n++] = (char)value;
	else
		buf_put_long_varint(b, value);
}

static inline uint64_t bytes_varint(struct bytes *in)
{
	return in->p < in->end && *in->p < 0x80 ? *in->p++ : bytes_long_varint(in);
}
