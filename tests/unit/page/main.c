/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_basis());
	int failed;

	srunner_add_suite(runner, suite_page());
	srunner_add_suite(runner, suite_phrase());
	srunner_add_suite(runner, suite_slo_text());
	srunner_add_suite(runner, suite_table());
	srunner_add_suite(runner, suite_text());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
