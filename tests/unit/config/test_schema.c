/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

struct sample {
	struct str name;
	struct config_texts names;
	bool flag;
	uint32_t count;
	nsec duration;
	const cJSON *node;
	unsigned choice;
};

static int read_choice(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	static const char *const words[] = { "create", "delete", NULL };

	return config_read_choice(d, node, words, ret, err);
}

#define AT(field) .offset = offsetof(struct sample, field)

static const struct config_key keys[] = {
	{ "name", CONFIG_TEXT, .required = true, AT(name) },
	{ "names", CONFIG_TEXTS, AT(names) },
	{ "flag", CONFIG_BOOL, AT(flag) },
	{ "count", CONFIG_COUNT, AT(count) },
	{ "duration", CONFIG_DURATION, AT(duration) },
	{ "node", CONFIG_NODE, AT(node) },
	{ "choice", CONFIG_OTHER, .read = read_choice, AT(choice) },
	{ "AnyCase", CONFIG_COUNT, .any_case = true, AT(count) },
	{ "comment", CONFIG_UNREAD },
};

static const struct config_table table = { keys, ARRAY_SIZE(keys) };

static int read_sample(const char *text, struct sample *ret, struct arena *arena, struct err *err)
{
	struct config config;
	int r;

	ck_assert_int_eq(config_read(STR("f"), str_from(text), arena, &config, err), 0);
	r = config_object(config.documents[0], config.documents[0]->root, &table, ret, err);
	config_free(&config);
	return r;
}

START_TEST(keys_fill_in_what_the_table_says)
{
	struct arena arena = { 0 };
	struct sample s = { .duration = 7 };
	struct err err = { 0 };

	ck_assert_int_eq(read_sample("name: x\nnames: [a, b]\nflag: true\ncount: 4e3\nnode: {}\n"
				     "choice: delete\nduration: null\ncomment: [any, thing]\n",
				     &s, &arena, &err),
			 0);
	ck_assert(str_eq(s.name, STR("x")));
	ck_assert_uint_eq(s.names.n, 2);
	ck_assert(str_eq(s.names.list[1], STR("b")));
	ck_assert(s.flag);
	ck_assert_uint_eq(s.count, 4000);
	ck_assert_int_eq(s.duration, 7); /* null: as if it were not there */
	ck_assert_uint_eq(s.choice, 1);
	ck_assert_int_eq(read_sample("name: x\nanycase: 5\nduration: 1d\n", &s, &arena, &err), 0);
	ck_assert_uint_eq(s.count, 5);
	ck_assert_int_eq(s.duration, 24 * HOUR);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{ "[]", "f:1:1: found a list, expected an object" },
	{ "count: 1", "f:1:1: the key \"name\" is missing" },
	{ "name: null", "f:1:1: the key \"name\" is missing" },
	{ "name: ''", "f:1:7: name: found \"\", expected a string that is not empty" },
	{ "name: 12", "f:1:7: name: found the number 12, expected a string that is not empty" },
	{ "name: {}", "f:1:7: name: found an object, expected a string that is not empty" },
	{ "name: a\nnames: b", "f:2:8: names: found \"b\", expected a list of strings" },
	{ "name: a\nnames:\n- b\n- true",
	  "f:4:3: names[1]: found true, expected a string that is not empty" },
	{ "flag: 'true'", "f:1:7: flag: found \"true\", expected true or false" },
	{ "count: -1", "f:1:8: count: found the number -1, expected a whole number from 0 to "
		       "4294967295" },
	{ "count: 1.5", "f:1:8: count: found the number 1.5, expected a whole number from 0 to "
			"4294967295" },
	{ "duration: 90",
	  "f:1:11: duration: found the number 90, expected a duration above 0, such "
	  "as \"90s\", \"1m30s\" or \"30d\"" },
	{ "duration: 0s", "f:1:11: duration: found \"0s\", expected a duration above 0, such as "
			  "\"90s\", \"1m30s\" or \"30d\"" },
	{ "duration: 200000h",
	  "f:1:11: duration: found \"200000h\", expected a duration of at most ten years" },
	{ "choice: creat",
	  "f:1:9: choice: found \"creat\", expected create or delete; did you mean "
	  "\"create\"?" },
	{ "choice: 1", "f:1:9: choice: found the number 1, expected create or delete" },
	{ "nane: a", "f:1:1: nane: unknown key; did you mean \"name\"?" },
	{ "Name: a", "f:1:1: Name: unknown key; did you mean \"name\"?" },
	{ "zzzzzz: a", "f:1:1: zzzzzz: unknown key; expected name, names, flag, count, duration, "
		       "node, choice, AnyCase or comment" },
	{ "anyCase: 1\nANYCASE: 2",
	  "f:2:1: ANYCASE: this key stands twice, whatever the case of letters" },
	{ "\"a\\e[31m\\u0085 b\": 1",
	  "f:1:1: [\"a\\x1b[31m\\xc2\\x85 b\"]: unknown key; expected "
	  "name, names, flag, count, duration, node, choice, AnyCase or "
	  "comment" },
};

START_TEST(what_is_wrong_is_told_with_place_and_path)
{
	struct arena arena = { 0 };
	struct sample s = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(read_sample(bad[_i].text, &s, &arena, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_str_eq(err.message, bad[_i].message);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *text;
	int digits;
	bool good;
	int64_t value;
} decimals[] = {
	{ "0", 6, true, 0 },
	{ "0.995", 6, true, 995000 },
	{ ".5", 1, true, 5 },
	{ "5.", 0, true, 5 },
	{ "+1.50", 1, true, 15 },
	{ "-2.5e1", 0, true, -25 },
	{ "9.95E-1", 6, true, 995000 },
	{ "1e2", 0, true, 100 },
	{ "1e+2", 0, true, 100 },
	{ "9223372036854775807", 0, true, INT64_MAX },
	{ "0e50", 9, true, 0 },
	{ "9223372036854775808", 0, false, 0 },
	{ "0.9999999", 6, false, 0 }, /* more digits than there is place for */
	{ "1e19", 0, false, 0 },
	{ "", 0, false, 0 },
	{ ".", 0, false, 0 },
	{ "1x", 0, false, 0 },
	{ "1e", 0, false, 0 },
	{ "1.2.3", 0, false, 0 },
	{ "1e999999999999999999999", 0, false, 0 },
};

START_TEST(decimals_are_exact)
{
	int64_t value = 0;

	ck_assert_int_eq(config_decimal(str_from(decimals[_i].text), decimals[_i].digits, &value),
			 decimals[_i].good);
	ck_assert_int_eq(value, decimals[_i].value);
}
END_TEST

Suite *suite_schema(void)
{
	Suite *suite = suite_create("schema");
	TCase *tc = tcase_create("schema");

	tcase_add_test(tc, keys_fill_in_what_the_table_says);
	tcase_add_loop_test(tc, what_is_wrong_is_told_with_place_and_path, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(tc, decimals_are_exact, 0, ARRAY_SIZE(decimals));
	suite_add_tcase(suite, tc);
	return suite;
}
