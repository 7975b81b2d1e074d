/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/prelude.h"

#include <check.h>

Suite *suite_basis(void);
Suite *suite_page(void);
Suite *suite_phrase(void);
Suite *suite_slo_text(void);
Suite *suite_table(void);
Suite *suite_text(void);
