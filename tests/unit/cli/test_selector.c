/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "cli/selector.h"

#define LABEL(k, v)                                                                                \
	{                                                                                          \
		{ k, sizeof(k) - 1 },                                                              \
		{                                                                                  \
			v, sizeof(v) - 1                                                           \
		}                                                                                  \
	}

static const struct selector_label labels[] = {
	LABEL("app", "web"), LABEL("tier", "front"), LABEL("app.kubernetes.io/name", "web"),
	LABEL("empty", ""),  LABEL("in", "x"),
};

static const struct {
	const char *text;
	bool match;
} matches[] = {
	{ "", true },
	{ "  ", true },
	{ "app", true },
	{ "other", false },
	{ "!app", false },
	{ "! other", true },
	{ "app=web", true },
	{ "app==web", true },
	{ " app = web ", true },
	{ "app=db", false },
	{ "app=we", false },
	{ "ap=web", false },
	{ "app!=db", true },
	{ "app!=web", false },
	{ "other!=web", true },
	{ "other=", false },
	{ "empty=", true },
	{ "app!=", true },
	{ "app in (db,web)", true },
	{ "app in(web)", true },
	{ "app in ( db , cache )", false },
	{ "app notin (db,cache)", true },
	{ "app notin (db,web)", false },
	{ "other notin (a)", true },
	{ "other in (a)", false },
	{ "empty in (a,)", true },
	{ "app=web,tier=front", true },
	{ "app=web,tier=back", false },
	{ "app in (web,db),tier,!gone,empty!=x", true },
	{ "app.kubernetes.io/name=web", true },
	{ "in=x", true },
	{ "in in (x,y)", true },
	{ "in", true },
	{ "app in (a,b,c,d,e,f,g,h,i,web)", true },
	{ "app,app,app,app,app,tier,tier,tier,tier,none", false },
};

START_TEST(selects)
{
	struct selector s;
	struct err err = { 0 };
	int r = selector_parse(str_from(matches[_i].text), &s, &err);

	ck_assert_msg(r == 0, "'%s': %s", matches[_i].text, err.message);
	ck_assert_msg(selector_match(&s, labels, ARRAY_SIZE(labels)) == matches[_i].match, "'%s'",
		      matches[_i].text);
	selector_free(&s);
	ck_assert(selector_match(&s, NULL, 0));
}
END_TEST

static const struct {
	const char *text, *message;
} errors[] = {
	{ ",", "the selector ',' has ',' at column 1 where a label's name is expected" },
	{ "app,", "the selector 'app,' ends where a label's name is expected" },
	{ "=web", "the selector '=web' has '=' at column 1 where a label's name is expected" },
	{ "!", "the selector '!' ends where a label's name is expected" },
	{ "app=web tier",
	  "the selector 'app=web tier' has 't' at column 9 where ',' or an operator "
	  "(=, !=, in, notin) is expected" },
	{ "cpu>5", "the selector 'cpu>5' has '>' at column 4 where ',' or an operator (=, !=, in, "
		   "notin) is expected" },
	{ "app in web", "the selector 'app in web' has 'w' at column 8 where '(' is expected" },
	{ "app in", "the selector 'app in' ends where '(' is expected" },
	{ "app in (web", "the selector 'app in (web' ends where ',' or ')' is expected" },
	{ "app in (web;db)",
	  "the selector 'app in (web;db)' has ';' at column 12 where ',' or ')' is "
	  "expected" },
	{ "app in ()", "the selector 'app in ()' has an empty set; name at least one value" },
	{ "app=a/b",
	  "the selector has the value 'a/b', which no label can have: at most 63 letters, "
	  "digits, '-', '_' and '.' are allowed" },
	{ "!app=web",
	  "the selector '!app=web' has '=' at column 5 where ',' or an operator (=, !=, "
	  "in, notin) is expected" },
};

START_TEST(says_what_is_wrong)
{
	struct selector s;
	struct err err = { 0 };

	ck_assert_int_eq(selector_parse(str_from(errors[_i].text), &s, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_str_eq(err.message, errors[_i].message);
}
END_TEST

START_TEST(limits_lengths)
{
	char text[600];
	struct selector s;
	struct err err = { 0 };

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(selector_parse((struct str){ text, 317 }, &s, &err), 0);
	selector_free(&s);
	ck_assert_int_eq(selector_parse((struct str){ text, 318 }, &s, &err), -1);
	ck_assert_str_eq(err.message,
			 "the selector names a label of 318 characters; at most 317 are allowed");
	text[1] = '=';
	ck_assert_int_eq(selector_parse((struct str){ text, 65 }, &s, &err), 0);
	selector_free(&s);
	ck_assert_int_eq(selector_parse((struct str){ text, 66 }, &s, &err), -1);
	ck_assert_int_eq(selector_parse((struct str){ text, 600 }, &s, &err), -1);
	ck_assert_uint_lt(strlen(err.message), sizeof(err.message) - 1);
}
END_TEST

Suite *suite_selector(void)
{
	Suite *s = suite_create("selector");
	TCase *t = tcase_create("selector");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, selects, 0, (int)ARRAY_SIZE(matches));
	tcase_add_loop_test(t, says_what_is_wrong, 0, (int)ARRAY_SIZE(errors));
	tcase_add_test(t, limits_lengths);
	return s;
}
