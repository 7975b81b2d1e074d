/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Skipping a container 64 bytes at a time. A block becomes four masks of 64 bits, one bit a byte:
 * quotes, backslashes, opening and closing brackets. What follows is arithmetic on whole masks
 * (after Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019):
 *
 *	{"a":"b\"}","c":[1]}	the bytes
 *	.#.#.#..x#.##.#.....	quotes; x is escaped and falls out
 *	.##..####..##.......	inside strings (opening quote included): xor of all quotes so far
 *	#...............#...	opening brackets outside of strings
 *	..................##	closing brackets outside of strings
 *
 * The bits of brackets are looked at one by one only in a block with so many closing ones that the
 * depth might reach zero, which for a big container is the last block or two.
 */
#include "json/internal.h"

#ifdef __x86_64__

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))
#define AVX2 __attribute__((target("avx2,pclmul,popcnt")))

enum { BLOCK = 64 };

struct masks {
	uint64_t quote, backslash, open, close;
};

/* State that one block hands to the next. */
struct carry {
	uint64_t escaped;   /* 1: its first byte follows a backslash that escapes it */
	uint64_t in_string; /* all ones or none */
	uint64_t depth;
};

/*
 * The bytes that follow an odd run of backslashes. Adding the first bit of a run to the run carries
 * into the byte after it. The parity of that byte's position and of the run's first position gives
 * the parity of the run's length.
 */
INLINE uint64_t escaped_bytes(uint64_t backslash, uint64_t *carry)
{
	const uint64_t even = 0x5555555555555555;
	unsigned long long sum;
	uint64_t after, odd_first;

	if (LIKELY(!backslash)) {
		after = *carry;
		*carry = 0;
		return after;
	}
	backslash &= ~*carry;
	after = backslash << 1 | *carry;
	odd_first = backslash & ~even & ~after;
	*carry = __builtin_uaddll_overflow(odd_first, backslash, &sum);
	return (even ^ (uint64_t)sum << 1) & after;
}

/* The position of the bracket that makes the depth zero, plus one; 0 when it is not among these. */
INLINE unsigned last_bracket(const struct masks *m, uint64_t depth)
{
	uint64_t close = m->close, open = m->open;

	/* every closing bracket subtracts one after the opening ones before it were added */
	for (; close; close &= close - 1) {
		uint64_t before = (close & -close) - 1;

		for (; open & before; open &= open - 1)
			depth++;
		if (--depth == 0)
			return (unsigned)__builtin_ctzll(close) + 1;
	}
	return 0;
}

INLINE uint64_t prefix_xor_shifts(uint64_t x)
{
	for (unsigned shift = 1; shift < 64; shift *= 2)
		x ^= x << shift;
	return x;
}

INLINE uint64_t count_bits(uint64_t x)
{
	x -= x >> 1 & 0x5555555555555555;
	x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
	x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return x * 0x0101010101010101 >> 56;
}

/* The last block, padded with blanks: no byte outside of [p, end) is ever read. */
INLINE void pad(char *block, const char *p, const char *end)
{
	memset(block, ' ', BLOCK);
	memcpy(block, p, (size_t)(end - p));
}

INLINE uint64_t movemask4(__m128i a, __m128i b, __m128i c, __m128i d)
{
	uint64_t low = (uint64_t)(uint32_t)_mm_movemask_epi8(a) |
		       (uint64_t)(uint32_t)_mm_movemask_epi8(b) << 16;
	uint64_t high = (uint64_t)(uint32_t)_mm_movemask_epi8(c) |
			(uint64_t)(uint32_t)_mm_movemask_epi8(d) << 16;

	return low | high << 32;
}

INLINE struct masks masks_sse2(const char *p)
{
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i open = _mm_set1_epi8('{'), close = _mm_set1_epi8('}');
	const __m128i fold = _mm_set1_epi8(0x20); /* the difference of '[' and '{', ']' and '}' */
	__m128i x[4], y[4];

	for (int i = 0; i < 4; i++) {
		x[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		y[i] = _mm_or_si128(x[i], fold);
	}
#define EQUAL(v, c)                                                                                \
	movemask4(_mm_cmpeq_epi8((v)[0], (c)), _mm_cmpeq_epi8((v)[1], (c)),                        \
		  _mm_cmpeq_epi8((v)[2], (c)), _mm_cmpeq_epi8((v)[3], (c)))
	return (struct masks){
		.quote = EQUAL(x, quote),
		.backslash = EQUAL(x, backslash),
		.open = EQUAL(y, open),
		.close = EQUAL(y, close),
	};
#undef EQUAL
}

INLINE unsigned step_sse2(const char *p, struct carry *c)
{
	struct masks m = masks_sse2(p);
	uint64_t closing, in_string;

	m.quote &= ~escaped_bytes(m.backslash, &c->escaped);
	in_string = prefix_xor_shifts(m.quote) ^ c->in_string;
	c->in_string = (uint64_t)((int64_t)in_string >> 63);
	m.open &= ~in_string;
	m.close &= ~in_string;
	closing = count_bits(m.close);
	if (UNLIKELY(closing >= c->depth)) {
		unsigned at = last_bracket(&m, c->depth);

		if (at)
			return at;
	}
	c->depth += count_bits(m.open) - closing;
	return 0;
}

const char *json_skip_sse2(const char *p, const char *end)
{
	struct carry c = { 0 };
	char block[BLOCK];
	unsigned at;

	for (; end - p >= BLOCK; p += BLOCK) {
		at = step_sse2(p, &c);
		if (at)
			return p + at;
	}
	pad(block, p, end);
	at = step_sse2(block, &c);
	return at ? p + at : NULL;
}

AVX2 INLINE uint64_t equal_avx2(__m256i a, __m256i b, __m256i c)
{
	uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, c));
	uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, c));

	return low | high << 32;
}

AVX2 INLINE struct masks masks_avx2(const char *p)
{
	const __m256i fold = _mm256_set1_epi8(0x20);
	__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
	__m256i a_folded = _mm256_or_si256(a, fold), b_folded = _mm256_or_si256(b, fold);

	return (struct masks){
		.quote = equal_avx2(a, b, _mm256_set1_epi8('"')),
		.backslash = equal_avx2(a, b, _mm256_set1_epi8('\\')),
		.open = equal_avx2(a_folded, b_folded, _mm256_set1_epi8('{')),
		.close = equal_avx2(a_folded, b_folded, _mm256_set1_epi8('}')),
	};
}

/* A carry-less product with all ones is the xor of all bits up to each. */
AVX2 INLINE uint64_t prefix_xor_clmul(uint64_t x)
{
	__m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)x), _mm_set1_epi8(-1), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX2 INLINE unsigned step_avx2(const char *p, struct carry *c)
{
	struct masks m = masks_avx2(p);
	uint64_t closing, in_string;

	m.quote &= ~escaped_bytes(m.backslash, &c->escaped);
	in_string = prefix_xor_clmul(m.quote) ^ c->in_string;
	c->in_string = (uint64_t)((int64_t)in_string >> 63);
	m.open &= ~in_string;
	m.close &= ~in_string;
	closing = (uint64_t)_mm_popcnt_u64(m.close);
	if (UNLIKELY(closing >= c->depth)) {
		unsigned at = last_bracket(&m, c->depth);

		if (at)
			return at;
	}
	c->depth += (uint64_t)_mm_popcnt_u64(m.open) - closing;
	return 0;
}

AVX2 const char *json_skip_avx2(const char *p, const char *end)
{
	struct carry c = { 0 };
	char block[BLOCK];
	unsigned at;

	for (; end - p >= BLOCK; p += BLOCK) {
		at = step_avx2(p, &c);
		if (at)
			return p + at;
	}
	pad(block, p, end);
	at = step_avx2(block, &c);
	return at ? p + at : NULL;
}

#endif
