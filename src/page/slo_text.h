/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of `lunettes slo` for people. */
#pragma once

#include "page/basis.h"
#include "page/slo_words.h"

/* Data sources, groups, SLIs, objectives, stages, the slowest. The report must be finished. */
void slo_text_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style);

/* The sections of the page. */

#define QUANTILE_COLUMNS                                                                           \
	{ .name = "P50", .align = TABLE_RIGHT }, { .name = "P90", .align = TABLE_RIGHT },          \
	    { .name = "P99", .align = TABLE_RIGHT },                                               \
	{                                                                                          \
		.name = "MAX", .align = TABLE_RIGHT                                                \
	}

void slo_put_quantiles(struct table *t, struct quantile *q);

void slo_add_groups(struct page *p, struct slo_report *r);
void slo_add_stages(struct page *p, struct slo_report *r);
void slo_add_slowest(struct page *p, const struct slo_report *r);
void slo_add_slis(struct page *p, struct slo_report *r);
void slo_add_objectives(struct page *p, const struct slo_report *r);
