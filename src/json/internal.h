/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared by the files of this room only: the two scans that every string passes through, and the
 * functions that the reader's files share.
 */
#pragma once

#include "json/reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Keeps the first error. Moves to the end, where every later call finds nothing. */
void json_fail(struct json *j, const char *p, const char *what);

/* True: there is a byte at j->p and a value may begin there. */
bool json_value_due(struct json *j);

/* The name as it is written, and whether it must be decoded; false after the closing brace. */
bool json_next_key(struct json *j, struct str *ret_inner, bool *ret_escaped);

/* The closing quote of a string, searched (and checked) from p, which is not plain; or NULL. */
const char *json_close_string(struct json *j, const char *p);

/* A checked string without its quotes, decoded into the arena. */
struct str json_unescape(struct arena *arena, struct str inner);

/* Both end at the first byte after the scalar and do not check what follows. */
bool json_take_number(struct json *j, struct str *ret_number, bool *ret_integer);
bool json_take_literal(struct json *j, struct str word);

typedef const char *json_skip_fn(const char *p, const char *end);

#ifdef __x86_64__
json_skip_fn json_skip_sse2, json_skip_avx2;
#endif

static inline bool json_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline const char *json_after_blanks(const char *p, const char *end)
{
	/* all blanks are below this one: most bytes need no more than one comparison */
	while (p < end && (unsigned char)*p <= ' ' && json_is_blank(*p))
		p++;
	return p;
}

/* The first quote, backslash or control character, or end. */
static inline const char *json_scan_plain(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x1f);

	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash));
		int mask;

		stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(x, control), x));
		mask = _mm_movemask_epi8(stop);
		if (mask)
			return p + __builtin_ctz((unsigned)mask);
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

#ifdef __SSE2__
/* A bit for each of 16 bytes at which json_scan_ascii ends. */
static inline unsigned json_not_plain(const char *p)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash));

	/* signed: control characters and everything from 0x80 on are below the blank */
	stop = _mm_or_si128(stop, _mm_cmplt_epi8(x, _mm_set1_epi8(' ')));
	return (unsigned)_mm_movemask_epi8(stop);
}
#endif

/* The same, and also at the first byte that is not ASCII. */
static inline const char *json_scan_ascii(const char *p, const char *end)
{
#ifdef __SSE2__
	bool whole = end - p >= 16;

	/* the last 16 bytes overlap those before them, which are plain */
	for (; whole && p < end; p += 16) {
		unsigned mask = json_not_plain(p = MIN(p, end - 16));

		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20 &&
	       (unsigned char)*p < 0x80)
		p++;
	return p;
}

/* The string at j->p, which is its quote; checked, not decoded. */
static inline bool json_take_string(struct json *j, struct str *ret_inner, bool *ret_escaped)
{
	const char *first = j->p + 1, *close = json_scan_plain(first, j->end);
	bool escaped = false;

	if (UNLIKELY(close == j->end || *close != '"')) {
		escaped = true;
		close = json_close_string(j, close);
		if (!close)
			return false;
	}
	*ret_inner = str_from_to(first, close);
	*ret_escaped = escaped;
	j->p = close + 1;
	return true;
}
