/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

/*
 * The number of bytes that follow a first byte. After some first bytes the range of the second is
 * narrower (Unicode, table 3-7), which excludes invalid characters.
 */
static size_t following(unsigned char first, unsigned char *ret_low, unsigned char *ret_high)
{
	*ret_low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	*ret_high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

struct utf8 utf8_first(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char low, high;
	size_t n = following(p[0], &low, &high), i;
	uint32_t c = n ? p[0] & (0x3fu >> n) : p[0];

	if (n == 0 && p[0] >= 0x80)
		return (struct utf8){ UTF8_REPLACEMENT, 1, false, false };
	for (i = 1; i <= n && i < s.n && p[i] >= low && p[i] <= high; i++) {
		c = c << 6 | (p[i] & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	if (i <= n)
		return (struct utf8){ UTF8_REPLACEMENT, (uint8_t)i, false, i == s.n };
	return (struct utf8){ c, (uint8_t)i, true, false };
}

/* Skips plain ASCII, eight bytes at a time. */
static struct str after_ascii(struct str s)
{
	uint64_t bytes;

	for (; s.n >= sizeof(bytes); s = str_after(s, sizeof(bytes))) {
		memcpy(&bytes, s.p, sizeof(bytes));
		if (bytes & 0x8080808080808080)
			break;
	}
	while (s.n && (unsigned char)*s.p < 0x80)
		s = str_after(s, 1);
	return s;
}

bool utf8_valid(struct str s)
{
	struct utf8 first;

	while ((s = after_ascii(s)).n) {
		first = utf8_first(s);
		if (!first.good)
			return false;
		s = str_after(s, first.n);
	}
	return true;
}
