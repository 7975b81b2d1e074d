/* SPDX-License-Identifier: Apache-2.0 */
#include "json/plain.h"

static const struct {
	const char *text;
	enum plain kind;
} words[] = {
	{ "~", PLAIN_NULL },	    { "null", PLAIN_NULL },	{ "Null", PLAIN_NULL },
	{ "NULL", PLAIN_NULL },	    { "true", PLAIN_TRUE },	{ "True", PLAIN_TRUE },
	{ "TRUE", PLAIN_TRUE },	    { "false", PLAIN_FALSE },	{ "False", PLAIN_FALSE },
	{ "FALSE", PLAIN_FALSE },   { ".nan", PLAIN_ENDLESS },	{ ".NaN", PLAIN_ENDLESS },
	{ ".NAN", PLAIN_ENDLESS },  { ".inf", PLAIN_ENDLESS },	{ ".Inf", PLAIN_ENDLESS },
	{ ".INF", PLAIN_ENDLESS },  { "+.inf", PLAIN_ENDLESS }, { "+.Inf", PLAIN_ENDLESS },
	{ "+.INF", PLAIN_ENDLESS }, { "-.inf", PLAIN_ENDLESS }, { "-.Inf", PLAIN_ENDLESS },
	{ "-.INF", PLAIN_ENDLESS },
};

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
	if (!strchr("~nNtTfF+-.0123456789", *s.p)) /* nearly all are strings */
		return PLAIN_STRING;
	for (size_t i = 0; s.n <= STR("false").n && i < ARRAY_SIZE(words); i++)
		if (str_eq(s, str_from(words[i].text)))
			return words[i].kind;
	if (decimal_of(s, &decimal))
		return PLAIN_NUMBER;
	if (based_of(s, &fits, &value))
		return fits ? PLAIN_NUMBER : PLAIN_TOO_LARGE;
	return PLAIN_STRING;
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
