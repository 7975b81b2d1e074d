/* SPDX-License-Identifier: Apache-2.0 */
/* Milestones and facts to the stages of a delivery. */
#include "timeline/stages.h"

#include "timeline/about.h"
#include "timeline/regained.h"

const struct lifecycle_row lifecycle_rows[STAGE_COUNT] = {
	[STAGE_ADMISSION] = { "admission", OWNER_PLATFORM, WRITTEN_BY_ANY,
			      "create received to answered: webhooks, quota" },
	[STAGE_SCHEDULING_GATE] = { "schedulingGate", OWNER_USER, WRITTEN_BY_ANY,
				    "admitted to the last gate taken off" },
	[STAGE_SCHEDULE] = { "schedule", OWNER_PLATFORM, WRITTEN_BY_SCHEDULER,
			     "admitted, or ungated, to bound" },
	[STAGE_STARTUP_WAIT] = { "startupWait", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
				 "bound to the kubelet's first sign" },
	[STAGE_SANDBOX] = { "sandbox", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			    "volumes, network, sandbox" },
	[STAGE_IMAGE_PULL] = { "imagePull", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			       "one image, waiting included" },
	[STAGE_INIT] = { "init", OWNER_USER, WRITTEN_BY_KUBELET, "one init container" },
	[STAGE_CREATE] = { "create", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			   "image there to container created" },
	[STAGE_START] = { "start", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			  "container created to started" },
	[STAGE_POST_START_HOOK] = { "postStartHook", OWNER_USER, WRITTEN_BY_KUBELET,
				    "started to the hook's end" },
	[STAGE_READINESS] = { "readiness", OWNER_USER, WRITTEN_BY_KUBELET,
			      "all started to ContainersReady" },
	[STAGE_READINESS_GATE] = { "readinessGate", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
				   "ContainersReady to Ready" },
	[STAGE_KILL_WAIT] = { "killWait", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			      "deletion requested to Killing" },
	[STAGE_STOP] = { "stop", OWNER_USER, WRITTEN_BY_KUBELET,
			 "one container: Killing to its end" },
	[STAGE_CLEANUP] = { "cleanup", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			    "all stopped to released by the kubelet" },
	[STAGE_FINALIZERS] = { "finalizers", OWNER_PLATFORM, WRITTEN_BY_HOLDER,
			       "released by the kubelet to gone" },
	[STAGE_CONSUMER] = { "waitForConsumer", OWNER_USER, WRITTEN_BY_KUBELET,
			     "until a pod that uses it is scheduled" },
	[STAGE_PROVISION] = { "provision", OWNER_PLATFORM, WRITTEN_BY_KUBELET, "a volume is made" },
	[STAGE_BIND] = { "bind", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			 "the volume is there, to Bound" },
};

/*
 * What it was delivered with was done by then: a little later is another clock's time, much later
 * it was done again, and nobody saw the first time.
 */
static struct mark within_delivery(struct mark end, nsec delivered)
{
	end.at = end.at - delivered > BOUND_MAX ? NSEC_NONE : delivered;
	end.precision = PRECISION_INFERRED;
	end.source = SOURCE_BOUND;
	return end;
}

/* A service whose phase is Failed waits for nothing any more, whatever is written of it later. */
static nsec failed_at(const struct timeline *t)
{
	const struct mark *failed = &t->marks[MILESTONE_FAILED];

	if (t->job || timeline_delivered(t)->reached || failed->at == NSEC_NONE)
		return NSEC_NONE;
	return failed->precision == PRECISION_EXACT ? failed->at : failed->at + SECOND - 1;
}

struct stage *stages_add(struct stages *s, enum lifecycle_stage stage, struct str subject,
			 struct mark start, struct mark end)
{
	nsec delivered = timeline_delivered(s->t)->at;
	struct stage *new;
	bool cut;

	if (start.at == NSEC_NONE)
		return NULL;
	if (start.at < s->t->marks[MILESTONE_CREATED].at) {
		/* by another clock, which is not known to be wrong */
		start.at = s->t->marks[MILESTONE_CREATED].at;
		start.precision = PRECISION_INFERRED;
	}
	if (delivered != NSEC_NONE && start.at > delivered)
		return NULL; /* a later life of the container, not the delivery */
	if (end.at != NSEC_NONE && end.at < start.at)
		end.at = start.at;
	if (delivered != NSEC_NONE && end.at > delivered)
		end = within_delivery(end, delivered);
	if (s->failed != NSEC_NONE && start.at > s->failed)
		return NULL;
	cut = s->failed != NSEC_NONE && end.at != NSEC_NONE && end.at > s->failed;
	if (cut)
		end.at = NSEC_NONE;
	new = stage_list_add(&s->list, s->arena, stage, subject, start, end);
	stage_open_if(new, cut);
	return new;
}

struct mark mark_earlier(struct mark a, struct mark b)
{
	if (a.at == NSEC_NONE || (b.at != NSEC_NONE && b.at < a.at))
		return b;
	return a;
}

static const struct mark *at(const struct stages *s, enum milestone m)
{
	return &s->t->marks[m];
}

/* Returns when the scheduler could begin: not before somebody has opened the pod's gates. */
static struct mark stages_before_scheduler(struct stages *s)
{
	const struct mark *created = at(s, MILESTONE_CREATED),
			  *admitted = at(s, MILESTONE_ADMITTED);
	const struct mark *ungated = at(s, MILESTONE_UNGATED);
	struct mark begin = *created;
	struct stage *new;

	if (admitted->at != NSEC_NONE) {
		stages_add(s, STAGE_ADMISSION, STR(""), *created, *admitted);
		/* others may see the pod, and act, before the create's answer is out */
		begin = mark_earlier(*admitted, *ungated);
		begin = mark_earlier(begin, s->bound);
	}
	if (!s->t->object || !s->t->object->n_scheduling_gates)
		return begin;
	new = stages_add(s, STAGE_SCHEDULING_GATE, STR(""), begin, *ungated);
	stage_open_if(new, !ungated->reached);
	return *ungated;
}

static void stages_before_kubelet(struct stages *s)
{
	const struct mark *kubelet = at(s, MILESTONE_KUBELET);
	const struct mark *sandbox = at(s, MILESTONE_SANDBOX);
	struct mark begin = stages_before_scheduler(s);
	struct mark sign = kubelet->at != NSEC_NONE ? *kubelet : *sandbox;
	struct stage *new;

	/* of a pod that was created with a node, its kubelet may hear before the answer is out */
	if (sign.at != NSEC_NONE)
		sign.at = clock_later(sign.at, s->bound.at);
	if (begin.precision != PRECISION_INFERRED || begin.at == at(s, MILESTONE_UNGATED)->at) {
		new = stages_add(s, STAGE_SCHEDULE, STR(""), begin, s->bound);
		stage_open_if(new, !s->bound.reached && !sign.reached);
	}
	new = stages_add(s, STAGE_STARTUP_WAIT, STR(""), s->bound, sign);
	stage_open_if(new, !sign.reached && !at(s, MILESTONE_RUNNING)->reached);
	new = stages_add(s, STAGE_SANDBOX, STR(""), sign, *sandbox);
	stage_open_if(new, !sandbox->reached && !at(s, MILESTONE_RUNNING)->reached);
}

/* Containers */

/* The container's first end with exit code 0, or its last one with any other. */
static const struct entry *terminated(const struct timeline *t, struct str name, bool well)
{
	const struct entry *best = NULL, *e;
	struct about a = about(t, name, ABOUT_TERMINATED);

	while ((e = about_next(&a)) != NULL) {
		const struct fact *f = &e->fact;

		if ((f->code == 0) == well && f->at != NSEC_NONE &&
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

/* An Event tells that a container is begun. */
struct sign {
	nsec at;
	const struct container_spec *container; /* in the order in which the kubelet starts them */
	const struct entry *entry;
};

static void gather_signs(struct stages *s)
{
	const struct timeline *t = s->t;

	s->signs = arena_array(s->arena, struct sign, t->n_entries);
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		const struct container_spec *c;

		if (e->fact.kind != FACT_EVENT || !begins_container(e->fact.reason))
			continue;
		c = timeline_container(t, e->fact.subject);
		/* an ephemeral one starts whenever somebody asks for it */
		if (c && c->kind != CONTAINER_EPHEMERAL)
			s->signs[s->n_signs++] =
			    (struct sign){ timeline_event_mark(t, e).at, c, e };
	}
}

/* The first sign of a later container: they start one after the other. */
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
	m.precision = PRECISION_INFERRED;
	m.source = SOURCE_BOUND;
	return m;
}

static struct mark bounded(struct mark m, nsec from)
{
	if (m.at != NSEC_NONE && m.at - from > BOUND_MAX)
		m.at = NSEC_NONE;
	return m;
}

/*
 * A sidecar has done its part in the start when status.started says so: its startup probe passed,
 * or there is none and its post-start hook ended.
 */
static struct mark sidecar_up(const struct stages *s, struct str name, nsec from)
{
	struct about a = about(s->t, name, ABOUT_RUNNING);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL) {
		struct mark m = {
			e->received, PRECISION_INFERRED, SOURCE_BOUND, true, NSEC_NONE, e
		};

		if (!e->fact.truth)
			continue;
		if (!e->fact.written)
			return bounded(m, from); /* only read back, whenever somebody asked */
		m.precision = PRECISION_EXACT;
		m.source = SOURCE_STATUS;
		return m;
	}
	return mark_unreached;
}

static void stage_init(struct stages *s, const struct container_spec *c)
{
	struct mark start = timeline_container_started(s->t, c->name), end = mark_unreached;
	const struct entry *done = terminated(s->t, c->name, true);
	struct mark next;
	struct stage *new;

	if (start.at == NSEC_NONE)
		return;
	next = next_container(s, c, start.at);
	if (c->kind == CONTAINER_SIDECAR)
		end = sidecar_up(s, c->name, start.at);
	else if (!done && at(s, MILESTONE_FAILED)->reached)
		done = terminated(s->t, c->name, false); /* it failed, and the pod with it */
	if (c->kind != CONTAINER_SIDECAR && done)
		end = (struct mark){ done->fact.at, PRECISION_SECOND, SOURCE_STATUS,
				     true,	    NSEC_NONE,	      done };
	/* what comes next cannot have begun before this was done */
	if (end.at == NSEC_NONE || (next.at != NSEC_NONE && next.at < end.at))
		end = end.at == NSEC_NONE ? bounded(next, start.at) : next;
	new = stages_add(s, STAGE_INIT, c->name, start, end);
	stage_open_if(new, next.at == NSEC_NONE && !at(s, MILESTONE_RUNNING)->reached);
}

/*
 * The kubelet writes no status while a hook holds up the sync of the pod, and does so at once when
 * it is done: if that write tells of a transition that is as fresh, it was not held up on its way.
 */
static struct mark written_behind_hook(const struct stages *s, struct str name, nsec from)
{
	const struct timeline *t = s->t;
	struct about a = about(t, name, ABOUT_RUNNING);
	const struct entry *e, *end = t->entries + t->n_entries;

	while ((e = about_next(&a)) != NULL) {
		struct mark m = {
			e->received, PRECISION_INFERRED, SOURCE_BOUND, true, NSEC_NONE, e
		};

		if (!e->fact.written || e->received < from)
			continue;
		for (const struct entry *c = entries_at(t, e);
		     c < end && c->received == e->received; c++)
			if (c->fact.kind == FACT_CONDITION && c->fact.written &&
			    c->fact.at != NSEC_NONE && e->received - c->fact.at <= BOUND_MAX &&
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
	struct stage *new;

	if (s->t->job)
		return; /* it is delivered when the hook begins */
	if (failed.at != NSEC_NONE && failed.at >= start.at)
		end = mark_earlier(end, failed);
	new = stages_add(s, STAGE_POST_START_HOOK, c->name, start, end);
	stage_open_if(new, next.at == NSEC_NONE && !written.reached &&
			       !at(s, MILESTONE_CONTAINERS_READY)->reached);
}

static void stages_container(struct stages *s, const struct container_spec *c)
{
	struct mark pulled = timeline_event_mark(s->t, entries_event(s->t, "Pulled", c->name));
	struct mark created = timeline_event_mark(s->t, entries_event(s->t, "Created", c->name));
	struct mark started = timeline_container_started(s->t, c->name);
	struct stage *new;

	if (created.at == NSEC_NONE || pulled.at <= created.at) {
		new = stages_add(s, STAGE_CREATE, c->name, pulled, created);
		stage_open_if(new, !created.reached && !started.reached);
	}
	new = stages_add(s, STAGE_START, c->name, created, started);
	stage_open_if(new, !started.reached);
	stages_refused_image(s, c);
	if (c->kind == CONTAINER_INIT || c->kind == CONTAINER_SIDECAR)
		stage_init(s, c);
	if (c->post_start && started.at != NSEC_NONE)
		stage_hook(s, c, started);
}

static void stages_ready(struct stages *s)
{
	const struct mark *containers = at(s, MILESTONE_CONTAINERS_READY),
			  *ready = at(s, MILESTONE_READY);
	struct stage *new;
	bool gates = s->t->object && s->t->object->n_readiness_gates;

	if (s->t->job)
		return; /* a job is delivered when it runs */
	new = stages_add(s, STAGE_READINESS, STR(""), *at(s, MILESTONE_STARTED), *containers);
	stage_open_if(new, !containers->reached && !ready->reached);
	/* nothing of the user's is waited for: the kubelet has not said yet that it started */
	if (new &&timeline_ready_at_start(s->t))
		new->owner = OWNER_PLATFORM;
	if (!gates && containers->at == ready->at)
		return;
	new = stages_add(s, STAGE_READINESS_GATE, STR(""), *containers, *ready);
	stage_open_if(new, !ready->reached);
}

/*
 * From the sandbox on the status and Events tell what goes on. Where something was written without
 * its content being logged, and no status is ever seen, that a stage has ended may stand there.
 */
static bool end_is_hidden(const struct timeline *t)
{
	for (size_t i = 0; t->status_until == NSEC_NONE && i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		if (f->kind == FACT_WRITE || (f->kind == FACT_EVENT && !f->reason.n))
			return true;
	}
	return false;
}

void timeline_stages(struct timeline *t, const struct incarnation *in, struct arena *arena)
{
	struct stages s = { .t = t, .arena = arena, .failed = failed_at(t) };
	bool hidden;

	s.bound = t->marks[in->born_bound ? MILESTONE_ADMITTED : MILESTONE_SCHEDULED];

	stages_before_kubelet(&s);
	stages_images(&s);
	for (size_t i = 0; t->object && i < t->object->n_containers; i++)
		if (t->object->containers[i].kind != CONTAINER_EPHEMERAL)
			stages_container(&s, &t->object->containers[i]);
	stages_ready(&s);
	hidden = end_is_hidden(t);
	for (size_t i = 0; i < s.list.n; i++) {
		struct stage *st = &s.list.list[i];

		st->open = st->open && !timeline_delivered(t)->reached &&
			   !(hidden && st->stage >= STAGE_SANDBOX);
	}
	stage_list_sort(&s.list);
	t->stages = s.list.list;
	t->n_stages = s.list.n;
}
