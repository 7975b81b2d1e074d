/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#define US ((nsec)1000)
#define MS ((nsec)1000000)

/* Durations as Go's time.Duration prints them, as people write them, and days. */
static const struct {
	const char *text;
	nsec value;
} good[] = {
	{ "0", 0 },
	{ "0s", 0 },
	{ "1ns", 1 },
	{ "1us", US },
	{ "12.3\xc2\xb5s", 12300 },
	{ "12.3\xce\xbcs", 12300 },
	{ "300ms", 300 * MS },
	{ "1.234567ms", 1234567 },
	{ "1s", SECOND },
	{ "1.s", SECOND },
	{ ".5s", SECOND / 2 },
	{ "1.234s", 1234 * MS },
	{ "1m", MINUTE },
	{ "1m0s", MINUTE },
	{ "1h2m3.5s", HOUR + 2 * MINUTE + 3500 * MS },
	{ "90m", 90 * MINUTE },
	{ "1.5h", 90 * MINUTE },
	{ "7d", 7 * 24 * HOUR },
	{ "0.5d", 12 * HOUR },
	{ "0.000000001s", 1 },
	{ "0.0000000019s", 1 },		    /* less than a nanosecond is cut off */
	{ "0.999999999d", 86399999913600 }, /* 86400 s - 86.4 us */
	{ "9223372036854775807ns", INT64_MAX },
	{ "2562047h47m16.854775807s", INT64_MAX },
	{ "1s1s", 2 * SECOND },
};

START_TEST(test_parse)
{
	struct str text = str_from(good[_i].text);
	char *copy = exact_copy(text);
	nsec value = -7;

	ck_assert_msg(duration_parse((struct str){ copy, text.n }, &value), "'%s'", text.p);
	ck_assert_int_eq(value, good[_i].value);
	free(copy);
}
END_TEST

static const char *const bad[] = {
	"",
	"1",
	"s",
	".",
	".s",
	"-1s",
	"+1s",
	"1s ",
	" 1s",
	"1 s",
	"1x",
	"1S",
	"1sx",
	"1m5",
	"1\xc2",
	"1\xc2\xb5",
	"1..5s",
	"1.5.5s",
	"1e3s",
	"00",
	"1w",
	"9223372036854775808ns",
	"99999999999999999999s",
	"9223372037s",
	"2562048h",
	"106752d",
	"2562047h48m",
	"9223372036854775807ns1ns",
};

START_TEST(test_refused)
{
	struct str text = str_from(bad[_i]);
	char *copy = exact_copy(text);
	nsec value = -7;

	ck_assert_msg(!duration_parse((struct str){ copy, text.n }, &value), "'%s'", text.p);
	ck_assert_int_eq(value, -7);
	free(copy);
}
END_TEST

static const struct {
	nsec value;
	const char *text;
} seconds[] = {
	{ 0, "0" },
	{ 1, "0.000000001" },
	{ 10, "0.00000001" },
	{ 3214 * MS, "3.214" },
	{ -SECOND / 2, "-0.5" },
	{ -1, "-0.000000001" },
	{ 480 * SECOND, "480" },
	{ 100 * SECOND, "100" },
	{ SECOND - 1, "0.999999999" },
	{ -SECOND, "-1" },
	{ INT64_MAX, "9223372036.854775807" },
	{ INT64_MIN, "-9223372036.854775808" },
};

START_TEST(test_seconds)
{
	char text[DURATION_TEXT];

	ck_assert_uint_eq(duration_format_seconds(seconds[_i].value, text),
			  strlen(seconds[_i].text));
	ck_assert_str_eq(text, seconds[_i].text);
}
END_TEST

/* Three significant digits, truncated: a duration below its limit is never shown as the limit. */
static const struct {
	nsec value;
	const char *text;
} human[] = {
	{ 0, "0s" },
	{ 843 * US, "843\xc2\xb5s" },
	{ 12345678, "12.3ms" },
	{ 3214 * MS, "3.21s" },
	{ 2 * MINUTE + 5 * SECOND, "2m05s" },
	{ 3 * HOUR + 4 * MINUTE, "3h04m" },
	{ US, "1.00\xc2\xb5s" },
	{ 999 * US + 999, "999\xc2\xb5s" },
	{ MS - 1, "999\xc2\xb5s" },
	{ MS, "1.00ms" },
	{ 9999999, "9.99ms" },
	{ 10 * MS, "10.0ms" },
	{ 99999999, "99.9ms" },
	{ 100 * MS, "100ms" },
	{ SECOND - 1, "999ms" },
	{ SECOND, "1.00s" },
	{ 10 * SECOND, "10.0s" },
	{ MINUTE - 1, "59.9s" },
	{ MINUTE, "1m00s" },
	{ HOUR - 1, "59m59s" },
	{ HOUR, "1h00m" },
	{ 100 * HOUR - 1, "99h59m" },
	{ 100 * HOUR + 59 * SECOND, "4d04h" },
	{ -3214 * MS, "-3.21s" },
	{ -2 * HOUR, "-2h00m" },
	{ INT64_MAX, "106751d23h" },
	{ INT64_MIN, "-106751d23h" },
};

START_TEST(test_human)
{
	char text[DURATION_TEXT];

	ck_assert_uint_eq(duration_format(human[_i].value, text), strlen(human[_i].text));
	ck_assert_str_eq(text, human[_i].text);
}
END_TEST

/* Printed seconds with a unit parse as the same duration. */
START_TEST(test_round_trip)
{
	uint64_t seed = 17;

	for (int i = 0; i < 20000; i++) {
		nsec value = (nsec)(test_random(&seed) >> (1 + test_random(&seed) % 62)), back;
		char text[DURATION_TEXT];
		size_t n = duration_format_seconds(value, text);

		text[n++] = 's';
		ck_assert(duration_parse((struct str){ text, n }, &back));
		ck_assert_int_eq(back, value);
	}
}
END_TEST

TCase *duration_tests(void)
{
	TCase *t = tcase_create("duration");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_parse, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(t, test_refused, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(t, test_seconds, 0, ARRAY_SIZE(seconds));
	tcase_add_loop_test(t, test_human, 0, ARRAY_SIZE(human));
	tcase_add_test(t, test_round_trip);
	return t;
}
