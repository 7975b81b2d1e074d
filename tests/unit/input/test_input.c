/* SPDX-License-Identifier: Apache-2.0 */
#include "gather.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_texts());
	int failed;

	srunner_add_suite(runner, suite_peel());
	srunner_add_suite(runner, suite_damage());
	srunner_add_suite(runner, suite_walk());
	srunner_add_suite(runner, suite_yaml());
	srunner_add_suite(runner, suite_members());
	srunner_add_suite(runner, suite_files());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
