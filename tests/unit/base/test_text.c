/* SPDX-License-Identifier: Apache-2.0 */
/* Slices, numbers in them, and messages. */
#include "suites.h"

#include "base/err.h"

#include <errno.h>

static const struct str none;

START_TEST(test_equal)
{
	ck_assert(str_eq(none, none));
	ck_assert(str_eq(none, STR("")));
	ck_assert(str_eq(STR("a\0b"), STR("a\0b")));
	ck_assert(!str_eq(STR("a\0b"), STR("a\0c")));
	ck_assert(!str_eq(STR("a"), STR("ab")));
	ck_assert_str(str_from(NULL), none);
	ck_assert_str(str_from("abc"), STR("abc"));
	ck_assert_str(str_after(STR("abc"), 3), none);
	ck_assert_str(str_after(STR("abc"), 1), STR("bc"));
}
END_TEST

/* In order: every one is less than all that follow. Bytes count as unsigned. */
static const struct str ordered[] = {
	{ NULL, 0 },   { "\0", 1 },   { "\0a", 2 },	 { "A", 1 }, { "a", 1 },
	{ "a\0", 2 },  { "a\0b", 3 }, { "ab", 2 },	 { "b", 1 }, { "\x7f", 1 },
	{ "\x80", 1 }, { "\xff", 1 }, { "\xff\xff", 2 },
};

START_TEST(test_order)
{
	for (size_t i = 0; i < ARRAY_SIZE(ordered); i++)
		for (size_t k = 0; k < ARRAY_SIZE(ordered); k++) {
			int c = str_cmp(ordered[i], ordered[k]);

			ck_assert_int_eq((c > 0) - (c < 0), (i > k) - (i < k));
		}
}
END_TEST

START_TEST(test_find)
{
	ck_assert(str_eq_fold(STR("NodeSelector"), STR("nodeSELECTOR")) && str_eq_fold(none, none));
	ck_assert(!str_eq_fold(STR("ab"), STR("abc")) && !str_eq_fold(STR("@["), STR("`{")));
	ck_assert(str_starts(STR("abc"), STR("ab")) && str_starts(STR("abc"), STR("abc")));
	ck_assert(str_starts(STR("abc"), none) && str_starts(none, none));
	ck_assert(!str_starts(STR("ab"), STR("abc")) && !str_starts(none, STR("a")));
	ck_assert(str_ends(STR("abc"), STR("bc")) && str_ends(STR("abc"), STR("abc")));
	ck_assert(str_ends(STR("abc"), none) && str_ends(none, none));
	ck_assert(!str_ends(STR("bc"), STR("abc")) && !str_ends(STR("abc"), STR("ab")));
	ck_assert(str_contains(STR("abc"), STR("b")) && str_contains(STR("abc"), STR("abc")));
	ck_assert(str_contains(none, none) && str_contains(STR("a"), none));
	ck_assert(!str_contains(STR("abc"), STR("ac")) && !str_contains(none, STR("a")));
	ck_assert(str_contains(STR("a\0bc"), STR("\0b")));
}
END_TEST

START_TEST(test_trim)
{
	ck_assert_str(str_trim(STR(" \t\r\na b\n\r\t ")), STR("a b"));
	ck_assert_str(str_trim(STR(" \t\r\n")), none);
	ck_assert_str(str_trim(STR("a")), STR("a"));
	ck_assert_str(str_trim(STR("\va\0")), STR("\va\0"));
	ck_assert_str(str_trim(none), none);
}
END_TEST

static const struct {
	const char *text, *head, *tail, *last_head, *last_tail; /* head NULL: no dot in it */
} cuts[] = {
	{ "a.b.c", "a", "b.c", "a.b", "c" },
	{ "a.b", "a", "b", "a", "b" },
	{ ".", "", "", "", "" },
	{ ".a", "", "a", "", "a" },
	{ "a.", "a", "", "a", "" },
	{ "..", "", ".", ".", "" },
	{ "abc", NULL, NULL, NULL, NULL },
	{ "", NULL, NULL, NULL, NULL },
};

START_TEST(test_cut)
{
	struct str head = STR("before"), tail = STR("after"), text = str_from(cuts[_i].text);
	bool found = cuts[_i].head != NULL;

	ck_assert_int_eq(str_cut(text, '.', &head, &tail), found);
	ck_assert_str(head, found ? str_from(cuts[_i].head) : STR("before"));
	ck_assert_str(tail, found ? str_from(cuts[_i].tail) : STR("after"));
	ck_assert_int_eq(str_cut_last(text, '.', &head, &tail), found);
	ck_assert_str(head, found ? str_from(cuts[_i].last_head) : STR("before"));
	ck_assert_str(tail, found ? str_from(cuts[_i].last_tail) : STR("after"));
	/* the slice may be both what is cut and what comes back */
	if (found && str_cut(text, '.', &head, &text))
		ck_assert_str(text, str_from(cuts[_i].tail));
	ck_assert(!str_cut(none, '.', &head, &tail) && !str_cut_last(none, '.', &head, &tail));
}
END_TEST

static const struct {
	const char *list, *parts; /* each followed by a blank */
} lists[] = {
	{ "a|b|c", "a b c " }, { "a", "a " }, { "a||b", "a  b " },
	{ "|a|", " a  " },     { "", " " },   { NULL, "" },
};

START_TEST(test_next)
{
	struct str list = { lists[_i].list, lists[_i].list ? strlen(lists[_i].list) : 0 }, part;
	char parts[16] = "";

	while (str_next(&list, '|', &part))
		snprintf(parts + strlen(parts), sizeof(parts) - strlen(parts), STR_FMT " ",
			 STR_ARG(part));
	ck_assert_str(str_from(parts), str_from(lists[_i].parts));
	ck_assert_ptr_null(list.p);
}
END_TEST

START_TEST(test_is_one_of)
{
	static const char *const words[] = { "ab", "c", NULL };

	ck_assert(str_is_one_of(STR("ab"), words) && str_is_one_of(STR("c"), words));
	ck_assert(!str_is_one_of(STR("a"), words) && !str_is_one_of(none, words));
	ck_assert(!str_is_one_of(STR("ab"), words + 1));
}
END_TEST

static const struct {
	const char *text;
	int decimal, hex; /* 1: a number */
	uint64_t value, hex_value;
} numbers[] = {
	{ "0", 1, 1, 0, 0 },
	{ "10", 1, 1, 10, 16 },
	{ "007", 1, 1, 7, 7 },
	{ "ff", 0, 1, 0, 255 },
	{ "FF", 0, 1, 0, 255 },
	{ "1885275996413652", 1, 1, 1885275996413652u, 0x1885275996413652u },
	{ "18446744073709551615", 1, 0, UINT64_MAX, 0 },
	{ "18446744073709551616", 0, 0, 0, 0 },
	{ "99999999999999999999", 0, 0, 0, 0 },
	{ "ffffffffffffffff", 0, 1, 0, UINT64_MAX },
	{ "10000000000000000", 1, 0, 10000000000000000u, 0 },
	{ "00000000000000000000000001", 1, 1, 1, 1 },
	{ "", 0, 0, 0, 0 },
	{ "-1", 0, 0, 0, 0 },
	{ "+1", 0, 0, 0, 0 },
	{ " 1", 0, 0, 0, 0 },
	{ "1 ", 0, 0, 0, 0 },
	{ "1.0", 0, 0, 0, 0 },
	{ "0x1", 0, 0, 0, 0 },
	{ "g", 0, 0, 0, 0 },
	{ "\xb9", 0, 0, 0, 0 },
};

START_TEST(test_numbers)
{
	struct str text = str_from(numbers[_i].text);
	uint64_t value = 77, hex = 77;

	ck_assert_int_eq(str_u64(text, &value), numbers[_i].decimal);
	ck_assert_uint_eq(value, numbers[_i].decimal ? numbers[_i].value : 77);
	ck_assert_int_eq(str_hex64(text, &hex), numbers[_i].hex);
	ck_assert_uint_eq(hex, numbers[_i].hex ? numbers[_i].hex_value : 77);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t value;
} signed_numbers[] = {
	{ "0", true, 0 },
	{ "-0", true, 0 },
	{ "-1", true, -1 },
	{ "42", true, 42 },
	{ "9223372036854775807", true, INT64_MAX },
	{ "-9223372036854775808", true, INT64_MIN },
	{ "9223372036854775808", false, 0 },
	{ "-9223372036854775809", false, 0 },
	{ "18446744073709551616", false, 0 },
	{ "-", false, 0 },
	{ "--1", false, 0 },
	{ "+1", false, 0 },
	{ "", false, 0 },
	{ "1e3", false, 0 },
};

START_TEST(test_signed)
{
	int64_t value = 77;

	ck_assert_int_eq(str_i64(str_from(signed_numbers[_i].text), &value), signed_numbers[_i].ok);
	ck_assert_int_eq(value, signed_numbers[_i].ok ? signed_numbers[_i].value : 77);
}
END_TEST

START_TEST(test_err)
{
	struct err err = { 0 };
	char text[1000];

	ck_assert_int_eq(err_set(&err, ERR_FORMAT, "line %d is %s", 7, "torn"), -1);
	ck_assert_int_eq(err.code, ERR_FORMAT);
	ck_assert_str_eq(err.message, "line 7 is torn");
	errno = ENOENT;
	ck_assert_int_eq(err_sys(&err, ERR_INPUT, "%s", "audit.log"), -1);
	ck_assert_int_eq(err.code, ERR_INPUT);
	ck_assert_str_eq(err.message, "audit.log: No such file or directory");
	/* a longer text is truncated, never overflows */
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	err_set(&err, ERR_LIMIT, "%s", text);
	ck_assert_uint_eq(strlen(err.message), sizeof(err.message) - 1);
	errno = ENOSPC;
	err_sys(&err, ERR_SYSTEM, "%s", text);
	ck_assert_uint_eq(strlen(err.message), sizeof(err.message) - 1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
}
END_TEST

START_TEST(test_hex)
{
	static const uint8_t bytes[] = { 0, 0x1f, 0xa9, 0xff };
	char text[8];

	ck_assert_str(str_hex(bytes, 4, text), STR("001fa9ff"));
	ck_assert_str(str_hex(bytes, 0, text), none);
}
END_TEST

/* Each search in a sorted sequence, with equal values, at and outside of both ends. */
START_TEST(test_lower_bound)
{
	static const int sorted[] = { 1, 3, 3, 3, 7, 9 };
	size_t i;

	for (size_t n = 0; n <= ARRAY_SIZE(sorted); n++)
		for (int wanted = 0; wanted <= 10; wanted++) {
			LOWER_BOUND(i, n, sorted[i] < wanted);
			ck_assert(i == n || sorted[i] >= wanted);
			ck_assert(i == 0 || sorted[i - 1] < wanted);
		}
}
END_TEST

TCase *text_tests(void)
{
	TCase *t = tcase_create("text");

	tcase_add_test(t, test_equal);
	tcase_add_test(t, test_order);
	tcase_add_test(t, test_find);
	tcase_add_test(t, test_trim);
	tcase_add_loop_test(t, test_cut, 0, ARRAY_SIZE(cuts));
	tcase_add_loop_test(t, test_next, 0, ARRAY_SIZE(lists));
	tcase_add_test(t, test_is_one_of);
	tcase_add_loop_test(t, test_numbers, 0, ARRAY_SIZE(numbers));
	tcase_add_loop_test(t, test_signed, 0, ARRAY_SIZE(signed_numbers));
	tcase_add_test(t, test_err);
	tcase_add_test(t, test_hex);
	tcase_add_test(t, test_lower_bound);
	return t;
}
