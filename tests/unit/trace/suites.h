/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/prelude.h"

#include <check.h>

Suite *suite_build(void);
Suite *suite_links(void);
