/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of this program. <check.h> comes first: prelude.h poisons what it declares. */
#ifndef LUNETTES_TESTS_WRAP_SUITES_H
#define LUNETTES_TESTS_WRAP_SUITES_H

#include <check.h>

#include "base/buf.h"

TCase *join_tests(void);
TCase *look_tests(void);

#define ck_assert_str(a, b)                                                                        \
	do {                                                                                       \
		struct str x_ = (a), y_ = (b);                                                     \
		ck_assert_msg(str_eq(x_, y_), "\n  " STR_FMT "\nis not\n  " STR_FMT, STR_ARG(x_),  \
			      STR_ARG(y_));                                                        \
	} while (0)

#endif
