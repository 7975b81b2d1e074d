/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_chrome());
	int failed;

	srunner_add_suite(runner, suite_diff());
	srunner_add_suite(runner, suite_inspection());
	srunner_add_suite(runner, suite_jaeger());
	srunner_add_suite(runner, suite_metrics());
	srunner_add_suite(runner, suite_otlp());
	srunner_add_suite(runner, suite_rows());
	srunner_add_suite(runner, suite_slo_json());
	srunner_add_suite(runner, suite_slo_line());
	srunner_add_suite(runner, suite_story());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
