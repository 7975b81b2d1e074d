/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deterministic 64-bit hash, the same on every machine and in every run. It is not secure:
 * crafted input can cause collisions, which may only make the program slower, never wrong.
 */
#pragma once

#include "base/str.h"

uint64_t hash_str(struct str s, uint64_t seed);
