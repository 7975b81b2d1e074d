/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What silence proves about a delivery. "Not ready" is proven only while the client that would
 * report readiness writes to the log (kube/presence.h): the kubelet of the pod's node, or the
 * scheduler before the pod is bound. For a hole it is proven by facts after it that contradict
 * readiness in between.
 */
#include "timeline/about.h"
#include "timeline/incarnation.h"

/* The pod is waiting for a node, or its first container does not start. */
static const char *const not_started[] = {
	"FailedScheduling",
	"FailedMount",
	"FailedAttachVolume",
	"FailedMapVolume",
	"FailedCreatePodSandBox",
	"NetworkNotReady",
	"InspectFailed",
	"ErrImageNeverPull",
	"Failed",
	NULL,
};

static bool is_not_started(const struct fact *f)
{
	return str_is_one_of(f->reason, not_started) ||
	       (str_eq(f->reason, STR("BackOff")) && str_contains(f->message, STR("pulling")));
}

/* The first state seen of a container has restarts, and no start was seen by then. */
static bool began_unseen(const struct timeline *t, const struct entry *e, nsec by)
{
	struct about a = about(t, e->fact.subject, ABOUT_STATES);
	const struct entry *started = entries_event(t, "Started", e->fact.subject);

	return e->fact.count && about_next(&a) == e && !(started && started->received < by);
}

/* When what decides the delivery first ran; NSEC_NONE: unknown or uncertain. Records may be missing
 * from `by` on. */
static nsec first_start(const struct timeline *t, nsec by)
{
	const struct mark *m = &t->marks[t->job ? MILESTONE_RUNNING : MILESTONE_STARTED];

	if (!mark_known(m) || !m->evidence || m->evidence->fact.kind == FACT_PHASE)
		return NSEC_NONE;
	entries_each(e, t)
		if (fact_is_state(&e->fact) && began_unseen(t, e, by))
			return NSEC_NONE;
	return m->at;
}

/* Is the entry after the hole and shows that the pod was not delivered until then? */
static bool shows_undelivered(const struct timeline *t, const struct entry *e, nsec from)
{
	const struct fact *f = &e->fact;
	const struct mark *running = &t->marks[MILESTONE_RUNNING];

	switch (f->kind) {
	case FACT_PHASE:
		return str_eq(f->reason, STR("Pending"));
	case FACT_CONDITION:
		return !t->job && !f->truth && str_eq(f->subject, STR("Ready")) &&
		       nsec_known(f->at) && f->at <= from;
	case FACT_WAITING:
		return !t->job && !f->count && !timeline_ephemeral(t, f->subject);
	case FACT_EVENT:
		return is_not_started(f) && (!mark_known(running) || running->at >= e->last);
	default:
		return false;
	}
}

/* A dump shows the state at the time when it was made. */
static nsec last_seen(const struct timeline *t, const struct entry *e)
{
	if (e->dumped)
		return clock_later(e->last, t->dumped_until);
	return e->fact.kind == FACT_EVENT ? clock_later(e->last, e->fact.at) : e->last;
}

/* Until when there is proof since a time that it was not delivered; NSEC_NONE: no proof. */
static nsec undelivered_until(const struct timeline *t, nsec from)
{
	const struct mark *bound = &t->marks[MILESTONE_SCHEDULED];
	nsec until = bound->at;

	entries_each(e, t)
		if (shows_undelivered(t, e, from))
			until = clock_later(until, last_seen(t, e));
	return until;
}

static bool is_whole(const struct gap *gap)
{
	return gap->from == INT64_MIN && gap->to == INT64_MAX;
}

/* Finds the first hole after a time without proof that the pod was not delivered in it. */
static void unseen_of_bound(struct timeline *t, nsec from)
{
	const struct gap *gap = holes_next(t->kubelet_holes, from);

	if (gap)
		from = clock_later(from, first_start(t, gap->from));
	while ((gap = holes_next(t->kubelet_holes, from)) != NULL) {
		nsec at = MAX(from, gap->from), shown = undelivered_until(t, at);

		/* records of others in the gap are proof, too, until their time */
		if (shown < gap->to) {
			t->unseen_from = MAX(at, shown);
			t->unseen = is_whole(gap)	   ? UNSEEN_KUBELET
				    : gap->to == INT64_MAX ? UNSEEN_END
							   : UNSEEN_GAP;
			return;
		}
		if (gap->to == INT64_MAX)
			return;
		from = gap->to;
	}
}

/* It may have been bound in a hole of the scheduler, and become ready in one of a kubelet. */
static void unseen_of_unbound(struct timeline *t, nsec from)
{
	const struct gap *bound, *ready;

	while ((bound = holes_next(t->scheduler_holes, from)) != NULL) {
		nsec at = MAX(from, bound->from);

		at = MAX(at, MIN(undelivered_until(t, at), bound->to));
		ready = holes_next(t->kubelet_holes, at);
		if (ready && at < bound->to) {
			t->unseen_from = MAX(at, ready->from);
			t->unseen = is_whole(bound)	     ? UNSEEN_SCHEDULER
				    : ready->to == INT64_MAX ? UNSEEN_END
							     : UNSEEN_GAP;
			return;
		}
		if (bound->to == INT64_MAX)
			return;
		from = bound->to;
	}
}

bool timeline_is_bound(const struct timeline *t)
{
	return t->node.n || t->marks[MILESTONE_SCHEDULED].reached || timeline_has_kubelet(t);
}

bool timeline_has_kubelet(const struct timeline *t)
{
	entries_each(e, t)
		if (e->writer == ORIGIN_KUBELET || e->fact.origin == ORIGIN_KUBELET)
			return true;
	return false;
}

/* A Ready that is seen this soon after a possible earlier one is accepted. */
#define DOUBT_SOON (5 * SECOND)

/* Makes the time an upper bound. For dumps see regained.c. */
static void doubt(struct mark *m, nsec unseen)
{
	if (mark_known(m) && m->at > unseen + DOUBT_SOON && !(m->evidence && m->evidence->dumped))
		mark_bound(m, m->at);
}

void timeline_unseen(struct timeline *t)
{
	nsec from = clock_later(t->marks[MILESTONE_CREATED].at, t->marks[MILESTONE_SCHEDULED].at);

	t->unseen_from = INT64_MAX;
	t->unseen = UNSEEN_NOT;
	if (!nsec_known(from) || t->kind != OBJECT_POD)
		return;
	if (timeline_is_bound(t))
		unseen_of_bound(t, from);
	else
		unseen_of_unbound(t, from);
	if (t->unseen == UNSEEN_NOT)
		return;
	if (t->job) {
		doubt(&t->marks[MILESTONE_RUNNING], t->unseen_from);
		doubt(&t->marks[MILESTONE_FINISHED], t->unseen_from);
		return;
	}
	doubt(&t->marks[MILESTONE_CONTAINERS_READY], t->unseen_from);
	doubt(&t->marks[MILESTONE_READY], t->unseen_from);
}

nsec timeline_hole_behind(const struct holes *holes, nsec from)
{
	const struct gap *gap = holes_next(holes, from);

	return gap ? MAX(gap->from, from) : INT64_MAX;
}

/* How long "not ready" is proven: to the end of the log if all status writes show their content.
 * Only to the last look at the status if a later write hides it, or the log has no such writes. */
nsec timeline_status_until(const struct timeline *t, const struct incarnation *in,
			   const struct cluster *cluster)
{
	nsec look = NSEC_NONE, blind = NSEC_NONE;
	bool scheduler = true;

	entries_each(e, t) {
		if (e->fact.kind == FACT_CONDITION || e->fact.kind == FACT_PHASE)
			look = clock_later(look, e->last);
		else if (e->fact.kind == FACT_WRITE)
			blind = clock_later(blind, e->last);
		scheduler =
		    scheduler && (e->fact.kind != FACT_WRITE || e->writer == ORIGIN_SCHEDULER);
	}
	/* others were bound, so this one is waiting for a node, unless it has failed */
	if (cluster && cluster->bindings && in->has_create && !timeline_is_bound(t) && scheduler)
		return INT64_MAX;
	if (cluster && !cluster->status_writes && timeline_perhaps_was_ready(t))
		return NSEC_NONE;
	/* a dump shows all its pods at its own end */
	look = clock_later(look, t->dumped_until);
	if (!cluster || !cluster->status_writes)
		return look;
	if (nsec_known(blind) && (!nsec_known(look) || blind > look))
		return look;
	return timeline_hole_behind(t->kubelet_holes, look);
}

bool timeline_covered(const struct timeline *t, enum lifecycle_stage stage, nsec from, nsec to)
{
	if (!nsec_known(to) || to <= from)
		return true; /* empty interval */
	to -= SECOND;	     /* a hole begins with the second of the last record before it */
	switch (lifecycle_rows[stage].writer) {
	case WRITTEN_BY_SCHEDULER:
		return !holes_touch(t->scheduler_holes, from, to);
	case WRITTEN_BY_KUBELET:
		return !holes_touch(t->kubelet_holes, from, to);
	case WRITTEN_BY_HOLDER:
		return !holes_touch(t->holder_holes, from, to);
	case WRITTEN_BY_ANY:
		break;
	}
	return !holes_touch(t->log_holes, from, to);
}
