/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When did a regression start? For each row that got worse, the pods of both sides, sorted by
 * creation, are one series. Pettitt's test finds the time from which its values are larger, which
 * may be on either side.
 */
#include "base/mem.h"
#include "slo/comparing.h"

struct in_time {
	const struct compare_pod *pod;
	const struct compare_value *source; /* NULL: for a share */
	int64_t value;
	bool after;
};

struct series {
	struct in_time *list;
	size_t n, cap;
};

static int by_creation(const void *a, const void *b)
{
	const struct in_time *x = a, *y = b;
	int c;

	if (x->pod->created != y->pod->created)
		return x->pod->created > y->pod->created ? 1 : -1;
	c = str_cmp(x->pod->namespace, y->pod->namespace);
	c = c ? c : str_cmp(x->pod->name, y->pod->name);
	return c ? c : str_cmp(x->pod->uid, y->pod->uid);
}

static void add_pod(struct series *s, struct in_time one)
{
	if (!nsec_known(one.pod->created))
		return;
	array_reserve(s->list, s->cap, s->n + 1);
	s->list[s->n++] = one;
}

static void find_moment(const struct series *s, struct compare_onset *ret)
{
	int64_t *values = mem_alloc((s->n + 1) * sizeof(*values));
	struct pettitt found;

	for (size_t i = 0; i < s->n; i++)
		values[i] = s->list[i].value;
	if (s->n > 1 && pettitt_test(values, s->n, &found)) {
		ret->p = found.p;
		ret->clear = found.p < COMPARE_ALPHA;
		ret->at = s->list[found.at].pod->created;
		ret->in_before = !s->list[found.at].after;
	}
	mem_free(values);
}

/* The first pod of after whose value exceeds `most`. */
static void find_first(const struct series *s, int64_t most, struct compare_onset *ret)
{
	for (size_t i = 0; i < s->n && !ret->first; i++) {
		if (!s->list[i].after || s->list[i].value <= most)
			continue;
		ret->first = s->list[i].pod;
		ret->value = s->list[i].source;
	}
}

/* Sorts the series and finds both. */
static void find_onset(struct series *s, int64_t most, bool follows, struct compare_onset *ret)
{
	if (s->n)
		qsort(s->list, s->n, sizeof(*s->list), by_creation);
	if (follows)
		find_moment(s, ret);
	find_first(s, most, ret);
	s->n = 0;
}

static void onset_of_duration(struct compare *c, struct compare_duration *d, struct series *s)
{
	struct quantile_value p99;

	for (unsigned side = 0; side < SIDES; side++) {
		const struct compare_values *v = &c->sides[side].measures[d->measure];

		for (size_t i = 0; i < v->n; i++) {
			const struct compare_value *value = &v->list[i];

			add_pod(s, (struct in_time){ &c->sides[side].pods[value->pod], value,
						     value->censored ? INT64_MAX : value->value,
						     side == SIDE_AFTER });
		}
	}
	if (!quantile_at(&d->values[SIDE_BEFORE], 990, &p99) || p99.censored)
		p99.value = INT64_MAX;
	find_onset(s, p99.value, c->result.order == ORDER_FOLLOWS, &d->onset);
}

static void onset_of_share(struct compare *c, struct compare_share *share, struct series *s)
{
	bool good = share->kind == SHARE_ATTAINMENT;

	for (unsigned side = 0; side < SIDES; side++) {
		for (size_t i = 0; i < c->sides[side].n; i++) {
			const struct compare_pod *p = &c->sides[side].pods[i];

			if (share_counts(share, p))
				add_pod(s,
					(struct in_time){ p, NULL, share_holds(c, share, p) != good,
							  side == SIDE_AFTER });
		}
	}
	find_onset(s, 0, c->result.order == ORDER_FOLLOWS, &share->onset);
}

static const struct compare_onset *onset_of(const struct compare_worse *w)
{
	return w->duration ? &w->duration->onset : &w->share->onset;
}

static double corrected_of(const struct compare_worse *w)
{
	return w->duration ? w->duration->test.corrected : w->share->test.corrected;
}

/* Regressions with an unclear start come last; of two at the same time the more significant
 * first. */
static int by_onset(const struct compare_worse *a, const struct compare_worse *b)
{
	const struct compare_onset *x = onset_of(a), *y = onset_of(b);

	if (x->clear != y->clear)
		return x->clear ? -1 : 1;
	if (x->clear && x->at != y->at)
		return x->at > y->at ? 1 : -1;
	if (corrected_of(a) != corrected_of(b))
		return corrected_of(a) > corrected_of(b) ? 1 : -1;
	return 0;
}

/* Insertion keeps equal rows in the order of the tables; there are only a few. */
static void add_worse(struct comparison *r, struct compare_worse w)
{
	size_t at = r->n_worse++;

	for (; at > 0 && by_onset(&w, &r->worse[at - 1]) < 0; at--)
		r->worse[at] = r->worse[at - 1];
	r->worse[at] = w;
}

void compare_make_worse(struct compare *c)
{
	struct comparison *r = &c->result;
	struct series s = { 0 };

	r->worse = mem_alloc((r->n_durations + r->n_shares + 1) * sizeof(*r->worse));
	for (size_t i = 0; i < r->n_durations; i++) {
		if (r->durations[i].test.tendency != TENDENCY_MORE)
			continue;
		onset_of_duration(c, &r->durations[i], &s);
		add_worse(r, (struct compare_worse){ .duration = &r->durations[i] });
	}
	for (size_t i = 0; i < r->n_shares; i++) {
		if (!comparison_is_worse(&r->shares[i]))
			continue;
		onset_of_share(c, &r->shares[i], &s);
		add_worse(r, (struct compare_worse){ .share = &r->shares[i] });
	}
	mem_free(s.list);
}
