/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/quantity.h"

/* All suffixes as a power of ten or two; only "n" to "m" are below 1. */
static const struct suffix {
	const char *text;
	int ten, two;
} suffixes[] = {
	{ "n", -9, 0 },	 { "u", -6, 0 },  { "m", -3, 0 },  { "", 0, 0 },
	{ "k", 3, 0 },	 { "M", 6, 0 },	  { "G", 9, 0 },   { "T", 12, 0 },
	{ "P", 15, 0 },	 { "E", 18, 0 },  { "Ki", 0, 10 }, { "Mi", 0, 20 },
	{ "Gi", 0, 30 }, { "Ti", 0, 40 }, { "Pi", 0, 50 }, { "Ei", 0, 60 },
};

static bool exponent(struct str s, int *ret_ten)
{
	int64_t value;

	if (s.n < 2 || (s.p[0] != 'e' && s.p[0] != 'E'))
		return false;
	s = str_after(s, 1);
	if (s.p[0] == '+')
		s = str_after(s, 1);
	if (!str_i64(s, &value) || value < -30 || value > 30)
		return false;
	*ret_ten = (int)value;
	return true;
}

static bool suffix_of(struct str s, int *ret_ten, int *ret_two)
{
	*ret_two = 0;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		if (!str_eq(s, str_from(suffixes[i].text)))
			continue;
		*ret_ten = suffixes[i].ten;
		*ret_two = suffixes[i].two;
		return true;
	}
	return exponent(s, ret_ten);
}

/* mantissa * 10^ten * 2^two, rounded up, saturated. 128 bits hold 19 digits times 2^63. */
__extension__ typedef unsigned __int128 wide;

static int64_t scaled(uint64_t mantissa, int ten, int two)
{
	wide value = mantissa, rest = 0;

	for (; two > 0 && value <= (wide)INT64_MAX << 60; two--)
		value *= 2;
	for (; ten > 0 && value <= INT64_MAX; ten--)
		value *= 10;
	for (; ten < 0; ten++) {
		rest |= value % 10;
		value /= 10;
	}
	if (rest)
		value++;
	return value > INT64_MAX || two > 0 || ten > 0 ? (mantissa ? INT64_MAX : 0)
						       : (int64_t)value;
}

static bool parse(struct str s, int shift, int64_t *ret_value)
{
	uint64_t mantissa = 0;
	int ten = shift, two, more;
	bool point = false, any = false;
	size_t i = 0;

	if (s.n && s.p[0] == '+')
		s = str_after(s, 1);
	for (; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		any = true;
		if (mantissa > (UINT64_MAX - 9) / 10) {
			ten += !point; /* digits after the 18th do not change a resource's size */
			continue;
		}
		mantissa = mantissa * 10 + (uint64_t)(c - '0');
		ten -= point;
	}
	if (!any || !suffix_of(str_after(s, i), &more, &two))
		return false;
	*ret_value = scaled(mantissa, ten + more, two);
	return true;
}

bool quantity_milli(struct str text, int64_t *ret_milli)
{
	return parse(text, 3, ret_milli);
}

bool quantity_value(struct str text, int64_t *ret_value)
{
	return parse(text, 0, ret_value);
}
