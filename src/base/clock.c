/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

/* Days since 1970-01-01 of a Gregorian date, counted in eras of 400 years that begin in March. */
static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (int64_t)(m > 2 ? m - 3 : m + 9) + 2) / 5 + (int64_t)d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void civil_from_days(int64_t days, int *ret_y, int *ret_m, int *ret_d)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*ret_d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*ret_m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*ret_y = (int)(yoe + era * 400 + (*ret_m <= 2));
}

static bool digits(const char *p, int n, unsigned *ret_value)
{
	unsigned value = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		value = value * 10 + (unsigned)(p[i] - '0');
	}
	*ret_value = value;
	return true;
}

static unsigned days_in_month(unsigned y, unsigned m)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		return 29;
	return days[m - 1];
}

/* The fraction and the zone, which follow the 19 characters of date and time. */
static bool parse_tail(struct str s, int64_t *ret_nanos, int64_t *ret_offset_seconds)
{
	size_t i = 0;
	int64_t nanos = 0, scale = 100000000;
	unsigned h, m;

	if (i < s.n && (s.p[i] == '.' || s.p[i] == ',')) {
		size_t first = ++i;

		for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, scale /= 10)
			nanos += (s.p[i] - '0') * scale;
		if (i == first)
			return false;
	}
	*ret_nanos = nanos;
	*ret_offset_seconds = 0;
	if (s.n - i == 1 && (s.p[i] == 'Z' || s.p[i] == 'z'))
		return true;
	if (s.n - i != 6 || (s.p[i] != '+' && s.p[i] != '-') || s.p[i + 3] != ':' ||
	    !digits(s.p + i + 1, 2, &h) || !digits(s.p + i + 4, 2, &m) || h > 23 || m > 59)
		return false;
	*ret_offset_seconds = (int64_t)(h * 3600 + m * 60) * (s.p[i] == '-' ? -1 : 1);
	return true;
}

bool clock_parse(struct str s, nsec *ret_at)
{
	unsigned y, mo, d, h, mi, sec;
	int64_t nanos, offset, seconds;

	if (s.n < 20 || s.p[4] != '-' || s.p[7] != '-' || s.p[13] != ':' || s.p[16] != ':' ||
	    (s.p[10] != 'T' && s.p[10] != 't' && s.p[10] != ' '))
		return false;
	if (!digits(s.p, 4, &y) || !digits(s.p + 5, 2, &mo) || !digits(s.p + 8, 2, &d) ||
	    !digits(s.p + 11, 2, &h) || !digits(s.p + 14, 2, &mi) || !digits(s.p + 17, 2, &sec))
		return false;
	if (y < 1970 || y > 2261 || mo < 1 || mo > 12 || d < 1 || d > days_in_month(y, mo) ||
	    h > 23 || mi > 59 || sec > 60)
		return false;
	if (!parse_tail(str_after(s, 19), &nanos, &offset))
		return false;
	seconds = days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60 + sec - offset;
	if (seconds < 0)
		return false;
	*ret_at = seconds * SECOND + nanos;
	return true;
}

size_t clock_format(nsec at, char *ret_text)
{
	int64_t ns = at % SECOND, seconds = at / SECOND, days;
	int y, mo, d, rest;

	if (ns < 0) {
		ns += SECOND;
		seconds--;
	}
	days = seconds / 86400 - (seconds % 86400 < 0);
	rest = (int)(seconds - days * 86400);
	civil_from_days(days, &y, &mo, &d);
	return (size_t)snprintf(ret_text, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ",
				y % 10000, mo, d, rest / 3600, rest / 60 % 60, rest % 60, (int)ns);
}

size_t clock_format_in(clock_zone *zone, nsec at, int n_digits, char *ret_text)
{
	int32_t east = zone ? zone(at) : 0, off = east < 0 ? -east : east;
	char whole[CLOCK_TEXT], tail[8] = "Z";
	nsec local;

	if (__builtin_add_overflow(at, east * SECOND, &local)) {
		local = at;
		east = 0;
	}
	clock_format(local, whole);
	if (east)
		snprintf(tail, sizeof(tail), "%c%02d:%02d", east < 0 ? '-' : '+', off / 3600 % 100,
			 off / 60 % 60);
	n_digits = n_digits < 0 ? 0 : MIN(n_digits, 9);
	return (size_t)snprintf(ret_text, CLOCK_TEXT, "%.*s%s", n_digits ? 20 + n_digits : 19,
				whole, tail);
}

static const struct unit {
	struct str name;
	nsec size;
} units[] = {
	{ { "ns", 2 }, 1 },	      { { "us", 2 }, 1000 },	{ { "\xc2\xb5s", 3 }, 1000 },
	{ { "\xce\xbcs", 3 }, 1000 }, { { "ms", 2 }, 1000000 }, { { "s", 1 }, SECOND },
	{ { "m", 1 }, MINUTE },	      { { "h", 1 }, HOUR },	{ { "d", 1 }, 24 * HOUR },
};

static bool unit_parse(struct str *s, nsec *ret_size)
{
	const struct unit *best = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (str_starts(*s, units[i].name) && (!best || units[i].name.n > best->name.n))
			best = &units[i];
	if (!best)
		return false;
	*s = str_after(*s, best->name.n);
	*ret_size = best->size;
	return true;
}

/* Removes one number with its unit from the front of s and adds it to *total. */
static bool duration_term(struct str *s, nsec *total)
{
	int64_t whole = 0, fraction = 0, scale = 1, size, term;
	bool any = false;

	for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; *s = str_after(*s, 1), any = true)
		if (__builtin_mul_overflow(whole, (int64_t)10, &whole) ||
		    __builtin_add_overflow(whole, (int64_t)(s->p[0] - '0'), &whole))
			return false;
	if (s->n && s->p[0] == '.') {
		for (*s = str_after(*s, 1); s->n && s->p[0] >= '0' && s->p[0] <= '9';
		     *s = str_after(*s, 1), any = true) {
			if (scale >= SECOND)
				continue;
			fraction = fraction * 10 + (s->p[0] - '0');
			scale *= 10;
		}
	}
	if (!any || !unit_parse(s, &size))
		return false;
	if (__builtin_mul_overflow(whole, size, &term) ||
	    __builtin_add_overflow(*total, term, total))
		return false;
	/* In two parts, because a day's nanoseconds times the fraction would overflow. */
	term = size / scale * fraction + size % scale * fraction / scale;
	return !__builtin_add_overflow(*total, term, total);
}

bool duration_parse(struct str s, nsec *ret_duration)
{
	nsec total = 0;

	if (str_eq(s, STR("0"))) {
		*ret_duration = 0;
		return true;
	}
	if (s.n == 0)
		return false;
	while (s.n)
		if (!duration_term(&s, &total))
			return false;
	*ret_duration = total;
	return true;
}

size_t duration_format_seconds(nsec duration, char *ret_text)
{
	uint64_t u = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
	size_t n = (size_t)snprintf(
	    ret_text, DURATION_TEXT, "%s%llu.%09llu", duration < 0 ? "-" : "",
	    (unsigned long long)(u / (uint64_t)SECOND), (unsigned long long)(u % (uint64_t)SECOND));

	while (ret_text[n - 1] == '0')
		n--;
	if (ret_text[n - 1] == '.')
		n--;
	ret_text[n] = 0;
	return n;
}

/* value / unit with three significant digits, in integers: no locale, no rounding surprises. */
static size_t scaled(uint64_t value, uint64_t unit, const char *sign, const char *suffix,
		     char *text)
{
	uint64_t hundredths = value / unit * 100 + value % unit * 100 / unit;
	int n;

	if (hundredths >= 10000)
		n = snprintf(text, DURATION_TEXT, "%s%llu%s", sign,
			     (unsigned long long)(hundredths / 100), suffix);
	else if (hundredths >= 1000)
		n = snprintf(text, DURATION_TEXT, "%s%llu.%llu%s", sign,
			     (unsigned long long)(hundredths / 100),
			     (unsigned long long)(hundredths / 10 % 10), suffix);
	else
		n = snprintf(text, DURATION_TEXT, "%s%llu.%02llu%s", sign,
			     (unsigned long long)(hundredths / 100),
			     (unsigned long long)(hundredths % 100), suffix);
	return (size_t)n;
}

size_t duration_format(nsec duration, char *ret_text)
{
	uint64_t u = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
	const char *sign = duration < 0 ? "-" : "";
	unsigned long long s = u / (uint64_t)SECOND;

	if (u == 0)
		return (size_t)snprintf(ret_text, DURATION_TEXT, "0s");
	if (u < 1000000)
		return scaled(u, 1000, sign, "\xc2\xb5s", ret_text);
	if (u < (uint64_t)SECOND)
		return scaled(u, 1000000, sign, "ms", ret_text);
	if (s < 60)
		return scaled(u, (uint64_t)SECOND, sign, "s", ret_text);
	if (s < 3600)
		return (size_t)snprintf(ret_text, DURATION_TEXT, "%s%llum%02llus", sign, s / 60,
					s % 60);
	if (s < 100 * 3600)
		return (size_t)snprintf(ret_text, DURATION_TEXT, "%s%lluh%02llum", sign, s / 3600,
					s / 60 % 60);
	return (size_t)snprintf(ret_text, DURATION_TEXT, "%s%llud%02lluh", sign, s / 86400,
				s / 3600 % 24);
}
