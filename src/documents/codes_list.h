/* SPDX-License-Identifier: Apache-2.0 */
/* The codes of diagnosis as rows and as a document. */
#pragma once

#include "base/buf.h"
#include "diagnose/rules.h"
#include "page/table.h"

/* CSV or TSV: one row per code; rule as below. */
void codes_rows(struct buf *out, const struct rules *rules, const struct rule *rule,
		struct table_style style);
/* kind CodeList; rule: only that one, or NULL for all. */
void codes_json(struct buf *out, const struct rules *rules, const struct rule *rule,
		struct table_style style);
