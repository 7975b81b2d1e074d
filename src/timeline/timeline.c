/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/timeline.h"

struct entry entry_of(const struct record *r, const struct fact *f)
{
	return (struct entry){
		.fact = *f,
		.received = r->received,
		.completed = r->completed,
		.last = r->received,
		.times = 1,
		.writer = r->origin,
		.actor = r->actor,
		.update = str_eq(r->verb, STR("update")),
		.audit_id = r->audit_id,
		.dumped = r->dumped,
		.position = r->position,
	};
}

struct str edge_source_name(enum edge_source source)
{
	static const char *const names[] = { "audit", "event", "status", "bound" };

	return str_from((size_t)source < ARRAY_SIZE(names) ? names[source] : "?");
}

const struct mark *timeline_delivered(const struct timeline *t)
{
	const struct mark *running = &t->marks[MILESTONE_RUNNING],
			  *done = &t->marks[MILESTONE_FINISHED];

	if (!t->job)
		return &t->marks[MILESTONE_READY];
	return running->reached ? running : done;
}

static const char *wrong_stages(const struct stage *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct stage *s = &list[i];

		if (s->start.at == NSEC_NONE || (s->end.at != NSEC_NONE && s->end.at < s->start.at))
			return "a stage has no start, or ends before it";
		if (i && list[i - 1].start.at > s->start.at)
			return "stages are out of order";
		if (s->open && s->end.at != NSEC_NONE)
			return "a stage is open and has an end";
	}
	return NULL;
}

const char *timeline_invariant(const struct timeline *t)
{
	const struct mark *created = &t->marks[MILESTONE_CREATED];
	const char *wrong;

	for (size_t i = 0; i < MILESTONE_COUNT; i++) {
		const struct mark *m = &t->marks[i];

		if (m->at != NSEC_NONE && !m->reached)
			return "a milestone has a time but was not reached";
		if (m->at != NSEC_NONE && created->at != NSEC_NONE && m->at < created->at &&
		    m->precision != PRECISION_EXACT)
			return "a milestone lies before the creation";
	}
	wrong = wrong_stages(t->stages, t->n_stages);
	if (!wrong && t->deletion)
		wrong = wrong_stages(t->deletion->stages, t->deletion->n_stages);
	for (size_t i = 0; !wrong && i < t->n_upgrades; i++)
		wrong = wrong_stages(t->upgrades[i].stages, t->upgrades[i].n_stages);
	return wrong;
}
