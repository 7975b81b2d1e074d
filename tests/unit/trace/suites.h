/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LUNETTES_TESTS_UNIT_TRACE_SUITES_H
#define LUNETTES_TESTS_UNIT_TRACE_SUITES_H

#include "base/prelude.h"

#include <check.h>

Suite *suite_build(void);
Suite *suite_links(void);

#endif
