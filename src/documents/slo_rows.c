/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/slo_rows.h"

#include "documents/csv.h"
#include "page/slo_words.h"

static void put_header(struct csv *c, const struct slo_report *r)
{
	const struct grouping *g = &r->config.grouping;
	char name[32];

	for (size_t i = 0; i < g->n; i++)
		csv_put(c, str_from(dimension_rows[g->by[i]].name));
	for (unsigned i = 0; i < SLO_COLUMN_COUNT; i++) {
		const char *column = slo_columns[i].name;

		if (i == COLUMN_PODS)
			column = slo_rows[r->config.slo].count;
		if (slo_columns[i].kind != COLUMN_SECONDS) {
			csv_put(c, str_from(column));
			continue;
		}
		snprintf(name, sizeof(name), "%sSeconds", column);
		csv_put(c, str_from(name));
		snprintf(name, sizeof(name), "%sCensored", column);
		csv_put(c, str_from(name));
	}
	csv_end_row(c);
}

static void put_value(struct csv *c, enum slo_column column, struct slo_group *g)
{
	struct slo_column_value v = slo_column_value(column, g);
	char text[DURATION_TEXT] = "";

	switch (slo_columns[column].kind) {
	case COLUMN_COUNTED:
		csv_put_cell(c, cell_count(v.count));
		break;
	case COLUMN_SHARE: /* truncated, as in documents */
		if (v.known)
			snprintf(text, sizeof(text), "%llu.%06llu",
				 (unsigned long long)(v.count / v.whole),
				 (unsigned long long)(v.count * 1000000 / v.whole % 1000000));
		csv_put(c, str_from(text));
		break;
	case COLUMN_SECONDS:
		csv_put_cell(c, v.known ? cell_duration(v.time, false) : cell_empty());
		csv_put(c, !v.known ? STR("") : v.censored ? STR("true") : STR("false"));
		break;
	}
}

void slo_rows_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style)
{
	struct csv c = csv_of(out, style.tabs);

	if (!style.no_headers)
		put_header(&c, r);
	for (size_t i = 0; i < r->n_groups; i++) {
		for (size_t k = 0; k < r->config.grouping.n; k++)
			csv_put(&c, r->groups[i].keys[k]);
		for (unsigned k = 0; k < SLO_COLUMN_COUNT; k++)
			put_value(&c, (enum slo_column)k, &r->groups[i]);
		csv_end_row(&c);
	}
}
