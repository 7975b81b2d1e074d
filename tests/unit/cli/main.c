/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

void words_of(struct words *w, const char *line)
{
	char *p = w->text;

	snprintf(w->text, sizeof(w->text), "lunettes %s", line);
	for (w->argc = 0; *p;) {
		ck_assert_int_lt(w->argc, (int)ARRAY_SIZE(w->argv));
		w->argv[w->argc++] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = 0;
	}
	for (int i = 1; i < w->argc; i++) {
		if (strcmp(w->argv[i], "''") == 0)
			w->argv[i] = w->argv[i] + 2;
		for (char *c = w->argv[i]; *c; c++)
			if (*c == '_')
				*c = ' ';
	}
}

int main(void)
{
	SRunner *runner = srunner_create(suite_option());
	int failed;

	srunner_add_suite(runner, suite_drive());
	srunner_add_suite(runner, suite_options());
	srunner_add_suite(runner, suite_podname());
	srunner_add_suite(runner, suite_progress());
	srunner_add_suite(runner, suite_selector());
	srunner_add_suite(runner, suite_when());
	srunner_add_suite(runner, suite_help());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
