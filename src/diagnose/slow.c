/* SPDX-License-Identifier: Apache-2.0 */
/* Finds slow stages, if the log would show their ends. */
#include "diagnose/hits.h"

/* Before the log by a second or two: creationTimestamp has 1 s resolution. */
#define LOG_BEGINS (2 * SECOND)

bool hits_covered(const struct hits *h, enum lifecycle_stage stage, nsec from, nsec to)
{
	nsec first = h->cluster->first;

	if (!h->t->dumped && nsec_known(first) && from < first - LOG_BEGINS)
		return false;
	return timeline_covered(h->t, stage, from, to);
}

bool hits_covered_open(const struct hits *h, enum lifecycle_stage stage, nsec from)
{
	nsec deleted = mark_latest(&h->t->marks[MILESTONE_DELETED]), end = cluster_end(h->cluster);

	if (stage <= STAGE_READINESS_GATE && nsec_known(deleted))
		end = MIN(end, deleted);
	return hits_covered(h, stage, from, end);
}

bool hits_kubelet_seen(const struct timeline *t, nsec from, nsec to)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		bool event = e->fact.kind == FACT_EVENT;
		nsec at = entry_at(e);

		if ((event ? e->fact.origin : e->writer) == ORIGIN_KUBELET && at > from && at < to)
			return true;
	}
	return false;
}

/* The scheduler wrote about it, so it tried; the content is not logged. */
static bool scheduler_hidden(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_WRITE && e->writer == ORIGIN_SCHEDULER)
			return true;
		if (e->fact.kind == FACT_EVENT && !e->fact.reason.n &&
		    e->fact.origin == ORIGIN_SCHEDULER && nsec_known(e->fact.begin) &&
		    !t->marks[MILESTONE_SCHEDULED].reached)
			return true;
	}
	return false;
}

/*
 * Nothing contradicts that the scheduler took all of that time. A kubelet that is active has the
 * pod, even if the condition is written later. A dump shows the reason for waiting only while it
 * still has the scheduler's Events.
 */
static bool waited_for_scheduler(const struct hits *h, nsec from, nsec to)
{
	const struct timeline *t = h->t;

	if (hits_kubelet_seen(t, from, to - 2 * SECOND) || scheduler_hidden(t))
		return false;
	return !t->dumped || t->marks[MILESTONE_CREATED].source == SOURCE_AUDIT ||
	       hits_event(t, "Scheduled");
}

static void try_stage(struct hits *h, const struct matcher *m, const struct stage *s, nsec until)
{
	nsec end = nsec_known(s->end.at) ? s->end.at : s->open ? until : NSEC_NONE;
	struct captures captures = { .n = 0 };
	struct hit *hit;

	if (s->stage != m->stage || !nsec_known(end) || end - s->start.at <= m->over ||
	    !hits_meant(h, m) || !rules_find_text(h->rules, m, s->subject, &captures) ||
	    (m->queued && (!nsec_known(s->waited) || s->waited <= (end - s->start.at) / 2)))
		return;
	if (nsec_known(s->end.at) ? !hits_covered(h, s->stage, s->start.at, end)
				  : !hits_covered_open(h, s->stage, s->start.at))
		return;
	if (s->stage == STAGE_SCHEDULE && !waited_for_scheduler(h, s->start.at, end))
		return;
	hit = hits_of(h, m->rule, s->subject, hits_part(h, s->start.at));
	hit->first = s->start.at;
	hit->last = end;
	hit->first_entry = s->start.evidence;
	hit->last_entry = s->end.evidence ? s->end.evidence : s->start.evidence;
	hit->times = 1;
	hit->took = end - s->start.at;
	hit->captures = captures;
	hit->open = !nsec_known(s->end.at);
	hit->stage = s->stage;
	hit->waited = s->waited;
	hit->bytes = s->bytes;
}

void hits_find_slow(struct hits *h)
{
	const struct candidates *c = &h->rules->any[MATCH_SLOW];
	const struct deletion *d = h->t->deletion;
	nsec until = d ? MIN(d->until, cluster_end(h->cluster)) : NSEC_NONE;

	for (size_t i = 0; i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];

		for (size_t k = 0; k < h->t->n_stages; k++)
			try_stage(h, m, &h->t->stages[k], h->d->until);
		for (size_t k = 0; d && k < d->n_stages; k++)
			try_stage(h, m, &d->stages[k], until);
	}
}
