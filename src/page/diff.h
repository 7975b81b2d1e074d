/* SPDX-License-Identifier: Apache-2.0 */
/* Two sides of deliveries side by side, for people and as a document; see lunettes-diff(1). */
#pragma once

#include "page/basis.h"
#include "page/table.h"
#include "slo/comparison.h"

struct diff_view {
	struct comparison *found;
	enum compare_by by;
	nsec at; /* where one set of logs was cut; NSEC_NONE: there are two */
	/* What the sides are based on, as diff_text_basis or diff_json_basis wrote it; of one set
	 * of logs only the first. */
	struct str basis[SIDES];
	const struct basis *after; /* names the files of evidence */
};

/* Behind what diff_text_basis wrote of each side. */
void diff_text(struct buf *out, const struct diff_view *v, struct table_style style);
/* While the input of that side is still open. side: "before", or NULL if there is but one. */
void diff_text_basis(struct buf *out, const struct basis *b, const char *side,
		     struct table_style style);

/* Of both. Three significant digits; in tables what is below 0.001 is "<0.001". */
void diff_add_p(struct buf *out, double p, bool document);
const char *diff_test_name(enum test_kind kind);
/* A duration's or a share's word for what its test shows. */
const char *diff_duration_word(enum tendency tendency);
const char *diff_share_word(const struct compare_share *share);
/* "attainment", "failed", "denied: QuotaExceeded" */
void diff_add_share_name(struct buf *out, const struct compare_share *share);
