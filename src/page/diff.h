/* SPDX-License-Identifier: Apache-2.0 */
/* Compares two sets of deliveries, for people and as a document; see lunettes-diff(1). */
#pragma once

#include "page/basis.h"
#include "page/table.h"
#include "slo/comparison.h"

struct diff_view {
	struct comparison *found;
	enum compare_by by;
	nsec at; /* where one set of logs was split; NSEC_NONE: there are two */
	/* From diff_text_basis or diff_json_basis; a single set of logs has only the first. */
	struct str basis[SIDES];
	const struct basis *after; /* locates the files of evidence */
};

/* Follows the output of diff_text_basis for each side. */
void diff_text(struct buf *out, const struct diff_view *v, struct table_style style);
/* Called while the input of that side is open. side: "before", or NULL if there is only one. */
void diff_text_basis(struct buf *out, const struct basis *b, const char *side,
		     struct table_style style);

/* For both forms. Three significant digits; tables show "<0.001" for smaller values. */
void diff_add_p(struct buf *out, double p, bool document);
const char *diff_by_name(enum compare_by by); /* as --by has it */
const char *diff_test_name(enum test_kind kind);
/* The word for a test's result, of a duration or a share. */
const char *diff_duration_word(enum tendency tendency);
const char *diff_share_word(const struct compare_share *share);
/* "attainment", "failed", "denied: QuotaExceeded" */
void diff_add_share_name(struct buf *out, const struct compare_share *share);
