/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <check.h>

Suite *suite_deletion(void);
Suite *suite_nodes(void);
Suite *suite_onset(void);
Suite *suite_rules(void);
Suite *suite_tables(void);
Suite *suite_traits(void);
