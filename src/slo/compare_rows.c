/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the rows of durations and shares from the collected values, each with its test. */
#include "base/mem.h"
#include "slo/comparing.h"

/* Tests */

void sample_add(struct compare_sample *s, enum side side, const struct compare_value *value)
{
	array_reserve(s->items, s->cap, s->n + 1);
	s->items[s->n++] =
	    (struct ranksum_item){ value->censored ? INT64_MAX : value->value, side == SIDE_AFTER };
	s->sides[side]++;
}

struct compare_test sample_test(struct compare_sample *s)
{
	struct compare_test test = { TEST_NONE };
	struct ranksum r;

	if (s->sides[SIDE_BEFORE] >= COMPARE_LEAST && s->sides[SIDE_AFTER] >= COMPARE_LEAST) {
		r = ranksum_test(s->items, s->n);
		test.kind = r.exact ? TEST_RANKSUM_EXACT : TEST_RANKSUM_NORMAL;
		test.p = r.p;
		test.share = r.share;
		test.more = r.larger;
	}
	s->n = s->sides[SIDE_BEFORE] = s->sides[SIDE_AFTER] = 0;
	return test;
}

void sample_free(struct compare_sample *s)
{
	mem_free(s->items);
}

size_t compare_correct(struct compare_test **tests, size_t n)
{
	double *p = mem_alloc((2 * n + 1) * sizeof(*p)), *corrected = p + n;
	size_t n_tests = 0;

	for (size_t i = 0; i < n; i++)
		if (tests[i]->kind != TEST_NONE)
			p[n_tests++] = tests[i]->p;
	holm_correct(p, n_tests, corrected);
	n_tests = 0;
	for (size_t i = 0; i < n; i++) {
		struct compare_test *t = tests[i];

		if (t->kind == TEST_NONE)
			continue;
		t->corrected = corrected[n_tests++];
		t->tendency = t->corrected >= COMPARE_ALPHA ? TENDENCY_NONE
			      : t->more			    ? TENDENCY_MORE
							    : TENDENCY_LESS;
	}
	mem_free(p);
	return n_tests;
}

nsec median_change(const struct quantile_value median[SIDES], const bool known[SIDES])
{
	for (unsigned side = 0; side < SIDES; side++)
		if (!known[side] || median[side].censored)
			return NSEC_NONE;
	return median[SIDE_AFTER].value - median[SIDE_BEFORE].value;
}

/* Durations */

static void make_duration(struct compare *c, struct compare_duration *d,
			  struct compare_sample *sample)
{
	struct quantile_value median[SIDES];
	bool known[SIDES];

	for (unsigned side = 0; side < SIDES; side++) {
		const struct compare_values *v = &c->sides[side].measures[d->measure];

		for (size_t i = 0; i < v->n; i++) {
			quantile_add(&d->values[side], v->list[i].value, v->list[i].censored);
			d->censored[side] += v->list[i].censored;
			sample_add(sample, (enum side)side, &v->list[i]);
		}
		known[side] = quantile_at(&d->values[side], 500, &median[side]);
	}
	d->change = median_change(median, known);
	d->test = sample_test(sample);
}

void compare_make_durations(struct compare *c)
{
	struct comparison *r = &c->result;
	struct compare_sample sample = { 0 };

	r->durations = mem_zalloc(SLI_COUNT * sizeof(*r->durations));
	for (unsigned m = 0; m < SLI_COUNT; m++) {
		if (!c->sides[SIDE_BEFORE].measures[m].n && !c->sides[SIDE_AFTER].measures[m].n)
			continue;
		r->durations[r->n_durations].measure = (enum sli)m;
		make_duration(c, &r->durations[r->n_durations++], &sample);
	}
	sample_free(&sample);
}

/* Shares */

bool share_counts(const struct compare_share *s, const struct compare_pod *p)
{
	if (s->kind == SHARE_ATTAINMENT)
		return p->verdict == VERDICT_SUCCESS || p->verdict == VERDICT_SLOW ||
		       p->verdict == VERDICT_FAILED;
	if (s->kind == SHARE_EXCLUSION || s->which == VERDICT_EXCLUDED)
		return true;
	return p->verdict != VERDICT_EXCLUDED;
}

bool share_holds(const struct compare *c, const struct compare_share *s,
		 const struct compare_pod *p)
{
	switch (s->kind) {
	case SHARE_ATTAINMENT:
		return p->verdict == VERDICT_SUCCESS;
	case SHARE_VERDICT:
		return p->verdict == s->which;
	case SHARE_EXCLUSION:
		return p->verdict == VERDICT_EXCLUDED && p->exclusion == s->which;
	case SHARE_CODE:
		break;
	}
	return p->verdict == VERDICT_DENIED && p->code != MAP_NONE &&
	       str_eq(c->texts.keys[p->code], s->name);
}

/* Rows that are empty on both sides are dropped. Rows with few pods are not tested: they cannot
 * show a change, but each further test makes the others less significant. */
static void make_share(struct compare *c, enum share_kind kind, unsigned which, struct str name)
{
	struct comparison *r = &c->result;
	struct compare_share s = { .kind = kind, .which = which, .name = name };
	double left, right;
	bool few;

	for (unsigned side = 0; side < SIDES; side++) {
		for (size_t i = 0; i < c->sides[side].n; i++) {
			const struct compare_pod *p = &c->sides[side].pods[i];

			s.whole[side] += share_counts(&s, p);
			s.part[side] += share_counts(&s, p) && share_holds(c, &s, p);
		}
	}
	if (kind != SHARE_ATTAINMENT && !s.part[SIDE_BEFORE] && !s.part[SIDE_AFTER])
		return;
	few = kind != SHARE_ATTAINMENT && s.part[SIDE_BEFORE] + s.part[SIDE_AFTER] < COMPARE_LEAST;
	if (s.whole[SIDE_BEFORE] && s.whole[SIDE_AFTER] && !few) {
		s.test.kind = TEST_FISHER;
		s.test.p = fisher_test(s.part, s.whole);
		left = (double)s.part[SIDE_AFTER] * (double)s.whole[SIDE_BEFORE];
		right = (double)s.part[SIDE_BEFORE] * (double)s.whole[SIDE_AFTER];
		s.test.more = left > right;
	}
	r->shares = mem_realloc(r->shares, r->n_shares + 1, sizeof(s));
	r->shares[r->n_shares++] = s;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The codes of both sides, sorted by name. */
static void make_codes(struct compare *c)
{
	bool *seen = mem_zalloc((c->texts.n + 1) * sizeof(*seen));
	struct str *codes = NULL;
	size_t n = 0, cap = 0;

	for (unsigned side = 0; side < SIDES; side++) {
		for (size_t i = 0; i < c->sides[side].n; i++) {
			const struct compare_pod *p = &c->sides[side].pods[i];

			if (p->verdict != VERDICT_DENIED || p->code == MAP_NONE || seen[p->code])
				continue;
			seen[p->code] = true;
			array_reserve(codes, cap, n + 1);
			codes[n++] = c->texts.keys[p->code];
		}
	}
	if (n)
		qsort(codes, n, sizeof(*codes), by_name);
	for (size_t i = 0; i < n; i++)
		make_share(c, SHARE_CODE, VERDICT_DENIED, codes[i]);
	mem_free(codes);
	mem_free(seen);
}

void compare_make_shares(struct compare *c)
{
	static const enum verdict order[] = { VERDICT_SUCCESS, VERDICT_SLOW, VERDICT_FAILED,
					      VERDICT_ABORTED, VERDICT_OPEN, VERDICT_DENIED };

	make_share(c, SHARE_ATTAINMENT, VERDICT_SUCCESS, STR("attainment"));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		make_share(c, SHARE_VERDICT, order[i], verdict_name(order[i]));
	make_codes(c);
	make_share(c, SHARE_VERDICT, VERDICT_EXCLUDED, verdict_name(VERDICT_EXCLUDED));
	for (unsigned i = EXCLUSION_NONE + 1; i < EXCLUSION_COUNT; i++)
		make_share(c, SHARE_EXCLUSION, i, exclusion_name((enum exclusion)i));
}

/* Success and attainment should be high; open and excluded are caused by the log, not by the
 * pods. */
bool comparison_is_worse(const struct compare_share *s)
{
	if (s->kind == SHARE_ATTAINMENT)
		return s->test.tendency == TENDENCY_LESS;
	if (s->kind == SHARE_EXCLUSION || s->which == VERDICT_SUCCESS || s->which == VERDICT_OPEN ||
	    s->which == VERDICT_EXCLUDED)
		return false;
	return s->test.tendency == TENDENCY_MORE;
}

bool comparison_is_slower(const struct comparison *c)
{
	for (size_t i = 0; i < c->n_durations; i++)
		if (c->durations[i].test.tendency == TENDENCY_MORE)
			return true;
	for (size_t i = 0; i < c->n_shares; i++)
		if (c->shares[i].kind == SHARE_ATTAINMENT && comparison_is_worse(&c->shares[i]))
			return true;
	return false;
}
