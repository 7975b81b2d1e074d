/* SPDX-License-Identifier: Apache-2.0 */
/* The codes of diagnosis: the list of all, and the explanation of one. */
#pragma once

#include "base/buf.h"
#include "diagnose/rules.h"
#include "page/table.h"

/* "create, run", or nothing if it can be any. */
void codes_add_scopes(struct buf *out, unsigned scopes);

/* rule: that one is explained; NULL: all are listed. */
void codes_text(struct buf *out, const struct rules *rules, const struct rule *rule,
		struct table_style style);
