/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

static const struct {
	const char *text, *result;
} cases[] = {
	{ "", "" },
	{ "# nothing\n", "" },
	{ "---\n---\na: 1\n---\n# none\n...\n---\n- x\n", "{\"a\":1}\n[\"x\"]\n" },
	{ "a: {b: [1, two, '3']}\n", "{\"a\":{\"b\":[1,\"two\",\"3\"]}}\n" },
	{ "\"json\"", "\"json\"\n" },
	/* the core schema of YAML 1.2 */
	{ "[null, Null, NULL, ~, 'null']", "f:1:8: not JSON: not a value" },
	{ "- null\n- Null\n- NULL\n- ~\n-\n- 'null'\n- nULL\n",
	  "[null,null,null,null,null,\"null\",\"nULL\"]\n" },
	{ "- true\n- True\n- TRUE\n- false\n- yes\n- no\n- on\n- \"true\"\n- tRue\n",
	  "[true,true,true,false,\"yes\",\"no\",\"on\",\"true\",\"tRue\"]\n" },
	{ "- 12\n- -3\n- +4\n- 0o17\n- 0xfF\n- 017\n- 1_000\n- 0b1\n- 12:30:45\n",
	  "[12,-3,4,15,255,17,\"1_000\",\"0b1\",\"12:30:45\"]\n" },
	{ "- 1.5\n- .5\n- 2.\n- 1e3\n- -2.5E-1\n- 1e\n- .\n- 1.2.3\n- '1.5'\n",
	  "[1.5,0.5,2,1000,-0.25,\"1e\",\".\",\"1.2.3\",\"1.5\"]\n" },
	{ "- 2026-11-22\n- !!str 12\n- 90s\n", "[\"2026-11-22\",\"12\",\"90s\"]\n" },
	{ "1: a\ntrue: b\n", "{\"1\":\"a\",\"true\":\"b\"}\n" },
	{ "a: |\n  x\n  y\nb: >\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\\n\"}\n" },
	{ "a: &anchor 1\n", "{\"a\":1}\n" },
	{ "a: .inf\n", "f:1:4: found a number that is not finite" },
	{ "a: 1e999\n", "f:1:4: found a number that is too large" },
	{ "a: 0xfffffffffffffffff\n", "f:1:4: found a number that is too large" },
	{ "a: &x [1]\nb: *x\n", "f:2:4: found an alias, expected what it stands for" },
	{ "a:\n  <<: {b: 1}\n", "f:2:3: found a merge key, expected a key" },
	{ "a:\n  '<<': 1\n", "{\"a\":{\"<<\":1}}\n" },
	{ "a: !!int 1\n", "f:1:4: found a tag, expected none but !!str" },
	{ "a: !mine {}\n", "f:1:4: found a tag, expected none but !!str" },
	{ "? [a]\n: 1\n", "f:1:3: found an object or a list as a key, expected a string" },
	{ "a: \"x\\0y\"\n", "f:1:4: found NUL in a string, expected none" },
	{ "a:\n  b: 1\n  c: 2\n  b: 3\n",
	  "f:4:3: a: the key \"b\" stands already in line 2, column 3; expected each key once" },
	{ "a: 1\n---\nb: 1\nb: 2\n",
	  "f:4:1: the key \"b\" stands already in line 3, column 1; expected each key once" },
	{ "a: 1\n\tb: 2\n", "f:2:1: not YAML: found a tab character that violates indentation "
			    "while scanning a plain scalar" },
	{ "a: \x01\n", "f:1:4: not YAML: control characters are not allowed" },
	{ "a: [1\n", "f:2:1: not YAML: did not find expected ',' or ']' while parsing a flow "
		     "sequence" },
};

START_TEST(yaml_gives_its_trees_or_the_place_of_the_fault)
{
	struct buf out = { 0 };

	ck_assert_str_eq(trees_of(cases[_i].text, &out).p, cases[_i].result);
	buf_free(&out);
}
END_TEST

/* The text under "in" is a document of its own, whose key "bad" has the message. */
static const struct {
	const char *text, *where;
} inner[] = {
	{ "a: 1\nin: |\n  {\n    \"bad\": 1}\n", "f:4:5: bad: x" },
	{ "in: |\n  good: 1\n\n  bad: 1\n", "f:4:3: bad: x" },
	{ "in: |\r\n  good: 1\r\n  bad: 1\r\n", "f:3:3: bad: x" },
	{ "in: |-\n\n\n     bad: 1\n", "f:4:6: bad: x" },
	{ "in: |2 # with an indentation\n    bad: 1\n", "f:2:5: bad: x" },
	/* where the lines were changed, both positions are reported */
	{ "in: >\n  {\n  \"bad\": 1}\n", "f:1:5: in in, line 1, column 3: bad: x" },
	{ "in: 'bad: 1'\n", "f:1:5: in in, line 1, column 1: bad: x" },
	{ "{\"in\": \"good: 1\\nbad: 1\"}", "f:1:8: in in, line 2, column 1: bad: x" },
	{ "b: \xe2\x80\xa8\nin: |\n  bad: 1\n", "f:3:5: in in, line 1, column 1: bad: x" },
};

START_TEST(documents_in_strings_keep_their_places)
{
	struct arena arena = { 0 };
	struct config config, in;
	struct document *d;
	struct err err = { 0 };

	ck_assert_int_eq(config_read(STR("f"), str_from(inner[_i].text), &arena, &config, &err), 0);
	d = config.documents[0];
	ck_assert_int_eq(config_read_inner(d, config_get(d->root, "in"), &in, &err), 0);
	d = in.documents[0];
	ck_assert_int_eq(config_key_error(d, config_get(d->root, "bad"), &err, "x"), -1);
	ck_assert_str_eq(err.message, inner[_i].where);
	config_free(&in);
	config_free(&config);
	arena_free(&arena);
}
END_TEST

Suite *suite_yaml(void)
{
	Suite *suite = suite_create("yaml");
	TCase *tc = tcase_create("yaml");

	tcase_add_loop_test(tc, yaml_gives_its_trees_or_the_place_of_the_fault, 0,
			    ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, documents_in_strings_keep_their_places, 0, ARRAY_SIZE(inner));
	suite_add_tcase(suite, tc);
	return suite;
}
