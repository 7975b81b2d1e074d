/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The suites of this program, one file each. <check.h> comes first, because prelude.h bans some of
 * its functions.
 */
#pragma once

#include <check.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

TCase *bytes_tests(void);
TCase *clock_tests(void);
TCase *duration_tests(void);
TCase *memory_tests(void);
TCase *map_tests(void);
TCase *quantile_tests(void);
TCase *significance_tests(void);
TCase *sink_tests(void);
TCase *text_tests(void);
TCase *utf8_tests(void);

/* splitmix64, so that a failure can be repeated everywhere */
uint64_t test_random(uint64_t *state);

/* A copy of exactly s.n bytes on the heap, so that the sanitizer sees every byte read beyond. */
char *exact_copy(struct str s);

#define ck_assert_str(a, b)                                                                        \
	do {                                                                                       \
		struct str x_ = (a), y_ = (b);                                                     \
		ck_assert_msg(str_eq(x_, y_), "'" STR_FMT "' is not '" STR_FMT "'", STR_ARG(x_),   \
			      STR_ARG(y_));                                                        \
	} while (0)
