/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of rules: what no matcher can say, because it is about several facts, or about what is
 * missing. Each adds a hit when it holds.
 */
#pragma once

#include "diagnose/hits.h"

#define DECLARE(name, function) void function(struct hits *h, const struct matcher *m);
MATCH_TESTS(DECLARE)
#undef DECLARE
