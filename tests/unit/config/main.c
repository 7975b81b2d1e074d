/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

struct str trees_of(const char *text, struct buf *out)
{
	struct arena arena = { 0 };
	struct config config;
	struct err err = { 0 };

	buf_reset(out);
	if (config_read(STR("f"), str_from(text), &arena, &config, &err) < 0) {
		ck_assert_int_eq(err.code, ERR_USAGE);
		buf_printf(out, "%s", err.message);
	} else {
		for (size_t i = 0; i < config.n; i++) {
			char *tree = cJSON_PrintUnformatted(config.documents[i]->root);

			buf_printf(out, "%s\n", tree);
			cJSON_free(tree);
		}
		config_free(&config);
	}
	arena_free(&arena);
	buf_add_char(out, 0);
	return (struct str){ out->p, out->n - 1 };
}

int main(void)
{
	SRunner *runner = srunner_create(suite_json());
	int failed;

	srunner_add_suite(runner, suite_schema());
	srunner_add_suite(runner, suite_yaml());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
