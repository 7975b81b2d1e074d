/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

static const struct {
	const char *text, *result;
} cases[] = {
	{ "{}", "{}\n" },
	{ " \n[1, \"a\", null, true, {\"b\": []}]\n", "[1,\"a\",null,true,{\"b\":[]}]\n" },
	{ "\xef\xbb\xbf{\"a\":1}", "{\"a\":1}\n" }, /* a byte order mark */
	{ "{\"a\":\"\\u00e9\\ud83d\\ude00\"}", "{\"a\":\"\xc3\xa9\xf0\x9f\x98\x80\"}\n" },
	{ "{\"a\":1,\n \"b\":{\"a\":1},\n \"a\":2}",
	  "f:3:2: the key \"a\" stands already in line 1, column 2; expected each key once" },
	{ "{\"x\":[{},{\"k\":1,\"l\":2,\"k\":1}]}", "f:1:23: x[1]: the key \"k\" stands already in "
						    "line 1, column 11; expected each key once" },
	{ "{\"a\":{\"b\":1}, \"a\" : 2}",
	  "f:1:15: the key \"a\" stands already in line 1, column 2; expected each key once" },
	/* columns are characters, not bytes */
	{ "{\"\xc3\xa9\xe2\x82\xac\": x}", "f:1:8: not JSON: not a value" },
	{ "{\"a\": }", "f:1:7: not JSON: not a value" },
	{ "{\"a\":1} {", "f:1:9: not JSON: something follows after the value" },
	{ "{\"a\":1,}", "f:1:8: not JSON: a key should stand here" },
	{ "[01]", "f:1:3: not JSON: not a number" },
	{ "[1", "f:1:3: not JSON: the text ends inside an object or array" },
	{ "[\"a\nb\"]", "f:1:4: not JSON: a control character inside a string" },
	{ "[\"a\\u0000b\"]", "f:1:2: found NUL in a string, expected none" },
	{ "{\"\\u0000\":1}", "f:1:2: found NUL in a key, expected none" },
	{ "[\"\\ud800\"]", "f:1:3: not JSON: half a surrogate pair in a string" },
	{ "[1234567890123456789012345678901234567890123456789012345678901234]",
	  "f:1:2: found a number of more than 63 characters" },
	{ "[\"\xc0\xaf\"]", "f:1:3: found what is not UTF-8" },
	{ "[\n\"\xc3\xa9\xed\xa0\x80\"]", "f:2:3: found what is not UTF-8" },
	{ "[\"\xf4\x90\x80\x80\"]", "f:1:3: found what is not UTF-8" },
};

START_TEST(json_gives_its_tree_or_the_place_of_the_fault)
{
	struct buf out = { 0 };

	ck_assert_str_eq(trees_of(cases[_i].text, &out).p, cases[_i].result);
	buf_free(&out);
}
END_TEST

/* Where each value of a text is, and its key: as messages show it. */
static const struct {
	const char *text;
	const char *places[6]; /* of all values, as they are in the text; a root has no key */
} placed[] = {
	{ "{\n  \"list\": [10, \"x\\ty\"],\n\t\"o\":{\"k\":1.50}\n}",
	  { "f:1:1: x f:1:1: ", "f:2:11: list: x f:2:3: list", "f:2:12: list[0]: x f:2:12: list[0]",
	    "f:2:16: list[1]: x f:2:16: list[1]", "f:3:6: o: x f:3:2: o",
	    "f:3:11: o.k: x f:3:7: o.k" } },
	{ "list: [10,\n  x]\no:\n  k: 1.50\n",
	  { "f:1:1: x f:1:1: ", "f:1:7: list: x f:1:1: list", "f:1:8: list[0]: x f:1:8: list[0]",
	    "f:2:3: list[1]: x f:2:3: list[1]", "f:4:3: o: x f:3:1: o",
	    "f:4:6: o.k: x f:4:3: o.k" } },
	{ "a: 1\n---\n---\n? b\n: [c]\n",
	  { "f:4:1: x f:4:1: ", "f:5:3: b: x f:4:3: b", "f:5:4: b[0]: x f:5:4: b[0]" } },
};

static size_t check_places(const struct document *d, const cJSON *node, const char *const *places)
{
	struct buf text = { 0 };
	struct err err;
	size_t n = 1;

	ck_assert_int_eq(config_error(d, node, &err, "x"), -1);
	buf_printf(&text, "%s ", err.message);
	config_add_key(&text, d, node);
	buf_add_char(&text, 0);
	ck_assert_str_eq(text.p, places[0]);
	buf_free(&text);
	for (const cJSON *child = node->child; child; child = child->next)
		n += check_places(d, child, places + n);
	return n;
}

START_TEST(every_value_has_a_place)
{
	struct arena arena = { 0 };
	struct config config;
	struct err err;
	size_t n = 0;

	ck_assert_int_eq(config_read(STR("f"), str_from(placed[_i].text), &arena, &config, &err),
			 0);
	while (n < ARRAY_SIZE(placed[_i].places) && placed[_i].places[n])
		n++;
	ck_assert_uint_eq(check_places(config.documents[config.n - 1],
				       config.documents[config.n - 1]->root, placed[_i].places),
			  n);
	config_free(&config);
	arena_free(&arena);
}
END_TEST

/* A number has all the digits that it is written with, and a text lives as long as the arena. */
START_TEST(texts_outlive_the_tree)
{
	static const char *const texts[] = { "[1.50, \"x\\ty\"]", "- +01.50\n- \"x\\ty\"\n" };
	static const char *const numbers[] = { "1.50", "1.50" };
	struct arena arena = { 0 };
	struct config config;
	struct str number, text;
	struct err err;
	const cJSON *list;

	ck_assert_int_eq(config_read(STR("f"), str_from(texts[_i]), &arena, &config, &err), 0);
	list = config.documents[0]->root;
	number = config_text(list->child);
	text = config_text(list->child->next);
	ck_assert_ptr_null(config_text(list).p);
	config_free(&config);
	ck_assert(str_eq(number, str_from(numbers[_i])));
	ck_assert(str_eq(text, STR("x\ty")));
	arena_free(&arena);
}
END_TEST

/* begin, then n times a, then n times b. */
static const char *repeated(const char *begin, size_t n, const char *a, const char *b,
			    struct buf *out)
{
	buf_reset(out);
	buf_printf(out, "%s", begin);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s", a);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s", b);
	buf_add_char(out, 0);
	return out->p;
}

static const struct {
	const char *begin; /* of JSON, of YAML */
	size_t depth;
	const char *too_deep, *too_many;
} limits[] = {
	{ "", CONFIG_DEPTH_MAX, "f:1:65: found objects and lists nested too deep", "[" },
	{ "- ", CONFIG_DEPTH_MAX - 1, "f:1:66: found objects and lists nested too deep", "- [" },
};

START_TEST(limits_are_kept)
{
	struct buf text = { 0 }, out = { 0 };

	repeated(limits[_i].begin, limits[_i].depth, "[", "]", &text);
	ck_assert(trees_of(text.p, &out).p[0] == '[');
	repeated(limits[_i].begin, limits[_i].depth + 1, "[", "]", &text);
	ck_assert_str_eq(trees_of(text.p, &out).p, limits[_i].too_deep);
	repeated(limits[_i].too_many, CONFIG_NODES_MAX, "1,", "", &text);
	ck_assert(str_ends(trees_of(text.p, &out),
			   STR("found more values than a configuration may have")));
	repeated(limits[_i].begin, CONFIG_BYTES_MAX + 1, " ", "", &text);
	ck_assert_str_eq(trees_of(text.p, &out).p,
			 "f:1:1: found a text of more than 4 MiB, expected less");
	buf_free(&text);
	buf_free(&out);
}
END_TEST

Suite *suite_json(void)
{
	Suite *suite = suite_create("json");
	TCase *tc = tcase_create("json");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, json_gives_its_tree_or_the_place_of_the_fault, 0,
			    ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, every_value_has_a_place, 0, ARRAY_SIZE(placed));
	tcase_add_loop_test(tc, texts_outlive_the_tree, 0, 2);
	tcase_add_loop_test(tc, limits_are_kept, 0, ARRAY_SIZE(limits));
	suite_add_tcase(suite, tc);
	return suite;
}
