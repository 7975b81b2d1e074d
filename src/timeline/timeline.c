/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/timeline.h"

/* Is it known to be after the first delete request? If both are in one whole second, that is
 * unknown. */
static bool behind_deletion(const struct timeline *t, const struct mark *m)
{
	const struct mark *deleted = &t->marks[MILESTONE_DELETED];
	nsec last = deleted->at;

	if (!nsec_known(m->at) || !deleted->reached || !nsec_known(last))
		return false;
	if (deleted->precision != PRECISION_EXACT)
		last += SECOND - 1;
	return m->at > last;
}

const struct mark *timeline_became(const struct timeline *t)
{
	const struct mark *running = &t->marks[MILESTONE_RUNNING],
			  *done = &t->marks[MILESTONE_FINISHED];

	if (!t->job)
		return &t->marks[MILESTONE_READY];
	return running->reached ? running : done;
}

const struct entry *timeline_last_ready(const struct timeline *t)
{
	const struct entry *last = NULL;

	entries_each(e, t) {
		if (fact_is_condition(&e->fact, STR("Ready")) && (!last || e->last >= last->last))
			last = e;
	}
	return last;
}

const struct mark *timeline_delivered(const struct timeline *t)
{
	const struct mark *m;

	if (t->kind != OBJECT_POD)
		return t->kind == OBJECT_CLAIM ? &t->marks[MILESTONE_BOUND] : &mark_unreached;
	m = timeline_became(t);
	return behind_deletion(t, m) ? &mark_unreached : m;
}

/* Checks edges, and fields that only pulls have. */
static const char *stage_invariant(const struct stage *s)
{
	nsec length = nsec_known(s->end.at) ? s->end.at - s->start.at : INT64_MAX;

	if (!nsec_known(s->start.at) || length < 0)
		return "a stage has no start, or ends before it";
	if (s->open && nsec_known(s->end.at))
		return "a stage is open and has an end";
	if (nsec_known(s->waited) && (s->waited < 0 || s->waited > length))
		return "a pull waited less than nothing, or longer than it took";
	if (s->stage != STAGE_IMAGE_PULL && (nsec_known(s->waited) || s->bytes))
		return "a stage waits like a pull, and is none";
	return NULL;
}

/* Checks stages outside the delivery. */
static const char *list_invariant(const struct stage *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *wrong = stage_invariant(&list[i]);

		if (wrong)
			return wrong;
		if (i && list[i - 1].start.at > list[i].start.at)
			return "stages are out of order";
	}
	return NULL;
}

/* Checks the order of two stages. Stages before the containers follow one another, but a pod may be
 * seen and bound before its create is answered. A container is created before it is started. */
static const char *pair_invariant(const struct stage *a, const struct stage *b)
{
	bool same = str_eq(a->subject, b->subject);

	if (a->start.at > b->start.at)
		return "stages are out of order";
	if (!nsec_known(a->end.at))
		return NULL;
	if (a->stage != STAGE_ADMISSION && a->stage < b->stage && b->stage <= STAGE_SANDBOX &&
	    a->end.at > b->start.at)
		return "stages overlap that are one after the other";
	if (a->stage > b->stage && a->stage <= STAGE_SANDBOX && a->start.at != b->start.at)
		return "an earlier stage begins behind a later one";
	if (same && a->stage == STAGE_CREATE && b->stage == STAGE_START && a->end.at > b->start.at)
		return "a container starts before it was created";
	return NULL;
}

static const char *stages_invariant(const struct timeline *t)
{
	const struct mark *created = &t->marks[MILESTONE_CREATED],
			  *delivered = timeline_delivered(t);

	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *s = &t->stages[i];
		const char *wrong = stage_invariant(s);

		for (size_t k = 0; k < i && !wrong; k++)
			wrong = pair_invariant(&t->stages[k], s);
		if (wrong)
			return wrong;
		if (s->start.at < created->at)
			return "a stage begins before the creation";
		if (!nsec_known(delivered->at))
			continue;
		if (s->open)
			return "a stage is open, and the pod is delivered";
		if (MAX(s->start.at, s->end.at) > delivered->at)
			return "a stage goes on behind the delivery";
	}
	return NULL;
}

static const char *containers_invariant(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_containers; i++) {
		const struct container_life *c = &t->containers[i];

		if (nsec_known(c->ended.at) && nsec_known(c->started.at) &&
		    c->ended.at < c->started.at)
			return "a container ends before it starts";
		for (size_t k = 0; k < i; k++)
			if (str_eq(t->containers[k].name, c->name))
				return "a container is there twice";
	}
	return NULL;
}

const char *timeline_invariant(const struct timeline *t)
{
	const struct mark *created = &t->marks[MILESTONE_CREATED],
			  *deleted = &t->marks[MILESTONE_DELETED],
			  *delivered = timeline_delivered(t);
	const char *wrong;

	for (size_t i = 0; i < MILESTONE_COUNT; i++) {
		const struct mark *m = &t->marks[i];

		if (nsec_known(m->at) && !m->reached)
			return "a milestone has a time but was not reached";
		if (nsec_known(m->at) && nsec_known(created->at) && m->at < created->at &&
		    m->precision != PRECISION_EXACT)
			return "a milestone lies before the creation";
	}
	if (nsec_known(delivered->at) && deleted->reached && nsec_known(deleted->at) &&
	    delivered->at >= deleted->at + SECOND)
		return "a delivery ends behind the request to delete the pod";
	wrong = stages_invariant(t);
	if (!wrong && t->deletion)
		wrong = list_invariant(t->deletion->stages, t->deletion->n_stages);
	for (size_t i = 0; !wrong && i < t->n_upgrades; i++)
		wrong = list_invariant(t->upgrades[i].stages, t->upgrades[i].n_stages);
	return wrong ? wrong : containers_invariant(t);
}
