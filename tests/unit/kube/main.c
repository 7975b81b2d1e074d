/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
	Suite *suite = suite_create("kube");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, body_tests());
	suite_add_tcase(suite, claims_tests());
	suite_add_tcase(suite, codec_tests());
	suite_add_tcase(suite, context_tests());
	suite_add_tcase(suite, delay_tests());
	suite_add_tcase(suite, envelope_tests());
	suite_add_tcase(suite, events_tests());
	suite_add_tcase(suite, ingest_tests());
	suite_add_tcase(suite, order_tests());
	suite_add_tcase(suite, others_tests());
	suite_add_tcase(suite, pods_tests());
	suite_add_tcase(suite, presence_tests());
	suite_add_tcase(suite, quantity_tests());
	suite_add_tcase(suite, refusal_tests());
	suite_add_tcase(suite, lives_tests());
	suite_add_tcase(suite, object_tests());
	suite_add_tcase(suite, survey_tests());
	suite_add_tcase(suite, writes_tests());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
