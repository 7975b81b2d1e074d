/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns for names: "*" is any run of bytes, "?" any one byte, everything else itself. There are
 * no brackets and no escapes: the names of Kubernetes hold none of these characters.
 */
#pragma once

#include "base/str.h"

bool pattern_match(struct str pattern, struct str name);
