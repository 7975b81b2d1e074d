/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <check.h>
#include <stdbool.h>

Suite *suite_engine(void);
Suite *suite_extracted(void);
Suite *suite_read(void);
Suite *suite_script(void);

bool scripts_are_there(void); /* the program is built with Lua */
