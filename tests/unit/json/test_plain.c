/* SPDX-License-Identifier: Apache-2.0 */
/* Plain scalars of YAML, as the core schema of YAML 1.2 (section 10.3) has them. */
#include "suites.h"

#include "json/plain.h"

static const struct {
	const char *text;
	enum plain kind;
	const char *number;
} scalars[] = {
	{ "", PLAIN_NULL, NULL },
	{ "~", PLAIN_NULL, NULL },
	{ "null", PLAIN_NULL, NULL },
	{ "Null", PLAIN_NULL, NULL },
	{ "NULL", PLAIN_NULL, NULL },
	{ "nULL", PLAIN_STRING, NULL },
	{ "nullx", PLAIN_STRING, NULL },
	{ "~~", PLAIN_STRING, NULL },
	{ "true", PLAIN_TRUE, NULL },
	{ "True", PLAIN_TRUE, NULL },
	{ "TRUE", PLAIN_TRUE, NULL },
	{ "tRue", PLAIN_STRING, NULL },
	{ "false", PLAIN_FALSE, NULL },
	{ "False", PLAIN_FALSE, NULL },
	{ "FALSE", PLAIN_FALSE, NULL },
	{ "falsE", PLAIN_STRING, NULL },
	/* booleans of YAML 1.1 */
	{ "yes", PLAIN_STRING, NULL },
	{ "no", PLAIN_STRING, NULL },
	{ "on", PLAIN_STRING, NULL },
	{ "off", PLAIN_STRING, NULL },
	{ "y", PLAIN_STRING, NULL },
	{ "N", PLAIN_STRING, NULL },
	{ "0", PLAIN_NUMBER, "0" },
	{ "-0", PLAIN_NUMBER, "-0" },
	{ "42", PLAIN_NUMBER, "42" },
	{ "-42", PLAIN_NUMBER, "-42" },
	{ "+42", PLAIN_NUMBER, "42" },
	{ "017", PLAIN_NUMBER, "17" }, /* octal in YAML 1.1 */
	{ "000", PLAIN_NUMBER, "0" },
	{ "12345678901234567890123", PLAIN_NUMBER, "12345678901234567890123" },
	{ "1.50", PLAIN_NUMBER, "1.50" },
	{ ".5", PLAIN_NUMBER, "0.5" },
	{ "-.5", PLAIN_NUMBER, "-0.5" },
	{ "2.", PLAIN_NUMBER, "2" },
	{ "2.e3", PLAIN_NUMBER, "2e3" },
	{ "1e5", PLAIN_NUMBER, "1e5" },
	{ "1.50E-3", PLAIN_NUMBER, "1.50E-3" },
	{ "1e+05", PLAIN_NUMBER, "1e+05" },
	{ "0o17", PLAIN_NUMBER, "15" },
	{ "0xfF", PLAIN_NUMBER, "255" },
	{ "0xffffffffffffffff", PLAIN_NUMBER, "18446744073709551615" },
	{ "0x00000000000000001", PLAIN_NUMBER, "1" },
	{ "0x10000000000000000", PLAIN_TOO_LARGE, NULL },
	{ "0o2000000000000000000000", PLAIN_TOO_LARGE, NULL },
	{ "-0x1f", PLAIN_STRING, NULL }, /* 1.2 has signs only for decimals */
	{ "0o18", PLAIN_STRING, NULL },
	{ "0xg", PLAIN_STRING, NULL },
	{ "0x", PLAIN_STRING, NULL },
	{ "0o", PLAIN_STRING, NULL },
	{ "0b1", PLAIN_STRING, NULL },
	{ "1_000", PLAIN_STRING, NULL },
	{ ".", PLAIN_STRING, NULL },
	{ "+", PLAIN_STRING, NULL },
	{ "-", PLAIN_STRING, NULL },
	{ "--1", PLAIN_STRING, NULL },
	{ "1e", PLAIN_STRING, NULL },
	{ "1e+", PLAIN_STRING, NULL },
	{ ".e1", PLAIN_STRING, NULL },
	{ "e1", PLAIN_STRING, NULL },
	{ "1.2.3", PLAIN_STRING, NULL },
	{ "10.0.0.1", PLAIN_STRING, NULL },
	{ ".inf", PLAIN_ENDLESS, NULL },
	{ "-.Inf", PLAIN_ENDLESS, NULL },
	{ "+.INF", PLAIN_ENDLESS, NULL },
	{ ".nan", PLAIN_ENDLESS, NULL },
	{ ".NaN", PLAIN_ENDLESS, NULL },
	{ "-.nan", PLAIN_STRING, NULL },
	{ "inf", PLAIN_STRING, NULL },
	{ "12:30:45", PLAIN_STRING, NULL },
	{ "500m", PLAIN_STRING, NULL },
	{ "90s", PLAIN_STRING, NULL },
	{ "2026-01-02", PLAIN_STRING, NULL },
	{ "2026-01-02T03:04:05Z", PLAIN_STRING, NULL },
};

START_TEST(test_scalar)
{
	struct str text = str_from(scalars[_i].text);
	char *exact = exact_copy(text);
	struct buf out = { 0 };

	text.p = exact;
	ck_assert_int_eq(plain_of(text), scalars[_i].kind);
	if (scalars[_i].number) {
		const char *what;
		size_t offset;

		plain_add_number(&out, text);
		ck_assert_msg(str_eq(buf_str(&out), str_from(scalars[_i].number)), STR_FMT,
			      STR_ARG(buf_str(&out)));
		ck_assert(json_check(buf_str(&out), &what, &offset));
	}
	buf_free(&out);
	free(exact);
}
END_TEST

TCase *plain_tests(void)
{
	TCase *tcase = tcase_create("plain");

	tcase_add_loop_test(tcase, test_scalar, 0, ARRAY_SIZE(scalars));
	return tcase;
}
