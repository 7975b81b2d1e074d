/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of rules, for conditions that no matcher can express because they need several facts or
 * missing ones. Each adds a hit if it is true. */
#pragma once

#include "diagnose/hits.h"

#define DECLARE(name, function) void function(struct hits *h, const struct matcher *m);
MATCH_TESTS(DECLARE)
#undef DECLARE
