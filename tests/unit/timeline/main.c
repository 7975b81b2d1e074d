/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	SRunner *runner = srunner_create(suite_created());
	int failed;

	srunner_add_suite(runner, suite_containers());
	srunner_add_suite(runner, suite_coverage());
	srunner_add_suite(runner, suite_node());
	srunner_add_suite(runner, suite_running());
	srunner_add_suite(runner, suite_dumps());
	srunner_add_suite(runner, suite_ready());
	srunner_add_suite(runner, suite_regained());
	srunner_add_suite(runner, suite_deleted());
	srunner_add_suite(runner, suite_deletion());
	srunner_add_suite(runner, suite_gone());
	srunner_add_suite(runner, suite_upgrade());
	srunner_add_suite(runner, suite_claims());
	srunner_add_suite(runner, suite_images());
	srunner_add_suite(runner, suite_scheduling());
	srunner_add_suite(runner, suite_stages());
	srunner_add_suite(runner, suite_lives());
	srunner_add_suite(runner, suite_many());
	srunner_add_suite(runner, suite_lifecycle());
	srunner_add_suite(runner, suite_sight());
	srunner_add_suite(runner, suite_silence());
	srunner_add_suite(runner, suite_refused());
	srunner_add_suite(runner, suite_folding());
	srunner_add_suite(runner, suite_workload());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
