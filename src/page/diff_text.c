/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes diff, for people. */
#include "page/diff.h"
#include "page/phrase.h"

enum { GROUPS_SHOWN = 10 };

static const char *const side_names[SIDES] = { "before", "after" };

/* Durations in sentences and in pairs of cells, in the format of tables. */
static void add_duration(struct page *p, nsec duration, bool censored)
{
	table_add_cell(&p->text, cell_duration(duration, censored), p->style.ascii, NULL);
}

static void add_quantile(struct page *p, struct quantile *q, unsigned permille)
{
	struct quantile_value v;

	if (quantile_at(q, permille, &v))
		add_duration(p, v.value, v.censored);
	else
		buf_add_char(&p->text, '-');
}

static void add_arrow(struct page *p)
{
	buf_add_str(&p->text, p->style.ascii ? STR(" -> ") : STR(" \xe2\x86\x92 "));
}

static void put_medians(struct page *p, struct table *t, const struct compare_group *g)
{
	const struct quantile_value *before = &g->median[SIDE_BEFORE],
				    *after = &g->median[SIDE_AFTER];

	add_duration(p, before->value, before->censored);
	add_arrow(p);
	add_duration(p, after->value, after->censored);
	page_put_cell(p, t);
}

static void put_change(struct page *p, struct table *t, nsec change)
{
	if (change > 0)
		buf_add_char(&p->text, '+');
	if (nsec_known(change))
		add_duration(p, change, false);
	page_put_cell(p, t);
}

/* tested: false if there is no such test. */
static void put_p(struct page *p, struct table *t, bool tested, double value)
{
	if (tested)
		diff_add_p(&p->text, value, false);
	page_put_cell(p, t);
}

static void put_test(struct page *p, struct table *t, const struct compare_test *test,
		     const char *word)
{
	put_p(p, t, test->kind != TEST_NONE, test->corrected);
	table_put(t, cell_str(str_from(word)));
}

#define TEST_COLUMNS                                                                               \
	{ .name = "P", .align = TABLE_RIGHT },                                                     \
	{                                                                                          \
		.name = "RESULT", .min_width = 11                                                  \
	}

/* Durations */

static void add_durations(struct page *p, struct comparison *c)
{
	static const struct table_column columns[] = {
		{ .name = "WHAT", .min_width = 13 },
		{ .name = "BEFORE", .align = TABLE_RIGHT },
		{ .name = "AFTER", .align = TABLE_RIGHT },
		{ .name = "P50", .align = TABLE_RIGHT },
		{ .name = "P90", .align = TABLE_RIGHT, .drop = 2 },
		{ .name = "P99", .align = TABLE_RIGHT, .drop = 1 },
		{ .name = "CHANGE", .align = TABLE_RIGHT },
		TEST_COLUMNS,
		{ .name = "LONGER", .align = TABLE_RIGHT, .wide_only = true },
		{ .name = "P ALONE", .align = TABLE_RIGHT, .wide_only = true },
		{ .name = "TEST", .wide_only = true },
	};
	static const unsigned permille[] = { 500, 900, 990 };
	struct table t;

	page_title(p, NULL, "HOW LONG IT TOOK (user time is taken off delivery)");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_durations; i++) {
		struct compare_duration *d = &c->durations[i];
		bool tested = d->test.kind != TEST_NONE;

		table_put(&t, cell_str(str_from(sli_name(d->measure))));
		table_put(&t, cell_count(d->values[SIDE_BEFORE].n));
		table_put(&t, cell_count(d->values[SIDE_AFTER].n));
		for (size_t k = 0; k < ARRAY_SIZE(permille); k++) {
			add_quantile(p, &d->values[SIDE_BEFORE], permille[k]);
			add_arrow(p);
			add_quantile(p, &d->values[SIDE_AFTER], permille[k]);
			page_put_cell(p, &t);
		}
		put_change(p, &t, d->change);
		put_test(p, &t, &d->test, diff_duration_word(d->test.tendency));
		table_put(&t,
			  tested ? cell_percent((uint64_t)(d->test.share * 10000)) : cell_empty());
		put_p(p, &t, tested, d->test.p);
		table_put(&t, cell_str(str_from(diff_test_name(d->test.kind))));
	}
	page_table(p, &t);
}

/* Shares */

static void add_shares(struct page *p, const struct comparison *c)
{
	static const struct table_column columns[] = {
		{ .name = "WHAT", .min_width = 13 },
		{ .name = "BEFORE", .align = TABLE_RIGHT },
		{ .name = "SHARE", .align = TABLE_RIGHT },
		{ .name = "AFTER", .align = TABLE_RIGHT },
		{ .name = "SHARE", .align = TABLE_RIGHT },
		TEST_COLUMNS,
		{ .name = "P ALONE", .align = TABLE_RIGHT, .wide_only = true },
		{ .name = "TEST", .wide_only = true },
	};
	struct table t;

	page_title(p, NULL, "HOW MANY PODS");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_shares; i++) {
		const struct compare_share *s = &c->shares[i];

		diff_add_share_name(&p->text, s);
		page_put_cell(p, &t);
		for (unsigned side = 0; side < SIDES; side++) {
			table_put(&t, s->whole[side] ? cell_ratio(s->part[side], s->whole[side])
						     : cell_empty());
			table_put(&t, cell_share(s->part[side], s->whole[side]));
		}
		put_test(p, &t, &s->test, diff_share_word(s));
		put_p(p, &t, s->test.kind != TEST_NONE, s->test.p);
		table_put(&t, cell_str(str_from(diff_test_name(s->test.kind))));
	}
	page_table(p, &t);
}

/* What changed, in one sentence each */

/* A sentence of a list without marks. */
static void end_sentence(struct page *p)
{
	page_item(p, 0, 0);
}

static bool add_changed_durations(struct page *p, struct comparison *c, enum tendency tendency)
{
	const char *sep = ": ";

	for (size_t i = 0; i < c->n_durations; i++) {
		struct compare_duration *d = &c->durations[i];

		if (d->test.tendency != tendency)
			continue;
		if (!p->text.n)
			buf_printf(&p->text, "%s", diff_duration_word(tendency));
		buf_printf(&p->text, "%s%s ", sep, sli_name(d->measure));
		add_quantile(p, &d->values[SIDE_BEFORE], 500);
		add_arrow(p);
		add_quantile(p, &d->values[SIDE_AFTER], 500);
		sep = ", ";
	}
	if (!p->text.n)
		return false;
	end_sentence(p);
	return true;
}

static bool add_changed_shares(struct page *p, const struct comparison *c)
{
	bool any = false;

	for (size_t i = 0; i < c->n_shares; i++) {
		const struct compare_share *s = &c->shares[i];

		if (s->test.tendency <= TENDENCY_NONE)
			continue;
		any = true;
		buf_printf(&p->text, "%s: ", diff_share_word(s));
		diff_add_share_name(&p->text, s);
		for (unsigned side = 0; side < SIDES; side++) {
			if (side)
				add_arrow(p);
			buf_printf(&p->text, "%s%llu of %llu", side ? "" : " ",
				   (unsigned long long)s->part[side],
				   (unsigned long long)s->whole[side]);
		}
		end_sentence(p);
	}
	return any;
}

static void add_sides(struct page *p, const struct comparison *c)
{
	for (unsigned side = 0; side < SIDES; side++) {
		buf_printf(&p->text, "%s: ", side_names[side]);
		phrase_add_count(&p->text, c->pods[side] - c->excluded[side], "pod", "pods");
		if (c->excluded[side])
			buf_printf(&p->text, ", %llu more excluded",
				   (unsigned long long)c->excluded[side]);
		if (nsec_known(c->first[side])) {
			buf_add_str(&p->text, STR("; created from "));
			page_add_second(p, c->first[side]);
			buf_add_str(&p->text, STR(" to "));
			page_add_second(p, c->last[side]);
		}
		end_sentence(p);
	}
}

static void add_changes(struct page *p, struct comparison *c)
{
	bool any;

	page_title(p, NULL, "WHAT CHANGED");
	add_sides(p, c);
	any = add_changed_durations(p, c, TENDENCY_MORE);
	any |= add_changed_durations(p, c, TENDENCY_LESS);
	any |= add_changed_shares(p, c);
	if (any)
		return;
	buf_printf(&p->text, "no evidence of any change in %zu test%s", c->n_tests,
		   c->n_tests == 1 ? "" : "s");
	end_sentence(p);
}

static void add_method(struct page *p, const struct comparison *c)
{
	buf_printf(&p->text,
		   "P: two-sided, of Mann-Whitney's U for durations and Fisher's exact test for "
		   "shares, by Holm's method corrected for all %zu tests; below %.2f it is "
		   "called a change. A failed pod ranks behind all others. Durations of fewer "
		   "than %d pods a side and shares of fewer in both are not tested. Pods count as "
		   "independent: where many share one "
		   "cause, P is too small.",
		   c->n_tests, COMPARE_ALPHA, COMPARE_LEAST);
	page_paragraph(p, PAGE_APART);
}

/* Onset */

static void add_first(struct page *p, const struct compare_onset *o, const struct basis *basis)
{
	struct position at;

	if (!o->first) {
		buf_add_str(&p->text, STR("; no pod is beyond the p99 of before"));
		return;
	}
	at = o->value ? o->value->at : o->first->at;
	phrase_add(&p->text,
		   o->value ? STR("; first beyond the p99 of before: ") : STR("; first: "),
		   o->first->namespace, STR("/"),
		   o->first->name.n ? o->first->name : STR("(unnamed)"), STR(", created "));
	page_add_time(p, o->first->created); /* pods of one second need not be of one moment */
	if (o->value) {
		buf_add_str(&p->text, STR(", "));
		add_duration(p, o->value->value, o->value->censored);
	}
	if (at.line)
		buf_printf(&p->text, " (" STR_FMT ":%llu)", STR_ARG(basis_file(basis, at)),
			   (unsigned long long)at.line);
}

static const char *no_order(enum compare_order order)
{
	switch (order) {
	case ORDER_CLUSTERS:
		return "The two sides are of different clusters: there is no moment at which one "
		       "became the other.";
	case ORDER_OVERLAP:
		return "The two sides overlap in time: there is no moment at which one became the "
		       "other.";
	case ORDER_REVERSED:
		return "All of before was created behind all of after: there is no moment at which "
		       "one became the other.";
	default:
		return NULL;
	}
}

static void add_since(struct page *p, const struct compare_onset *o)
{
	if (!o->clear) {
		buf_add_str(&p->text, STR(": no clear moment (Pettitt)"));
		return;
	}
	buf_add_str(&p->text, STR(": since "));
	page_add_time(p, o->at);
	buf_printf(&p->text, "%s (Pettitt, P ", o->in_before ? ", which lies in before" : "");
	diff_add_p(&p->text, o->p, false);
	buf_add_char(&p->text, ')');
}

static void add_worse(struct page *p, const struct diff_view *v)
{
	const struct comparison *c = v->found;
	const char *why = no_order(c->order);

	page_title(p, NULL,
		   why ? "WHAT GOT WORSE, THE SUREST FIRST"
		       : "WHAT GOT WORSE, IN THE ORDER IN WHICH IT BEGAN");
	if (why) {
		buf_add_str(&p->text, str_from(why));
		end_sentence(p);
	}
	for (size_t i = 0; i < c->n_worse; i++) {
		const struct compare_duration *d = c->worse[i].duration;
		const struct compare_onset *o = d ? &d->onset : &c->worse[i].share->onset;

		if (d)
			buf_add_str(&p->text, str_from(sli_name(d->measure)));
		else
			diff_add_share_name(&p->text, c->worse[i].share);
		if (!why)
			add_since(p, o);
		add_first(p, o, v->after);
		end_sentence(p);
	}
}

/* New problems, groups */

static void add_news(struct page *p, const struct comparison *c)
{
	static const struct table_column columns[] = {
		{ .name = "NEW", .min_width = 8 },
		{ .name = "NAME", .min_width = 12 },
		{ .name = "PODS", .align = TABLE_RIGHT },
		{ .name = "P50 WITH", .align = TABLE_RIGHT },
		{ .name = "WITHOUT", .align = TABLE_RIGHT },
		TEST_COLUMNS,
	};
	struct table t;

	page_title(p, NULL, "SEEN AFTER ALONE (delivery time there, with and without it)");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_news; i++) {
		const struct compare_new *n = &c->news[i];

		table_put(&t, cell_str(thing_name(n->thing)));
		table_put(&t, cell_str(n->name));
		table_put(&t, cell_count(n->pods));
		table_put(&t, cell_duration(n->with, false));
		table_put(&t, cell_duration(n->without, false));
		put_test(p, &t, &n->test, diff_duration_word(n->test.tendency));
	}
	page_table(p, &t);
	for (unsigned i = 0; i < THING_COUNT; i++) {
		if (c->n_things[i] <= COMPARE_NEWS)
			continue;
		buf_printf(&p->text, "and %zu more of kind " STR_FMT, c->n_things[i] - COMPARE_NEWS,
			   STR_ARG(thing_name((enum thing)i)));
		page_paragraph(p, PAGE_BELOW);
	}
}

static void add_groups(struct page *p, const struct comparison *c)
{
	static const struct table_column columns[] = {
		{ .name = "NAME", .min_width = 12 },
		{ .name = "BEFORE", .align = TABLE_RIGHT },
		{ .name = "AFTER", .align = TABLE_RIGHT },
		{ .name = "P50", .align = TABLE_RIGHT },
		{ .name = "CHANGE", .align = TABLE_RIGHT },
		TEST_COLUMNS,
	};
	size_t shown = p->style.wide ? c->n_groups : MIN(c->n_groups, (size_t)GROUPS_SHOWN);
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < shown; i++) {
		const struct compare_group *g = &c->groups[i];

		table_put(&t, cell_str(g->name));
		table_put(&t, cell_count(g->n[SIDE_BEFORE]));
		table_put(&t, cell_count(g->n[SIDE_AFTER]));
		put_medians(p, &t, g);
		put_change(p, &t, g->change);
		put_test(p, &t, &g->test, diff_duration_word(g->test.tendency));
	}
	page_table(p, &t);
	page_more(p, c->n_groups - shown, " on both sides");
	buf_printf(&p->text, "only before: %zu, only after: %zu", c->n_alone[SIDE_BEFORE],
		   c->n_alone[SIDE_AFTER]);
	page_paragraph(p, PAGE_BELOW);
}

static const char *group_title(enum compare_by by)
{
	static const char *const titles[] = { "", "DELIVERY TIME BY NAMESPACE",
					      "DELIVERY TIME BY WORKLOAD", "DELIVERY TIME BY NODE",
					      "DELIVERY TIME BY IMAGE" };

	return titles[by];
}

/* The page */

void diff_text_basis(struct buf *out, const struct basis *b, const char *side,
		     struct table_style style)
{
	struct page p = page_of(out, style);

	basis_page(&p, b, side);
	page_free(&p);
}

void diff_text(struct buf *out, const struct diff_view *v, struct table_style style)
{
	struct comparison *c = v->found;
	struct page p = page_of(out, style);

	for (unsigned side = 0; side < SIDES; side++)
		page_join(&p, v->basis[side]);
	add_changes(&p, c);
	add_durations(&p, c);
	add_shares(&p, c);
	add_method(&p, c);
	if (c->n_worse)
		add_worse(&p, v);
	if (c->n_news)
		add_news(&p, c);
	if (v->by != COMPARE_BY_NOTHING) {
		page_title(&p, NULL, group_title(v->by));
		add_groups(&p, c);
	}
	page_free(&p);
}
