/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns for names: "*" matches any run of bytes, "?" any one byte, everything else itself. There
 * are no brackets and no escapes, because names in Kubernetes contain none of these characters.
 */
#pragma once

#include "base/str.h"

bool pattern_match(struct str pattern, struct str name);
