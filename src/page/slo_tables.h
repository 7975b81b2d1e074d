/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the tables of `lunettes slo`. Private to page/. */
#ifndef LUNETTES_PAGE_SLO_TABLES_H
#define LUNETTES_PAGE_SLO_TABLES_H

#include "page/slo_words.h"
#include "page/table.h"

#define QUANTILE_COLUMNS                                                                           \
	{ .name = "P50", .align = TABLE_RIGHT }, { .name = "P90", .align = TABLE_RIGHT },          \
	    { .name = "P99", .align = TABLE_RIGHT },                                               \
	{                                                                                          \
		.name = "MAX", .align = TABLE_RIGHT                                                \
	}

void slo_put_quantiles(struct table *t, struct quantile *q);

void slo_add_title(struct buf *out, const char *title, struct table_style style);
/* A sentence under a table, without its newline. */
void slo_add_sentence(struct buf *out, struct str text, struct table_style style);

void slo_add_groups(struct buf *out, struct slo_report *r, struct table_style style);
void slo_add_stages(struct buf *out, struct slo_report *r, struct table_style style);
void slo_add_slowest(struct buf *out, const struct slo_report *r, struct table_style style);
void slo_add_slis(struct buf *out, struct slo_report *r, struct table_style style);
void slo_add_objectives(struct buf *out, const struct slo_report *r, struct table_style style);

#endif
