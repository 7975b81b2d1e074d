/* SPDX-License-Identifier: Apache-2.0 */
#include "testlib.h"

int main(void)
{
	SRunner *runner = srunner_create(items_suite());
	int failed;

	srunner_add_suite(runner, spill_suite());
	srunner_add_suite(runner, merge_suite());
	srunner_add_suite(runner, sorter_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
