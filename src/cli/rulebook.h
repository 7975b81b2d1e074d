/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of diagnosis in use: those of the program, then those of each --rules FILE. */
#pragma once

#include "cli/options.h"
#include "diagnose/rules.h"

/* NULL with an error: a file cannot be read, or has an invalid rule. */
struct rules *rulebook(const struct options *options, struct err *err);
