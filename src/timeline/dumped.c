/* SPDX-License-Identifier: Apache-2.0 */
/* What a dump proves of a pod's readiness: it shows the last transition, and no earlier one. */
#include "timeline/incarnation.h"

/*
 * Without probes and gates a kubelet says Ready with the status that says Started: at worst 1.74 s
 * behind it in real logs. What is later than this in a dump is another transition.
 */
#define READY_SOON (5 * SECOND)

/* Some container (of those that stay) was restarted, as far as the dump shows. */
static bool restarted(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		const struct fact *f = &e->fact;

		if (!e->dumped || !f->count ||
		    (f->kind != FACT_RUNNING && f->kind != FACT_TERMINATED &&
		     f->kind != FACT_WAITING))
			continue;
		for (size_t k = 0; t->object && k < t->object->n_containers; k++)
			if (str_eq(t->object->containers[k].name, f->subject) &&
			    t->object->containers[k].kind != CONTAINER_INIT)
				return true;
	}
	return false;
}

/* Nothing but the start itself decides when it is ready: no probe, no gate. */
static bool ready_at_start(const struct timeline *t)
{
	if (!t->object || !t->object->has_spec || t->object->n_readiness_gates)
		return false;
	for (size_t k = 0; k < t->object->n_containers; k++)
		if (t->object->containers[k].readiness_probe &&
		    t->object->containers[k].kind != CONTAINER_INIT)
			return false;
	return true;
}

/*
 * A dump shows the last time that a condition became True. If that need not be the first one, it is
 * only known to have been no later.
 */
struct mark dumped_first_or_bound(const struct timeline *t, struct mark m)
{
	const struct mark *started = &t->marks[MILESTONE_STARTED];
	bool late = started->at != NSEC_NONE && m.at > started->at + READY_SOON;

	if (m.at == NSEC_NONE || !m.evidence || !m.evidence->dumped ||
	    !(restarted(t) || (late && ready_at_start(t))))
		return m;
	m.until = m.at;
	m.at = NSEC_NONE;
	return m;
}

/*
 * A dump that shows a service not ready: it may have been ready before, if it was restarted, or
 * became unready only behind its start.
 */
bool dumped_perhaps_was_ready(const struct timeline *t)
{
	const struct mark *started = &t->marks[MILESTONE_RUNNING];

	if (!t->dumped || t->job)
		return false;
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		if (t->entries[i].dumped && f->kind == FACT_CONDITION && !f->truth &&
		    str_eq(f->subject, STR("Ready")) && f->at != NSEC_NONE &&
		    started->at != NSEC_NONE && f->at > started->at + SECOND)
			return true;
	}
	return started->at != NSEC_NONE && restarted(t);
}
