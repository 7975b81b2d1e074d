/* SPDX-License-Identifier: Apache-2.0 */
/* The stages that take the time, and the slowest. */
#include "output/slo_tables.h"

void slo_add_stages(struct buf *out, struct slo_report *r, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "STAGE", .min_width = 13 },
		{ .name = "OWNER", .min_width = 8 },
		{ .name = "PODS", .align = TABLE_RIGHT },
		QUANTILE_COLUMNS,
		{ .name = "SUM", .align = TABLE_RIGHT },
		{ .name = "SHARE", .align = TABLE_RIGHT },
		{ .name = "FROM WHERE TO WHERE", .wide_only = true },
	};
	struct table t;

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
	table_render(&t, style, out);
	table_free(&t);
}

void slo_add_slowest(struct buf *out, const struct slo_report *r, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "CLUSTER", .min_width = 7 },
		{ .name = "POD", .min_width = 20 },
		{ .name = "VERDICT" },
		{ .name = "DELIVERY", .align = TABLE_RIGHT },
		{ .name = "TOTAL", .align = TABLE_RIGHT },
		{ .name = "LONGEST STAGE" },
		{ .name = "TIME", .align = TABLE_RIGHT },
		{ .name = "OF", .min_width = 8, .drop = 2 },
		{ .name = "NODE", .drop = 1, .wide_only = true },
	};
	bool cluster = slo_many_clusters(r);
	size_t skip = cluster ? 0 : 1;
	struct buf name = { 0 };
	struct table t;

	table_begin(&t, columns + skip, ARRAY_SIZE(columns) - skip);
	for (size_t i = 0; i < r->slowest.n; i++) {
		const struct slo_slow *s = &r->slowest.items[i];
		bool known = s->stage != STAGE_COUNT;

		buf_reset(&name);
		buf_printf(&name, STR_FMT "/" STR_FMT, STR_ARG(s->namespace), STR_ARG(s->name));
		if (cluster)
			table_put(&t, cell_str(s->cluster));
		table_put(&t, cell_str(buf_str(&name)));
		table_put(&t, cell_str(verdict_name(s->verdict)));
		table_put(&t, s->measured != NSEC_NONE ? cell_duration(s->measured, false)
						       : cell_duration(s->waited, true));
		table_put(&t, cell_duration(s->total, false));
		table_put(&t,
			  known ? cell_str(str_from(lifecycle_rows[s->stage].name)) : cell_empty());
		table_put(&t, known ? cell_duration(s->stage_time, false) : cell_empty());
		table_put(&t, cell_str(s->subject));
		table_put(&t, cell_str(s->node));
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&name);
}
