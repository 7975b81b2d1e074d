/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deterministic 64-bit hash (the same on every machine and run). Not for secrets: who chooses the
 * input can make collisions, so nothing may be wrong, only slower, when two inputs hash alike.
 */
#pragma once

#include "base/str.h"

uint64_t hash_str(struct str s, uint64_t seed);
