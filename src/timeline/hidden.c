/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a status that is only read back proves of readiness, where a policy hides what was written:
 * a condition shows its last transition. It may have been True before, and False again.
 */
#include "timeline/regained.h"

/* A pod writes its status a few times while it starts: within this time none of it was taken back.
 */
#define START_SOON (5 * SECOND)

static bool within(nsec at, nsec from, nsec to)
{
	return at > from && at < to;
}

/* Somebody wrote a status in that time, and the log does not show what. */
static bool hidden_between(const struct timeline *t, nsec from, nsec to)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_WRITE &&
		    (within(e->received, from, to) || within(e->last, from, to)))
			return true;
	}
	return false;
}

static bool hides_any(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_WRITE)
			return true;
	return false;
}

static bool is_init(const struct timeline *t, struct str name)
{
	for (size_t i = 0; t->object && i < t->object->n_containers; i++)
		if (str_eq(t->object->containers[i].name, name))
			return t->object->containers[i].kind == CONTAINER_INIT;
	return false;
}

/* By the time of that look a container had been started again; of those that stay. */
static bool restarted_by(const struct timeline *t, const struct entry *look)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_RUNNING && e->fact.count &&
		    e->received <= look->received && !is_init(t, e->fact.subject))
			return true;
	}
	return false;
}

static bool perhaps_not_the_first(const struct timeline *t, const struct mark *m, bool blind)
{
	const struct mark *started = &t->marks[MILESTONE_STARTED];
	nsec from = started->at, at = m->evidence->fact.at;

	if (from == NSEC_NONE)
		from = t->marks[MILESTONE_SCHEDULED].at;
	if (from == NSEC_NONE || restarted_by(t, m->evidence))
		return true;
	return at > from + START_SOON && (blind || hidden_between(t, from + START_SOON, at));
}

/* It is only known to have been no later. */
void timeline_unless_hidden(struct timeline *t, const struct cluster *cluster)
{
	static const enum milestone last_ones[] = { MILESTONE_CONTAINERS_READY, MILESTONE_READY };
	bool blind = cluster && cluster->records && !cluster->status_writes;

	if (!blind && !hides_any(t))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(last_ones); i++) {
		struct mark *m = &t->marks[last_ones[i]];

		if (m->at == NSEC_NONE || m->source != SOURCE_STATUS || !m->evidence ||
		    m->evidence->fact.written || m->evidence->dumped ||
		    m->precision == PRECISION_EXACT || !perhaps_not_the_first(t, m, blind))
			continue;
		m->until = m->at;
		m->at = NSEC_NONE;
	}
	timeline_ready_with_containers(t);
}

/*
 * A kubelet says that the sandbox stands with the status behind it, which waits for images to be
 * pulled: without an Event that is only known to have been so by then.
 */
struct mark timeline_sandbox_by(const struct timeline *t, struct mark condition)
{
	struct mark m = condition;
	const struct mark *first = &t->marks[MILESTONE_KUBELET];

	if (first->at == NSEC_NONE)
		first = &t->marks[MILESTONE_SCHEDULED];
	if (m.at == NSEC_NONE)
		return m;
	m.precision = PRECISION_INFERRED;
	m.source = SOURCE_BOUND;
	if (first->at == NSEC_NONE || m.at - first->at > BOUND_MAX) {
		m.until = m.at;
		m.at = NSEC_NONE;
	}
	return m;
}
