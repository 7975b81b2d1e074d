/* SPDX-License-Identifier: Apache-2.0 */
#include "../kube/suites.h"

int main(void)
{
	Suite *suite = suite_create("changes");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, changes_tests());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
