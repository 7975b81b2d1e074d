/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3339 and back. The seconds of the table are those of date(1). */
#include "suites.h"

static const struct {
	const char *text;
	int64_t seconds, nanos;
} good[] = {
	{ "1970-01-01T00:00:00Z", 0, 0 },
	{ "1970-01-01T00:00:00.000000001Z", 0, 1 },
	{ "2026-11-22T10:11:00.123456789Z", 1795342260, 123456789 },
	{ "2026-11-22T10:11:00.123456Z", 1795342260, 123456000 },
	{ "2026-11-22T10:11:00.5Z", 1795342260, 500000000 },
	{ "2026-11-22T10:11:00,5Z", 1795342260, 500000000 },
	{ "2026-11-22T10:11:00.1234567899999Z", 1795342260, 123456789 },
	{ "2026-11-22t10:11:00z", 1795342260, 0 },
	{ "2026-11-22 10:11:00Z", 1795342260, 0 },
	{ "2026-11-22T10:11:00+00:00", 1795342260, 0 },
	{ "2026-11-22T10:11:00-00:00", 1795342260, 0 },
	{ "2026-11-22T12:11:00+02:00", 1795342260, 0 },
	{ "2026-11-22T15:41:00.25+05:30", 1795342260, 250000000 },
	{ "2026-11-22T01:11:00-09:00", 1795342260, 0 },
	{ "2026-11-23T00:10:00+13:59", 1795342260, 0 },
	{ "1970-01-01T00:30:00+00:30", 0, 0 },
	/* leap years: by 4, not by 100, but by 400 */
	{ "2024-02-29T00:00:00Z", 1709164800, 0 },
	{ "2000-02-29T12:00:00Z", 951825600, 0 },
	{ "2000-03-01T00:00:00Z", 951868800, 0 },
	{ "2100-02-28T23:59:59Z", 4107542399, 0 },
	{ "2100-03-01T00:00:00Z", 4107542400, 0 },
	{ "2023-12-31T23:59:59.999999999Z", 1704067199, 999999999 },
	{ "2024-01-01T00:00:00Z", 1704067200, 0 },
	/* a leap second is the second after it: our time has none */
	{ "2016-12-31T23:59:60Z", 1483228800, 0 },
	{ "2261-12-31T23:59:59.999999999Z", 9214646399, 999999999 },
};

START_TEST(test_good)
{
	struct str text = str_from(good[_i].text);
	char *copy = exact_copy(text);
	nsec at = -7;
	bool ok = clock_parse((struct str){ copy, text.n }, &at);

	ck_assert_msg(ok && at == good[_i].seconds * SECOND + good[_i].nanos, "%s gives %lld",
		      good[_i].text, (long long)at);
	free(copy);
}
END_TEST

static const char *const bad[] = {
	"",
	"2026",
	"2026-11-22",
	"2026-11-22T10:11:00",
	"2026-11-22T10:11Z",
	"2026-11-22T10:11:00.Z",
	"2026-11-22T10:11:00.5",
	"2026-11-22T10:11:00ZZ",
	"2026-11-22T10:11:00Z ",
	" 2026-11-22T10:11:00Z",
	"2026-11-22T10:11:00+0200",
	"2026-11-22T10:11:00+02",
	"2026-11-22T10:11:00+24:00",
	"2026-11-22T10:11:00+02:60",
	"2026-11-22T10:11:00+02:0x",
	"2026-11-22T10:11:00*02:00",
	"2026-11-22T10:11:00.12a4Z",
	"2026-11-22X10:11:00Z",
	"2026/11/22T10:11:00Z",
	"2026-11-22T10.11.00Z",
	"2026-00-22T10:11:00Z",
	"2026-13-22T10:11:00Z",
	"2026-11-00T10:11:00Z",
	"2026-11-31T10:11:00Z",
	"2026-02-29T10:11:00Z",
	"2100-02-29T10:11:00Z",
	"2026-04-31T10:11:00Z",
	"2026-11-22T24:00:00Z",
	"2026-11-22T10:60:00Z",
	"2026-11-22T10:11:61Z",
	"2026-11-22T-1:11:00Z",
	"+026-11-22T10:11:00Z",
	"0001-01-01T00:00:00Z", /* the zero time of Go */
	"0000-01-01T00:00:00Z",
	"1969-12-31T23:59:59Z",
	"1970-01-01T00:00:00+00:01",
	"2262-01-01T00:00:00Z",
	"9999-12-31T23:59:59Z",
	"null",
};

START_TEST(test_bad)
{
	struct str text = str_from(bad[_i]);
	char *copy = exact_copy(text);
	nsec at = -7;

	ck_assert_msg(!clock_parse((struct str){ copy, text.n }, &at), "'%s' is accepted", text.p);
	ck_assert_int_eq(at, -7);
	free(copy);
}
END_TEST

START_TEST(test_cut_off)
{
	static const char text[] = "2026-11-22T12:11:00.123456+02:00";
	nsec at = -7;

	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		char *copy = exact_copy((struct str){ text, n });

		ck_assert(!clock_parse((struct str){ copy, n }, &at));
		free(copy);
	}
	ck_assert(clock_parse(str_from(text), &at));
}
END_TEST

/* Every day border from 1970 to 2261, both sides of it, against the C library. */
START_TEST(test_days)
{
	char text[CLOCK_TEXT], expected[CLOCK_TEXT];

	for (int64_t day = 0; day < 106650; day++) {
		for (int side = -1; side <= 0; side++) {
			time_t seconds = (time_t)(day * 86400 + side);
			nsec at = (nsec)seconds * SECOND + 7, back = -7;
			struct tm tm;

			if (seconds < 0)
				continue;
			gmtime_r(&seconds, &tm);
			strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S.000000007Z", &tm);
			/* assertions are dear: one where something is wrong */
			if (clock_format(at, text) != strlen(expected) ||
			    strcmp(text, expected) != 0)
				ck_abort_msg("%s is not %s", text, expected);
			if (!clock_parse(str_from(text), &back) || back != at)
				ck_abort_msg("%s does not come back", text);
		}
	}
}
END_TEST

START_TEST(test_round_trip)
{
	uint64_t seed = 4711;
	char text[CLOCK_TEXT];

	for (int i = 0; i < 20000; i++) {
		nsec at = (nsec)(test_random(&seed) % ((uint64_t)9214646400 * SECOND)), back = -7;
		size_t n = clock_format(at, text);

		ck_assert_uint_eq(n, 30);
		ck_assert(clock_parse((struct str){ text, n }, &back));
		ck_assert_int_eq(back, at);
	}
}
END_TEST

/* Times on a node's clock may fall before 1970 once they are corrected: nothing may break. */
START_TEST(test_before_1970)
{
	char text[CLOCK_TEXT];

	clock_format(-1, text);
	ck_assert_str_eq(text, "1969-12-31T23:59:59.999999999Z");
	clock_format(-86400 * SECOND, text);
	ck_assert_str_eq(text, "1969-12-31T00:00:00.000000000Z");
	clock_format(INT64_MIN, text);
	ck_assert_str_eq(text, "1677-09-21T00:12:43.145224192Z");
	clock_format(INT64_MAX, text);
	ck_assert_str_eq(text, "2262-04-11T23:47:16.854775807Z");
}
END_TEST

static int32_t berlin(nsec at)
{
	return at < (nsec)1774746000 * SECOND ? 3600 : 7200; /* 2026-03-29T01:00:00Z */
}

static int32_t west(nsec at)
{
	return -(9 * 3600 + 30 * 60);
}

START_TEST(test_zones)
{
	const nsec before = (nsec)1774745999 * SECOND + 123456789;
	char text[CLOCK_TEXT];

	ck_assert_uint_eq(clock_format_in(NULL, before, 0, text), 20);
	ck_assert_str_eq(text, "2026-03-29T00:59:59Z");
	clock_format_in(berlin, before, 3, text);
	ck_assert_str_eq(text, "2026-03-29T01:59:59.123+01:00");
	clock_format_in(berlin, before + SECOND, 9, text);
	ck_assert_str_eq(text, "2026-03-29T03:00:00.123456789+02:00");
	clock_format_in(west, before, 0, text);
	ck_assert_str_eq(text, "2026-03-28T15:29:59-09:30");
}
END_TEST

TCase *clock_tests(void)
{
	TCase *t = tcase_create("clock");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(t, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(t, test_cut_off);
	tcase_add_test(t, test_days);
	tcase_add_test(t, test_round_trip);
	tcase_add_test(t, test_before_1970);
	tcase_add_test(t, test_zones);
	return t;
}
