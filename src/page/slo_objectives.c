/* SPDX-License-Identifier: Apache-2.0 */
/* SLIs with their exclusions; objectives, error budgets and burn rates. */
#include "page/slo_text.h"

/* SLIs */

static void end_left_out(struct page *p)
{
	if (p->text.n)
		page_paragraph(p, PAGE_BELOW);
}

static void add_startup(struct page *p, const struct slo_startup *s)
{
	for (int i = STARTUP_TAKEN + 1; i < STARTUP_REASON_COUNT; i++)
		page_add_named(p, "startup leaves out: ", s->excluded[i],
			       startup_reason_name((enum startup_reason)i));
	end_left_out(p);
}

/* The kubelet's SLI also excludes everything that startup excludes. */
static void add_kubelet(struct page *p, const struct slo_startup *s)
{
	page_add_named(p, "kubelet, beside these, leaves out: ", s->excluded[STARTUP_ENDED],
		       startup_reason_name(STARTUP_ENDED));
	end_left_out(p);
}

static void add_delivery(struct page *p, const struct slo_group *g)
{
	static const enum verdict order[] = { VERDICT_EXCLUDED, VERDICT_DENIED, VERDICT_ABORTED,
					      VERDICT_OPEN };
	static const char before[] = "delivery leaves out: ";

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		page_add_named(p, before, g->verdicts[order[i]], verdict_name(order[i]));
	page_add_named(p, before, slo_group_untimed(g), STR("of unknown time"));
	end_left_out(p);
}

void slo_add_slis(struct page *p, struct slo_report *r)
{
	static const struct table_column columns[] = {
		{ .name = "SLI", .min_width = 8 },
		{ .name = "PODS", .align = TABLE_RIGHT },
		QUANTILE_COLUMNS,
	};
	const struct {
		const char *name;
		struct quantile *q;
	} rows[] = { { "delivery", &r->all.measured },
		     { "startup", &r->startup.seconds },
		     { "kubelet", &r->kubelet.seconds } };
	struct table t;

	page_title(p, NULL, "SERVICE LEVEL INDICATORS");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		table_put(&t, cell_str(str_from(rows[i].name)));
		table_put(&t, cell_count(rows[i].q->n));
		slo_put_quantiles(&t, rows[i].q);
	}
	page_table(p, &t);
	add_delivery(p, &r->all);
	add_startup(p, &r->startup);
	add_kubelet(p, &r->kubelet);
}

/* Objectives */

#define SHORTER STR("n/a: the log is shorter")

static void put_rate(struct page *p, struct table *t, uint64_t rate)
{
	slo_words_rate(&p->text, rate);
	page_put_cell(p, t);
}

/* The share of the budget spent during the log: the rate is in thousandths. */
static void put_spent(struct table *t, const struct objective_result *o)
{
	if (!o->judged)
		table_put(t, cell_empty());
	else if (o->rate == BURN_ENDLESS)
		table_put(t, cell_str(STR("endless")));
	else
		table_put(t, cell_percent(o->rate * 10));
}

static void put_lasts(struct page *p, struct table *t, const struct objective_result *o)
{
	nsec window = o->objective->window;

	if (!o->projected) {
		table_put(t, o->judged ? cell_str(SHORTER) : cell_empty());
		return;
	}
	page_add_duration(p, nsec_known(o->exhaustion) ? o->exhaustion : window);
	buf_printf(&p->text, "%s of ", nsec_known(o->exhaustion) ? "" : " or more");
	page_add_duration(p, window);
	page_put_cell(p, t);
}

static void put_window(struct table *t, const struct burn_window *w)
{
	table_put(t, w->known ? cell_ratio(w->bad, w->judged) : cell_str(SHORTER));
}

static bool met(const struct objective_result *o)
{
	return o->bad * 1000000 <= o->judged * (1000000 - o->objective->target_ppm);
}

static void add_results(struct page *p, const struct objectives *list)
{
	static const struct table_column columns[] = {
		{ .name = "OBJECTIVE", .min_width = 10 },
		{ .name = "TARGET", .align = TABLE_RIGHT },
		{ .name = "JUDGED", .align = TABLE_RIGHT },
		{ .name = "BAD", .align = TABLE_RIGHT },
		{ .name = "ATTAIN", .align = TABLE_RIGHT },
		{ .name = "MET" },
		{ .name = "SPENT", .align = TABLE_RIGHT },
		{ .name = "WORST 1H", .drop = 1 },
		{ .name = "WORST 5M", .drop = 2 },
		{ .name = "BUDGET LASTS", .drop = 3 },
	};
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < list->n; i++) {
		const struct objective_result *o = &list->results[i];

		table_put(&t, cell_str(o->objective->name));
		table_put(&t, cell_percent(o->objective->target_ppm / 100));
		table_put(&t, cell_count(o->judged));
		table_put(&t, cell_count(o->bad));
		table_put(&t, cell_share(o->judged - o->bad, o->judged));
		table_put(&t, !o->judged ? cell_empty()
			      : met(o)	 ? cell_str(STR("yes"))
					 : cell_str(STR("no")));
		put_spent(&t, o);
		put_window(&t, &o->worst[0]);
		put_window(&t, &o->worst[1]);
		put_lasts(p, &t, o);
	}
	page_table(p, &t);
}

static void put_alert(struct page *p, struct table *t, const struct burn_alert *a)
{
	if (!a->known) {
		table_put(t, cell_empty());
		table_put(t, cell_str(SHORTER));
		table_put(t, cell_empty());
		return;
	}
	put_rate(p, t, a->worst);
	table_put(t, nsec_known(a->fired) ? cell_time(a->fired) : cell_str(STR("never")));
	table_put(t, cell_time(a->worst_at));
}

static void add_alerts(struct page *p, const struct objectives *list)
{
	static const struct table_column columns[] = {
		{ .name = "OBJECTIVE", .min_width = 10 },
		{ .name = "WINDOWS", .min_width = 12 },
		{ .name = "LIMIT", .align = TABLE_RIGHT },
		{ .name = "WORST", .align = TABLE_RIGHT },
		{ .name = "FIRST HELD" },
		{ .name = "WORST AT", .drop = 1 },
	};
	static const char *const windows[BURN_PAIRS] = { "1h and 5m", "6h and 30m", "3d and 6h" };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < BURN_PAIRS; k++) {
			table_put(&t, cell_str(list->results[i].objective->name));
			table_put(&t, cell_str(str_from(windows[k])));
			put_rate(p, &t, burn_pairs[k].limit);
			put_alert(p, &t, &list->results[i].alerts[k]);
		}
	page_table(p, &t);
}

static bool any_alert(const struct objectives *list)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < BURN_PAIRS; k++)
			if (list->results[i].alerts[k].known)
				return true;
	return false;
}

void slo_add_objectives(struct page *p, const struct slo_report *r)
{
	page_title(p, NULL, "OBJECTIVES AND THEIR ERROR BUDGETS");
	add_results(p, &r->objectives);
	page_title(p, NULL, "HOW FAST THE BUDGETS BURN (1 is just as fast as they may)");
	if (!any_alert(&r->objectives)) {
		buf_printf(&p->text, "n/a: the log is shorter than the windows of every alert, of "
				     "which the shortest are 1h and 5m");
		page_paragraph(p, PAGE_BELOW);
		return;
	}
	add_alerts(p, &r->objectives);
}
