/* SPDX-License-Identifier: Apache-2.0 */
/*
 * testdata/json/ against cJSON. The first letter of a file's name is the expected result:
 * y_      both accept, all values are the same
 * n_      both reject
 * c_      only cJSON accepts
 * r_      only our reader accepts
 * lines*  every line as y_
 */
#include "suites.h"

#include "oracle.h"

#include <dirent.h>

static bool accepts(struct str text)
{
	char *copy = exact_copy(text);
	const char *what;
	size_t offset = SIZE_MAX;
	bool ok = json_check((struct str){ copy, text.n }, &what, &offset);

	ck_assert(ok || (what && offset <= text.n));
	free(copy);
	return ok;
}

static void compare(const char *name, struct str text, bool ours, bool theirs)
{
	cJSON *tree = oracle_parse(text);
	const char *what = "";
	size_t offset = 0;

	json_check(text, &what, &offset);
	ck_assert_msg(accepts(text) == ours, "%s: reader says %s at %zu", name, what, offset);
	ck_assert_msg((tree != NULL) == theirs, "%s: cJSON %s", name, tree ? "accepts" : "refuses");
	if (ours && theirs)
		ck_assert_msg(oracle_same(text, tree), "%s: other values", name);
	else if (ours)
		ck_assert_msg(oracle_is_narrow(text), "%s: not a known difference", name);
	else if (theirs)
		ck_assert_msg(oracle_is_lax(text, what, offset), "%s: not a known difference",
			      name);
	cJSON_Delete(tree);
}

static void compare_lines(const char *name, struct str text, bool may_differ)
{
	struct str line, rest = text;
	char where[512];

	for (int number = 1; rest.n; number++) {
		if (!str_cut(rest, '\n', &line, &rest)) {
			line = rest;
			rest.n = 0;
		}
		snprintf(where, sizeof(where), "%s:%d", name, number);
		if (may_differ) { /* torn lines are refused: by both */
			cJSON *tree = oracle_parse(line);

			compare(where, line, tree != NULL, tree != NULL);
			cJSON_Delete(tree);
		} else {
			compare(where, line, true, true);
		}
	}
}

START_TEST(test_files)
{
	DIR *dir = opendir(test_data);
	int n = 0;

	ck_assert_msg(dir, "%s cannot be opened", test_data);
	for (struct dirent *e; (e = readdir(dir));) {
		struct str text;

		if (!strchr("yncrl", e->d_name[0]))
			continue;
		text = read_file(test_data, e->d_name);
		if (e->d_name[0] == 'l')
			compare_lines(e->d_name, text, false);
		else
			compare(e->d_name, text, strchr("yr", e->d_name[0]),
				strchr("yc", e->d_name[0]));
		free((char *)(uintptr_t)text.p);
		n++;
	}
	closedir(dir);
	ck_assert_int_gt(n, 40);
}
END_TEST

START_TEST(test_more)
{
	for (char **file = test_more_files; *file; file++) {
		struct str text = read_file("", *file);

		compare_lines(*file, text, true);
		free((char *)(uintptr_t)text.p);
	}
}
END_TEST

TCase *oracle_tests(void)
{
	TCase *tcase = tcase_create("oracle");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_files);
	tcase_add_test(tcase, test_more);
	return tcase;
}
