/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of one incarnation to its milestones: one small function a milestone, one table of them. */
#include "timeline/about.h"
#include "timeline/incarnation.h"
#include "timeline/regained.h"

/*
 * A full status that is PUT back may say Ready=True long after it became so; a transition that the
 * writer saw itself is at most this old (a kubelet's own writes: at worst 1.74 s in real logs).
 */
#define UPDATE_FRESH (2 * SECOND)

/* The same for a patch; under load 24 s were seen. */
#define PATCH_FRESH (30 * SECOND)

static struct mark mark_at(nsec at, enum precision precision, enum edge_source source,
			   const struct entry *evidence)
{
	return (struct mark){ at, precision, source, true, NSEC_NONE, evidence };
}

const struct mark mark_unreached = { .at = NSEC_NONE, .until = NSEC_NONE };

/* The time, moved behind what must come first. */
static struct mark not_before(struct mark m, const struct mark *first)
{
	if (m.reached && m.at != NSEC_NONE && first->at != NSEC_NONE && m.at < first->at)
		m.at = first->at;
	return m;
}

static const struct entry *first_of(const struct timeline *t, enum fact_kind kind)
{
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == kind)
			return &t->entries[i];
	return NULL;
}

static const struct entry *earlier(const struct entry *best, const struct entry *e,
				   struct str reason)
{
	if (e->fact.kind != FACT_EVENT || !str_eq(e->fact.reason, reason))
		return best;
	return !best || e->fact.begin < best->fact.begin ? e : best;
}

const struct entry *entries_event(const struct timeline *t, const char *reason, struct str subject)
{
	const struct entry *best = NULL, *e;
	struct str name = str_from(reason);
	struct about a;

	for (size_t i = 0; i < t->n_entries && !subject.p; i++)
		best = earlier(best, &t->entries[i], name);
	if (!subject.p)
		return best;
	a = about(t, subject, ABOUT_EVENTS);
	while ((e = about_next(&a)) != NULL)
		best = earlier(best, e, name);
	return best;
}

/*
 * Of an Event that came again only the first time counts; it is in its name, or whole seconds. A
 * node's clock may be behind by less than can be told from the delay of its Events: what a kubelet
 * did cannot lie before the binding, so there it is only known to be no earlier.
 */
struct mark timeline_event_mark(const struct timeline *t, const struct entry *e)
{
	const struct mark *bound = &t->marks[MILESTONE_SCHEDULED];
	struct mark m = mark_unreached;

	if (!e)
		return m;
	m = mark_at(e->fact.begin != NSEC_NONE ? e->fact.begin : e->fact.at, e->fact.precision,
		    SOURCE_EVENT, e);
	if (e->fact.origin == ORIGIN_KUBELET && bound->at != NSEC_NONE && m.at < bound->at) {
		m.at = bound->at;
		m.precision = PRECISION_INFERRED;
	}
	return m;
}

static struct mark created(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *create = first_of(t, FACT_CREATE), *first = t->entries;

	/*
	 * creationTimestamp is stamped behind the arrival: in the next second when that is near,
	 * and seconds later when the body came slowly.
	 */
	if (create && in->created != NSEC_NONE && in->created >= create->received + SECOND)
		return mark_at(in->created, PRECISION_SECOND, SOURCE_AUDIT, create);
	if (create)
		return mark_at(clock_later(create->received, in->created), PRECISION_EXACT,
			       SOURCE_AUDIT, create);
	if (in->created != NSEC_NONE)
		return mark_at(in->created, PRECISION_SECOND, SOURCE_STATUS, in->created_by);
	if (t->n_entries && first->fact.kind == FACT_BIND && !in->named_before)
		return mark_at(first->received, PRECISION_INFERRED, SOURCE_BOUND, first);
	return mark_unreached;
}

static struct mark admitted(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *create = first_of(t, FACT_CREATE);

	return create ? mark_at(create->completed, PRECISION_EXACT, SOURCE_AUDIT, create)
		      : mark_unreached;
}

/*
 * The first time that a condition was True. If the write that made it so is in the log, the cluster
 * could know from that moment; else the condition's own whole second.
 */
static struct mark condition(const struct timeline *t, const char *type)
{
	const bool begins = t->dumped && !first_of(t, FACT_CREATE);
	const struct entry *first = NULL;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		const struct fact *f = &e->fact;
		/* a kubelet says all again when its node comes back; where the log begins in the
		   middle of a life that is dumped whole, such a write is no news */
		bool fresh = f->at == NSEC_NONE || (!e->update && !begins) ||
			     e->received - f->at <= (e->update ? UPDATE_FRESH : PATCH_FRESH);

		if (f->kind != FACT_CONDITION || !f->truth || !str_eq(f->subject, str_from(type)))
			continue;
		if (first && f->at != first->fact.at)
			continue; /* another transition, later */
		first = first ? first : e;
		if (f->written && fresh)
			return mark_at(e->received, PRECISION_EXACT, SOURCE_STATUS, e);
	}
	if (!first)
		return mark_unreached;
	if (first->fact.at == NSEC_NONE)
		return mark_at(first->received, PRECISION_INFERRED, SOURCE_BOUND, first);
	return mark_at(first->fact.at, PRECISION_SECOND, SOURCE_STATUS, first);
}

/* The condition's own time: whoever writes a whole status writes this one too, later. */
static struct mark scheduled_condition(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_CONDITION && e->fact.truth && e->fact.at != NSEC_NONE &&
		    str_eq(e->fact.subject, STR("PodScheduled")))
			return mark_at(e->fact.at, PRECISION_SECOND, SOURCE_STATUS, e);
	}
	return mark_unreached;
}

/*
 * The binding; the creation of a pod that has its node from it; else the condition's second, within
 * which the scheduler's Event, sent right behind the binding, is sharper; else that Event alone.
 */
static struct mark scheduled(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *bind = first_of(t, FACT_BIND), *event;
	struct mark condition;

	if (bind)
		return mark_at(bind->received, PRECISION_EXACT, SOURCE_AUDIT, bind);
	if (in->born_bound) /* with a node: nobody had to choose one */
		return t->marks[MILESTONE_CREATED];
	condition = scheduled_condition(t);
	event = entries_event(t, "Scheduled", (struct str){ 0 });
	if (!event || event->fact.precision != PRECISION_EXACT || event->fact.begin == NSEC_NONE)
		return condition;
	if (condition.at == NSEC_NONE ||
	    (event->fact.begin >= condition.at && event->fact.begin <= condition.at + SECOND))
		return mark_at(event->fact.begin, PRECISION_EXACT, SOURCE_EVENT, event);
	return condition;
}

/*
 * The request that took off the last scheduling gate; without it, the first sight of the pod
 * without any, or its binding, if it was last seen with one shortly before.
 */
static struct mark ungated(const struct timeline *t, const struct incarnation *in)
{
	const struct mark *bound = &t->marks[MILESTONE_SCHEDULED];
	const struct entry *seen = in->ungated;
	struct mark m = mark_unreached;

	if (in->gated == NSEC_NONE)
		return m;
	if (seen && in->ungated_written)
		return not_before(mark_at(seen->received, PRECISION_EXACT, SOURCE_AUDIT, seen),
				  &t->marks[MILESTONE_CREATED]);
	if (seen)
		m = mark_at(seen->received, PRECISION_INFERRED, SOURCE_BOUND, seen);
	if (bound->at != NSEC_NONE && (!seen || bound->at < m.at))
		m = mark_at(bound->at, PRECISION_INFERRED, SOURCE_BOUND, bound->evidence);
	if (m.at != NSEC_NONE && m.at - in->gated > BOUND_MAX) {
		m.until = m.at;
		m.at = NSEC_NONE;
	}
	m.reached = m.reached || bound->reached;
	return m;
}

/* The first request or Event of the kubelet behind the binding. */
static struct mark kubelet(const struct timeline *t, const struct incarnation *in)
{
	nsec bound = t->marks[MILESTONE_SCHEDULED].at;
	struct mark best = mark_unreached;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		bool event = e->fact.kind == FACT_EVENT;
		nsec at = event ? e->fact.begin : e->received;

		if ((event ? e->fact.origin : e->writer) != ORIGIN_KUBELET || at == NSEC_NONE ||
		    (event && e->fact.precision != PRECISION_EXACT) || e->fact.kind == FACT_CREATE)
			continue;
		if (bound != NSEC_NONE && at < bound)
			continue;
		if (best.at == NSEC_NONE || at < best.at)
			best = mark_at(at, PRECISION_EXACT, event ? SOURCE_EVENT : SOURCE_AUDIT, e);
	}
	return best;
}

static struct mark sandbox(const struct timeline *t, const struct incarnation *in)
{
	static const char *const proofs[] = { "Pulling", "Pulled", "Created", "Started" };
	struct mark best = condition(t, "PodReadyToStartContainers");
	bool told = false;

	/* the condition is set by a later status sync: any Event, if it is earlier, proves more */
	for (size_t i = 0; i < ARRAY_SIZE(proofs); i++) {
		const struct entry *e = entries_event(t, proofs[i], (struct str){ 0 });

		told = told || e;
		if (e && (best.at == NSEC_NONE || timeline_event_mark(t, e).at < best.at ||
			  (best.precision == PRECISION_SECOND &&
			   timeline_event_mark(t, e).at < best.at + SECOND)))
			best = timeline_event_mark(t, e);
	}
	if (!told)
		best = timeline_sandbox_by(t, best);
	best = not_before(best, &t->marks[MILESTONE_SCHEDULED]);
	return not_before(best, &t->marks[MILESTONE_KUBELET]);
}

static struct mark init_image(const struct timeline *t, const struct incarnation *in)
{
	struct mark best = mark_unreached;

	for (size_t i = 0; t->object && i < t->object->n_containers; i++) {
		const struct container_spec *c = &t->object->containers[i];
		const struct entry *pulling, *pulled;

		if (c->kind != CONTAINER_INIT && c->kind != CONTAINER_SIDECAR)
			continue;
		pulling = entries_event(t, "Pulling", c->name);
		pulled = entries_event(t, "Pulled", c->name);
		if (pulling)
			best = timeline_event_mark(t, pulling);
		if (pulled && (best.at == NSEC_NONE || timeline_event_mark(t, pulled).at < best.at))
			best = timeline_event_mark(t, pulled);
		break; /* the first one alone, as upstream's InitStartTime */
	}
	return best;
}

static struct mark initialized(const struct timeline *t, const struct incarnation *in)
{
	return not_before(condition(t, "Initialized"), &t->marks[MILESTONE_SCHEDULED]);
}

/* A whole second may begin before what must have come first: the container's image and itself. */
static struct mark behind_container(const struct timeline *t, struct mark m, struct str name)
{
	static const char *const before[] = { "Pulled", "Created" };

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		struct mark first = timeline_event_mark(t, entries_event(t, before[i], name));

		if (first.at != NSEC_NONE && first.at < m.at + SECOND)
			m = not_before(m, &first);
	}
	if (t->marks[MILESTONE_SANDBOX].at < m.at + SECOND)
		m = not_before(m, &t->marks[MILESTONE_SANDBOX]);
	return m;
}

/* The container's first start: the Event, unless a state shows that there was an earlier one. */
struct mark timeline_container_started(const struct timeline *t, struct str name)
{
	const struct entry *event = entries_event(t, "Started", name), *state = NULL, *e;
	struct about a = about(t, name, ABOUT_RUNNING | ABOUT_TERMINATED);
	nsec state_at = NSEC_NONE;

	while ((e = about_next(&a)) != NULL) {
		const struct fact *f = &e->fact;
		nsec at = f->kind == FACT_RUNNING ? f->at : f->begin;

		if (at == NSEC_NONE || (state && at >= state_at))
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

/* The first sight of a phase: exact when it was written, else bounded by the sight before. */
struct mark timeline_phase(const struct timeline *t, const char *one, const char *other)
{
	nsec before = NSEC_NONE;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		struct mark m;

		if (e->fact.kind != FACT_PHASE)
			continue;
		if (!str_eq(e->fact.reason, str_from(one)) &&
		    !str_eq(e->fact.reason, str_from(other))) {
			before = clock_later(before, e->last);
			continue;
		}
		if (e->fact.written)
			return mark_at(e->received, PRECISION_EXACT, SOURCE_STATUS, e);
		/* a write of the same moment may stand behind the read that already saw it */
		for (size_t k = i + 1;
		     k < t->n_entries && t->entries[k].received - e->received <= SECOND; k++)
			if (t->entries[k].fact.kind == FACT_PHASE && t->entries[k].fact.written &&
			    str_eq(t->entries[k].fact.reason, e->fact.reason))
				return mark_at(t->entries[k].received, PRECISION_EXACT,
					       SOURCE_STATUS, &t->entries[k]);
		m = mark_at(e->received, PRECISION_INFERRED, SOURCE_BOUND, e);
		if (before == NSEC_NONE || e->received - before > BOUND_MAX) {
			m.until = m.at;
			m.at = NSEC_NONE;
		}
		return m;
	}
	return mark_unreached;
}

static size_t n_app_containers(const struct timeline *t)
{
	size_t n = 0;

	for (size_t i = 0; t->object && i < t->object->n_containers; i++)
		n += t->object->containers[i].kind == CONTAINER_APP;
	return n;
}

static struct mark running(const struct timeline *t, const struct incarnation *in)
{
	struct mark best = mark_unreached;

	for (size_t i = 0; t->object && i < t->object->n_containers; i++) {
		struct mark m;

		if (t->object->containers[i].kind != CONTAINER_APP)
			continue;
		m = timeline_container_started(t, t->object->containers[i].name);
		if (m.at != NSEC_NONE && (best.at == NSEC_NONE || m.at < best.at))
			best = m;
	}
	if (!n_app_containers(t)) {
		/* no body shows the containers: the start of any that is none of init must do */
		const struct entry *first = NULL;

		for (size_t i = 0; i < t->n_entries; i++) {
			const struct fact *f = &t->entries[i].fact;

			if (f->kind == FACT_EVENT && !f->code &&
			    str_eq(f->reason, STR("Started")) &&
			    (!first || f->begin < first->fact.begin))
				first = &t->entries[i];
		}
		best = timeline_event_mark(t, first);
	}
	if (!best.reached)
		best = timeline_phase(t, "Running", "Running");
	best = not_before(best, &t->marks[MILESTONE_CREATED]);
	return not_before(best, &t->marks[MILESTONE_SCHEDULED]);
}

static struct mark started(const struct timeline *t, const struct incarnation *in)
{
	struct mark last = mark_unreached;

	for (size_t i = 0; t->object && i < t->object->n_containers; i++) {
		struct mark m;

		if (t->object->containers[i].kind != CONTAINER_APP)
			continue;
		m = timeline_container_started(t, t->object->containers[i].name);
		if (m.at == NSEC_NONE)
			return mark_unreached;
		if (last.at == NSEC_NONE || m.at > last.at)
			last = m;
	}
	for (size_t i = 0; !n_app_containers(t) && i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;
		struct mark m;

		/* no body shows which there are: those that Events tell of */
		if (f->kind != FACT_EVENT || f->code || !str_eq(f->reason, STR("Started")) ||
		    entries_event(t, "Started", f->subject) != &t->entries[i])
			continue;
		m = timeline_event_mark(t, &t->entries[i]);
		if (last.at == NSEC_NONE || m.at > last.at)
			last = m;
	}
	last = not_before(last, &t->marks[MILESTONE_CREATED]);
	return not_before(last, &t->marks[MILESTONE_SCHEDULED]);
}

/*
 * The first status write in which a container runs or has run; NULL: there is none. An end without
 * a start (ContainerStatusUnknown, StartError) shows that it did not.
 */
static const struct entry *written_running(const struct timeline *t, struct str name)
{
	struct about a = about(t, name, ABOUT_RUNNING | ABOUT_TERMINATED);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL)
		if (e->fact.written &&
		    (e->fact.kind == FACT_RUNNING || e->fact.begin != NSEC_NONE))
			return e;
	return NULL;
}

/* The status write in which every app container runs or has run: what a watcher sees. */
static struct mark observed(const struct timeline *t, const struct incarnation *in)
{
	struct mark last = mark_unreached;

	for (size_t i = 0; t->object && i < t->object->n_containers; i++) {
		const struct entry *shown;

		if (t->object->containers[i].kind != CONTAINER_APP)
			continue;
		shown = written_running(t, t->object->containers[i].name);
		if (!shown)
			return mark_unreached;
		if (last.at == NSEC_NONE || shown->received > last.at)
			last = mark_at(shown->received, PRECISION_EXACT, SOURCE_STATUS, shown);
	}
	return last;
}

/* Behind everything that must have happened first. */
static struct mark behind_start(const struct timeline *t, struct mark m)
{
	static const enum milestone first[] = { MILESTONE_CREATED, MILESTONE_SCHEDULED,
						MILESTONE_RUNNING, MILESTONE_STARTED };

	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		if (m.precision != PRECISION_EXACT)
			m = not_before(m, &t->marks[first[i]]);
	return m;
}

static struct mark containers_ready(const struct timeline *t, const struct incarnation *in)
{
	return behind_start(t, condition(t, "ContainersReady"));
}

static struct mark ready(const struct timeline *t, const struct incarnation *in)
{
	struct mark m = behind_start(t, condition(t, "Ready"));

	return m.precision == PRECISION_EXACT
		   ? m
		   : not_before(m, &t->marks[MILESTONE_CONTAINERS_READY]);
}

static struct mark finished(const struct timeline *t, const struct incarnation *in)
{
	return rejected_at(t, timeline_phase(t, "Succeeded", "Failed"));
}

static struct mark failed(const struct timeline *t, const struct incarnation *in)
{
	return rejected_at(t, timeline_phase(t, "Failed", "Failed"));
}

/*
 * The first request that was granted; or the object shows that there was an earlier one. A kubelet
 * deletes what others asked it to stop: where its request is the first, theirs is not in the log.
 */
static struct mark deleted(const struct timeline *t, const struct incarnation *in)
{
	struct mark best = mark_unreached;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_DELETE && e->fact.code < 300 &&
		    (best.at == NSEC_NONE || e->received < best.at))
			best = mark_at(e->received, PRECISION_EXACT, SOURCE_AUDIT, e);
	}
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_DELETING &&
		    (best.at == NSEC_NONE || e->fact.at + SECOND < best.at))
			best = mark_at(e->fact.at, PRECISION_SECOND, SOURCE_STATUS, e);
	}
	if (best.evidence && best.evidence->fact.kind == FACT_DELETE &&
	    best.evidence->writer == ORIGIN_KUBELET)
		best = (struct mark){ NSEC_NONE, PRECISION_INFERRED, SOURCE_BOUND, true,
				      best.at,	 best.evidence };
	return not_before(best, &t->marks[MILESTONE_CREATED]);
}

/* In this order: later rows look at earlier ones. */
static const struct milestone_row {
	enum milestone milestone;
	struct mark (*find)(const struct timeline *t, const struct incarnation *in);
} rows[] = {
	{ MILESTONE_CREATED, created },	      { MILESTONE_ADMITTED, admitted },
	{ MILESTONE_SCHEDULED, scheduled },   { MILESTONE_UNGATED, ungated },
	{ MILESTONE_KUBELET, kubelet },	      { MILESTONE_SANDBOX, sandbox },
	{ MILESTONE_INIT_IMAGE, init_image }, { MILESTONE_INITIALIZED, initialized },
	{ MILESTONE_RUNNING, running },	      { MILESTONE_STARTED, started },
	{ MILESTONE_OBSERVED, observed },     { MILESTONE_CONTAINERS_READY, containers_ready },
	{ MILESTONE_READY, ready },	      { MILESTONE_FINISHED, finished },
	{ MILESTONE_FAILED, failed },	      { MILESTONE_DELETED, deleted },
};

/*
 * How long "not ready" is proven: to the log's end when every status write shows its content; only
 * up to the last look at the status when a later write hides it, or when the log holds no such
 * writes.
 */
static nsec status_until(const struct timeline *t, const struct incarnation *in,
			 const struct cluster *cluster)
{
	nsec look = NSEC_NONE, blind = NSEC_NONE;
	bool scheduler = true;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_CONDITION || e->fact.kind == FACT_PHASE)
			look = clock_later(look, e->last);
		else if (e->fact.kind == FACT_WRITE)
			blind = clock_later(blind, e->last);
		scheduler =
		    scheduler && (e->fact.kind != FACT_WRITE || e->writer == ORIGIN_SCHEDULER);
	}
	/* others were bound, this one was not: it waits for a node, unless somebody failed it */
	if (cluster && cluster->bindings && in->has_create && !timeline_is_bound(t) && scheduler)
		return INT64_MAX;
	if (cluster && !cluster->status_writes && dumped_perhaps_was_ready(t))
		return NSEC_NONE;
	/* a dump looks at all of its pods at its own end */
	look = clock_later(look, t->dumped_until);
	if (!cluster || !cluster->status_writes)
		return look;
	if (blind != NSEC_NONE && (look == NSEC_NONE || blind > look))
		return look;
	return timeline_hole_behind(t->kubelet_holes, look);
}

void timeline_milestones(struct timeline *t, const struct incarnation *in,
			 const struct cluster *cluster)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mark m = rows[i].find(t, in);

		/* a whole second begins before what happened within it; created is the first row */
		if (i && m.precision != PRECISION_EXACT)
			m = not_before(unless_before(m, in->created), t->marks);
		t->marks[rows[i].milestone] = m;
	}
	timeline_regained(t, in, cluster);
	timeline_unless_hidden(t, cluster);
	t->failed_unseen = timeline_failed_unseen(t, cluster);
	t->status_until = status_until(t, in, cluster);
	timeline_unseen(t);
	timeline_scheduling(t);
}
