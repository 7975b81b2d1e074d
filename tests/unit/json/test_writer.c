/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "json/writer.h"

#include <signal.h>

/* Returns the content of the buffer, checks that it is valid JSON, and empties it. */
static void expect(struct buf *out, const char *want)
{
	const char *what = "";
	size_t offset = 0;
	bool ok = json_check(buf_str(out), &what, &offset);

	ck_assert_msg(str_eq(buf_str(out), str_from(want)), "got " STR_FMT ", want %s",
		      STR_ARG(buf_str(out)), want);
	ck_assert_msg(ok, "%s: %s at %zu", want, what, offset);
	buf_reset(out);
}

START_TEST(test_nesting)
{
	struct buf out = { 0 };
	struct json_writer w = json_writer_of(&out);

	json_begin_object(&w);
	json_put_key(&w, "a");
	json_begin_array(&w);
	json_put_i64(&w, 1);
	json_begin_object(&w);
	json_end_object(&w);
	json_begin_array(&w);
	json_end_array(&w);
	json_put_null(&w);
	json_end_array(&w);
	json_put_key_str(&w, STR("b\"\xff"));
	json_put_bool(&w, true);
	json_put_key(&w, "c");
	json_begin_object(&w);
	json_put_key(&w, "d");
	json_put_raw(&w, STR("[1, 2]"));
	json_end_object(&w);
	json_put_key(&w, "e");
	json_put_bool(&w, false);
	json_end_object(&w);
	expect(&out, "{\"a\":[1,{},[],null],\"b\\\"\xef\xbf\xbd\":true,"
		     "\"c\":{\"d\":[1, 2]},\"e\":false}");
	json_put_str(&w, STR("next document")); /* one writer, many lines: no comma between them */
	expect(&out, "\"next document\"");
	for (int i = 0; i < JSON_WRITER_DEPTH; i++)
		json_begin_array(&w);
	for (int i = 0; i < JSON_WRITER_DEPTH; i++)
		json_end_array(&w);
	ck_assert_uint_eq(out.n, 2 * JSON_WRITER_DEPTH);
	buf_free(&out);
}
END_TEST

#define BAD "\xef\xbf\xbd"

static const struct {
	struct str text;
	const char *json;
} strings[] = {
	{ { "", 0 }, "\"\"" },
	{ { NULL, 0 }, "\"\"" },
	{ { "plain", 5 }, "\"plain\"" },
	{ { "\"\\/\b\f\n\r\t", 8 }, "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
	{ { "\0\x01\x1f\x7f", 4 }, "\"\\u0000\\u0001\\u001f\x7f\"" },
	{ { "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9 },
	  "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	{ { "\xe2\x80\xa8<&>", 6 }, "\"\xe2\x80\xa8<&>\"" },
	/* the borders of every row of the Unicode standard's table 3-7 */
	{ { "\xc2\x80\xdf\xbf", 4 }, "\"\xc2\x80\xdf\xbf\"" },
	{ { "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 12 },
	  "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"" },
	{ { "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8 }, "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"" },
	{ { "\x80x\xbf", 3 }, "\"" BAD "x" BAD "\"" },
	{ { "\xc0\x80\xc1\xbf", 4 }, "\"" BAD BAD BAD BAD "\"" }, /* overlong */
	{ { "\xe0\x9f\xbf", 3 }, "\"" BAD BAD BAD "\"" },	  /* overlong */
	{ { "\xf0\x8f\xbf\xbf", 4 }, "\"" BAD BAD BAD BAD "\"" }, /* overlong */
	{ { "\xed\xa0\x80", 3 }, "\"" BAD BAD BAD "\"" },	  /* a surrogate */
	{ { "\xf4\x90\x80\x80", 4 }, "\"" BAD BAD BAD BAD "\"" }, /* above U+10FFFF */
	{ { "\xf5\xff", 2 }, "\"" BAD BAD "\"" },		  /* never a byte of UTF-8 */
	{ { "\xe2\x82", 2 }, "\"" BAD BAD "\"" },		  /* cut at the end */
	{ { "\xe2\x82\"\xf0\x9f\x98", 6 }, "\"" BAD BAD "\\\"" BAD BAD BAD "\"" },
};

START_TEST(test_strings)
{
	struct buf out = { 0 };
	struct json_writer w = json_writer_of(&out);

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		char *copy = exact_copy(strings[i].text);

		json_put_str(&w, (struct str){ copy, strings[i].text.n });
		expect(&out, strings[i].json);
		free(copy);
	}
	json_put_text(&w, "text");
	expect(&out, "\"text\"");
	json_put_text(&w, NULL);
	expect(&out, "null");
	buf_free(&out);
}
END_TEST

/* A special character at every place of strings of every length around a vector's. */
START_TEST(test_round_trip)
{
	static const char special[] = "\"\\\n\x01\x1f \x7f";
	struct arena arena = { 0 };
	struct buf out = { 0 };
	struct json_writer w = json_writer_of(&out);

	for (size_t n = 1; n < 50; n++) {
		for (size_t at = 0; at < n; at++) {
			char text[64], *copy;
			struct str back = { 0 };
			struct json j;

			memset(text, 'a', n);
			text[at] = special[(n + at) % (sizeof(special) - 1)];
			copy = exact_copy((struct str){ text, n });
			json_put_str(&w, (struct str){ copy, n });
			free(copy);
			j = json_of(buf_str(&out), &arena);
			ck_assert(json_text(&j, &back) && json_end(&j));
			ck_assert(str_eq(back, (struct str){ text, n }));
			buf_reset(&out);
		}
	}
	buf_free(&out);
	arena_free(&arena);
}
END_TEST

START_TEST(test_numbers)
{
	struct buf out = { 0 };
	struct json_writer w = json_writer_of(&out);

	json_put_i64(&w, 0);
	expect(&out, "0");
	json_put_i64(&w, -1);
	expect(&out, "-1");
	json_put_i64(&w, 1234567890);
	expect(&out, "1234567890");
	json_put_i64(&w, INT64_MAX);
	expect(&out, "9223372036854775807");
	json_put_i64(&w, INT64_MIN);
	expect(&out, "-9223372036854775808");
	json_put_u64(&w, UINT64_MAX);
	expect(&out, "18446744073709551615");
	json_put_quoted_i64(&w, 0);
	expect(&out, "\"0\"");
	json_put_quoted_i64(&w, INT64_MIN);
	expect(&out, "\"-9223372036854775808\"");
	buf_free(&out);
}
END_TEST

START_TEST(test_times)
{
	struct buf out = { 0 };
	struct json_writer w = json_writer_of(&out);

	json_put_time(&w, 1763806260 * SECOND + 123456789);
	expect(&out, "\"2025-11-22T10:11:00.123456789Z\"");
	json_put_time(&w, NSEC_NONE);
	expect(&out, "null");
	json_put_seconds(&w, 3214 * SECOND / 1000);
	expect(&out, "3.214");
	json_put_seconds(&w, -SECOND / 2);
	expect(&out, "-0.5");
	json_put_seconds(&w, 0);
	expect(&out, "0");
	json_put_seconds(&w, NSEC_NONE);
	expect(&out, "null");
	buf_free(&out);
}
END_TEST

#ifndef NDEBUG
/* Each of these ends in an assertion, in a process of its own. */
START_TEST(test_misuse)
{
	struct buf out = { 0 };
	struct json_writer w = json_writer_of(&out);

	if (_i == 4) {
		json_end_array(&w);
	} else if (_i == 5) {
		for (int i = 0; i <= JSON_WRITER_DEPTH; i++)
			json_begin_array(&w);
	} else if (_i == 6) {
		json_begin_array(&w);
		json_put_key(&w, "a key where an item is due");
	}
	json_begin_object(&w);
	if (_i == 0)
		json_put_i64(&w, 1);
	if (_i == 1)
		json_end_array(&w);
	json_put_key(&w, "a");
	if (_i == 2)
		json_put_key(&w, "b");
	if (_i == 3)
		json_end_object(&w);
}
END_TEST
#endif

TCase *writer_tests(void)
{
	TCase *tcase = tcase_create("writer");

	tcase_add_test(tcase, test_nesting);
	tcase_add_test(tcase, test_strings);
	tcase_add_test(tcase, test_round_trip);
	tcase_add_test(tcase, test_numbers);
	tcase_add_test(tcase, test_times);
#ifndef NDEBUG
	if (!getenv("CK_FORK") || strcmp(getenv("CK_FORK"), "no") != 0)
		tcase_add_loop_test_raise_signal(tcase, test_misuse, SIGABRT, 0, 7);
#endif
	return tcase;
}
