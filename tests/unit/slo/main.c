/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_class());
	int failed;

	srunner_add_suite(runner, suite_compare());
	srunner_add_suite(runner, suite_findings());
	srunner_add_suite(runner, suite_settings());
	srunner_add_suite(runner, suite_time());
	srunner_add_suite(runner, suite_verdict());
	srunner_add_suite(runner, suite_report());
	srunner_add_suite(runner, suite_outcome());
	srunner_add_suite(runner, suite_burn());
	srunner_add_suite(runner, suite_condition());
	srunner_add_suite(runner, suite_dimension());
	srunner_add_suite(runner, suite_objectives());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
