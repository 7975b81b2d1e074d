/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The suites of this program, one file each. <check.h> comes first, because prelude.h bans some of
 * its functions.
 */
#pragma once

#include <check.h>

#include "json/reader.h"

TCase *fields_tests(void);
TCase *plain_tests(void);
TCase *reader_tests(void);
TCase *skip_tests(void);
TCase *writer_tests(void);
TCase *oracle_tests(void);

/* The first argument: testdata/json. The others: files of more lines for the comparison. */
extern const char *test_data;
extern char **test_more_files;

/* A copy of exactly s.n bytes on the heap, so that the sanitizer sees every byte read beyond. */
char *exact_copy(struct str s);

/* A whole file; free(ret.p as char *) is the caller's. */
struct str read_file(const char *dir, const char *name);
