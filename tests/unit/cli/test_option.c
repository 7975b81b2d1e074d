/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "base/clock.h"
#include "base/pattern.h"
#include "cli/option.h"
#include "base/suggest.h"
#include "cli/when.h"

struct values {
	bool quiet, verbose;
	const char *name;
	uint64_t size, count;
	nsec duration;
	struct when time;
	unsigned choice;
	struct option_list list;
};

#define AT(field) .offset = offsetof(struct values, field)

static const char *const choices[] = { "table", "wide", "json", NULL };

/* clang-format off */
static const struct option_row rows[] = {
	{ .name = "quiet", .short_name = 'q', .kind = OPTION_FLAG, AT(quiet) },
	{ .name = "verbose", .short_name = 'v', .kind = OPTION_FLAG, AT(verbose) },
	{ .name = "name", .short_name = 'N', .kind = OPTION_STRING, .argument = "NAME", AT(name) },
	{ .name = "size", .kind = OPTION_SIZE, .argument = "SIZE", AT(size),
	  .min = KIB, .max = UINT64_C(8) << 30 },
	{ .name = "count", .short_name = 'c', .kind = OPTION_COUNT, .argument = "N", AT(count),
	  .min = 1, .max = 100 },
	{ .name = "duration", .kind = OPTION_DURATION, .argument = "D", AT(duration),
	  .min = SECOND, .max = 24 * HOUR },
	{ .name = "time", .kind = OPTION_TIME, .argument = "TIME", AT(time) },
	{ .name = "output", .short_name = 'o', .kind = OPTION_CHOICE, .argument = "FORMAT",
	  .commands = 1, .choices = choices, AT(choice) },
	{ .name = "list", .short_name = 'l', .kind = OPTION_LIST, .argument = "ITEM", AT(list) },
	{ .name = "secret", .kind = OPTION_FLAG, .hidden = true, AT(quiet) },
};
/* clang-format on */

struct parsed {
	int r;
	struct words words;
	struct values values;
	struct arena arena;
	struct option_parser parser;
	struct err err;
};

static void parse(struct parsed *p, const char *line)
{
	const char *args[ARRAY_SIZE(p->words.argv)];
	size_t n = 0;

	*p = (struct parsed){ 0 };
	words_of(&p->words, line);
	for (int i = 1; i < p->words.argc; i++)
		args[n++] = p->words.argv[i];
	p->parser = (struct option_parser){
		.rows = rows, .n_rows = ARRAY_SIZE(rows), .values = &p->values, .arena = &p->arena
	};
	p->r = option_parse(&p->parser, args, n, &p->err);
}

START_TEST(parses_every_form)
{
	static const char *const lines[] = {
		"-q -v -N x -c 5 a b",
		"-qv -Nx -c5 a b",
		"a -qvNx b --count=5",
		"-vqc5 a --name=x -- b",
		"--quiet --verbose --count 5 --name x a b",
		"a b --count 9 --name y -qvc 5 -N x",
	};
	struct parsed p;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		parse(&p, lines[i]);
		ck_assert_msg(p.r == 0, "%s: %s", lines[i], p.err.message);
		ck_assert_msg(p.values.quiet && p.values.verbose, "%s", lines[i]);
		ck_assert_str_eq(p.values.name, "x");
		ck_assert_uint_eq(p.values.count, 5);
		ck_assert_uint_eq(p.parser.operands.n, 2);
		ck_assert_str_eq(p.parser.operands.items[0], "a");
		ck_assert_str_eq(p.parser.operands.items[1], "b");
		ck_assert_uint_eq(p.parser.seen, 1 | 2 | 4 | 16);
		arena_free(&p.arena);
	}
}
END_TEST

START_TEST(parses_every_kind)
{
	struct parsed p;

	parse(&p, "--size 64MiB --duration 1m30s --time 10:11 -o json -l a --list=b -lc --name=");
	ck_assert_msg(p.r == 0, "%s", p.err.message);
	ck_assert_uint_eq(p.values.size, UINT64_C(64) << 20);
	ck_assert_int_eq(p.values.duration, 90 * SECOND);
	ck_assert_int_eq(p.values.time.kind, WHEN_TIME_OF_DAY);
	ck_assert_uint_eq(p.values.choice, 2);
	ck_assert_str_eq(p.values.name, "");
	ck_assert_uint_eq(p.values.list.n, 3);
	ck_assert_str_eq(p.values.list.items[0], "a");
	ck_assert_str_eq(p.values.list.items[2], "c");
	arena_free(&p.arena);
}
END_TEST

START_TEST(tells_operands_from_options)
{
	struct parsed p;

	parse(&p, "- -- -q --name -- x");
	ck_assert_int_eq(p.r, 0);
	ck_assert(!p.values.quiet);
	ck_assert_uint_eq(p.parser.operands.n, 5);
	ck_assert_str_eq(p.parser.operands.items[0], "-");
	ck_assert_str_eq(p.parser.operands.items[1], "-q");
	ck_assert_str_eq(p.parser.operands.items[3], "--");
	arena_free(&p.arena);

	/* As with getopt, the next argument is the value, even if it looks like an option. */
	parse(&p, "-N -- --name -q '' x");
	ck_assert_int_eq(p.r, 0);
	ck_assert_str_eq(p.values.name, "-q");
	ck_assert(!p.values.quiet);
	ck_assert_uint_eq(p.parser.operands.n, 2);
	arena_free(&p.arena);
}
END_TEST

START_TEST(cuts_lists_into_words)
{
	static const char *items[] = { "a,b", "", "c", "d," };
	static const char *const expected[] = { "a", "b", "", "c", "d", "" };
	struct option_list list = { items, ARRAY_SIZE(items), ARRAY_SIZE(items) }, none = { 0 };
	struct option_words words = { .list = &list };
	struct str word;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		ck_assert(option_words_next(&words, &word));
		ck_assert_msg(str_eq(word, str_from(expected[i])), "%zu", i);
	}
	ck_assert(!option_words_next(&words, &word));
	words = (struct option_words){ .list = &none };
	ck_assert(!option_words_next(&words, &word));
}
END_TEST

START_TEST(collects_many)
{
	struct arena arena = { 0 };
	struct option_list list = { 0 };

	for (int i = 0; i < 1000; i++)
		option_list_add(&list, &arena, "x");
	ck_assert_uint_eq(list.n, 1000);
	ck_assert_str_eq(list.items[999], "x");
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *line, *message;
} errors[] = {
	{ "--quiett", "there is no option '--quiett'; did you mean '--quiet'?" },
	{ "--qiuet=3", "there is no option '--qiuet'; did you mean '--quiet'?" },
	{ "--verb", "there is no option '--verb'; did you mean '--verbose'?" },
	{ "--wrong", "there is no option '--wrong'; 'lunettes --help' lists them" },
	{ "--secre", "there is no option '--secre'; 'lunettes --help' lists them" },
	{ "--=x", "there is no option '--'; 'lunettes --help' lists them" },
	{ "-x", "there is no option '-x'; 'lunettes --help' lists them" },
	{ "-qx", "there is no option '-x', as in '-qx'; 'lunettes --help' lists them" },
	{ "-q\xc3\xa9", "there is no option '-q\xc3\xa9'; 'lunettes --help' lists them" },
	{ "-count=3", "there is no option '-count'; did you mean '--count'?" },
	{ "-name x", "there is no option '-name'; did you mean '--name'?" },
	{ "--quiet=yes", "option --quiet takes no value, but 'yes' was given" },
	{ "--name", "option --name needs a value: --name NAME" },
	{ "-qN", "option --name needs a value: --name NAME" },
	{ "--count", "option --count needs a value: --count N" },
	{ "--count ten",
	  "option --count does not take 'ten'; expected a whole number from 1 to 100" },
	{ "-c0", "option --count does not take '0'; expected a whole number from 1 to 100" },
	{ "-c 101", "option --count does not take '101'; expected a whole number from 1 to 100" },
	{ "-c -1", "option --count does not take '-1'; expected a whole number from 1 to 100" },
	{ "--count=", "option --count does not take ''; expected a whole number from 1 to 100" },
	{ "--count 18446744073709551617", "option --count does not take '18446744073709551617'; "
					  "expected a whole number from 1 to 100" },
	{ "--size 5X",
	  "option --size does not take '5X'; expected a size such as 64M or 1GiB, from 1K "
	  "to 8G" },
	{ "--size 9G",
	  "option --size does not take '9G'; expected a size such as 64M or 1GiB, from 1K "
	  "to 8G" },
	{ "--duration 5", "option --duration does not take '5'; expected a duration such as 90s or "
			  "1h30m, from 1.00s to 24h00m" },
	{ "--duration 25h",
	  "option --duration does not take '25h'; expected a duration such as 90s "
	  "or 1h30m, from 1.00s to 24h00m" },
	{ "--time noon", "option --time does not take 'noon'; expected a time such as "
			 "2026-11-22T10:11:00Z, a time of day such as 10:11 or 10:11:30, or a "
			 "duration back from the log's end such as 2h" },
	{ "-o yaml", "option --output does not take 'yaml'; expected table, wide or json" },
	{ "-o jsn",
	  "option --output does not take 'jsn'; expected table, wide or json; did you mean "
	  "'json'?" },
};

START_TEST(says_what_is_wrong)
{
	struct parsed p;

	parse(&p, errors[_i].line);
	ck_assert_int_eq(p.r, -1);
	ck_assert_int_eq(p.err.code, ERR_USAGE);
	ck_assert_str_eq(p.err.message, errors[_i].message);
	arena_free(&p.arena);
}
END_TEST

START_TEST(cuts_off_long_values)
{
	char line[300];
	struct parsed p;

	memset(line, '7', sizeof(line));
	memcpy(line, "--count ", 8);
	line[sizeof(line) - 1] = 0;
	parse(&p, line);
	ck_assert_int_eq(p.r, -1);
	ck_assert_ptr_nonnull(strstr(p.err.message, "77...'; expected a whole number"));
	arena_free(&p.arena);
}
END_TEST

START_TEST(reads_sizes)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t bytes;
	} cases[] = {
		{ "0", true, 0 },
		{ "1234", true, 1234 },
		{ "2K", true, 2048 },
		{ "2KiB", true, 2048 },
		{ "2Ki", true, 2048 },
		{ "3M", true, UINT64_C(3) << 20 },
		{ "3MiB", true, UINT64_C(3) << 20 },
		{ "1G", true, UINT64_C(1) << 30 },
		{ "1GiB", true, UINT64_C(1) << 30 },
		{ "17179869183G", true, UINT64_C(17179869183) << 30 },
		{ "17179869184G", false, 0 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "", false, 0 },
		{ "K", false, 0 },
		{ "1.5G", false, 0 },
		{ "-1K", false, 0 },
		{ "1k", false, 0 },
		{ "1KB", false, 0 },
		{ "1 K", false, 0 },
		{ "1GM", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t bytes = 77;
		bool ok = option_size_parse(str_from(cases[i].text), &bytes);

		ck_assert_msg(ok == cases[i].ok, "%s", cases[i].text);
		ck_assert_msg(bytes == (ok ? cases[i].bytes : 77), "%s", cases[i].text);
	}
}
END_TEST

START_TEST(measures_distances)
{
	static const struct {
		const char *a, *b;
		unsigned distance;
	} cases[] = {
		{ "", "", 0 },		 { "a", "", 1 },
		{ "", "abc", 3 },	 { "slo", "slo", 0 },
		{ "sol", "slo", 1 },	 { "limt", "limit", 1 },
		{ "lmiit", "limit", 1 }, { "kitten", "sitting", 3 },
		{ "ab", "cd", 2 },
	};
	char lengthy[SUGGEST_WORD_MAX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_uint_eq(suggest_distance(str_from(cases[i].a), str_from(cases[i].b)),
				  cases[i].distance);
	memset(lengthy, 'x', sizeof(lengthy));
	ck_assert_uint_eq(suggest_distance((struct str){ lengthy, sizeof(lengthy) }, STR("x")),
			  UINT_MAX);
	ck_assert_uint_eq(suggest_distance((struct str){ lengthy, sizeof(lengthy) - 1 }, STR("x")),
			  SUGGEST_WORD_MAX - 1);
}
END_TEST

START_TEST(matches_globs)
{
	static const struct {
		const char *pattern, *name;
		bool match;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "*", "", true },
		{ "*", "abc", true },
		{ "?", "", false },
		{ "?", "a", true },
		{ "team-*", "team-a", true },
		{ "team-*", "team-", true },
		{ "team-*", "team", false },
		{ "*-prod", "a-prod-prod", true },
		{ "a*b*c", "aXbYbZc", true },
		{ "a*b*c", "aXbYbZ", false },
		{ "a?c", "abc", true },
		{ "a?c", "ac", false },
		{ "shop", "shop", true },
		{ "shop", "shop2", false },
		{ "**", "x", true },
		{ "*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_msg(pattern_match(str_from(cases[i].pattern), str_from(cases[i].name)) ==
				  cases[i].match,
			      "%s %s", cases[i].pattern, cases[i].name);
}
END_TEST

Suite *suite_option(void)
{
	Suite *s = suite_create("option");
	TCase *t = tcase_create("parser");

	suite_add_tcase(s, t);
	tcase_add_test(t, parses_every_form);
	tcase_add_test(t, parses_every_kind);
	tcase_add_test(t, tells_operands_from_options);
	tcase_add_test(t, cuts_lists_into_words);
	tcase_add_test(t, collects_many);
	tcase_add_loop_test(t, says_what_is_wrong, 0, (int)ARRAY_SIZE(errors));
	tcase_add_test(t, cuts_off_long_values);
	t = tcase_create("words");
	suite_add_tcase(s, t);
	tcase_add_test(t, reads_sizes);
	tcase_add_test(t, measures_distances);
	tcase_add_test(t, matches_globs);
	return s;
}
