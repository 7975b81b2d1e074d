/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of `lunettes slo` for people. */
#ifndef LUNETTES_PAGE_SLO_TEXT_H
#define LUNETTES_PAGE_SLO_TEXT_H

#include "page/basis.h"
#include "page/table.h"
#include "slo/report.h"

/* Data sources, groups, SLIs, objectives, stages, the slowest. The report must be finished. */
void slo_text_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style);

#endif
