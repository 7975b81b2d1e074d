/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

static struct arena arena;

static void teardown(void)
{
	arena_free(&arena);
}

static const char *const accepted[] = {
	"0",
	"-0",
	"12",
	"-1.5e+3",
	"0.0E-0",
	"true",
	"false",
	"null",
	"\"\"",
	"\"a\\u00e9\\ud83d\\ude00\\n\"",
	"[]",
	"{}",
	" [ ] ",
	"\t{\r\n}\n",
	"[[],{},[{}]]",
	"{\"a\":1,\"a\":2,\"\":null}",
	"{ \"a\" : [ 1 , 2.5 , \"x\" ] , \"b\" : { \"c\" : true } }",
};

/* The text and the position of its error. */
static const struct {
	const char *text;
	size_t offset;
} refused[] = {
	{ "", 0 },
	{ "  ", 2 },
	{ "{", 1 },
	{ "[", 1 },
	{ "]", 0 },
	{ "}", 0 },
	{ ",", 0 },
	{ "a", 0 },
	{ "[1", 2 },
	{ "[1,", 3 },
	{ "[1,]", 3 },
	{ "[,1]", 1 },
	{ "[1 2]", 3 },
	{ "[1}", 2 },
	{ "{]", 1 },
	{ "{\"a\":1]", 6 },
	{ "{1:2}", 1 },
	{ "{\"a\"}", 4 },
	{ "{\"a\" 1}", 5 },
	{ "{\"a\":}", 5 },
	{ "{\"a\":1,}", 7 },
	{ "{,}", 1 },
	{ "{\"a\":1 \"b\":2}", 7 },
	{ "{\"a\"", 4 },
	{ "{\"a\":", 5 },
	{ "{\"a", 3 },
	{ "1 2", 2 },
	{ "[] []", 3 },
	{ "{}}", 2 },
	{ "tru", 3 },
	{ "trux", 3 },
	{ "True", 0 },
	{ "nul", 3 },
	{ "nulL", 3 },
	{ "falsy", 4 },
	{ "truefalse", 4 },
	{ "NaN", 0 },
	{ "-Infinity", 1 },
	{ "+1", 0 },
	{ ".5", 0 },
	{ "-", 1 },
	{ "-a", 1 },
	{ "01", 1 },
	{ "-01", 2 },
	{ "1.", 2 },
	{ "1.e1", 2 },
	{ "1e", 2 },
	{ "1e+", 3 },
	{ "1e+x", 3 },
	{ "0x1", 1 },
	{ "1_000", 1 },
	{ "\"", 1 },
	{ "\"a", 2 },
	{ "\"\\", 2 },
	{ "\"\\u00", 5 },
	{ "\"\\x\"", 2 },
	{ "\"\\u00g0\"", 5 },
	{ "\"\\u\"", 3 },
	{ "\"a\tb\"", 2 },
	{ "\"\x1f\"", 1 },
	{ "'a'", 0 },
	{ "[1]/**/", 3 },
	{ "\"\n\"", 1 },
	{ "\xef\xbb\xbf{}", 0 },
	{ "\v1", 0 },
	{ "[\"a\":1]", 4 },
	{ "{\"a\\q\":1}", 4 },
};

START_TEST(test_accepted)
{
	for (size_t i = 0; i < ARRAY_SIZE(accepted); i++) {
		const char *what = "";
		size_t offset = 0;
		struct str text = str_from(accepted[i]);

		ck_assert_msg(json_check(text, &what, &offset), "%s: %s at %zu", text.p, what,
			      offset);
	}
}
END_TEST

START_TEST(test_refused)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct str text = str_from(refused[i].text);
		char *copy = exact_copy(text);
		const char *what = NULL;
		size_t offset = SIZE_MAX;

		ck_assert_msg(!json_check((struct str){ copy, text.n }, &what, &offset),
			      "%s is accepted", text.p);
		ck_assert_msg(offset == refused[i].offset, "%s: %s at %zu, not at %zu", text.p,
			      what, offset, refused[i].offset);
		free(copy);
	}
}
END_TEST

/* A text that is truncated anywhere has its error at its end, however it is read. */
START_TEST(test_torn)
{
	static const char whole[] = "{\"a\":[1.5e+1,\"b\\u00e9\\\"\",{\"c\":true,\"d\":false}] ,"
				    "\"e\":null , \"f\":{} }";
	const char *what;
	size_t offset;

	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		char *copy = exact_copy((struct str){ whole, n });
		struct str text = { copy, n };
		struct json j = json_of(text, &arena);

		ck_assert(!json_check(text, &what, &offset));
		ck_assert_uint_eq(offset, n);
		json_skip(&j);
		ck_assert(!json_end(&j));
		ck_assert_uint_eq(json_offset(&j), n);
		free(copy);
	}
}
END_TEST

static struct json reader(const char *text)
{
	return json_of(str_from(text), &arena);
}

START_TEST(test_walk)
{
	struct json j = reader(" {\"kind\":\"Pod\",\"list\":[1, [], {\"x\":2}],\"n\":-7} ");
	struct str key, kind = { 0 }, raw = { 0 };
	int64_t n = 0, first = 0;
	int items = 0;

	ck_assert_int_eq(json_peek(&j), JSON_OBJECT);
	ck_assert(json_object(&j));
	while (json_key(&j, &key)) {
		if (str_eq(key, STR("kind"))) {
			ck_assert(json_text(&j, &kind));
		} else if (str_eq(key, STR("n"))) {
			ck_assert(json_i64(&j, &n));
		} else {
			ck_assert(json_array(&j));
			while (json_item(&j)) {
				if (items++ == 0)
					ck_assert(json_i64(&j, &first));
				else
					ck_assert(json_raw(&j, &raw));
			}
		}
	}
	ck_assert_int_eq(json_peek(&j), JSON_NOTHING);
	ck_assert(json_end(&j));
	ck_assert(str_eq(kind, STR("Pod")) && n == -7 && first == 1 && items == 3);
	ck_assert(str_eq(raw, STR("{\"x\":2}")));
	ck_assert_uint_eq(arena.used, 0);
}
END_TEST

/* Six getters on seven values: those of another type skip, return false and change nothing. */
START_TEST(test_other_types)
{
	static const struct {
		const char *text;
		enum json_type type;
	} values[] = {
		{ "{\"a\":[\"}\"]}", JSON_OBJECT },
		{ "[{},\"]\",1]", JSON_ARRAY },
		{ "\"te\\\"xt\"", JSON_STRING },
		{ "12", JSON_NUMBER },
		{ "true", JSON_BOOL },
		{ "false", JSON_BOOL },
		{ "null", JSON_NULL },
	};
	static const enum json_type wants[] = { JSON_OBJECT, JSON_ARRAY,  JSON_STRING,
						JSON_NUMBER, JSON_NUMBER, JSON_BOOL };

	for (size_t i = 0; i < ARRAY_SIZE(values) * ARRAY_SIZE(wants); i++) {
		size_t getter = i % ARRAY_SIZE(wants);
		char text[64];
		struct json j;
		struct str s = { "untouched", 9 };
		int64_t n = 42, after = 0;
		bool got, b = getter == 5 && values[i / 6].text[0] == 'f';

		snprintf(text, sizeof(text), "[ %s , 5]", values[i / 6].text);
		j = reader(text);
		ck_assert(json_array(&j) && json_item(&j));
		ck_assert_int_eq(json_peek(&j), values[i / 6].type);
		got = getter == 0   ? json_object(&j)
		      : getter == 1 ? json_array(&j)
		      : getter == 2 ? json_text(&j, &s)
		      : getter == 3 ? json_number(&j, &s)
		      : getter == 4 ? json_i64(&j, &n)
				    : json_bool(&j, &b);
		ck_assert_int_eq(got, values[i / 6].type == wants[getter]);
		if (got)
			continue;
		ck_assert(str_eq(s, STR("untouched")) && n == 42 && !b);
		ck_assert(json_item(&j) && json_i64(&j, &after) && after == 5);
		ck_assert(!json_item(&j) && json_end(&j));
	}
}
END_TEST

START_TEST(test_integers)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "-12", true, -12 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "1.0", false, 0 },
		{ "1e3", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json j = reader(cases[i].text);
		struct str number = { 0 };
		int64_t value = 77;

		ck_assert_msg(json_i64(&j, &value) == cases[i].ok, "%s", cases[i].text);
		ck_assert_int_eq(value, cases[i].ok ? cases[i].value : 77);
		ck_assert(json_end(&j));
		j = reader(cases[i].text);
		ck_assert(json_number(&j, &number) && json_end(&j));
		ck_assert(str_eq(number, str_from(cases[i].text)));
	}
}
END_TEST

#define FFFD "\xef\xbf\xbd"

START_TEST(test_escapes)
{
	static const struct {
		const char *json;
		struct str text;
	} cases[] = {
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", { "\"\\/\b\f\n\r\t", 8 } },
		{ "\"\\u0041\\u00e9\\u20aC\\uFFFF\"", { "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf", 9 } },
		{ "\"a\\u0000b\"", { "a\0b", 3 } },
		{ "\"\\u007f\\u0080\\u07ff\\u0800\"", { "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80", 8 } },
		{ "\"\\ud83d\\ude00\"", { "\xf0\x9f\x98\x80", 4 } },
		{ "\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", { "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8 } },
		{ "\"\\ud83d\"", { FFFD, 3 } },
		{ "\"\\ude00\"", { FFFD, 3 } },
		{ "\"\\ud83dx\"", { FFFD "x", 4 } },
		{ "\"\\ud83d\\n\"", { FFFD "\n", 4 } },
		{ "\"\\ud83d\\u0041\"", { FFFD "A", 4 } },
		{ "\"\\ud83d\\ud83d\\ude00\"", { FFFD "\xf0\x9f\x98\x80", 7 } },
		{ "\"\\ude00\\ud83d\"", { FFFD FFFD, 6 } },
		{ "\"\\\\u0041\"", { "\\u0041", 6 } },
		{ "\"\xff raw \\n\"", { "\xff raw \n", 7 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str json = str_from(cases[i].json), text = { 0 };
		char *copy = exact_copy(json);
		struct json j = json_of((struct str){ copy, json.n }, &arena);

		ck_assert_msg(json_text(&j, &text) && json_end(&j), "%s: %s", json.p, j.what);
		ck_assert_msg(str_eq(text, cases[i].text), "%s: " STR_FMT, json.p, STR_ARG(text));
		free(copy);
	}
}
END_TEST

START_TEST(test_escaped_keys)
{
	struct json j = reader("{\"\\u006bind\":1,\"a\\/b\":2}");
	struct str key = { 0 };

	ck_assert(json_object(&j));
	ck_assert(json_key(&j, &key) && str_eq(key, STR("kind")));
	json_skip(&j);
	ck_assert(json_key(&j, &key) && str_eq(key, STR("a/b")));
	json_skip(&j);
	ck_assert(!json_key(&j, &key) && json_end(&j));
}
END_TEST

/* Strings of every length with something at every place, ending at the end of the memory. */
START_TEST(test_string_borders)
{
	static const char *const inserts[] = { "x", "\\n", "\\\"", "\\u00e9", "\t", "\"" };

	for (size_t n = 0; n < 70; n++) {
		for (size_t i = 0; i < ARRAY_SIZE(inserts) * (n + 1); i++) {
			const char *insert = inserts[i % ARRAY_SIZE(inserts)];
			size_t at = i / ARRAY_SIZE(inserts);
			char text[128], *copy;
			struct str out = { 0 };
			struct json j;
			int length;

			length = snprintf(text, sizeof(text), "\"%.*s%s%.*s\"", (int)at,
					  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					  "aaaaaaaaaaaaaa",
					  insert, (int)(n - at),
					  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
					  "bbbbbbbbbbbbbb");
			copy = exact_copy((struct str){ text, (size_t)length });
			j = json_of((struct str){ copy, (size_t)length }, &arena);
			if (insert[0] == '\t') {
				ck_assert(!json_text(&j, &out) && json_offset(&j) == at + 1);
			} else if (insert[0] == '"') {
				ck_assert(json_text(&j, &out) && out.n == at && !json_end(&j));
				ck_assert_uint_eq(json_offset(&j), at + 2);
			} else {
				ck_assert(json_text(&j, &out) && json_end(&j));
				ck_assert_uint_eq(out.n, n + (insert[1] == 'u' ? 2 : 1));
			}
			free(copy);
		}
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(test_depth)
{
	enum { DEEP = 100000 };
	char text[2 * DEEP + 2];
	const char *what = "";
	size_t offset = 0;
	struct json j;

	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		bool fits = depth <= JSON_DEPTH_MAX;

		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		ck_assert_int_eq(json_check((struct str){ text, 2 * depth }, &what, &offset), fits);
	}
	ck_assert_str_eq(what, "nested too deeply");
	ck_assert_uint_eq(offset, JSON_DEPTH_MAX);
	/* a skipped value may have any depth */
	memset(text, '[', DEEP);
	memset(text + DEEP, ']', DEEP);
	j = json_of((struct str){ text, 2 * DEEP }, &arena);
	json_skip(&j);
	ck_assert(json_end(&j));
	ck_assert(!json_check((struct str){ text, 2 * DEEP }, &what, &offset));
}
END_TEST

/* After the first error nothing is found, and the error stays. */
START_TEST(test_after_error)
{
	struct json j = reader("{\"a\":x,\"b\":1}");
	struct str s = { "untouched", 9 };
	int64_t n = 7;
	bool b = true;

	ck_assert(json_object(&j) && json_key(&j, &s));
	s = STR("untouched");
	ck_assert_int_eq(json_peek(&j), JSON_NOTHING);
	ck_assert(!json_text(&j, &s) && !json_number(&j, &s) && !json_raw(&j, &s));
	ck_assert(!json_i64(&j, &n) && !json_bool(&j, &b) && !json_key(&j, &s));
	ck_assert(!json_item(&j) && !json_object(&j) && !json_array(&j));
	json_skip(&j);
	ck_assert(!json_end(&j) && j.bad);
	ck_assert(str_eq(s, STR("untouched")) && n == 7 && b);
	ck_assert_uint_eq(json_offset(&j), 5);
	ck_assert_str_eq(j.what, "not a value");
}
END_TEST

START_TEST(test_skip_is_lenient)
{
	struct json j = reader("{\"a\":{\"b\":[1,,tru}},\"c\":\"d\"}");
	struct str key = { 0 }, raw = { 0 }, text = { 0 };

	ck_assert(json_object(&j) && json_key(&j, &key) && json_raw(&j, &raw));
	ck_assert(str_eq(raw, STR("{\"b\":[1,,tru}}")));
	ck_assert(json_key(&j, &key) && json_text(&j, &text) && str_eq(text, STR("d")));
	ck_assert(!json_key(&j, &key) && json_end(&j));
	j = reader("[\"a\\x\"]");
	ck_assert(json_array(&j) && json_item(&j));
	json_skip(&j); /* scalars are checked even then */
	ck_assert(j.bad && json_offset(&j) == 4);
}
END_TEST

START_TEST(test_end)
{
	struct json j = json_of((struct str){ 0 }, NULL);

	ck_assert_int_eq(json_peek(&j), JSON_NOTHING);
	ck_assert(!j.bad && !json_end(&j) && j.bad);
	j = reader("[1]");
	ck_assert(json_array(&j) && !json_end(&j));
	j = reader("1 2");
	json_skip(&j);
	ck_assert_int_eq(json_peek(&j), JSON_NOTHING);
	json_skip(&j);
	ck_assert(!json_end(&j) && json_offset(&j) == 1);
	j = reader("1 \n");
	json_skip(&j);
	ck_assert(json_end(&j) && json_offset(&j) == 3);
}
END_TEST

TCase *reader_tests(void)
{
	TCase *tcase = tcase_create("reader");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, test_accepted);
	tcase_add_test(tcase, test_refused);
	tcase_add_test(tcase, test_torn);
	tcase_add_test(tcase, test_walk);
	tcase_add_test(tcase, test_other_types);
	tcase_add_test(tcase, test_integers);
	tcase_add_test(tcase, test_escapes);
	tcase_add_test(tcase, test_escaped_keys);
	tcase_add_test(tcase, test_string_borders);
	tcase_add_test(tcase, test_depth);
	tcase_add_test(tcase, test_after_error);
	tcase_add_test(tcase, test_skip_is_lenient);
	tcase_add_test(tcase, test_end);
	return tcase;
}
