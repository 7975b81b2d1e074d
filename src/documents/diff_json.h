/* SPDX-License-Identifier: Apache-2.0 */
/* Compares two sets of deliveries, as a document: lunettes-diff(1). */
#pragma once

#include "page/diff.h"

void diff_json(struct buf *out, const struct diff_view *v, struct table_style style);
/* One object. Called while the input of that side is open. */
void diff_json_basis(struct buf *out, const struct basis *b, const char *side,
		     struct table_style style);
