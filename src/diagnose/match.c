/* SPDX-License-Identifier: Apache-2.0 */
/* Facts against matchers. */
#include "diagnose/internal.h"

static bool among(struct str word, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], word))
			return true;
	return n == 0;
}

static bool among_codes(int32_t code, const int32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == code)
			return true;
	return n == 0;
}

/* What a kind of fact offers to a matcher: one row a kind that has rules. */
struct offer {
	enum match_kind kind;
	struct str word, reason, text;
	bool truth;
	int32_t code;
	uint32_t place;		      /* of MATCH_NODES; else 0 */
	const struct captures *given; /* what is known without a pattern; NULL: nothing */
};

static bool offer_of(const struct entry *e, struct offer *ret)
{
	const struct fact *f = &e->fact;

	*ret = (struct offer){ .word = f->reason,
			       .reason = f->reason,
			       .text = f->message,
			       .truth = f->truth,
			       .code = f->code };
	switch (f->kind) {
	case FACT_EVENT:
		ret->kind = MATCH_EVENT;
		return f->reason.p != NULL;
	case FACT_CONDITION:
		ret->kind = MATCH_CONDITION;
		ret->word = f->subject;
		return true;
	case FACT_WAITING:
		ret->kind = MATCH_WAITING;
		return true;
	case FACT_TERMINATED:
		ret->kind = MATCH_TERMINATED;
		return true;
	case FACT_PHASE:
		ret->kind = MATCH_PHASE;
		ret->word = f->reason; /* the phase; status.reason is the subject */
		ret->reason = f->subject.p ? f->subject : STR("");
		return true;
	case FACT_CREATE:
		ret->kind = MATCH_REFUSED;
		ret->word = f->reason; /* the code of the refusal */
		return f->code >= 300;
	case FACT_DELETE:
		ret->kind = MATCH_DELETED;
		ret->text = f->code >= 300 ? f->message : e->actor;
		return true;
	default:
		return false;
	}
}

static bool holds(const struct matcher *m, const struct offer *o, struct captures *ret)
{
	if (!among(o->word, m->words, m->n_words) || !among(o->reason, m->reasons, m->n_reasons) ||
	    !among_codes(o->code, m->codes, m->n_codes) || (m->wants_truth && m->truth != o->truth))
		return false;
	/* a request that was granted is not meant where no status is asked for */
	if (m->kind == MATCH_DELETED && !m->n_codes && o->code >= 300)
		return false;
	return !m->text || pattern_find(m->text, o->text, ret);
}

struct hit *hits_of(struct hits *h, uint32_t rule, struct str subject)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].rule == rule && str_eq(h->list[i].subject, subject))
			return &h->list[i];
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 8;
		h->list = arena_grow(h->arena, h->list, h->n, h->cap, sizeof(*h->list));
	}
	h->list[h->n] = (struct hit){ .rule = rule,
				      .subject = subject,
				      .first = NSEC_NONE,
				      .last = NSEC_NONE,
				      .excused = NSEC_NONE,
				      .took = NSEC_NONE,
				      .stage = h->rules->list[rule].stage };
	return &h->list[h->n++];
}

/* A container's own facts are about it; those of the pod about the pod. */
static struct str subject_of(const struct entry *e)
{
	switch (e->fact.kind) {
	case FACT_EVENT:
	case FACT_WAITING:
	case FACT_TERMINATED:
		return e->fact.subject.p ? e->fact.subject : STR("");
	default:
		return STR("");
	}
}

static void add(struct hits *h, const struct matcher *m, const struct entry *e,
		const struct captures *captures, uint32_t place)
{
	/* one sentence may give two reasons for the same rule */
	bool again;

	struct hit *hit = hits_of(h, m->rule, subject_of(e));
	nsec at = entry_at(e), last = entry_last(e);

	if (m->excuse) {
		hit->excused = clock_later(hit->excused, last);
		return;
	}
	again = hit->last_entry == e;
	if (!hit->first_entry || at < hit->first) {
		hit->first = at;
		hit->first_entry = e;
	}
	if (!hit->last_entry || last >= hit->last) {
		hit->last = last;
		hit->last_entry = e;
		if (captures->n || !hit->captures.n)
			hit->captures = *captures;
	}
	if (!again)
		hit->times += MAX(e->times, e->fact.kind == FACT_EVENT ? e->fact.count : 1);
	if (place)
		hit->place = hit->place ? MIN(hit->place, place) : place;
	hit->by_text = hit->by_text || m->text || m->n_codes || m->kind == MATCH_NODES;
}

/* Some rules are about jobs, or about all others. */
static bool for_this_pod(const struct hits *h, const struct matcher *m)
{
	return !(m->job && !h->t->job) && !(m->not_job && h->t->job);
}

static void try_all(struct hits *h, const struct candidates *c, const struct entry *e,
		    const struct offer *o)
{
	for (size_t i = 0; c && i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];
		struct captures captures = { .n = 0 };

		if (o->given)
			captures = *o->given;
		if (for_this_pod(h, m) && holds(m, o, &captures))
			add(h, m, e, &captures, o->place);
	}
}

/* The scheduler's sentence, of its Event or of the condition that it sets. */
static bool tells_nodes(const struct hits *h, const struct entry *e, struct nodes *ret)
{
	const struct fact *f = &e->fact;

	if (f->kind == FACT_EVENT
		? !str_eq(f->reason, STR("FailedScheduling"))
		: f->kind != FACT_CONDITION || f->truth || !str_eq(f->subject, STR("PodScheduled")))
		return false;
	return nodes_parse(f->message, h->arena, ret) && ret->n;
}

static void find_nodes(struct hits *h)
{
	struct nodes nodes, *last = arena_new(h->arena, struct nodes);

	for (size_t i = 0; i < h->t->n_entries; i++) {
		const struct entry *e = &h->t->entries[i];

		if (!tells_nodes(h, e, &nodes) ||
		    (h->nodes && entry_last(e) < entry_last(h->nodes_entry)))
			continue;
		*last = nodes;
		h->nodes = last;
		h->nodes_entry = e;
	}
}

/* Which of the reasons of the last sentence it is; those of earlier ones come behind all. */
static uint32_t place_of(const struct hits *h, struct str text)
{
	for (size_t i = 0; i < h->nodes->n; i++)
		if (str_eq(h->nodes->list[i].text, text))
			return (uint32_t)i + 1;
	return UINT32_MAX;
}

static struct str how_many(const struct hits *h, const struct nodes *nodes, uint32_t count)
{
	if (count < nodes->total)
		return arena_printf(h->arena, "%u of %u nodes", count, nodes->total);
	if (nodes->total == 1)
		return STR("the only node");
	return arena_printf(h->arena, "all %u nodes", nodes->total);
}

static void try_nodes(struct hits *h)
{
	struct nodes nodes;

	find_nodes(h);
	for (size_t i = 0; h->nodes && i < h->t->n_entries; i++) {
		const struct entry *e = &h->t->entries[i];

		/* the likely cause last, for its captures are kept */
		for (size_t k = tells_nodes(h, e, &nodes) ? nodes.n : 0; k-- > 0;) {
			const struct node_reason *r = &nodes.list[k];
			struct captures given = {
				.list = { { STR("nodes"), how_many(h, &nodes, r->count) },
					  { STR("value"), r->value } },
				.n = 2,
			};
			struct offer offer = { .kind = MATCH_NODES,
					       .word = r->code,
					       .text = r->text,
					       .place = place_of(h, r->text),
					       .given = &given };

			try_all(h, rules_asking(h->rules, MATCH_NODES, r->code), e, &offer);
			try_all(h, &h->rules->any[MATCH_NODES], e, &offer);
		}
	}
}

static void try_slow(struct hits *h)
{
	const struct candidates *c = &h->rules->any[MATCH_SLOW];

	for (size_t i = 0; i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];

		for (size_t k = 0; k < h->t->n_stages; k++) {
			const struct stage *s = &h->t->stages[k];
			nsec end = s->end.at != NSEC_NONE ? s->end.at
				   : s->open		  ? h->d->until
							  : NSEC_NONE;
			struct hit *hit;

			if (s->stage != m->stage || end == NSEC_NONE ||
			    end - s->start.at <= m->over)
				continue;
			hit = hits_of(h, m->rule, s->subject);
			hit->first = s->start.at;
			hit->last = end;
			hit->first_entry = s->start.evidence;
			hit->last_entry = s->end.evidence ? s->end.evidence : s->start.evidence;
			hit->times = 1;
			hit->took = end - s->start.at;
			hit->stage = s->stage;
		}
	}
}

void hits_find(struct hits *h)
{
	struct offer offer;

	for (size_t i = 0; i < h->t->n_entries; i++) {
		const struct entry *e = &h->t->entries[i];

		if (!offer_of(e, &offer))
			continue;
		try_all(h, rules_asking(h->rules, offer.kind, offer.word), e, &offer);
		try_all(h, &h->rules->any[offer.kind], e, &offer);
	}
	try_nodes(h);
	try_slow(h);
	for (size_t i = 0; i < h->rules->any[MATCH_TEST].n; i++) {
		const struct matcher *m = &h->rules->matchers[h->rules->any[MATCH_TEST].list[i]];

		tests[m->test].run(h, m);
	}
}
