/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/compare.h"

#include "base/buf.h"
#include "base/mem.h"
#include "slo/comparing.h"

struct compare *compare_new(enum compare_by by)
{
	struct compare *c = mem_zalloc(sizeof(*c));

	c->by = by;
	c->key = mem_zalloc(sizeof(*c->key));
	return c;
}

void compare_free(struct compare *c)
{
	if (!c)
		return;
	for (unsigned side = 0; side < SIDES; side++) {
		mem_free(c->sides[side].pods);
		for (unsigned m = 0; m < SLI_COUNT; m++)
			mem_free(c->sides[side].measures[m].list);
		for (size_t i = 0; i < c->result.n_durations; i++)
			quantile_free(&c->result.durations[i].values[side]);
	}
	mem_free(c->result.durations);
	mem_free(c->result.shares);
	mem_free(c->result.worse);
	mem_free(c->result.news);
	mem_free(c->result.groups);
	map_free(&c->texts);
	buf_free(c->key);
	mem_free(c->key);
	arena_free(&c->arena);
	mem_free(c);
}

/* Names */

static uint32_t text(struct compare *c, struct str s)
{
	return s.p ? map_put(&c->texts, s, NULL) : MAP_NONE;
}

/* namespace/Kind/name, because workloads in two namespaces may have the same name. */
static uint32_t workload_text(struct compare *c, const struct timeline *t)
{
	if (!t->workload_kind.p || !t->workload_kind.n)
		return MAP_NONE;
	buf_reset(c->key);
	buf_printf(c->key, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(t->namespace),
		   STR_ARG(t->workload_kind), STR_ARG(t->workload_name));
	return text(c, buf_str(c->key));
}

static void add_images(struct compare *c, struct compare_pod *p, const struct pod_object *o)
{
	uint32_t *images;

	if (!o || !o->has_spec)
		return;
	images = arena_array(&c->arena, uint32_t, o->n_containers);
	for (size_t i = 0; i < o->n_containers; i++) {
		uint32_t image;
		size_t k = 0;

		if (!o->containers[i].image.n || o->containers[i].kind == CONTAINER_EPHEMERAL)
			continue;
		image = text(c, o->containers[i].image);
		while (k < p->n_images && images[k] != image)
			k++;
		if (k == p->n_images)
			images[p->n_images++] = image;
	}
	p->images = images;
}

static struct str kept(struct compare *c, struct str s)
{
	return s.p ? arena_str(&c->arena, s) : s;
}

static struct position place_of(const struct entry *evidence)
{
	return evidence ? evidence->position : (struct position){ 0 };
}

static struct compare_pod pod_of(struct compare *c, const struct timeline *t,
				 const struct delivery *d)
{
	bool nameless = t->denied && !t->name.n;
	struct compare_pod p = {
		.namespace = kept(c, t->namespace),
		.name = kept(c, nameless ? t->generate_name : t->name),
		.uid = kept(c, t->uid),
		.created = t->marks[MILESTONE_CREATED].at,
		.verdict = d->verdict,
		.exclusion = d->exclusion,
		.code = t->denied ? text(c, t->refusal) : MAP_NONE,
		.namespace_at = text(c, t->namespace),
		.workload = workload_text(c, t),
		.node = t->node.n ? text(c, t->node) : MAP_NONE,
		.workload_kind = t->workload_kind.n ? text(c, t->workload_kind) : MAP_NONE,
		.at = place_of(t->marks[MILESTONE_CREATED].evidence),
	};

	add_images(c, &p, t->object);
	return p;
}

/* Durations */

struct adding {
	struct compare_side *side;
	const struct compare_pod *pod;
};

static void add_value(struct adding a, unsigned measure, nsec value, bool censored,
		      const struct entry *evidence)
{
	struct compare_values *v = &a.side->measures[measure];

	if (!nsec_known(value))
		return;
	array_reserve(v->list, v->cap, v->n + 1);
	v->list[v->n++] = (struct compare_value){ .value = value,
						  .censored = censored,
						  .pod = (uint32_t)(a.pod - a.side->pods),
						  .at = evidence ? evidence->position : a.pod->at };
}

static bool judged(enum verdict v)
{
	return v == VERDICT_SUCCESS || v == VERDICT_SLOW || v == VERDICT_FAILED;
}

static void add_durations(struct adding a, const struct timeline *t, const struct delivery *d)
{
	const struct entry *ready = timeline_delivered(t)->evidence;
	nsec created = t->marks[MILESTONE_CREATED].at;
	bool failed = d->verdict == VERDICT_FAILED;
	nsec waited = failed ? delivery_waited_whole(created, d->until, d->waited) : NSEC_NONE;
	nsec until = failed ? d->until : NSEC_NONE;

	/* failed although it became ready in the end: for the verdict it never was */
	add_value(a, SLI_DELIVERY, failed && nsec_known(d->waited) ? d->waited : d->delivery,
		  failed, failed ? NULL : ready);
	add_value(a, SLI_TOTAL, failed && nsec_known(waited) ? waited : d->total, failed,
		  failed ? NULL : ready);
	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		struct stage_edge end;
		nsec time =
		    stages_time(t->stages, t->n_stages, (enum lifecycle_stage)i, until, &end);

		add_value(a, SLI_STAGES + i, time, end.open, end.evidence);
	}
}

void compare_add(struct compare *c, enum side side, const struct timeline *t,
		 const struct delivery *d)
{
	struct compare_side *s = &c->sides[side];
	struct adding a;

	array_reserve(s->pods, s->cap, s->n + 1);
	s->pods[s->n++] = pod_of(c, t, d);
	s->verdicts[d->verdict]++;
	a = (struct adding){ s, &s->pods[s->n - 1] };
	/* the verdict does not decide which pods belong to this SLI */
	add_value(a, SLI_STARTUP, d->startup, false, t->marks[MILESTONE_OBSERVED].evidence);
	if (judged(d->verdict))
		add_durations(a, t, d);
}

/* Finishing */

static void find_period(struct compare *c, unsigned side)
{
	nsec first = NSEC_NONE, last = NSEC_NONE;

	for (size_t i = 0; i < c->sides[side].n; i++) {
		const struct compare_pod *p = &c->sides[side].pods[i];

		if (p->verdict == VERDICT_EXCLUDED || !nsec_known(p->created))
			continue;
		first = clock_earlier(first, p->created);
		last = clock_later(last, p->created);
	}
	c->result.pods[side] = c->sides[side].n;
	c->result.excluded[side] = c->sides[side].verdicts[VERDICT_EXCLUDED];
	c->result.first[side] = first;
	c->result.last[side] = last;
}

static enum compare_order order_of(const struct comparison *r, bool other_cluster)
{
	if (!nsec_known(r->first[SIDE_BEFORE]) || !nsec_known(r->first[SIDE_AFTER]))
		return ORDER_EMPTY;
	if (other_cluster)
		return ORDER_CLUSTERS;
	if (r->last[SIDE_BEFORE] < r->first[SIDE_AFTER])
		return ORDER_FOLLOWS;
	return r->last[SIDE_AFTER] < r->first[SIDE_BEFORE] ? ORDER_REVERSED : ORDER_OVERLAP;
}

struct comparison *compare_finish(struct compare *c, bool other_cluster)
{
	struct comparison *r = &c->result;
	struct compare_test **tests;
	size_t n = 0;

	find_period(c, SIDE_BEFORE);
	find_period(c, SIDE_AFTER);
	r->order = order_of(r, other_cluster);
	compare_make_durations(c);
	compare_make_shares(c);
	tests = mem_alloc((r->n_durations + r->n_shares + 1) * sizeof(*tests));
	for (size_t i = 0; i < r->n_durations; i++)
		tests[n++] = &r->durations[i].test;
	for (size_t i = 0; i < r->n_shares; i++)
		tests[n++] = &r->shares[i].test;
	r->n_tests = compare_correct(tests, n);
	mem_free(tests);
	compare_make_worse(c);
	compare_make_news(c);
	compare_make_groups(c);
	return r;
}
