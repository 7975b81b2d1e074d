/* SPDX-License-Identifier: Apache-2.0 */
/* Facts against matchers. */
#include "diagnose/internal.h"

#define LATE (10 * SECOND) /* of repeated Events; 5 s were seen on a busy node */

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

enum scope hits_part(const struct hits *h, nsec at)
{
	nsec delivered = timeline_delivered(h->t)->at;
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	if (deleted != NSEC_NONE && at >= deleted)
		return SCOPE_DELETE;
	if (!timeline_delivered(h->t)->reached || (delivered != NSEC_NONE && at < delivered))
		return SCOPE_CREATE;
	return SCOPE_RUN;
}

struct hit *hits_of(struct hits *h, uint32_t rule, struct str subject, enum scope part)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].rule == rule && h->list[i].part == part &&
		    str_eq(h->list[i].subject, subject))
			return &h->list[i];
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 8;
		h->list = arena_grow(h->arena, h->list, h->n, h->cap, sizeof(*h->list));
	}
	h->list[h->n] = (struct hit){ .rule = rule,
				      .subject = subject,
				      .part = part,
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

/* What an init container does holds up the init stage, whatever it would hold up in another. */
static enum lifecycle_stage stage_for(const struct hits *h, const struct hit *hit)
{
	enum lifecycle_stage stage = h->rules->list[hit->rule].stage;
	const struct mark *initialized = &h->t->marks[MILESTONE_INITIALIZED];
	enum container_kind kind;

	if (stage != STAGE_READINESS || !hit->subject.n ||
	    !kind_of_container(h->t, hit->subject, &kind))
		return stage;
	if (kind == CONTAINER_INIT)
		return STAGE_INIT;
	if (kind == CONTAINER_SIDECAR && (!initialized->reached || (initialized->at != NSEC_NONE &&
								    hit->first < initialized->at)))
		return STAGE_INIT;
	return stage;
}

/* Excuses and what is only told are of the whole life. */
static void note(struct hits *h, const struct matcher *m, const struct entry *e,
		 const struct captures *captures)
{
	struct hit *hit = hits_of(h, m->rule, subject_of(e), SCOPE_COUNT);
	nsec last = entry_last(e);

	if (m->excuse)
		hit->excused = clock_later(hit->excused, last);
	else if (hit->last == NSEC_NONE || last >= hit->last) {
		hit->last = last;
		hit->captures = *captures;
	}
}

static void add(struct hits *h, const struct matcher *m, const struct entry *e,
		const struct captures *captures, enum scope part, nsec at)
{
	struct hit *hit = hits_of(h, m->rule, subject_of(e), part);
	nsec last = entry_last(e), before = hit->last;

	if (!hit->first_entry || at < hit->first) {
		hit->first = at;
		hit->first_entry = e;
	}
	if (!hit->last_entry || last >= hit->last) {
		hit->last = last;
		hit->last_entry = e;
		hit->captures = *captures;
	}
	if (e->fact.kind == FACT_TERMINATED)
		hit->times += before == NSEC_NONE || at > before;
	else
		hit->times += MAX(e->times, e->fact.kind == FACT_EVENT ? e->fact.count : 1);
	/* how a container ended is a proof, as a text is */
	hit->by_text = hit->by_text || m->text || m->n_codes || m->kind == MATCH_TERMINATED;
	hit->stage = stage_for(h, hit);
}

/*
 * One entry may stand for many facts, and of those the first and the last are known: what began
 * before the delivery and went on after it belongs to both parts. Of an Event that is told again
 * only the time of the write is known, which under load comes seconds later than what happened.
 */
static void add_parts(struct hits *h, const struct matcher *m, const struct entry *e,
		      const struct captures *captures)
{
	enum scope part = hits_part(h, entry_at(e));
	nsec last = entry_last(e);

	if (m->excuse || m->tells) {
		note(h, m, e, captures);
		return;
	}
	if (!m->during || m->during >> part & 1)
		add(h, m, e, captures, part, entry_at(e));
	if (part == SCOPE_CREATE && hits_part(h, last - LATE) == SCOPE_RUN &&
	    (!m->during || m->during >> SCOPE_RUN & 1))
		add(h, m, e, captures, SCOPE_RUN, last);
}

/* Some rules are about jobs, or about all others; or about some of the containers. */
static bool is_meant(struct hits *h, const struct matcher *m, const struct entry *e)
{
	enum container_kind kind;

	if ((m->job && !h->t->job) || (m->not_job && h->t->job))
		return false;
	if (m->containers && (!kind_of_container(h->t, subject_of(e), &kind) ||
			      !(m->containers >> (unsigned)kind & 1)))
		return false;
	return !m->wants_killed || m->killed == killed_by_kubelet(h, e);
}

static void try_all(struct hits *h, const struct candidates *c, const struct entry *e,
		    const struct offer *o)
{
	for (size_t i = 0; c && i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];
		struct captures captures = { .n = 0 };

		if (holds(m, o, &captures) && is_meant(h, m, e))
			add_parts(h, m, e, &captures);
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
			if ((m->job && !h->t->job) || (m->not_job && h->t->job))
				continue;
			hit = hits_of(h, m->rule, s->subject, hits_part(h, s->start.at));
			hit->first = s->start.at;
			hit->last = end;
			hit->first_entry = s->start.evidence;
			hit->last_entry = s->end.evidence ? s->end.evidence : s->start.evidence;
			hit->times = 1;
			hit->took = end - s->start.at;
			hit->open = s->end.at == NSEC_NONE;
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
	try_slow(h);
	for (size_t i = 0; i < h->rules->any[MATCH_TEST].n; i++) {
		const struct matcher *m = &h->rules->matchers[h->rules->any[MATCH_TEST].list[i]];

		tests[m->test].run(h, m);
	}
}
