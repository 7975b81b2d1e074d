/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/report.h"

#include "base/mem.h"

struct slo_report *slo_report_new(size_t slowest_limit)
{
	struct slo_report *r = mem_zalloc(sizeof(*r));

	r->limit = slowest_limit;
	return r;
}

void slo_report_free(struct slo_report *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->names.n; i++)
		quantile_free(&r->groups[i].delivery);
	for (size_t i = 0; i < STAGE_COUNT; i++)
		quantile_free(&r->stages[i].seconds);
	quantile_free(&r->all.delivery);
	mem_free(r->groups);
	for (size_t i = 0; i < r->n_slowest; i++)
		mem_free((void *)(uintptr_t)r->slowest[i].cluster.p);
	mem_free(r->slowest);
	map_free(&r->names);
	buf_free(&r->key);
	arena_free(&r->arena);
	mem_free(r);
}

uint64_t slo_group_judged(const struct slo_group *g)
{
	return g->verdicts[VERDICT_SUCCESS] + g->verdicts[VERDICT_SLOW] +
	       g->verdicts[VERDICT_FAILED];
}

static struct slo_group *group_for(struct slo_report *r, const struct timeline *t)
{
	struct slo_group *g;
	bool is_new;
	uint32_t i;

	buf_reset(&r->key);
	buf_put_str(&r->key, t->cluster);
	buf_add_str(&r->key, t->namespace);
	i = map_put(&r->names, buf_str(&r->key), &is_new);
	if (is_new) {
		array_reserve(r->groups, r->groups_cap, (size_t)i + 1);
		g = &r->groups[i];
		*g = (struct slo_group){ 0 };
		g->cluster = arena_str(&r->arena, t->cluster);
		g->namespace = arena_str(&r->arena, t->namespace);
	}
	return &r->groups[i];
}

static void group_add(struct slo_group *g, const struct delivery *d)
{
	g->pods++;
	g->verdicts[d->verdict]++;
	g->exclusions[d->exclusion]++;
	if (d->verdict == VERDICT_SUCCESS || d->verdict == VERDICT_SLOW) {
		if (d->delivery != NSEC_NONE)
			quantile_add(&g->delivery, d->delivery, false);
	} else if (d->verdict == VERDICT_FAILED) {
		quantile_add(&g->delivery, d->waited == NSEC_NONE ? d->delivery : d->waited, true);
	}
}

/* Time in one stage, whatever else went on: the union of its intervals. They come in start order.
 */
static nsec stage_time(const struct timeline *t, enum lifecycle_stage stage, bool *ret_any)
{
	nsec sum = 0, until = NSEC_NONE;

	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *s = &t->stages[i];
		nsec from = s->start.at;

		if (s->stage != stage || s->end.at == NSEC_NONE)
			continue;
		*ret_any = true;
		if (until != NSEC_NONE && from < until)
			from = until;
		if (s->end.at > from)
			sum += s->end.at - from;
		until = until == NSEC_NONE ? s->end.at : MAX(until, s->end.at);
	}
	return sum;
}

static void stages_add(struct slo_report *r, const struct timeline *t)
{
	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		bool any = false;
		nsec time = stage_time(t, (enum lifecycle_stage)i, &any);

		if (!any)
			continue;
		quantile_add(&r->stages[i].seconds, time, false);
		r->stages[i].sum += time;
	}
}

/* The slowest pods */

static nsec slowness(const struct slo_slow *s)
{
	return s->delivery != NSEC_NONE ? s->delivery : s->waited;
}

/* Failed ones first, by what they waited; then the delivered by delivery time; names break ties. */
static int by_slowness(const struct slo_slow *a, const struct slo_slow *b)
{
	int c;

	if ((a->verdict == VERDICT_FAILED) != (b->verdict == VERDICT_FAILED))
		return a->verdict == VERDICT_FAILED ? -1 : 1;
	if (slowness(a) != slowness(b))
		return slowness(a) > slowness(b) ? -1 : 1;
	c = str_cmp(a->cluster, b->cluster);
	c = c ? c : str_cmp(a->namespace, b->namespace);
	c = c ? c : str_cmp(a->name, b->name);
	return c ? c : str_cmp(a->uid, b->uid);
}

static void blame(struct slo_slow *s, const struct timeline *t, nsec end)
{
	s->stage = STAGE_COUNT;
	s->stage_time = -1;
	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *st = &t->stages[i];
		nsec until = st->end.at != NSEC_NONE ? st->end.at : st->open ? end : NSEC_NONE;

		if (until == NSEC_NONE || until - st->start.at <= s->stage_time)
			continue;
		s->stage = st->stage;
		s->stage_time = until - st->start.at;
		s->subject = st->subject;
	}
}

static struct str copied(char **p, struct str s)
{
	struct str copy = { s.p ? *p : NULL, s.n };

	if (s.n)
		memcpy(*p, s.p, s.n);
	*p += s.n;
	return copy;
}

/* The few that stay own one block each, so that those that are pushed out leave nothing behind. */
static void own(struct slo_slow *s)
{
	size_t n = s->cluster.n + s->namespace.n + s->name.n + s->uid.n + s->node.n + s->subject.n;
	char *p = mem_alloc(n + 1);

	s->cluster.p = s->cluster.p ? s->cluster.p : ""; /* never unknown: its p is the block */
	s->cluster = copied(&p, s->cluster);
	s->namespace = copied(&p, s->namespace);
	s->name = copied(&p, s->name);
	s->uid = copied(&p, s->uid);
	s->node = copied(&p, s->node);
	s->subject = copied(&p, s->subject);
}

static void slowest_add(struct slo_report *r, const struct timeline *t, const struct delivery *d)
{
	struct slo_slow s = {
		t->cluster, t->namespace, t->name,     t->uid,	  t->node, STR(""),
		d->verdict, d->total,	  d->delivery, d->waited, 0,	   STAGE_COUNT
	};
	size_t at;

	if (d->verdict != VERDICT_SUCCESS && d->verdict != VERDICT_SLOW &&
	    d->verdict != VERDICT_FAILED)
		return;
	if (slowness(&s) == NSEC_NONE || !r->limit)
		return;
	if (r->n_slowest == r->limit && by_slowness(&s, &r->slowest[r->n_slowest - 1]) >= 0)
		return;
	blame(&s, t, d->until);
	own(&s);
	if (r->n_slowest == r->limit)
		mem_free((void *)(uintptr_t)r->slowest[--r->n_slowest].cluster.p);
	r->slowest = mem_realloc(r->slowest, r->n_slowest + 1, sizeof(s));
	for (at = r->n_slowest; at > 0 && by_slowness(&s, &r->slowest[at - 1]) < 0; at--)
		r->slowest[at] = r->slowest[at - 1];
	r->slowest[at] = s;
	r->n_slowest++;
}

void slo_report_add(struct slo_report *r, const struct timeline *t, const struct delivery *d)
{
	group_add(group_for(r, t), d);
	group_add(&r->all, d);
	slowest_add(r, t, d);
	if (d->delivery == NSEC_NONE || d->verdict == VERDICT_EXCLUDED)
		return;
	r->total_sum += d->total;
	stages_add(r, t);
}

static int by_name(const void *a, const void *b)
{
	const struct slo_group *x = a, *y = b;
	int c = str_cmp(x->cluster, y->cluster);

	return c ? c : str_cmp(x->namespace, y->namespace);
}

void slo_report_finish(struct slo_report *r)
{
	if (r->names.n)
		qsort(r->groups, r->names.n, sizeof(*r->groups), by_name);
}
