/* SPDX-License-Identifier: Apache-2.0 */
/* Derives the stages of a delivery from milestones and facts. */
#include "timeline/stages.h"

#include "timeline/about.h"

/*
 * A stage that seems to end after the delivery had ended by then. If it is a little later, the
 * time is of another clock; if it is much later, the stage was repeated, and its first end is
 * unknown.
 */
static struct mark within_delivery(struct mark end, nsec delivered)
{
	end.at = end.at - delivered > BOUND_MAX ? NSEC_NONE : delivered;
	return mark_inferred(end);
}

/* A service with phase Failed waits for nothing, even if later writes differ. */
static nsec failed_at(const struct timeline *t)
{
	const struct mark *failed = &t->marks[MILESTONE_FAILED];

	if (t->job || timeline_delivered(t)->reached || !mark_known(failed))
		return NSEC_NONE;
	return failed->precision == PRECISION_EXACT ? failed->at : failed->at + SECOND - 1;
}

struct stage *stages_add(struct stages *s, struct stage stage)
{
	const struct mark *created = &s->t->marks[MILESTONE_CREATED];
	struct mark *start = &stage.start, *end = &stage.end;
	nsec delivered = timeline_delivered(s->t)->at;

	if (!mark_known(start))
		return NULL;
	if (start->at < created->at) {
		/* from another clock, which is not known to be wrong */
		start->at = created->at;
		start->precision = PRECISION_INFERRED;
	}
	if (nsec_known(delivered) && start->at > delivered)
		return NULL; /* a later run of the container, not the delivery */
	if (mark_known(end))
		end->at = MAX(end->at, start->at);
	if (nsec_known(delivered) && end->at > delivered)
		*end = within_delivery(*end, delivered);
	if (nsec_known(s->failed) && start->at > s->failed)
		return NULL;
	if (nsec_known(s->failed) && end->at > s->failed) {
		end->at = NSEC_NONE;
		stage.open = true;
	}
	return stage_list_add(&s->list, stage);
}

static const struct mark *at(const struct stages *s, enum milestone m)
{
	return &s->t->marks[m];
}

/* Returns when the scheduler could begin: not before the pod's gates were removed. */
static struct mark stages_before_scheduler(struct stages *s)
{
	const struct mark *created = at(s, MILESTONE_CREATED),
			  *admitted = at(s, MILESTONE_ADMITTED);
	const struct mark *ungated = at(s, MILESTONE_UNGATED);
	struct mark begin = *created;

	if (mark_known(admitted)) {
		stages_add(s, (struct stage){ STAGE_ADMISSION, STR(""), *created, *admitted });
		/* others may see and change the pod before the create is answered */
		begin = mark_earlier(*admitted, *ungated);
		begin = mark_earlier(begin, s->bound);
	}
	if (!s->t->object || !s->t->object->n_scheduling_gates)
		return begin;
	stages_add(s, (struct stage){ STAGE_SCHEDULING_GATE, STR(""), begin, *ungated,
				      !ungated->reached });
	return *ungated;
}

static void stages_before_kubelet(struct stages *s)
{
	const struct mark *kubelet = at(s, MILESTONE_KUBELET), *sandbox = at(s, MILESTONE_SANDBOX);
	struct mark begin = stages_before_scheduler(s), bound = s->bound;
	struct mark sign = mark_known(kubelet) ? *kubelet : *sandbox;
	bool running = at(s, MILESTONE_RUNNING)->reached;

	/* the kubelet of a pod created with a node may react before the create is answered */
	if (mark_known(&sign))
		sign.at = clock_later(sign.at, bound.at);
	if (begin.precision != PRECISION_INFERRED || begin.at == at(s, MILESTONE_UNGATED)->at)
		stages_add(s, (struct stage){ STAGE_SCHEDULE, STR(""), begin, bound,
					      !bound.reached && !sign.reached });
	stages_add(s, (struct stage){ STAGE_STARTUP_WAIT, STR(""), bound, sign,
				      !sign.reached && !running });
	stages_add(s, (struct stage){ STAGE_SANDBOX, STR(""), sign, *sandbox,
				      !sandbox->reached && !running });
}

/* Containers */

/* The container's first end with exit code 0, or its last one with another code. */
static const struct entry *terminated(const struct timeline *t, struct str name, bool well)
{
	const struct entry *best = NULL, *e;
	struct about a = about(t, name, ABOUT_TERMINATED);

	while ((e = about_next(&a)) != NULL) {
		const struct fact *f = &e->fact;

		if ((f->code == 0) == well && nsec_known(f->at) &&
		    (!best || (well ? f->at < best->fact.at : f->at > best->fact.at)))
			best = e;
	}
	return best;
}

static bool begins_container(struct str reason)
{
	return str_eq(reason, STR("Pulling")) || str_eq(reason, STR("Pulled")) ||
	       str_eq(reason, STR("Created")) || str_eq(reason, STR("Started"));
}

/* An Event that shows that a container is being started. */
struct sign {
	nsec at;
	const struct container_spec *container; /* in the order in which the kubelet starts them */
	const struct entry *entry;
};

static void gather_signs(struct stages *s)
{
	const struct timeline *t = s->t;

	s->signs = arena_array(s->list.arena, struct sign, t->n_entries);
	entries_each(e, t) {
		const struct container_spec *c;

		if (e->fact.kind != FACT_EVENT || !begins_container(e->fact.reason))
			continue;
		c = timeline_container(t, e->fact.subject);
		/* ephemeral containers start at any time, on request */
		if (c && c->kind != CONTAINER_EPHEMERAL)
			s->signs[s->n_signs++] =
			    (struct sign){ timeline_event_mark(t, e).at, c, e };
	}
}

/* The first sign of a later container, because they start one after another. */
static struct mark next_container(struct stages *s, const struct container_spec *than, nsec from)
{
	const struct sign *first = NULL;
	struct mark m = mark_unreached;

	if (!s->signs)
		gather_signs(s);
	for (size_t i = 0; i < s->n_signs; i++)
		if (s->signs[i].at >= from && s->signs[i].container > than &&
		    (!first || s->signs[i].at < first->at))
			first = &s->signs[i];
	if (first)
		m = timeline_event_mark(s->t, first->entry);
	return mark_inferred(m);
}

static struct mark bounded(struct mark m, nsec from)
{
	if (mark_known(&m) && m.at - from > BOUND_MAX)
		m.at = NSEC_NONE;
	return m;
}

/* A sidecar lets the start continue when status.started is true: its startup probe has passed, or
 * it has none and its post-start hook has ended. */
static struct mark sidecar_up(const struct stages *s, struct str name, nsec from)
{
	struct about a = about(s->t, name, ABOUT_RUNNING);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL) {
		if (!e->fact.truth)
			continue;
		if (!e->fact.written)
			return bounded(mark_seen(e), from); /* read back at any later time */
		return mark_written(e, SOURCE_STATUS);
	}
	return mark_unreached;
}

static void stage_init(struct stages *s, const struct container_spec *c)
{
	struct mark start = timeline_container_started(s->t, c->name), end = mark_unreached;
	const struct entry *done = terminated(s->t, c->name, true);
	struct mark next;

	if (!mark_known(&start))
		return;
	next = next_container(s, c, start.at);
	if (c->kind == CONTAINER_SIDECAR)
		end = sidecar_up(s, c->name, start.at);
	else if (!done && at(s, MILESTONE_FAILED)->reached)
		done = terminated(s->t, c->name, false); /* it failed, and with it the pod */
	if (c->kind != CONTAINER_SIDECAR && done)
		end = mark_at(done->fact.at, PRECISION_SECOND, SOURCE_STATUS, done);
	/* the next step cannot begin before this one has ended */
	if (!mark_known(&end) || (mark_known(&next) && next.at < end.at))
		end = mark_known(&end) ? next : bounded(next, start.at);
	stages_add(s, (struct stage){ STAGE_INIT, c->name, start, end,
				      !mark_known(&next) && !at(s, MILESTONE_RUNNING)->reached });
}

/* While a hook blocks the pod's sync the kubelet writes no status; it writes one directly
 * afterwards. If that write has an equally fresh transition, the write itself was not delayed. */
static struct mark written_behind_hook(const struct stages *s, struct str name, nsec from)
{
	const struct timeline *t = s->t;
	struct about a = about(t, name, ABOUT_RUNNING);
	const struct entry *e, *end = t->entries + t->n_entries;

	while ((e = about_next(&a)) != NULL) {
		struct mark m = mark_seen(e);

		if (!e->fact.written || e->received < from)
			continue;
		for (const struct entry *c = entries_at(t, e);
		     c < end && c->received == e->received; c++)
			if (c->fact.kind == FACT_CONDITION && c->fact.written &&
			    nsec_known(c->fact.at) && e->received - c->fact.at <= BOUND_MAX &&
			    c->fact.at + SECOND > from)
				return m;
		return bounded(m, from);
	}
	return mark_unreached;
}

static void stage_hook(struct stages *s, const struct container_spec *c, struct mark start)
{
	struct mark failed =
	    timeline_event_mark(s->t, entries_event(s->t, "FailedPostStartHook", c->name));
	struct mark next = next_container(s, c, start.at);
	struct mark written = written_behind_hook(s, c->name, start.at);
	struct mark end = mark_earlier(bounded(next, start.at), written);

	if (s->t->job)
		return; /* it is delivered when the hook begins */
	if (mark_known(&failed) && failed.at >= start.at)
		end = mark_earlier(end, failed);
	stages_add(s, (struct stage){ STAGE_POST_START_HOOK, c->name, start, end,
				      !mark_known(&next) && !written.reached &&
					  !at(s, MILESTONE_CONTAINERS_READY)->reached });
}

static void stages_container(struct stages *s, const struct container_spec *c)
{
	struct mark pulled = timeline_event_mark(s->t, entries_event(s->t, "Pulled", c->name));
	struct mark created = timeline_event_mark(s->t, entries_event(s->t, "Created", c->name));
	struct mark started = timeline_container_started(s->t, c->name);

	if (!mark_known(&created) || pulled.at <= created.at)
		stages_add(s, (struct stage){ STAGE_CREATE, c->name, pulled, created,
					      !created.reached && !started.reached });
	stages_add(s, (struct stage){ STAGE_START, c->name, created, started, !started.reached });
	stages_refused_image(s, c);
	if (c->kind == CONTAINER_INIT || c->kind == CONTAINER_SIDECAR)
		stage_init(s, c);
	if (c->post_start && mark_known(&started))
		stage_hook(s, c, started);
}

static void stages_ready(struct stages *s)
{
	const struct mark *containers = at(s, MILESTONE_CONTAINERS_READY),
			  *ready = at(s, MILESTONE_READY), *started = at(s, MILESTONE_STARTED);
	bool gates = s->t->object && s->t->object->n_readiness_gates;

	if (s->t->job)
		return; /* a job is delivered when it runs */
	/* without probes only the kubelet's report is missing, and nothing of the user's */
	stages_add(s,
		   (struct stage){ STAGE_READINESS, STR(""), *started, *containers,
				   !containers->reached && !ready->reached,
				   timeline_ready_at_start(s->t) ? OWNER_PLATFORM : OWNER_NONE });
	if (gates || containers->at != ready->at)
		stages_add(s, (struct stage){ STAGE_READINESS_GATE, STR(""), *containers, *ready,
					      !ready->reached });
}

/* From the sandbox on, the status and Events show progress. If a write has no logged content, and
 * no status is ever seen, that write may have been the end of a stage. */
static bool end_is_hidden(const struct timeline *t)
{
	if (nsec_known(t->status_until))
		return false;
	entries_each(e, t)
		if (e->fact.kind == FACT_WRITE || fact_is_event(&e->fact, STR("")))
			return true;
	return false;
}

void timeline_stages(struct timeline *t, const struct incarnation *in, struct arena *arena)
{
	struct stages s = { .t = t, .list.arena = arena, .failed = failed_at(t) };
	bool hidden = end_is_hidden(t);

	s.bound = t->marks[in->born_bound ? MILESTONE_ADMITTED : MILESTONE_SCHEDULED];
	stages_before_kubelet(&s);
	stages_images(&s);
	specs_each(c, t)
		if (c->kind != CONTAINER_EPHEMERAL)
			stages_container(&s, c);
	stages_ready(&s);
	for (size_t i = 0; i < s.list.n; i++) {
		struct stage *st = &s.list.list[i];

		st->open = st->open && !timeline_delivered(t)->reached &&
			   !(hidden && st->stage >= STAGE_SANDBOX);
	}
	t->stages = stage_list_sort(&s.list, &t->n_stages);
}
