/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_engine());
	int failed;

	srunner_add_suite(runner, suite_extracted());
	srunner_add_suite(runner, suite_read());
	srunner_add_suite(runner, suite_script());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
