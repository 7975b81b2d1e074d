/* SPDX-License-Identifier: Apache-2.0 */
/* The codes of diagnosis as rows and as a document. */
#pragma once

#include "base/buf.h"
#include "diagnose/rules.h"

/* CSV or TSV: a row a code; rule as below. */
void codes_rows(struct buf *out, const struct rules *rules, const struct rule *rule, bool tabs,
		bool no_headers);
/* kind CodeList; rule: that one alone, or NULL. */
void codes_json(struct buf *out, const struct rules *rules, const struct rule *rule);
