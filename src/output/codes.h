/* SPDX-License-Identifier: Apache-2.0 */
/* The codes of diagnosis: the list, one of them explained, the document. */
#ifndef LUNETTES_OUTPUT_CODES_H
#define LUNETTES_OUTPUT_CODES_H

#include "base/buf.h"
#include "diagnose/rules.h"
#include "output/table.h"

struct str owner_word(enum owner owner); /* "", platform, user */

void codes_text(struct buf *out, const struct rules *rules, struct table_style style);
void codes_text_one(struct buf *out, const struct rule *rule, struct table_style style);
/* CSV or TSV: a row a code; rule as below. */
void codes_rows(struct buf *out, const struct rules *rules, const struct rule *rule, bool tabs,
		bool no_headers);
/* kind CodeList; rule: that one alone, or NULL. */
void codes_json(struct buf *out, const struct rules *rules, const struct rule *rule);

#endif
