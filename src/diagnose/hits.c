/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/hits.h"

#define LATE (10 * SECOND) /* delay of repeated Events; 5 s were seen on a busy node */

const struct entry *hits_event(const struct timeline *t, const char *reason)
{
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_EVENT &&
		    str_eq(t->entries[i].fact.reason, str_from(reason)))
			return &t->entries[i];
	return NULL;
}

bool hits_about(const struct hits *h, const struct matcher *m)
{
	return h->rules->list[m->rule].about >> (unsigned)h->t->kind & 1;
}

bool hits_meant(const struct hits *h, const struct matcher *m)
{
	return hits_about(h, m) && !(m->job && !h->t->job) && !(m->not_job && h->t->job);
}

struct hit *hits_of(struct hits *h, uint32_t rule, struct str subject, enum scope part)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].rule == rule && h->list[i].part == part &&
		    str_eq(h->list[i].subject, subject))
			return &h->list[i];
	arena_reserve(h->arena, h->list, h->n, h->cap);
	h->list[h->n] = (struct hit){ .rule = rule,
				      .subject = subject,
				      .part = part,
				      .first = NSEC_NONE,
				      .last = NSEC_NONE,
				      .excused = NSEC_NONE,
				      .took = NSEC_NONE,
				      .waited = NSEC_NONE,
				      .stage = h->rules->list[rule].stage };
	return &h->list[h->n++];
}

struct str hits_subject(const struct entry *e)
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

/* Errors of an init container delay the init stage, whatever stage the rule names. */
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
	if (kind == CONTAINER_SIDECAR && (!initialized->reached || (nsec_known(initialized->at) &&
								    hit->first < initialized->at)))
		return STAGE_INIT;
	return stage;
}

/* Excuses and matchers that only fill in words apply to the whole life. */
static void add_excuse(struct hits *h, const struct matched *found)
{
	struct hit *hit = hits_of(h, found->m->rule, hits_subject(found->e), SCOPE_COUNT);
	nsec last = entry_last(found->e);

	if (found->m->excuse)
		hit->excused = clock_later(hit->excused, last);
	else if (!nsec_known(hit->last) || last >= hit->last) {
		hit->last = last;
		hit->captures = found->captures;
	}
}

static void add_hit(struct hits *h, const struct matched *found, enum scope part, nsec at)
{
	const struct matcher *m = found->m;
	const struct entry *e = found->e;
	struct hit *hit = hits_of(h, m->rule, hits_subject(e), part);
	nsec last = entry_last(e), before = hit->last;
	/* a message may have two reasons for the same rule */
	bool again = hit->last_entry == e;

	if (!hit->first_entry || at < hit->first) {
		hit->first = at;
		hit->first_entry = e;
	}
	if (!hit->last_entry || last >= hit->last) {
		hit->last = last;
		hit->last_entry = e;
		if (found->captures.n || !hit->captures.n)
			hit->captures = found->captures;
	}
	if (e->fact.kind == FACT_TERMINATED)
		hit->times += !nsec_known(before) || at > before;
	else if (!again)
		hit->times += MAX(e->times, e->fact.kind == FACT_EVENT ? e->fact.count : 1);
	if (found->place)
		hit->place = hit->place ? MIN(hit->place, found->place) : found->place;
	/* the way a container ended is proof, like a message */
	hit->by_text = hit->by_text || m->expression.n || m->codes.n ||
		       m->kind == MATCH_TERMINATED || m->kind == MATCH_NODES;
	hit->stage = stage_for(h, hit);
}

/*
 * An entry may represent many equal facts, of which the first and last times are known: if it began
 * before the delivery and continued after it, it belongs to both parts. For repeated Events only
 * the time of the write is known, which under load is seconds late.
 */
void hits_add(struct hits *h, const struct matched *found)
{
	const struct matcher *m = found->m;
	const struct entry *e = found->e;
	nsec last = entry_last(e);
	enum scope part;

	if (m->excuse || m->tells) {
		add_excuse(h, found);
		return;
	}
	if (!hits_part_of(h, m, e, entry_at(e), &part))
		return;
	if (!m->during || m->during >> part & 1)
		add_hit(h, found, part, entry_at(e));
	/* a condition that is read repeatedly occurred once */
	if (e->fact.kind == FACT_CONDITION && nsec_known(e->fact.at))
		return;
	if (part == SCOPE_CREATE && hits_part(h, last - LATE) == SCOPE_RUN &&
	    (!m->during || m->during >> SCOPE_RUN & 1))
		add_hit(h, found, SCOPE_RUN, last);
}
