/* SPDX-License-Identifier: Apache-2.0 */
/* The stages that take the most time, and the slowest pods. */
#include "page/slo_text.h"

enum { SLOWEST_COLUMNS = 10 };

void slo_add_stages(struct page *p, struct slo_report *r)
{
	const struct table_column columns[] = {
		{ .name = "STAGE", .min_width = 13 },
		{ .name = "OWNER", .min_width = 8 },
		{ .name = slo_rows[r->config.slo].column, .align = TABLE_RIGHT },
		QUANTILE_COLUMNS,
		{ .name = "SUM", .align = TABLE_RIGHT },
		{ .name = "SHARE", .align = TABLE_RIGHT },
		{ .name = "FROM WHERE TO WHERE", .wide_only = true },
	};
	struct table t;

	buf_printf(&p->text, "WHICH STAGE TAKES THE TIME (of the %s)",
		   slo_rows[r->config.slo].done);
	page_title(p, NULL, "");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (int i = 0; i < STAGE_COUNT; i++) {
		struct slo_stage *s = &r->stages[i];
		uint64_t sum = (uint64_t)s->sum, whole = (uint64_t)r->total_sum;

		if (!s->seconds.n)
			continue;
		table_put(&t, cell_str(str_from(lifecycle_rows[i].name)));
		table_put(&t, cell_str(owner_name(lifecycle_rows[i].owner)));
		table_put(&t, cell_count(s->seconds.n));
		slo_put_quantiles(&t, &s->seconds);
		table_put(&t, cell_duration(s->sum, false));
		table_put(&t, cell_share(MIN(sum, whole), whole));
		table_put(&t, cell_str(str_from(lifecycle_rows[i].what)));
	}
	page_table(p, &t);
}

/* SLOs other than that of deliveries have only one duration, the total. */
static size_t slowest_columns(struct table_column *ret, const struct slo_report *r)
{
	const struct slo_row *words = &slo_rows[r->config.slo];
	const struct table_column columns[] = {
		{ .name = "CLUSTER", .min_width = 7 },
		{ .name = object_words(words->about)->column, .min_width = 20 },
		{ .name = "VERDICT" },
		{ .name = "CODE", .sparse = true, .drop = 3 },
		{ .name = words->time_column, .align = TABLE_RIGHT },
		{ .name = "TOTAL", .align = TABLE_RIGHT },
		{ .name = "LONGEST STAGE" },
		{ .name = "TIME", .align = TABLE_RIGHT },
		{ .name = "OF", .min_width = 8, .drop = 2 },
		{ .name = "NODE", .drop = 1, .wide_only = true },
	};
	size_t n = 0;

	_Static_assert(ARRAY_SIZE(columns) == SLOWEST_COLUMNS, "room for each");
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if ((i != 0 || r->many_clusters) && (i != 5 || r->config.slo == SLO_CREATE))
			ret[n++] = columns[i];
	return n;
}

static void put_slow(struct page *p, struct table *t, const struct slo_report *r,
		     const struct slo_slow *s)
{
	bool known = s->stage != STAGE_COUNT;

	if (r->many_clusters)
		table_put(t, cell_str(s->cluster));
	buf_printf(&p->text, STR_FMT "/" STR_FMT, STR_ARG(s->namespace), STR_ARG(s->name));
	page_put_cell(p, t);
	table_put(t, cell_str(verdict_name(s->verdict)));
	table_put(t, cell_str(s->code));
	table_put(t, nsec_known(s->measured) ? cell_duration(s->measured, false)
					     : cell_duration(s->waited, true));
	if (r->config.slo == SLO_CREATE)
		table_put(t, nsec_known(s->total) ? cell_duration(s->total, false)
						  : cell_duration(s->waited_whole, true));
	table_put(t, known ? cell_str(str_from(lifecycle_rows[s->stage].name)) : cell_empty());
	table_put(t, known ? cell_duration(s->stage_time, false) : cell_empty());
	table_put(t, cell_str(s->subject));
	table_put(t, cell_str(s->node));
}

void slo_add_slowest(struct page *p, const struct slo_report *r)
{
	struct table_column columns[SLOWEST_COLUMNS];
	struct table t;

	page_title(p, NULL, r->config.slo == SLO_CREATE ? "SLOWEST PODS" : "SLOWEST");
	table_begin(&t, columns, slowest_columns(columns, r));
	for (size_t i = 0; i < r->slowest.n; i++)
		put_slow(p, &t, r, &r->slowest.items[i]);
	page_table(p, &t);
}
