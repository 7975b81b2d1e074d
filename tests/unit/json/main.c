/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

const char *test_data;
char **test_more_files;

char *exact_copy(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	ck_assert_ptr_nonnull(p);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct str read_file(const char *dir, const char *name)
{
	char path[4096], *p;
	FILE *file;
	long n;

	snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", name);
	file = fopen(path, "rb");
	ck_assert_msg(file, "%s cannot be opened", path);
	ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
	n = ftell(file);
	ck_assert_int_ge(n, 0);
	rewind(file);
	p = malloc((size_t)n + 1);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(fread(p, 1, (size_t)n, file), (size_t)n);
	fclose(file);
	return (struct str){ p, (size_t)n };
}

int main(int argc, char **argv)
{
	Suite *suite = suite_create("json");
	SRunner *runner;
	int failed;

	if (argc < 2) {
		fprintf(stderr, "usage: test_json TESTDATA [FILE OF LINES...]\n");
		return 2;
	}
	test_data = argv[1];
	test_more_files = argv + 2;
	suite_add_tcase(suite, plain_tests());
	suite_add_tcase(suite, reader_tests());
	suite_add_tcase(suite, fields_tests());
	suite_add_tcase(suite, skip_tests());
	suite_add_tcase(suite, writer_tests());
	suite_add_tcase(suite, oracle_tests());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
