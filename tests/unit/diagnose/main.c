/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_nodes());
	int failed;

	srunner_add_suite(runner, suite_deletion());
	srunner_add_suite(runner, suite_onset());
	srunner_add_suite(runner, suite_rules());
	srunner_add_suite(runner, suite_tables());
	srunner_add_suite(runner, suite_traits());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
