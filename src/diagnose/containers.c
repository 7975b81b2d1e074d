/* SPDX-License-Identifier: Apache-2.0 */
/* Interprets facts about containers: their kind, whether they ended by themselves, whether they
 * wait. */
#include "diagnose/hits.h"

bool kind_of_container(const struct timeline *t, struct str name, enum container_kind *ret)
{
	for (size_t i = 0; i < t->n_containers; i++) {
		if (!t->containers[i].spec || !str_eq(t->containers[i].name, name))
			continue;
		*ret = t->containers[i].spec->kind;
		return true;
	}
	return false;
}

/* Did the kubelet ask the container to stop during the run from begin to end? */
static bool was_asked(const struct timeline *t, struct str container, nsec begin, nsec end)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		/* containers end in whole seconds */
		if (e->fact.kind == FACT_EVENT && str_eq(e->fact.reason, STR("Killing")) &&
		    str_eq(e->fact.subject, container) && entry_at(e) <= end + SECOND &&
		    entry_last(e) >= begin)
			return true;
	}
	return false;
}

/* The pod as a whole had failed by then: evicted, past its deadline, rejected. */
static bool had_failed(const struct timeline *t, nsec received)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_PHASE && e->fact.subject.n && e->received <= received &&
		    str_eq(e->fact.reason, STR("Failed")))
			return true;
	}
	return false;
}

/* Repeated Events are rate limited. Without one, compare with the end of an earlier run for which
 * there is an Event of the kubelet. */
static bool ended_so_before(const struct hits *h, const struct fact *f)
{
	for (size_t i = 0; i < h->n_killed_ends; i++) {
		const struct fact *other = &h->killed_ends[i]->fact;

		if (other->code == f->code && str_eq(other->reason, f->reason) &&
		    str_eq(other->subject, f->subject))
			return true;
	}
	return false;
}

static bool judge_end(struct hits *h, const struct entry *e)
{
	const struct fact *f = &e->fact;
	nsec end = nsec_known(f->at) ? f->at : e->received;
	nsec begin = nsec_known(f->begin) ? f->begin : end - 60 * SECOND;
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	if ((nsec_known(deleted) && end + SECOND > deleted) || had_failed(h->t, e->received))
		return true;
	if (!f->subject.p)
		return false;
	if (ended_so_before(h, f))
		return true;
	if (!was_asked(h->t, f->subject, begin, end))
		return false;
	if (h->n_killed_ends < KILLED_ENDS_MAX)
		h->killed_ends[h->n_killed_ends++] = e;
	return true;
}

bool killed_by_kubelet(struct hits *h, const struct entry *e)
{
	if (h->judged != e) {
		h->judged = e;
		h->judged_killed = judge_end(h, e);
	}
	return h->judged_killed;
}

/* The last state of the container at that time, or NULL. */
static const struct entry *state_at(const struct timeline *t, struct str container, nsec at)
{
	const struct entry *state = NULL;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if ((e->fact.kind == FACT_RUNNING || e->fact.kind == FACT_WAITING ||
		     e->fact.kind == FACT_TERMINATED) &&
		    e->received <= at && str_eq(e->fact.subject, container) &&
		    (!state || MIN(e->last, at) >= MIN(state->last, at)))
			state = e;
	}
	return state;
}

bool hits_backing_off(const struct hits *h, nsec at)
{
	for (size_t i = 0; i < h->t->n_containers; i++) {
		const struct entry *e = state_at(h->t, h->t->containers[i].name, at);

		if (e && e->fact.kind == FACT_WAITING &&
		    str_eq(e->fact.reason, STR("CrashLoopBackOff")))
			return true;
	}
	return false;
}
