/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	Suite *suite = suite_create("wrap");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, gke_tests());
	suite_add_tcase(suite, join_tests());
	suite_add_tcase(suite, look_tests());
	suite_add_tcase(suite, unwrap_tests());
	suite_add_tcase(suite, wrapper_tests());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
