/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes diff, for people. */
#include "page/diff.h"
#include "page/phrase.h"
#include "page/text.h"

enum { GROUPS_SHOWN = 10 };

static const char *const side_names[SIDES] = { "before", "after" };

static void add_title(struct buf *out, const char *title, struct table_style style)
{
	buf_printf(out, style.bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", title);
}

/* Durations in sentences and in cells of two, as tables have them. */
static void add_duration(struct buf *out, nsec duration, bool censored, bool ascii)
{
	table_add_cell(out, cell_duration(duration, censored), ascii, NULL);
}

static void add_quantile(struct buf *out, struct quantile *q, unsigned permille, bool ascii)
{
	struct quantile_value v;

	if (quantile_at(q, permille, &v))
		add_duration(out, v.value, v.censored, ascii);
	else
		buf_add_char(out, '-');
}

/* Pods of one second need not be of one moment. */
static void add_moment(struct buf *out, clock_zone *zone, nsec at)
{
	char text[CLOCK_TEXT];

	buf_add(out, text, clock_format_in(zone, at, 3, text));
}

static void add_arrow(struct buf *out, bool ascii)
{
	buf_add_str(out, ascii ? STR(" -> ") : STR(" \xe2\x86\x92 "));
}

static void add_medians(struct buf *out, const struct compare_group *g, bool ascii)
{
	const struct quantile_value *before = &g->median[SIDE_BEFORE],
				    *after = &g->median[SIDE_AFTER];

	add_duration(out, before->value, before->censored, ascii);
	add_arrow(out, ascii);
	add_duration(out, after->value, after->censored, ascii);
}

static void add_change(struct buf *out, nsec change, bool ascii)
{
	if (change > 0)
		buf_add_char(out, '+');
	add_duration(out, change, false, ascii);
}

static void put_buf(struct table *t, struct buf *text)
{
	table_put(t, cell_str(buf_str(text)));
	buf_reset(text);
}

static void put_test(struct table *t, const struct compare_test *test, const char *word,
		     struct buf *text)
{
	if (test->kind == TEST_NONE)
		table_put(t, cell_empty());
	else {
		diff_add_p(text, test->corrected, false);
		put_buf(t, text);
	}
	table_put(t, cell_str(str_from(word)));
}

#define TEST_COLUMNS                                                                               \
	{ .name = "P", .align = TABLE_RIGHT },                                                     \
	{                                                                                          \
		.name = "RESULT", .min_width = 11                                                  \
	}

/* Durations */

static void add_durations(struct buf *out, struct comparison *c, struct table_style style)
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
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_durations; i++) {
		struct compare_duration *d = &c->durations[i];
		bool tested = d->test.kind != TEST_NONE;

		table_put(&t, cell_str(str_from(sli_name(d->measure))));
		table_put(&t, cell_count(d->values[SIDE_BEFORE].n));
		table_put(&t, cell_count(d->values[SIDE_AFTER].n));
		for (size_t k = 0; k < ARRAY_SIZE(permille); k++) {
			add_quantile(&text, &d->values[SIDE_BEFORE], permille[k], style.ascii);
			add_arrow(&text, style.ascii);
			add_quantile(&text, &d->values[SIDE_AFTER], permille[k], style.ascii);
			put_buf(&t, &text);
		}
		if (nsec_known(d->change))
			add_change(&text, d->change, style.ascii);
		put_buf(&t, &text);
		put_test(&t, &d->test, diff_duration_word(d->test.tendency), &text);
		table_put(&t,
			  tested ? cell_percent((uint64_t)(d->test.share * 10000)) : cell_empty());
		if (tested)
			diff_add_p(&text, d->test.p, false);
		put_buf(&t, &text);
		table_put(&t, cell_str(str_from(diff_test_name(d->test.kind))));
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&text);
}

/* Shares */

static void add_shares(struct buf *out, const struct comparison *c, struct table_style style)
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
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_shares; i++) {
		const struct compare_share *s = &c->shares[i];

		diff_add_share_name(&text, s);
		put_buf(&t, &text);
		for (unsigned side = 0; side < SIDES; side++) {
			table_put(&t, s->whole[side] ? cell_ratio(s->part[side], s->whole[side])
						     : cell_empty());
			table_put(&t, cell_share(s->part[side], s->whole[side]));
		}
		put_test(&t, &s->test, diff_share_word(s), &text);
		if (s->test.kind != TEST_NONE)
			diff_add_p(&text, s->test.p, false);
		put_buf(&t, &text);
		table_put(&t, cell_str(str_from(diff_test_name(s->test.kind))));
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&text);
}

/* What changed, in one sentence each */

static bool add_changed_durations(struct buf *out, struct comparison *c, enum tendency tendency,
				  bool ascii)
{
	const char *sep = "";

	for (size_t i = 0; i < c->n_durations; i++) {
		struct compare_duration *d = &c->durations[i];

		if (d->test.tendency != tendency)
			continue;
		if (!*sep)
			buf_printf(out, "%s: ", diff_duration_word(tendency));
		buf_printf(out, "%s" STR_FMT " ", sep, STR_ARG(str_from(sli_name(d->measure))));
		add_quantile(out, &d->values[SIDE_BEFORE], 500, ascii);
		add_arrow(out, ascii);
		add_quantile(out, &d->values[SIDE_AFTER], 500, ascii);
		sep = ", ";
	}
	if (*sep)
		buf_add_char(out, '\n');
	return *sep;
}

static bool add_changed_shares(struct buf *out, const struct comparison *c, bool ascii)
{
	bool any = false;

	for (size_t i = 0; i < c->n_shares; i++) {
		const struct compare_share *s = &c->shares[i];

		if (s->test.tendency <= TENDENCY_NONE)
			continue;
		any = true;
		buf_printf(out, "%s: ", diff_share_word(s));
		diff_add_share_name(out, s);
		for (unsigned side = 0; side < SIDES; side++) {
			if (side)
				add_arrow(out, ascii);
			buf_printf(out, "%s%llu of %llu", side ? "" : " ",
				   (unsigned long long)s->part[side],
				   (unsigned long long)s->whole[side]);
		}
		buf_add_char(out, '\n');
	}
	return any;
}

static void add_sides(struct buf *out, const struct comparison *c, clock_zone *zone)
{
	for (unsigned side = 0; side < SIDES; side++) {
		buf_printf(out, "%s: ", side_names[side]);
		phrase_add_count(out, c->pods[side] - c->excluded[side], "pod", "pods");
		if (c->excluded[side])
			buf_printf(out, ", %llu more excluded",
				   (unsigned long long)c->excluded[side]);
		if (nsec_known(c->first[side])) {
			buf_add_str(out, STR("; created from "));
			phrase_add_second(out, zone, c->first[side]);
			buf_add_str(out, STR(" to "));
			phrase_add_second(out, zone, c->last[side]);
		}
		buf_add_char(out, '\n');
	}
}

static void add_changes(struct buf *out, struct comparison *c, struct table_style style)
{
	struct buf text = { 0 };
	bool any;

	add_title(out, "WHAT CHANGED", style);
	add_sides(&text, c, style.zone);
	any = add_changed_durations(&text, c, TENDENCY_MORE, style.ascii);
	any |= add_changed_durations(&text, c, TENDENCY_LESS, style.ascii);
	any |= add_changed_shares(&text, c, style.ascii);
	if (!any)
		buf_printf(&text, "no evidence of any change in %zu test%s\n", c->n_tests,
			   c->n_tests == 1 ? "" : "s");
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
}

static void add_method(struct buf *out, const struct comparison *c, struct table_style style)
{
	struct buf text = { 0 };

	buf_printf(&text,
		   "P: two-sided, of Mann-Whitney's U for durations and Fisher's exact test for "
		   "shares, by Holm's method corrected for all %zu tests; below %.2f it is "
		   "called a change. A failed pod ranks behind all others. Durations of fewer "
		   "than %d pods a side and shares of fewer in both are not tested. Pods count as "
		   "independent: where many share one "
		   "cause, P is too small.\n",
		   c->n_tests, COMPARE_ALPHA, COMPARE_LEAST);
	buf_add_char(out, '\n');
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
}

/* Since when */

static void add_first(struct buf *out, const struct compare_onset *o, const struct basis *basis,
		      struct table_style style)
{
	struct position at;

	if (!o->first) {
		buf_add_str(out, STR("; no pod is beyond the p99 of before"));
		return;
	}
	at = o->value ? o->value->at : o->first->at;
	buf_printf(out, o->value ? "; first beyond the p99 of before: " : "; first: ");
	text_add_safe(out, o->first->namespace, style.ascii);
	buf_add_char(out, '/');
	text_add_safe(out, o->first->name.n ? o->first->name : STR("(unnamed)"), style.ascii);
	buf_add_str(out, STR(", created "));
	add_moment(out, style.zone, o->first->created);
	if (o->value) {
		buf_add_str(out, STR(", "));
		add_duration(out, o->value->value, o->value->censored, style.ascii);
	}
	if (at.line) {
		buf_add_str(out, STR(" ("));
		text_add_safe(out, basis_file(basis, at), style.ascii);
		buf_printf(out, ":%llu)", (unsigned long long)at.line);
	}
}

static const char *no_order(enum compare_order order)
{
	switch (order) {
	case ORDER_CLUSTERS:
		return "The two sides are of different clusters: there is no moment at which one "
		       "became the other.\n";
	case ORDER_OVERLAP:
		return "The two sides overlap in time: there is no moment at which one became the "
		       "other.\n";
	case ORDER_REVERSED:
		return "All of before was created behind all of after: there is no moment at which "
		       "one became the other.\n";
	default:
		return NULL;
	}
}

static void add_worse(struct buf *out, const struct diff_view *v, struct table_style style)
{
	const struct comparison *c = v->found;
	const char *why = no_order(c->order);
	struct buf text = { 0 };

	add_title(out,
		  why ? "WHAT GOT WORSE, THE SUREST FIRST"
		      : "WHAT GOT WORSE, IN THE ORDER IN WHICH IT BEGAN",
		  style);
	if (why)
		buf_add_str(&text, str_from(why));
	for (size_t i = 0; i < c->n_worse; i++) {
		const struct compare_duration *d = c->worse[i].duration;
		const struct compare_onset *o = d ? &d->onset : &c->worse[i].share->onset;

		if (d)
			buf_add_str(&text, str_from(sli_name(d->measure)));
		else
			diff_add_share_name(&text, c->worse[i].share);
		if (!why && o->clear) {
			buf_add_str(&text, STR(": since "));
			add_moment(&text, style.zone, o->at);
			buf_printf(&text, "%s (Pettitt, P ",
				   o->in_before ? ", which lies in before" : "");
			diff_add_p(&text, o->p, false);
			buf_add_char(&text, ')');
		} else if (!why) {
			buf_add_str(&text, STR(": no clear moment (Pettitt)"));
		}
		add_first(&text, o, v->after, style);
		buf_add_char(&text, '\n');
	}
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
}

/* New things, groups */

static void add_news(struct buf *out, const struct comparison *c, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "NEW", .min_width = 8 },
		{ .name = "NAME", .min_width = 12 },
		{ .name = "PODS", .align = TABLE_RIGHT },
		{ .name = "P50 WITH", .align = TABLE_RIGHT },
		{ .name = "WITHOUT", .align = TABLE_RIGHT },
		TEST_COLUMNS,
	};
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_news; i++) {
		const struct compare_new *n = &c->news[i];

		table_put(&t, cell_str(thing_name(n->thing)));
		table_put(&t, cell_str(n->name));
		table_put(&t, cell_count(n->pods));
		table_put(&t, cell_duration(n->with, false));
		table_put(&t, cell_duration(n->without, false));
		put_test(&t, &n->test, diff_duration_word(n->test.tendency), &text);
	}
	table_render(&t, style, out);
	table_free(&t);
	for (unsigned i = 0; i < THING_COUNT; i++)
		if (c->n_things[i] > COMPARE_NEWS)
			buf_printf(out, "and %zu more of kind " STR_FMT "\n",
				   c->n_things[i] - COMPARE_NEWS,
				   STR_ARG(thing_name((enum thing)i)));
	buf_free(&text);
}

static void add_groups(struct buf *out, const struct comparison *c, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "NAME", .min_width = 12 },
		{ .name = "BEFORE", .align = TABLE_RIGHT },
		{ .name = "AFTER", .align = TABLE_RIGHT },
		{ .name = "P50", .align = TABLE_RIGHT },
		{ .name = "CHANGE", .align = TABLE_RIGHT },
		TEST_COLUMNS,
	};
	size_t shown = style.wide ? c->n_groups : MIN(c->n_groups, (size_t)GROUPS_SHOWN);
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < shown; i++) {
		const struct compare_group *g = &c->groups[i];

		table_put(&t, cell_str(g->name));
		table_put(&t, cell_count(g->n[SIDE_BEFORE]));
		table_put(&t, cell_count(g->n[SIDE_AFTER]));
		add_medians(&text, g, style.ascii);
		put_buf(&t, &text);
		if (nsec_known(g->change))
			add_change(&text, g->change, style.ascii);
		put_buf(&t, &text);
		put_test(&t, &g->test, diff_duration_word(g->test.tendency), &text);
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&text);
	if (shown < c->n_groups)
		buf_printf(out, "and %zu more on both sides\n", c->n_groups - shown);
	buf_printf(out, "only before: %zu, only after: %zu\n", c->n_alone[SIDE_BEFORE],
		   c->n_alone[SIDE_AFTER]);
}

static const char *group_title(enum compare_by by)
{
	static const char *const titles[] = { "", "DELIVERY TIME BY NAMESPACE",
					      "DELIVERY TIME BY WORKLOAD", "DELIVERY TIME BY NODE",
					      "DELIVERY TIME BY IMAGE" };

	return titles[by];
}

/* Whole */

void diff_text_basis(struct buf *out, const struct basis *b, const char *side,
		     struct table_style style)
{
	struct buf text = { 0 };

	if (side)
		buf_printf(&text, "%s: ", side);
	basis_text(&text, b, style);
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
}

void diff_text(struct buf *out, const struct diff_view *v, struct table_style style)
{
	struct comparison *c = v->found;

	for (unsigned side = 0; side < SIDES; side++)
		buf_add_str(out, v->basis[side]);
	add_changes(out, c, style);
	add_title(out, "HOW LONG IT TOOK (user time is taken off delivery)", style);
	add_durations(out, c, style);
	add_title(out, "HOW MANY PODS", style);
	add_shares(out, c, style);
	add_method(out, c, style);
	if (c->n_worse)
		add_worse(out, v, style);
	if (c->n_news) {
		add_title(out, "SEEN AFTER ALONE (delivery time there, with and without it)",
			  style);
		add_news(out, c, style);
	}
	if (v->by != COMPARE_BY_NOTHING) {
		add_title(out, group_title(v->by), style);
		add_groups(out, c, style);
	}
}
