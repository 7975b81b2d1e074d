/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/edges.h"

#include "timeline/about.h"

/* A complete status that is PUT may have Ready=True long after the transition. If the writer has
 * just seen the transition, it is at most this old (kubelets: at most 1.74 s in real logs). */
#define UPDATE_FRESH (2 * SECOND)

const struct entry *entries_first(const struct timeline *t, enum fact_kind kind)
{
	entries_each(e, t)
		if (e->fact.kind == kind)
			return e;
	return NULL;
}

const struct entry *entries_at(const struct timeline *t, const struct entry *e)
{
	while (e > t->entries && e[-1].received == e->received)
		e--;
	return e;
}

static const struct entry *earlier(const struct entry *best, const struct entry *e,
				   struct str reason)
{
	if (!fact_is_event(&e->fact, reason))
		return best;
	return !best || e->fact.begin < best->fact.begin ? e : best;
}

const struct entry *entries_event(const struct timeline *t, const char *reason, struct str subject)
{
	const struct entry *best = NULL, *e;
	struct str name = str_from(reason);
	struct about a;

	if (!subject.p) {
		entries_each(any, t)
			best = earlier(best, any, name);
		return best;
	}
	a = about(t, subject, ABOUT_EVENTS);
	while ((e = about_next(&a)) != NULL)
		best = earlier(best, e, name);
	return best;
}

/*
 * Only the first occurrence of an Event counts; its time is in its name, or has 1 s resolution. A
 * node's clock may be slow by less than the delay of its Events shows. A kubelet acts only after
 * the binding, so an earlier time is only a lower bound.
 */
struct mark timeline_event_mark(const struct timeline *t, const struct entry *e)
{
	const struct mark *bound = &t->marks[MILESTONE_SCHEDULED];
	struct mark m;

	if (!e)
		return mark_unreached;
	m = mark_at(nsec_known(e->fact.begin) ? e->fact.begin : e->fact.at, e->fact.precision,
		    SOURCE_EVENT, e);
	if (e->fact.origin == ORIGIN_KUBELET && mark_known(bound) && m.at < bound->at) {
		m.at = bound->at;
		m.precision = PRECISION_INFERRED;
	}
	return m;
}

/* The time of the write that made it True, if it is logged; otherwise the condition's own
 * second. */
struct mark timeline_condition(const struct timeline *t, const char *type)
{
	bool begins = t->dumped && !entries_first(t, FACT_CREATE);
	const struct entry *first = NULL;
	struct str name = str_from(type);

	entries_each(e, t) {
		const struct fact *f = &e->fact;
		/* a kubelet repeats its writes when its node comes back; for a pod that existed
		 * before the log and is in a dump, such a write is no transition */
		bool fresh = !nsec_known(f->at) || (!e->update && !begins) ||
			     e->received - f->at <= (e->update ? UPDATE_FRESH : PATCH_FRESH);

		if (!f->truth || !fact_is_condition(f, name))
			continue;
		if (first && f->at != first->fact.at)
			continue; /* a later transition */
		first = first ? first : e;
		if (f->written && fresh)
			return mark_written(e, SOURCE_STATUS);
	}
	if (!first)
		return mark_unreached;
	if (!nsec_known(first->fact.at))
		return mark_seen(first);
	return mark_at(first->fact.at, PRECISION_SECOND, SOURCE_STATUS, first);
}

/* A write at the same time may come after the read that already saw the phase. */
static const struct entry *write_of(const struct timeline *t, const struct entry *seen)
{
	const struct entry *end = t->entries + t->n_entries;

	for (const struct entry *e = seen; e < end && e->received - seen->received <= SECOND; e++)
		if (e->fact.kind == FACT_PHASE && e->fact.written &&
		    str_eq(e->fact.reason, seen->fact.reason))
			return e;
	return NULL;
}

struct mark timeline_phase(const struct timeline *t, const char *one, const char *other)
{
	nsec before = NSEC_NONE;

	entries_each(e, t) {
		const struct entry *write;
		struct mark m;

		if (e->fact.kind != FACT_PHASE)
			continue;
		if (!str_eq(e->fact.reason, str_from(one)) &&
		    !str_eq(e->fact.reason, str_from(other))) {
			before = clock_later(before, e->last);
			continue;
		}
		write = write_of(t, e);
		if (write)
			return mark_written(write, SOURCE_STATUS);
		m = mark_seen(e);
		if (!nsec_known(before) || e->received - before > BOUND_MAX)
			mark_bound(&m, m.at);
		return m;
	}
	return mark_unreached;
}

/* A time with 1 s resolution may seem to be before the image and the creation of the container. */
static struct mark behind_container(const struct timeline *t, struct mark m, struct str name)
{
	static const char *const before[] = { "Pulled", "Created" };

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		struct mark first = timeline_event_mark(t, entries_event(t, before[i], name));

		if (mark_known(&first) && first.at < m.at + SECOND)
			m = mark_not_before(m, &first);
	}
	if (t->marks[MILESTONE_SANDBOX].at < m.at + SECOND)
		m = mark_not_before(m, &t->marks[MILESTONE_SANDBOX]);
	return m;
}

/* The Event, unless a state shows an earlier start. */
struct mark timeline_container_started(const struct timeline *t, struct str name)
{
	const struct entry *event = entries_event(t, "Started", name), *state = NULL, *e;
	struct about a = about(t, name, ABOUT_RUNNING | ABOUT_TERMINATED);
	nsec state_at = NSEC_NONE;

	while ((e = about_next(&a)) != NULL) {
		const struct fact *f = &e->fact;
		nsec at = f->kind == FACT_RUNNING ? f->at : f->begin;

		if (!nsec_known(at) || (state && at >= state_at))
			continue;
		state = e;
		state_at = at;
	}
	if (event && (!state || state_at + SECOND > timeline_event_mark(t, event).at))
		return timeline_event_mark(t, event);
	if (!state)
		return mark_unreached;
	return behind_container(t, mark_at(state_at, PRECISION_SECOND, SOURCE_STATUS, state), name);
}
