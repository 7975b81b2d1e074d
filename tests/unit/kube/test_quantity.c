/* SPDX-License-Identifier: Apache-2.0 */
/* resource.Quantity: values worked by hand, rounded up like MilliValue() and Value(). */
#include "suites.h"

#include "kube/quantity.h"

#define MOST INT64_MAX
#define KI ((int64_t)1024)

static const struct {
	const char *text;
	int64_t milli, value;
} good[] = {
	{ "0", 0, 0 },
	{ "0m", 0, 0 },
	{ "0Ei", 0, 0 },
	{ "1", 1000, 1 },
	{ "+1", 1000, 1 },
	{ "500m", 500, 1 },
	{ "0.5", 500, 1 },
	{ ".5", 500, 1 },
	{ "5.", 5000, 5 },
	{ "1500m", 1500, 2 },
	{ "1000m", 1000, 1 },
	{ "1001m", 1001, 2 },
	{ "1n", 1, 1 },
	{ "1u", 1, 1 },
	{ "1000u", 1, 1 },
	{ "1001u", 2, 1 },
	{ "2500000n", 3, 1 },
	{ "1k", 1000000, 1000 },
	{ "1M", 1000000000, 1000000 },
	{ "1G", 1000000000000, 1000000000 },
	{ "1T", 1000000000000000, 1000000000000 },
	{ "1P", 1000000000000000000, 1000000000000000 },
	{ "1E", MOST, 1000000000000000000 },
	{ "1Ki", 1024000, KI },
	{ "128Mi", 128 * KI *KI * 1000, 128 * KI *KI },
	{ "1.5Gi", 3 * KI *KI *KI / 2 * 1000, 3 * KI *KI *KI / 2 },
	{ "1Ti", KI *KI *KI *KI * 1000, KI *KI *KI *KI },
	{ "1Pi", KI *KI *KI *KI *KI * 1000, KI *KI *KI *KI *KI },
	{ "1Ei", MOST, KI *KI *KI *KI *KI *KI },
	{ "7Ei", MOST, 7 * KI *KI *KI *KI *KI *KI },
	{ "8Ei", MOST, MOST },
	{ "0.1Ki", 102400, 103 }, /* 102.4 */
	{ "0.0001Ki", 103, 1 },	  /* 0.1024 */
	{ "1e3", 1000000, 1000 },
	{ "1E3", 1000000, 1000 },
	{ "1e+3", 1000000, 1000 },
	{ "1e-3", 1, 1 },
	{ "12e-1", 1200, 2 },
	{ "1.25e2", 125000, 125 },
	{ "1e0", 1000, 1 },
	{ "9223372036854775807", MOST, MOST },
	{ "9223372036854775808", MOST, MOST },
	{ "18446744073709551616", MOST, MOST },
	{ "99999999999999999999999999", MOST, MOST },
	{ "9223372036854775", 9223372036854775000, 9223372036854775 },
	{ "9223372036854776", MOST, 9223372036854776 },
	{ "1e30", MOST, MOST },
	{ "0e30", 0, 0 },
	{ "0.000000000000000000000000000001", 1, 1 },
	{ "00000000000000000000000000000001", 1000, 1 },
	{ "1000000000000000000000000n", 1000000000000000000, 1000000000000000 },
};

START_TEST(test_good)
{
	struct str text = str_from(good[_i].text);
	int64_t milli = -7, value = -7;

	ck_assert_msg(quantity_milli(text, &milli) && quantity_value(text, &value), "%s", text.p);
	ck_assert_msg(milli == good[_i].milli, "%s: %lld", text.p, (long long)milli);
	ck_assert_msg(value == good[_i].value, "%s: %lld", text.p, (long long)value);
}
END_TEST

static const char *const bad[] = {
	"",	 " ",	 "+",	  "-1",	  "m",	  ".",	  ".m",	      "1 ",	   " 1",
	"1mm",	 "1K",	 "1ki",	  "1KI",  "1MB",  "1Kib", "1.2.3",    "1e",	   "1e+",
	"1e--3", "1e3m", "1e3.5", "1e31", "0x10", "1,5",  "\xc2\xb5", "1\xc2\xb5",
};

START_TEST(test_bad)
{
	int64_t value = -7;

	ck_assert_msg(!quantity_milli(str_from(bad[_i]), &value), "'%s'", bad[_i]);
	ck_assert_msg(!quantity_value(str_from(bad[_i]), &value), "'%s'", bad[_i]);
	ck_assert_int_eq(value, -7);
}
END_TEST

TCase *quantity_tests(void)
{
	TCase *t = tcase_create("quantity");

	tcase_add_loop_test(t, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(t, test_bad, 0, ARRAY_SIZE(bad));
	return t;
}
