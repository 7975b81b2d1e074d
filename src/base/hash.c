/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

/* 64-bit finaliser with two odd multipliers (Stafford's Mix13 constants). */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* Bytes are combined little-endian, so the value does not depend on the machine. */
static uint64_t load(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint64_t hash_str(struct str s, uint64_t seed)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint64_t h = mix(seed ^ (0x9e3779b97f4a7c15u + s.n));
	size_t n = s.n;

	for (; n >= 8; p += 8, n -= 8)
		h = mix(h ^ load(p, 8)) + 0x9e3779b97f4a7c15u;
	if (n)
		h = mix(h ^ load(p, n));
	return mix(h);
}
