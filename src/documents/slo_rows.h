/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of `lunettes slo` as CSV or TSV: one row per group, all counts and seconds. */
#pragma once

#include "page/basis.h"
#include "slo/column.h"

/* The report must be finished. No total row, because sums of a column would count it twice. */
void slo_rows_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style);
