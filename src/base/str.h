/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices of strings. A str never owns its bytes, is not NUL-terminated and is passed by value. The
 * zero value is the empty string. p may be NULL when n is 0; only where a header mentions it does p
 * == NULL mean "absent".
 */
#pragma once

#include "base/prelude.h"

struct str {
	const char *p;
	size_t n;
};

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)((s).n > INT_MAX ? INT_MAX : (s).n), (s).p ? (s).p : ""

struct str str_from(const char *text);	 /* NULL gives the empty string */
bool str_eq_fold(struct str a, struct str b); /* ignores the case of ASCII letters */
int str_cmp(struct str a, struct str b); /* by bytes; a prefix is less */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str needle);
bool str_is_one_of(struct str s, const char *const *words); /* words ends with NULL */
struct str str_trim(struct str s); /* without blanks, tabs, CR and LF at both ends */

/* Splits at the first (last) sep. False, with nothing set, when there is none. */
bool str_cut(struct str s, char sep, struct str *ret_head, struct str *ret_tail);
bool str_cut_last(struct str s, char sep, struct str *ret_head, struct str *ret_tail);
/* Removes the first element from a list separated by sep. False: the list is empty. */
bool str_next(struct str *list, char sep, struct str *ret_part);

/* All of s as a number; false when it is empty, has other characters or overflows. */
bool str_u64(struct str s, uint64_t *ret_value);
bool str_i64(struct str s, int64_t *ret_value);
bool str_hex64(struct str s, uint64_t *ret_value);

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline char char_lower(char c) /* of ASCII */
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline struct str str_from_to(const char *p, const char *end)
{
	return (struct str){ p, (size_t)(end - p) };
}

/* s without its first n bytes; n must not exceed s.n. */
static inline struct str str_after(struct str s, size_t n)
{
	return (struct str){ n ? s.p + n : s.p, s.n - n }; /* adding even 0 to NULL is undefined */
}

/* Bytes as hexadecimal digits without NUL; ret_text must hold two for each byte. */
struct str str_hex(const uint8_t *bytes, size_t n, char *ret_text);

/* 12345 as 12,345, for people; ends with NUL. text: STR_GROUPED bytes. */
enum { STR_GROUPED = 32 };
struct str str_grouped(uint64_t value, char *text);
