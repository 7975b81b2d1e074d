/* SPDX-License-Identifier: Apache-2.0 */
#include "json/plain.h"

/* Words have each of three cases: null, Null, NULL. */
static bool is_word(struct str s, struct str lower, struct str title, struct str upper)
{
	return str_eq(s, lower) || str_eq(s, title) || str_eq(s, upper);
}

static bool is_endless(struct str s)
{
	if (is_word(s, STR(".nan"), STR(".NaN"), STR(".NAN")))
		return true;
	if (s.n && (*s.p == '-' || *s.p == '+'))
		s = str_after(s, 1);
	return is_word(s, STR(".inf"), STR(".Inf"), STR(".INF"));
}

static struct str take_digits(struct str *s)
{
	struct str digits = { s->p, 0 };

	while (digits.n < s->n && s->p[digits.n] >= '0' && s->p[digits.n] <= '9')
		digits.n++;
	*s = str_after(*s, digits.n);
	return digits;
}

struct decimal {
	struct str whole, fraction, exponent; /* the last one from its e on */
	bool minus;
};

static bool decimal_of(struct str s, struct decimal *ret)
{
	struct decimal d = { .minus = s.n && *s.p == '-' };
	const char *begin;

	if (s.n && (*s.p == '-' || *s.p == '+'))
		s = str_after(s, 1);
	d.whole = take_digits(&s);
	if (s.n && *s.p == '.') {
		s = str_after(s, 1);
		d.fraction = take_digits(&s);
	}
	if (d.whole.n + d.fraction.n == 0)
		return false;
	if (s.n && (*s.p == 'e' || *s.p == 'E')) {
		begin = s.p;
		s = str_after(s, 1);
		if (s.n && (*s.p == '-' || *s.p == '+'))
			s = str_after(s, 1);
		if (take_digits(&s).n == 0)
			return false;
		d.exponent = str_from_to(begin, s.p);
	}
	*ret = d;
	return s.n == 0;
}

/* 0o17 and 0xff; ret: the value, saturated. */
static bool based_of(struct str s, bool *ret_fits, uint64_t *ret)
{
	uint64_t base = str_starts(s, STR("0o")) ? 8 : 16, value = 0;

	if (s.n < 3 || (base == 16 && !str_starts(s, STR("0x"))))
		return false;
	*ret_fits = true;
	for (s = str_after(s, 2); s.n; s = str_after(s, 1)) {
		char c = *s.p >= 'A' && *s.p <= 'F' ? (char)(*s.p - 'A' + 'a') : *s.p;
		uint64_t digit = c >= '0' && c <= '9'	? (uint64_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a' + 10)
							: 16;

		if (digit >= base)
			return false;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			*ret_fits = false;
	}
	*ret = value;
	return true;
}

enum plain plain_of(struct str s)
{
	struct decimal decimal;
	uint64_t value;
	bool fits;

	if (s.n == 0)
		return PLAIN_NULL;
	switch (*s.p) { /* by the first byte, because nearly all are strings */
	case '~':
	case 'n':
	case 'N':
		return str_eq(s, STR("~")) || is_word(s, STR("null"), STR("Null"), STR("NULL"))
			   ? PLAIN_NULL
			   : PLAIN_STRING;
	case 't':
	case 'T':
		return is_word(s, STR("true"), STR("True"), STR("TRUE")) ? PLAIN_TRUE
									 : PLAIN_STRING;
	case 'f':
	case 'F':
		return is_word(s, STR("false"), STR("False"), STR("FALSE")) ? PLAIN_FALSE
									    : PLAIN_STRING;
	default:
		break;
	}
	if (!strchr("+-.0123456789", *s.p))
		return PLAIN_STRING;
	if (decimal_of(s, &decimal))
		return PLAIN_NUMBER;
	if (based_of(s, &fits, &value))
		return fits ? PLAIN_NUMBER : PLAIN_TOO_LARGE;
	return is_endless(s) ? PLAIN_ENDLESS : PLAIN_STRING;
}

void plain_add_number(struct buf *out, struct str number)
{
	struct decimal d;
	uint64_t value;
	bool fits;

	if (based_of(number, &fits, &value)) {
		buf_printf(out, "%llu", (unsigned long long)value);
		return;
	}
	if (!decimal_of(number, &d))
		return;
	while (d.whole.n > 1 && *d.whole.p == '0')
		d.whole = str_after(d.whole, 1);
	if (d.minus)
		buf_add_char(out, '-');
	buf_add_str(out, d.whole.n ? d.whole : STR("0"));
	if (d.fraction.n) {
		buf_add_char(out, '.');
		buf_add_str(out, d.fraction);
	}
	buf_add_str(out, d.exponent);
}
