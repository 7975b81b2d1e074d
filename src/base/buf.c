/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>

void buf_reserve(struct buf *b, size_t more)
{
	size_t want;

	if (__builtin_add_overflow(b->n, more, &want))
		mem_exhausted(SIZE_MAX);
	array_reserve(b->p, b->cap, want);
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	buf_reserve(b, n);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char probe[1]; /* not NULL: gcc 12 warns about it under the sanitizers */
	int n;

	assert(fmt); /* without it gcc 12 warns under the sanitizers that it may be NULL */
	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(probe, sizeof(probe), fmt, ap);
	va_end(ap);
	if (n > 0) {
		buf_reserve(b, (size_t)n + 1);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_free(struct buf *b)
{
	mem_free(b->p);
	*b = (struct buf){ 0 };
}

void buf_put_long_varint(struct buf *b, uint64_t value)
{
	buf_reserve(b, 10);
	while (value >= 0x80) {
		b->p[b->n++] = (char)(value | 0x80);
		value >>= 7;
	}
	b->p[b->n++] = (char)value;
}

void buf_put_zigzag(struct buf *b, int64_t value)
{
	uint64_t u = (uint64_t)value;

	buf_put_varint(b, value < 0 ? ~(u << 1) : u << 1);
}

void buf_put_str(struct buf *b, struct str s)
{
	buf_put_varint(b, s.n);
	buf_add_str(b, s);
}

void buf_put_maybe(struct buf *b, struct str s)
{
	buf_put_varint(b, s.p ? (uint64_t)s.n + 1 : 0);
	if (s.p)
		buf_add_str(b, s);
}

void buf_put_be64(struct buf *b, uint64_t value)
{
	unsigned char be[8];

	for (int i = 0; i < 8; i++)
		be[i] = (unsigned char)(value >> (56 - 8 * i));
	buf_add(b, be, sizeof(be));
}

struct bytes bytes_of(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	return (struct bytes){ .p = p, .end = s.n ? p + s.n : p };
}

uint64_t bytes_long_varint(struct bytes *in)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		unsigned char c;

		if (in->p == in->end)
			break;
		c = *in->p++;
		value |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return value;
	}
	in->bad = true;
	in->p = in->end;
	return 0;
}

int64_t bytes_zigzag(struct bytes *in)
{
	uint64_t u = bytes_varint(in);

	return u & 1 ? (int64_t) ~(u >> 1) : (int64_t)(u >> 1);
}

struct str bytes_str(struct bytes *in)
{
	uint64_t n = bytes_varint(in);
	struct str s = { (const char *)in->p, 0 };

	if (n > (uint64_t)(in->end - in->p)) {
		in->bad = true;
		in->p = in->end;
		return (struct str){ 0 };
	}
	s.n = (size_t)n;
	in->p += n;
	return s;
}

struct str bytes_maybe(struct bytes *in)
{
	uint64_t n = bytes_varint(in);
	struct str s = { 0 };

	if (n == 0)
		return s;
	if (n - 1 > (uint64_t)(in->end - in->p)) {
		in->bad = true;
		in->p = in->end;
		return s;
	}
	s.p = n == 1 ? "" : (const char *)in->p;
	s.n = (size_t)(n - 1);
	in->p += n - 1;
	return s;
}

uint64_t bytes_be64(struct bytes *in)
{
	uint64_t value = 0;

	if (in->end - in->p < 8) {
		in->bad = true;
		in->p = in->end;
		return 0;
	}
	for (int i = 0; i < 8; i++)
		value = value << 8 | *in->p++;
	return value;
}
