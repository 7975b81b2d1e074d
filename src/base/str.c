/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

struct str str_from(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

bool str_eq_fold(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (char_lower(a.p[i]) != char_lower(b.p[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = MIN(a.n, b.n);
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_after(s, s.n - suffix.n), suffix);
}

bool str_is_one_of(struct str s, const char *const *words)
{
	while (*words && !str_eq(s, str_from(*words)))
		words++;
	return *words != NULL;
}

bool str_contains(struct str s, struct str needle)
{
	if (needle.n == 0)
		return true;
	return s.n >= needle.n && memmem(s.p, s.n, needle.p, needle.n) != NULL;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && blank(s.p[0]))
		s = str_after(s, 1);
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool cut_at(struct str s, const char *at, struct str *ret_head, struct str *ret_tail)
{
	if (!at)
		return false;
	*ret_head = str_from_to(s.p, at);
	*ret_tail = str_from_to(at + 1, s.p + s.n);
	return true;
}

bool str_cut(struct str s, char sep, struct str *ret_head, struct str *ret_tail)
{
	return cut_at(s, s.n ? memchr(s.p, sep, s.n) : NULL, ret_head, ret_tail);
}

bool str_cut_last(struct str s, char sep, struct str *ret_head, struct str *ret_tail)
{
	return cut_at(s, s.n ? memrchr(s.p, sep, s.n) : NULL, ret_head, ret_tail);
}

bool str_next(struct str *list, char sep, struct str *ret_part)
{
	struct str part = *list, rest = { 0 };

	if (!part.p)
		return false;
	str_cut(part, sep, &part, &rest);
	*list = rest;
	*ret_part = part;
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static bool number(struct str s, unsigned base, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned)digit(s.p[i]);

		if (d >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)d, &value))
			return false;
	}
	*ret_value = value;
	return true;
}

bool str_u64(struct str s, uint64_t *ret_value)
{
	return number(s, 10, ret_value);
}

bool str_hex64(struct str s, uint64_t *ret_value)
{
	return number(s, 16, ret_value);
}

bool str_i64(struct str s, int64_t *ret_value)
{
	bool negative = s.n && s.p[0] == '-';
	uint64_t magnitude;

	if (!number(negative ? str_after(s, 1) : s, 10, &magnitude))
		return false;
	if (magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*ret_value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

struct str str_hex(const uint8_t *bytes, size_t n, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		ret_text[2 * i] = digits[bytes[i] >> 4];
		ret_text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return (struct str){ ret_text, 2 * n };
}

struct str str_grouped(uint64_t value, char *text)
{
	char digits[24];
	size_t n = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value),
	       at = 0;

	for (size_t i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = 0;
	return (struct str){ text, at };
}
