/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

/* Where memory runs out the test wants to see the program's abort, not that of the sanitizer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

uint64_t test_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

char *exact_copy(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	ck_assert_ptr_nonnull(p);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

int main(void)
{
	Suite *suite = suite_create("base");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, bytes_tests());
	suite_add_tcase(suite, clock_tests());
	suite_add_tcase(suite, duration_tests());
	suite_add_tcase(suite, map_tests());
	suite_add_tcase(suite, memory_tests());
	suite_add_tcase(suite, quantile_tests());
	suite_add_tcase(suite, significance_tests());
	suite_add_tcase(suite, sink_tests());
	suite_add_tcase(suite, text_tests());
	suite_add_tcase(suite, utf8_tests());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
