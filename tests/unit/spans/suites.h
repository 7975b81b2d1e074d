/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LUNETTES_TESTS_UNIT_SPANS_SUITES_H
#define LUNETTES_TESTS_UNIT_SPANS_SUITES_H

#include <check.h>

Suite *suite_engine(void);
Suite *suite_read(void);

#endif
