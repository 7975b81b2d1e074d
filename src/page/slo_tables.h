/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the tables of `lunettes slo`. Private to page/. */
#ifndef LUNETTES_PAGE_SLO_TABLES_H
#define LUNETTES_PAGE_SLO_TABLES_H

#include "page/slo_words.h"
#include "page/page.h"

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

#endif
