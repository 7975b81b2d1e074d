/* SPDX-License-Identifier: Apache-2.0 */
/* The groups: the number of pods with each verdict, and the durations. */
#include "page/slo_text.h"

enum {
	ONE_TABLE_WIDTH = 120, /* minimum width for verdicts and percentiles in one table */
	NARROW_KEYS = 2,       /* maximum number of key columns below that width */
	COLUMNS_MAX = GROUPING_MAX + 16,
	KEY_WIDTH = 9,
};

enum { WITH_VERDICTS = 1, WITH_QUANTILES = 2 };

static const struct table_column verdict_columns[] = {
	{ .name = "SUCCESS", .align = TABLE_RIGHT }, { .name = "SLOW", .align = TABLE_RIGHT },
	{ .name = "FAILED", .align = TABLE_RIGHT },  { .name = "ABORTED", .align = TABLE_RIGHT },
	{ .name = "OPEN", .align = TABLE_RIGHT },    { .name = "DENIED", .align = TABLE_RIGHT },
	{ .name = "EXCL.", .align = TABLE_RIGHT },
};
static const struct table_column judged_column = { .name = "JUDGED", .align = TABLE_RIGHT };
static const struct table_column quantile_columns[] = {
	{ .name = "ATTAIN", .align = TABLE_RIGHT },
	QUANTILE_COLUMNS,
};

/* Which keys are shown, and in which form. */
struct keys {
	size_t shown[GROUPING_MAX], n; /* numbers of dimensions */
	bool joined;		       /* in one column */
	clock_zone *zone;	       /* of times */
};

static struct keys keys_of(const struct slo_report *r, bool narrow, clock_zone *zone)
{
	const struct grouping *g = &r->config.grouping;
	struct keys keys = { .n = 0, .zone = zone };

	for (size_t i = 0; i < g->n; i++)
		if (!g->implied[i] || g->by[i] != BY_CLUSTER || r->many_clusters)
			keys.shown[keys.n++] = i;
	keys.joined = narrow && keys.n > NARROW_KEYS;
	return keys;
}

/* A bucket's time in the user's zone, without a fraction of zero. */
static void add_time(struct buf *out, struct str key, clock_zone *zone)
{
	char text[CLOCK_TEXT];
	nsec at;

	if (clock_parse(key, &at))
		buf_add(out, text, clock_format_in(zone, at, at % SECOND ? 9 : 0, text));
	else
		buf_add_str(out, key);
}

static void add_key(struct buf *out, enum slo_dimension by, struct str key, clock_zone *zone)
{
	if (!key.p)
		buf_add_char(out, '-');
	else if (by == BY_TIME)
		add_time(out, key, zone);
	else
		buf_add_str(out, key.n || by == BY_CLUSTER ? key : STR("(none)"));
}

/* g == NULL: the row for all. */
static void put_keys(struct page *p, struct table *t, const struct slo_report *r,
		     const struct keys *keys, const struct slo_group *g)
{
	for (size_t i = 0; i < keys->n; i++) {
		size_t k = keys->shown[i];

		if (!g && !(keys->joined && i))
			buf_add_str(&p->text, STR("(all)"));
		else if (g)
			add_key(&p->text, r->config.grouping.by[k], g->keys[k], keys->zone);
		if (keys->joined && i + 1 < keys->n) {
			if (g)
				buf_add_char(&p->text, '/');
			continue;
		}
		page_put_cell(p, t);
	}
}

static void put_verdicts(struct table *t, const struct slo_group *g)
{
	static const enum verdict order[] = { VERDICT_SUCCESS, VERDICT_SLOW, VERDICT_FAILED,
					      VERDICT_ABORTED, VERDICT_OPEN, VERDICT_DENIED,
					      VERDICT_EXCLUDED };

	_Static_assert(ARRAY_SIZE(order) == ARRAY_SIZE(verdict_columns), "a column a verdict");
	table_put(t, cell_count(g->pods));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		table_put(t, cell_count(g->verdicts[order[i]]));
}

static size_t make_columns(struct table_column *columns, const struct slo_report *r,
			   const struct keys *keys, unsigned with)
{
	const struct grouping *g = &r->config.grouping;
	size_t n = 0;

	for (size_t i = 0; i < keys->n && !(keys->joined && i); i++) {
		const struct dimension_row *row = &dimension_rows[g->by[keys->shown[i]]];
		const char *name = keys->joined ? "GROUP" : row->column;

		columns[n++] = (struct table_column){
			.name = name,
			.min_width = g->by[keys->shown[i]] == BY_CLUSTER ? 7 : KEY_WIDTH,
			.align = row->number && !keys->joined ? TABLE_RIGHT : TABLE_LEFT,
		};
	}
	if (with & WITH_VERDICTS) {
		columns[n++] = (struct table_column){ .name = slo_rows[r->config.slo].column,
						      .align = TABLE_RIGHT };
		memcpy(columns + n, verdict_columns, sizeof(verdict_columns));
		n += ARRAY_SIZE(verdict_columns);
	} else {
		columns[n++] = judged_column;
	}
	if (with & WITH_QUANTILES) {
		memcpy(columns + n, quantile_columns, sizeof(quantile_columns));
		n += ARRAY_SIZE(quantile_columns);
	}
	return n;
}

static void add_table(struct page *p, struct slo_report *r, unsigned with)
{
	struct keys keys = keys_of(r, with != (WITH_VERDICTS | WITH_QUANTILES), p->style.zone);
	struct table_column columns[COLUMNS_MAX];
	struct table t;

	table_begin(&t, columns, make_columns(columns, r, &keys, with));
	for (size_t i = 0; i <= r->n_groups; i++) {
		bool total = i == r->n_groups;
		struct slo_group *g = total ? &r->all : &r->groups[i];

		put_keys(p, &t, r, &keys, total ? NULL : g);
		if (with & WITH_VERDICTS)
			put_verdicts(&t, g);
		else
			table_put(&t, cell_count(slo_group_judged(g)));
		if (with & WITH_QUANTILES) {
			table_put(&t,
				  cell_share(g->verdicts[VERDICT_SUCCESS], slo_group_judged(g)));
			slo_put_quantiles(&t, &g->measured);
		}
	}
	page_table(p, &t);
}

static void add_exclusions(struct page *p, const struct slo_group *g)
{
	for (int i = EXCLUSION_NONE + 1; i < EXCLUSION_COUNT; i++)
		page_add_named(p, "excluded: ", g->exclusions[i],
			       exclusion_name((enum exclusion)i));
	if (p->text.n)
		page_paragraph(p, PAGE_BELOW);
}

static void add_notes(struct page *p, const struct slo_report *r)
{
	add_exclusions(p, &r->all);
	if (!grouping_of_images(&r->config.grouping))
		return;
	buf_printf(&p->text, "a pod with several images counts in the row of each, in (all) once");
	page_paragraph(p, PAGE_BELOW);
}

/* From the collected text: "PODS BY NAMESPACE". */
static void add_title(struct page *p, const struct slo_report *r, const char *note)
{
	buf_printf(&p->text, " BY ");
	slo_words_by(&p->text, &r->config.grouping);
	buf_printf(&p->text, "%s", note);
	page_title(p, NULL, "");
}

void slo_add_groups(struct page *p, struct slo_report *r)
{
	const struct slo_row *words = &slo_rows[r->config.slo];

	buf_printf(&p->text, "%s", words->things);
	if (p->style.width && p->style.width < ONE_TABLE_WIDTH) {
		add_title(p, r, "");
		add_table(p, r, WITH_VERDICTS);
		add_notes(p, r);
		buf_printf(&p->text, "%s", words->time);
		add_title(p, r, words->note);
		add_table(p, r, WITH_QUANTILES);
		return;
	}
	buf_printf(&p->text, " AND %s %s,", r->config.slo == SLO_CREATE ? "THEIR" : "THE",
		   words->time);
	add_title(p, r, "");
	add_table(p, r, WITH_VERDICTS | WITH_QUANTILES);
	add_notes(p, r);
}
