/* SPDX-License-Identifier: Apache-2.0 */
#include "output/slo_text.h"

#include "output/phrase.h"
#include "output/text.h"

/* From here on verdicts and percentiles fit into one table. */
enum { ONE_TABLE_WIDTH = 120 };

/* Groups */

static bool many_clusters(const struct slo_report *r)
{
	for (size_t i = 1; i < r->names.n; i++)
		if (!str_eq(r->groups[i].cluster, r->groups[0].cluster))
			return true;
	return false;
}

static void put_name(struct table *t, const struct slo_group *g, bool cluster, bool total)
{
	if (cluster)
		table_put(t, total ? cell_str(STR("(all)")) : cell_str(g->cluster));
	table_put(t, total ? cell_str(STR("(all)")) : cell_str(g->namespace));
}

static void put_verdicts(struct table *t, const struct slo_group *g)
{
	static const enum verdict order[] = { VERDICT_SUCCESS, VERDICT_SLOW, VERDICT_FAILED,
					      VERDICT_ABORTED, VERDICT_OPEN, VERDICT_DENIED,
					      VERDICT_EXCLUDED };

	table_put(t, cell_count(g->pods));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		table_put(t, cell_count(g->verdicts[order[i]]));
}

static void put_attainment(struct table *t, const struct slo_group *g)
{
	table_put(t, cell_share(g->verdicts[VERDICT_SUCCESS], slo_group_judged(g)));
}

static void put_quantiles(struct table *t, struct quantile *q)
{
	static const unsigned permille[] = { 500, 900, 990, 1000 };
	struct quantile_value v;

	for (size_t i = 0; i < ARRAY_SIZE(permille); i++)
		table_put(t, quantile_at(q, permille[i], &v) ? cell_duration(v.value, v.censored)
							     : cell_empty());
}

#define NAME_COLUMNS                                                                               \
	{ .name = "CLUSTER", .min_width = 7 },                                                     \
	{                                                                                          \
		.name = "NAMESPACE", .min_width = 9                                                \
	}
#define VERDICT_COLUMNS                                                                            \
	{ .name = "PODS", .align = TABLE_RIGHT }, { .name = "SUCCESS", .align = TABLE_RIGHT },     \
	    { .name = "SLOW", .align = TABLE_RIGHT }, { .name = "FAILED", .align = TABLE_RIGHT },  \
	    { .name = "ABORTED", .align = TABLE_RIGHT }, { .name = "OPEN", .align = TABLE_RIGHT }, \
	    { .name = "DENIED", .align = TABLE_RIGHT },                                            \
	{                                                                                          \
		.name = "EXCL.", .align = TABLE_RIGHT                                              \
	}
#define ATTAIN_COLUMN                                                                              \
	{                                                                                          \
		.name = "ATTAIN", .align = TABLE_RIGHT                                             \
	}
#define QUANTILE_COLUMNS                                                                           \
	{ .name = "P50", .align = TABLE_RIGHT }, { .name = "P90", .align = TABLE_RIGHT },          \
	    { .name = "P99", .align = TABLE_RIGHT },                                               \
	{                                                                                          \
		.name = "MAX", .align = TABLE_RIGHT                                                \
	}

enum { WITH_VERDICTS = 1, WITH_QUANTILES = 2 };

static void add_groups(struct buf *out, struct slo_report *r, unsigned with,
		       struct table_style style)
{
	static const struct table_column both[] = { NAME_COLUMNS, VERDICT_COLUMNS, ATTAIN_COLUMN,
						    QUANTILE_COLUMNS };
	static const struct table_column verdicts[] = { NAME_COLUMNS, VERDICT_COLUMNS };
	static const struct table_column quantiles[] = { NAME_COLUMNS,
							 { .name = "JUDGED", .align = TABLE_RIGHT },
							 ATTAIN_COLUMN,
							 QUANTILE_COLUMNS };
	bool cluster = many_clusters(r);
	size_t skip = cluster ? 0 : 1;
	struct table t;

	if (with == (WITH_VERDICTS | WITH_QUANTILES))
		table_begin(&t, both + skip, ARRAY_SIZE(both) - skip);
	else if (with == WITH_VERDICTS)
		table_begin(&t, verdicts + skip, ARRAY_SIZE(verdicts) - skip);
	else
		table_begin(&t, quantiles + skip, ARRAY_SIZE(quantiles) - skip);
	for (size_t i = 0; i <= r->names.n; i++) {
		bool total = i == r->names.n;
		struct slo_group *g = total ? &r->all : &r->groups[i];

		put_name(&t, g, cluster, total);
		if (with & WITH_VERDICTS)
			put_verdicts(&t, g);
		else
			table_put(&t, cell_count(slo_group_judged(g)));
		if (with & WITH_QUANTILES) {
			put_attainment(&t, g);
			put_quantiles(&t, &g->delivery);
		}
	}
	table_render(&t, style, out);
	table_free(&t);
}

static void add_exclusions(struct buf *out, const struct slo_group *g, unsigned width)
{
	struct buf line = { 0 };
	const char *sep = "excluded: ";
	char text[32];

	for (int i = EXCLUSION_NONE + 1; i < EXCLUSION_COUNT; i++) {
		if (!g->exclusions[i])
			continue;
		buf_printf(&line, "%s%s " STR_FMT, sep, str_grouped(g->exclusions[i], text).p,
			   STR_ARG(exclusion_name((enum exclusion)i)));
		sep = ", ";
	}
	if (sep[0] == ',')
		buf_add_char(&line, '\n');
	phrase_add_wrapped(out, buf_str(&line), width);
	buf_free(&line);
}

/* Stages and slowest */

static void add_stages(struct buf *out, struct slo_report *r, struct table_style style)
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
		table_put(&t, cell_str(lifecycle_rows[i].owner == OWNER_USER ? STR("user")
									     : STR("platform")));
		table_put(&t, cell_count(s->seconds.n));
		put_quantiles(&t, &s->seconds);
		table_put(&t, cell_duration(s->sum, false));
		table_put(&t, cell_share(MIN(sum, whole), whole));
		table_put(&t, cell_str(str_from(lifecycle_rows[i].what)));
	}
	table_render(&t, style, out);
	table_free(&t);
}

static void add_slowest(struct buf *out, const struct slo_report *r, struct table_style style)
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
	bool cluster = many_clusters(r);
	size_t skip = cluster ? 0 : 1;
	struct buf name = { 0 };
	struct table t;

	table_begin(&t, columns + skip, ARRAY_SIZE(columns) - skip);
	for (size_t i = 0; i < r->n_slowest; i++) {
		const struct slo_slow *s = &r->slowest[i];
		bool known = s->stage != STAGE_COUNT;

		buf_reset(&name);
		buf_printf(&name, STR_FMT "/" STR_FMT, STR_ARG(s->namespace), STR_ARG(s->name));
		if (cluster)
			table_put(&t, cell_str(s->cluster));
		table_put(&t, cell_str(buf_str(&name)));
		table_put(&t, cell_str(verdict_name(s->verdict)));
		table_put(&t, s->delivery != NSEC_NONE ? cell_duration(s->delivery, false)
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

static void add_title(struct buf *out, const char *title, struct table_style style)
{
	buf_printf(out, style.bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", title);
}

void slo_text_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style)
{
	struct buf text = { 0 };

	basis_text(&text, basis, style);
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
	if (!style.width || style.width >= ONE_TABLE_WIDTH) {
		add_title(out, "PODS AND THEIR DELIVERY TIME, BY NAMESPACE", style);
		add_groups(out, r, WITH_VERDICTS | WITH_QUANTILES, style);
		add_exclusions(out, &r->all, style.width);
	} else {
		add_title(out, "PODS BY NAMESPACE", style);
		add_groups(out, r, WITH_VERDICTS, style);
		add_exclusions(out, &r->all, style.width);
		add_title(out, "DELIVERY TIME BY NAMESPACE (user time taken off)", style);
		add_groups(out, r, WITH_QUANTILES, style);
	}
	if (r->total_sum) {
		add_title(out, "WHICH STAGE TAKES THE TIME (of the pods that were delivered)",
			  style);
		add_stages(out, r, style);
	}
	if (r->n_slowest) {
		add_title(out, "SLOWEST PODS", style);
		add_slowest(out, r, style);
	}
}
