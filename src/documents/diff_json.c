/* SPDX-License-Identifier: Apache-2.0 */
/* The document of lunettes diff, kind DeliveryDiff. */
#include "documents/diff_json.h"
#include "documents/parts.h"

void diff_json_basis(struct buf *out, const struct basis *b, const char *side,
		     struct table_style style)
{
	static const char key[] = "{\"basis\":";
	struct buf text = { 0 };
	struct json_writer w = json_writer_of(&text);

	json_begin_object(&w);
	basis_json(&w, b);
	json_end_object(&w);
	assert(text.n > sizeof(key) && memcmp(text.p, key, sizeof(key) - 1) == 0);
	buf_add(out, text.p + sizeof(key) - 1, text.n - sizeof(key));
	buf_free(&text);
}

static void put_raw(struct json_writer *w, const char *key, struct str json)
{
	json_put_key(w, key);
	if (json.n)
		json_put_raw(w, json);
	else
		json_put_null(w);
}

static void put_p(struct json_writer *w, const char *key, double p)
{
	struct buf text = { 0 };

	diff_add_p(&text, p, true);
	put_raw(w, key, buf_str(&text));
	buf_free(&text);
}

static void put_test(struct json_writer *w, const struct compare_test *test)
{
	static const char *const names[] = { "", "mannWhitneyExact", "mannWhitneyNormal",
					     "fisherExact" };

	if (!put_object_if(w, "test", test->kind != TEST_NONE))
		return;
	put_str(w, "name", str_from(names[test->kind]));
	put_p(w, "p", test->p);
	put_p(w, "correctedP", test->corrected);
	if (test->kind != TEST_FISHER)
		put_p(w, "longerShare", test->share);
	json_end_object(w);
}

/* Of durations; shares have other words. */
static void put_result(struct json_writer *w, enum tendency tendency)
{
	static const char *const words[] = { "notTested", "noEvidence", "faster", "slower" };

	put_str(w, "result", str_from(words[tendency]));
}

static void put_quantiles(struct json_writer *w, const char *key, struct quantile *q,
			  uint64_t censored)
{
	put_object(w, key);
	put_u64(w, "count", q->n);
	put_u64(w, "censored", censored);
	put_percentiles(w, q);
	json_end_object(w);
}

static void put_durations(struct json_writer *w, struct comparison *c)
{
	put_array(w, "durations");
	for (size_t i = 0; i < c->n_durations; i++) {
		struct compare_duration *d = &c->durations[i];

		json_begin_object(w);
		put_str(w, "measure",
			d->measure >= SLI_STAGES ? STR("stage") : str_from(sli_name(d->measure)));
		put_maybe(w, "stage",
			  d->measure >= SLI_STAGES ? str_from(sli_name(d->measure))
						   : (struct str){ 0 });
		put_quantiles(w, "before", &d->values[SIDE_BEFORE], d->censored[SIDE_BEFORE]);
		put_quantiles(w, "after", &d->values[SIDE_AFTER], d->censored[SIDE_AFTER]);
		put_seconds(w, "changeSeconds", d->change);
		put_test(w, &d->test);
		put_result(w, d->test.tendency);
		json_end_object(w);
	}
	json_end_array(w);
}

static const char *share_kind_name(enum share_kind kind)
{
	static const char *const names[] = { "attainment", "verdict", "code", "exclusion" };

	return names[kind];
}

static void put_shares(struct json_writer *w, const struct comparison *c)
{
	static const char *const words[] = { "notTested", "noEvidence", "fewer", "more" };
	static const char *const sides[] = { "before", "after" };

	put_array(w, "shares");
	for (size_t i = 0; i < c->n_shares; i++) {
		const struct compare_share *s = &c->shares[i];

		json_begin_object(w);
		put_str(w, "of", str_from(share_kind_name(s->kind)));
		put_str(w, "name", s->name);
		for (unsigned side = 0; side < SIDES; side++) {
			put_object(w, sides[side]);
			put_u64(w, "part", s->part[side]);
			put_u64(w, "whole", s->whole[side]);
			put_share(w, "share", s->part[side], s->whole[side]);
			json_end_object(w);
		}
		put_test(w, &s->test);
		put_str(w, "result", str_from(words[s->test.tendency]));
		put_bool(w, "worse", comparison_is_worse(s));
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_first(struct json_writer *w, const struct compare_onset *o, const struct basis *b)
{
	struct position at;

	if (!put_object_if(w, "first", o->first))
		return;
	at = o->value ? o->value->at : o->first->at;
	put_str(w, "namespace", o->first->namespace);
	put_maybe(w, "name", o->first->name);
	put_maybe(w, "uid", o->first->uid);
	put_time(w, "created", o->first->created);
	put_value(w, "took", o->value != NULL,
		  o->value ? (struct quantile_value){ o->value->value, o->value->censored }
			   : (struct quantile_value){ 0 });
	if (put_object_if(w, "evidence", at.line)) {
		put_str(w, "file", basis_file(b, at));
		put_u64(w, "line", at.line);
		json_end_object(w);
	}
	json_end_object(w);
}

static void put_worse(struct json_writer *w, const struct diff_view *v)
{
	const struct comparison *c = v->found;

	put_array(w, "worse");
	for (size_t i = 0; i < c->n_worse; i++) {
		const struct compare_duration *d = c->worse[i].duration;
		const struct compare_share *s = c->worse[i].share;
		const struct compare_onset *o = d ? &d->onset : &s->onset;

		json_begin_object(w);
		put_str(w, "of", str_from(d ? "duration" : share_kind_name(s->kind)));
		put_str(w, "name", d ? str_from(sli_name(d->measure)) : s->name);
		put_time(w, "since", o->clear ? o->at : NSEC_NONE);
		if (o->clear)
			put_p(w, "pettittP", o->p);
		else
			put_null(w, "pettittP");
		put_bool(w, "inBefore", o->clear && o->in_before);
		put_first(w, o, v->after);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_news(struct json_writer *w, const struct comparison *c)
{
	static const char *const things[] = { "image", "registry", "node", "workloadKind" };

	put_object(w, "newCounts");
	for (unsigned i = 0; i < THING_COUNT; i++)
		put_u64(w, things[i], c->n_things[i]);
	json_end_object(w);
	put_array(w, "new");
	for (size_t i = 0; i < c->n_news; i++) {
		const struct compare_new *n = &c->news[i];

		json_begin_object(w);
		put_str(w, "thing", str_from(things[n->thing]));
		put_str(w, "name", n->name);
		put_u64(w, "pods", n->pods);
		put_seconds(w, "p50SecondsWith", n->with);
		put_seconds(w, "p50SecondsWithout", n->without);
		put_test(w, &n->test);
		put_result(w, n->test.tendency);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_groups(struct json_writer *w, const struct comparison *c, enum compare_by by)
{
	if (!put_object_if(w, "groups", by != COMPARE_BY_NOTHING))
		return;
	put_cstr(w, "by", diff_by_name(by));
	put_u64(w, "onlyBefore", c->n_alone[SIDE_BEFORE]);
	put_u64(w, "onlyAfter", c->n_alone[SIDE_AFTER]);
	put_array(w, "items");
	for (size_t i = 0; i < c->n_groups; i++) {
		const struct compare_group *g = &c->groups[i];

		json_begin_object(w);
		put_str(w, "name", g->name);
		put_u64(w, "before", g->n[SIDE_BEFORE]);
		put_u64(w, "after", g->n[SIDE_AFTER]);
		put_value(w, "p50Before", true, g->median[SIDE_BEFORE]);
		put_value(w, "p50After", true, g->median[SIDE_AFTER]);
		put_seconds(w, "changeSeconds", g->change);
		put_test(w, &g->test);
		put_result(w, g->test.tendency);
		json_end_object(w);
	}
	json_end_array(w);
	json_end_object(w);
}

static void put_side(struct json_writer *w, const struct diff_view *v, enum side side)
{
	put_object(w, side == SIDE_BEFORE ? "before" : "after");
	if (!nsec_known(v->at))
		put_raw(w, "basis", v->basis[side]);
	put_u64(w, "pods", v->found->pods[side]);
	put_u64(w, "excluded", v->found->excluded[side]);
	put_time(w, "first", v->found->first[side]);
	put_time(w, "last", v->found->last[side]);
	json_end_object(w);
}

void diff_json(struct buf *out, const struct diff_view *v, struct table_style style)
{
	static const char *const orders[] = { "follows", "empty", "otherCluster", "overlap",
					      "reversed" };
	struct json_writer w = json_writer_of(out);

	put_head(&w, "DeliveryDiff");
	put_time(&w, "at", v->at);
	if (nsec_known(v->at))
		put_raw(&w, "basis", v->basis[SIDE_BEFORE]);
	put_side(&w, v, SIDE_BEFORE);
	put_side(&w, v, SIDE_AFTER);
	put_str(&w, "order", str_from(orders[v->found->order]));
	put_p(&w, "alpha", COMPARE_ALPHA);
	put_str(&w, "correction", STR("holm"));
	put_u64(&w, "tests", v->found->n_tests);
	put_durations(&w, v->found);
	put_shares(&w, v->found);
	put_worse(&w, v);
	put_news(&w, v->found);
	put_groups(&w, v->found, v->by);
	end_line(&w);
}
