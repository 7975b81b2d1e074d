/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/slowest.h"

#include "base/mem.h"

static nsec slowness(const struct slo_slow *s)
{
	return nsec_known(s->measured) ? s->measured : s->waited;
}

/* Failed ones first, by waiting time; then finished ones by duration; names break ties. */
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
	c = c ? c : str_cmp(a->uid, b->uid);
	return c ? c : (a->begin > b->begin) - (a->begin < b->begin);
}

/* The longest stage; for a failed one the stage it was stuck in, however soon it failed there. */
static void blame(struct slo_slow *s, const struct outcome *o)
{
	bool waits = o->verdict == VERDICT_FAILED && stages_open(o->stages, o->n_stages);

	s->stage = STAGE_COUNT;
	s->stage_time = -1;
	for (size_t i = 0; i < o->n_stages; i++) {
		const struct stage *st = &o->stages[i];
		nsec until = nsec_known(st->end.at) ? st->end.at : st->open ? o->until : NSEC_NONE;

		if (!nsec_known(until) || until - st->start.at <= s->stage_time || st->open < waits)
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

/* Each kept item owns one block, so that dropped items leave no memory behind. */
static void own(struct slo_slow *s)
{
	size_t n = s->cluster.n + s->namespace.n + s->name.n + s->uid.n + s->node.n + s->code.n +
		   s->subject.n;
	char *p = mem_alloc(n + 1);

	s->cluster.p = s->cluster.p ? s->cluster.p : ""; /* never unknown: its p is the block */
	s->cluster = copied(&p, s->cluster);
	s->namespace = copied(&p, s->namespace);
	s->name = copied(&p, s->name);
	s->uid = copied(&p, s->uid);
	s->node = copied(&p, s->node);
	s->code = copied(&p, s->code);
	s->subject = copied(&p, s->subject);
}

void slowest_free(struct slowest *s)
{
	for (size_t i = 0; i < s->n; i++)
		mem_free((void *)(uintptr_t)s->items[i].cluster.p);
	mem_free(s->items);
	*s = (struct slowest){ 0 };
}

void slowest_add(struct slowest *l, const struct timeline *t, const struct outcome *o)
{
	struct slo_slow s = { .cluster = t->cluster,
			      .namespace = t->namespace,
			      .name = t->name,
			      .uid = t->uid,
			      .node = t->node,
			      .code = o->code,
			      .subject = STR(""),
			      .verdict = o->verdict,
			      .begin = o->begin,
			      .total = o->total,
			      .measured = o->measured,
			      .waited = o->waited,
			      .waited_whole =
				  delivery_waited_whole(o->begin, o->until, o->waited) };
	size_t at;

	if (o->verdict != VERDICT_SUCCESS && o->verdict != VERDICT_SLOW &&
	    o->verdict != VERDICT_FAILED)
		return;
	if (!nsec_known(slowness(&s)) || !l->limit)
		return;
	if (l->n == l->limit && by_slowness(&s, &l->items[l->n - 1]) >= 0)
		return;
	blame(&s, o);
	own(&s);
	if (l->n == l->limit)
		mem_free((void *)(uintptr_t)l->items[--l->n].cluster.p);
	l->items = mem_realloc(l->items, l->n + 1, sizeof(s));
	for (at = l->n; at > 0 && by_slowness(&s, &l->items[at - 1]) < 0; at--)
		l->items[at] = l->items[at - 1];
	l->items[at] = s;
	l->n++;
}
