/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the rules that the program carries are what its reader makes of their files. */
#include "suites.h"

#include "base/buf.h"
#include "diagnose/ruleset.h"

#include <glob.h>

static struct rules *read_files(void)
{
	struct rules *rules = rules_new();
	struct err err = { 0 };
	glob_t files;

	ck_assert_int_eq(glob(RULES "/*.yaml", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		static char text[1 << 20];
		FILE *file = fopen(files.gl_pathv[i], "rb");
		size_t n = fread(text, 1, sizeof(text), file);

		fclose(file);
		ck_assert_msg(rules_read(rules, files.gl_pathv[i], (struct str){ text, n }, &err) ==
				  0,
			      "%s", err.message);
	}
	globfree(&files);
	return rules;
}

static size_t first_matcher(const struct matcher *list, size_t n, uint32_t rule)
{
	size_t i = 0;

	while (i < n && list[i].rule != rule)
		i++;
	return i;
}

#define FORGOTTEN ": src/diagnose/make_tables.c writes not all of struct rule and struct matcher"
#define SAME(field) (a->field == b->field)
#define SAME_TEXT(field) str_eq(a->field, b->field)

static bool same_words(const struct rule_words *a, const struct rule_words *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = str_eq(a->list[i], b->list[i]);
	return same;
}

static bool same_matcher(const struct matcher *a, const struct matcher *b)
{
	return SAME(kind) && SAME(is) && SAME(job) && SAME(not_job) && SAME(stage) && SAME(over) &&
	       SAME(queued) && SAME(notable) && SAME(test) && SAME(containers) && SAME(during) &&
	       SAME(killed) && SAME(excuse) && SAME(tells) && SAME_TEXT(expression) &&
	       same_words(&a->words, &b->words) && same_words(&a->reasons, &b->reasons) &&
	       a->codes.n == b->codes.n &&
	       (!a->codes.n ||
		memcmp(a->codes.list, b->codes.list, a->codes.n * sizeof(*a->codes.list)) == 0);
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	return SAME_TEXT(code) && SAME_TEXT(id) && SAME_TEXT(summary) && SAME_TEXT(advice) &&
	       SAME_TEXT(upstream) && SAME_TEXT(kubernetes) && SAME(stage) && SAME(owner) &&
	       SAME(scopes) && SAME(about) && SAME(symptom) && SAME(information) &&
	       memcmp(a->changed, b->changed, sizeof(a->changed)) == 0;
}

/* What struct rule and struct matcher have, make_tables.c must write: it is compared here. */
START_TEST(test_tables)
{
	struct rules *rules = read_files();

	ck_assert_uint_eq(rules->n, n_builtin_rules);
	ck_assert_uint_eq(rules->n_matchers, n_builtin_matchers);
	for (uint32_t i = 0; i < n_builtin_rules; i++) {
		const struct rule *rule = &builtin_rules[i];
		uint32_t at = map_find(&rules->codes, rule->code);
		size_t a = first_matcher(builtin_matchers, n_builtin_matchers, i), b;

		ck_assert_msg(at != MAP_NONE && same_rule(rule, &rules->list[at]),
			      STR_FMT FORGOTTEN, STR_ARG(rule->code));
		b = first_matcher(rules->matchers, rules->n_matchers, at);
		for (; a < n_builtin_matchers && builtin_matchers[a].rule == i; a++, b++)
			ck_assert_msg(b < rules->n_matchers && rules->matchers[b].rule == at &&
					  same_matcher(&builtin_matchers[a], &rules->matchers[b]),
				      STR_FMT FORGOTTEN, STR_ARG(rule->code));
	}
	rules_free(rules);
}
END_TEST

/* The machine that builds may have another version of PCRE2 than the one that runs. */
START_TEST(test_expressions)
{
	for (size_t i = 0; i < n_builtin_matchers; i++) {
		struct err err = { 0 };
		struct str expression = builtin_matchers[i].expression;
		struct pattern *p = pattern_new(expression, &err);

		ck_assert_msg(p || !expression.n, STR_FMT ": %s", STR_ARG(expression), err.message);
		pattern_free(p);
	}
}
END_TEST

Suite *suite_tables(void)
{
	Suite *suite = suite_create("tables");
	TCase *t = tcase_create("tables");

	tcase_add_test(t, test_tables);
	tcase_add_test(t, test_expressions);
	suite_add_tcase(suite, t);
	return suite;
}
