/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguishes the first Ready from later ones. A condition only shows its last transition. If it
 * may not be the first one and anything contradicts that, its time becomes an upper bound. */
#include "timeline/incarnation.h"

/* Without probes and gates, kubelets report Ready with Started: at most 1.74 s later in real logs.
 * A larger difference means another transition. */
#define READY_SOON (5 * SECOND)

/* After two periods of its probes a container was probed, however busy its node was. */
#define PROBED_LATE (30 * SECOND)

/* The maximum time from a node's creation until its network works and it first becomes Ready. */
#define NODE_JOINS (10 * MINUTE)

/* A starting pod writes its status several times. This soon no status is taken back. */
#define START_SOON (5 * SECOND)

static nsec started_at(const struct timeline *t)
{
	const struct mark *started = &t->marks[MILESTONE_STARTED];

	return mark_known(started) ? started->at : t->marks[MILESTONE_RUNNING].at;
}

static bool has_create(const struct timeline *t)
{
	return entries_first(t, FACT_CREATE) != NULL;
}

/* Before that time, writes may be missing from the log: an earlier True may be unseen. */
static bool unseen_until(const struct timeline *t, const struct entry *e, nsec at)
{
	return e->dumped || !has_create(t) ||
	       holes_touch(t->kubelet_holes, t->marks[MILESTONE_CREATED].at, at);
}

/* The log contains no status writes at all. */
static bool is_blind(const struct cluster *cluster)
{
	return cluster && cluster->records && !cluster->status_writes;
}

/* Are there status writes without logged content? */
static bool hides_status(const struct timeline *t, const struct cluster *cluster)
{
	return entries_first(t, FACT_WRITE) || is_blind(cluster);
}

/* Proves that a condition was True and no longer is. */
static bool shows_loss(const struct entry *e, const char *type, nsec started, bool from_start)
{
	const struct fact *f = &e->fact;

	if (f->kind == FACT_EVENT) /* from the node controller, when it sets Ready to False */
		return str_eq(f->reason, STR("NodeNotReady")) &&
		       str_eq(STR("Ready"), str_from(type)) && nsec_known(started) &&
		       nsec_known(f->begin) && f->begin > started;
	if (f->truth || !nsec_known(f->at) || !fact_is_condition(f, str_from(type)))
		return false;
	if (f->code != READINESS_UNTOLD)
		return f->code == READINESS_LOST;
	/* for pods known since their creation, a write need not show the transition time */
	return !(f->written && from_start) && nsec_known(started) && f->at > started + SECOND;
}

/* The earliest such proof, or NULL. *ret_at: the condition was True by then. */
static const struct entry *lost(const struct timeline *t, const char *type, nsec *ret_at)
{
	const struct entry *best = NULL;
	nsec started = started_at(t);
	bool from_start = has_create(t);

	*ret_at = NSEC_NONE;
	entries_each(e, t) {
		nsec at = e->fact.kind == FACT_EVENT ? e->fact.begin : e->fact.at;

		if (shows_loss(e, type, started, from_start) && (!best || at < *ret_at)) {
			best = e;
			*ret_at = at;
		}
	}
	return best;
}

/* Had some container (without one-shot init containers) been restarted by that time? */
static bool restarted_by(const struct timeline *t, nsec look)
{
	entries_each(e, t) {
		const struct fact *f = &e->fact;
		const struct container_spec *c;

		if (!f->count || e->received > look || !fact_is_state(f))
			continue;
		c = timeline_container(t, f->subject);
		if (c && c->kind != CONTAINER_INIT && c->kind != CONTAINER_EPHEMERAL)
			return true;
	}
	return false;
}

bool timeline_ready_at_start(const struct timeline *t)
{
	if (!t->object || !t->object->has_spec || t->object->n_readiness_gates)
		return false;
	specs_each(c, t)
		if (c->kind != CONTAINER_INIT &&
		    (c->readiness_probe || c->startup_probe || c->post_start))
			return false;
	return true;
}

/* When all containers with probes have been probed twice; NSEC_NONE: unknown. */
static nsec probed_by(const struct timeline *t)
{
	uint64_t by = 0;
	nsec started = t->marks[MILESTONE_STARTED].at;

	if (!t->object || !nsec_known(started))
		return NSEC_NONE;
	specs_each(c, t) {
		if (c->post_start) /* no probes run during a hook */
			return NSEC_NONE;
		if (c->readiness_probe && c->kind != CONTAINER_INIT)
			by = MAX(by, c->probed_by);
	}
	if (!by || by > (uint64_t)(INT64_MAX - started) / SECOND / 4)
		return NSEC_NONE;
	return started + 2 * (nsec)by * SECOND + PROBED_LATE;
}

static bool probe_failed(const struct fact *f)
{
	return fact_is_event(f, STR("Unhealthy")) &&
	       (str_starts(f->message, STR("Readiness")) || str_starts(f->message, STR("Startup")));
}

/*
 * Every probe failure causes an Event. If the first one came long after all probes were due, all
 * had succeeded before; likewise if there is none although Events of that time are logged. Returns
 * by when the pod was ready; NSEC_NONE: unknown.
 */
static nsec probed_well(const struct timeline *t, nsec at)
{
	nsec due = probed_by(t), first = NSEC_NONE;
	bool logged = false;

	if (!nsec_known(due) || at <= due)
		return NSEC_NONE;
	entries_each(e, t) {
		const struct fact *f = &e->fact;

		logged = logged || fact_is_event(f, STR("Started"));
		if (probe_failed(f))
			first = clock_earlier(first, nsec_known(f->begin) ? f->begin : f->at);
	}
	if (!nsec_known(first))
		return logged ? at : NSEC_NONE;
	return first > due ? MIN(first, at) : NSEC_NONE;
}

/* Did its node become Ready again, or its kubelet restart, between the pod's start and then? */
static bool node_was_away(const struct timeline *t, const struct node *node, nsec at)
{
	nsec started = started_at(t);
	bool host = !t->object || t->object->host_network;

	for (size_t i = 0; node && nsec_known(started) && i < node->n_changes; i++) {
		const struct node_change *c = &node->changes[i];
		bool back =
		    str_eq(c->subject, STR("Ready")) || str_eq(c->subject, STR(NODE_KUBELET));

		if (!back || !c->truth || c->at <= started + READY_SOON || c->at > at + READY_SOON)
			continue;
		/* pods with hostNetwork run before it is Ready for the first time */
		if (!nsec_known(node->created) ? !host : c->at > node->created + NODE_JOINS)
			return true;
	}
	return false;
}

/* A write after the loss of the condition is a repetition (a kubelet does this when its node comes
 * back): use the time of the transition. */
static void said_again(const struct timeline *t, struct mark *m)
{
	static const enum milestone first[] = { MILESTONE_CREATED, MILESTONE_SCHEDULED,
						MILESTONE_RUNNING, MILESTONE_STARTED };

	m->at = m->evidence->fact.at;
	m->precision = PRECISION_SECOND;
	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		m->at = clock_later(m->at, t->marks[first[i]].at);
}

static void doubt_loss(struct timeline *t, const struct incarnation *in,
		       const struct cluster *cluster, enum milestone milestone, const char *type)
{
	struct mark *m = &t->marks[milestone];
	nsec started = t->marks[MILESTONE_STARTED].at, by;
	const struct entry *loss = lost(t, type, &by);
	bool holed, gated;

	if (!(m->reached || loss) ||
	    (!hides_status(t, cluster) &&
	     !unseen_until(t, m->evidence ? m->evidence : loss, m->reached ? m->at : by)))
		return;
	if (!m->reached && loss)
		*m = mark_by(by, SOURCE_BOUND, loss);
	if (!mark_known(m) || !m->evidence || m->source != SOURCE_STATUS)
		return;
	/* compare transitions, because the write of this one may be received after the next */
	if (loss && by < (nsec_known(m->evidence->fact.at) ? m->evidence->fact.at : m->at)) {
		mark_bound(m, by);
		return;
	}
	if (loss && by < m->at)
		said_again(t, m);
	if (!unseen_until(t, m->evidence, m->at))
		return;
	/* missing records in a hole prove nothing; only existing ones count */
	holed = has_create(t) && !m->evidence->dumped;
	gated = milestone == MILESTONE_READY && t->object && t->object->n_readiness_gates;
	by = holed || gated ? NSEC_NONE : probed_well(t, m->at); /* gates have no probes */
	if (nsec_known(by))
		mark_bound(m, by);
	else if (restarted_by(t, m->evidence->received) || node_was_away(t, in->place, m->at) ||
		 (!holed && nsec_known(started) && m->at > started + READY_SOON &&
		  timeline_ready_at_start(t)))
		mark_bound(m, m->at);
}

/* A failing node makes its pods unready, but ContainersReady stays True. So without readiness gates
 * the first Ready comes with ContainersReady. */
static void ready_with_containers(struct timeline *t)
{
	struct mark *ready = &t->marks[MILESTONE_READY];
	const struct mark *containers = &t->marks[MILESTONE_CONTAINERS_READY];

	if (ready->reached && !mark_known(ready) && mark_known(containers) &&
	    (!nsec_known(ready->until) || containers->at <= ready->until) && t->object &&
	    t->object->has_spec && !t->object->n_readiness_gates)
		*ready = *containers;
}

/* After hidden writes a status that is read shows the last transition, not the first. */

static bool within(nsec at, nsec from, nsec to)
{
	return at > from && at < to;
}

/* Was a status written in that time whose content is not logged? */
static bool hidden_between(const struct timeline *t, nsec from, nsec to)
{
	entries_each(e, t)
		if (e->fact.kind == FACT_WRITE &&
		    (within(e->received, from, to) || within(e->last, from, to)))
			return true;
	return false;
}

static bool is_init(const struct timeline *t, struct str name)
{
	specs_each(c, t)
		if (str_eq(c->name, name))
			return c->kind == CONTAINER_INIT;
	return false;
}

/* Did a restarted container (no one-shot init container) run by that time? */
static bool reruns_by(const struct timeline *t, nsec look)
{
	entries_each(e, t)
		if (e->fact.kind == FACT_RUNNING && e->fact.count && e->received <= look &&
		    !is_init(t, e->fact.subject))
			return true;
	return false;
}

static bool perhaps_not_the_first(const struct timeline *t, const struct mark *m, bool blind)
{
	const struct mark *started = &t->marks[MILESTONE_STARTED];
	nsec from = mark_known(started) ? started->at : t->marks[MILESTONE_SCHEDULED].at;
	nsec at = m->evidence->fact.at;

	if (!nsec_known(from) || reruns_by(t, m->evidence->received))
		return true;
	return at > from + START_SOON && (blind || hidden_between(t, from + START_SOON, at));
}

static void bound_if_hidden(struct timeline *t, const struct cluster *cluster,
			    enum milestone milestone)
{
	struct mark *m = &t->marks[milestone];

	if (mark_known(m) && m->source == SOURCE_STATUS && m->precision != PRECISION_EXACT &&
	    m->evidence && !m->evidence->fact.written && !m->evidence->dumped &&
	    hides_status(t, cluster) && perhaps_not_the_first(t, m, is_blind(cluster)))
		mark_bound(m, m->at);
}

void timeline_regained(struct timeline *t, const struct incarnation *in,
		       const struct cluster *cluster)
{
	doubt_loss(t, in, cluster, MILESTONE_CONTAINERS_READY, "ContainersReady");
	doubt_loss(t, in, cluster, MILESTONE_READY, "Ready");
	ready_with_containers(t);
	bound_if_hidden(t, cluster, MILESTONE_CONTAINERS_READY);
	bound_if_hidden(t, cluster, MILESTONE_READY);
	if (hides_status(t, cluster))
		ready_with_containers(t);
}

/* False since startTime or, if that is not shown, since before its only start. */
static bool shows_never(const struct timeline *t, const struct fact *f)
{
	nsec running = t->marks[MILESTONE_RUNNING].at;

	if (f->truth || !fact_is_condition(f, STR("Ready")))
		return false;
	if (f->code != READINESS_UNTOLD)
		return f->code == READINESS_NEVER;
	return nsec_known(f->at) && nsec_known(running) && f->at + SECOND <= running &&
	       !restarted_by(t, INT64_MAX);
}

/* The last Ready condition is False and shows that it was never True. */
static bool never_ready(const struct timeline *t)
{
	const struct entry *last = timeline_last_ready(t);

	if (!last || last->fact.truth)
		return false;
	entries_each(e, t)
		if (e->fact.at == last->fact.at && shows_never(t, &e->fact))
			return true;
	return false;
}

bool timeline_failed_unseen(const struct timeline *t, const struct cluster *cluster)
{
	const struct mark *failed = &t->marks[MILESTONE_FAILED];

	if (t->job || !failed->reached || t->marks[MILESTONE_READY].reached || never_ready(t) ||
	    timeline_rejected(t, &failed->evidence->fact))
		return false;
	return hides_status(t, cluster) || unseen_until(t, failed->evidence, mark_latest(failed));
}

/* A service that is not ready in a dump may have been ready before if it was restarted, unless the
 * condition itself shows that it was not. */
bool timeline_perhaps_was_ready(const struct timeline *t)
{
	if (!t->dumped || t->job || never_ready(t))
		return false;
	return t->marks[MILESTONE_READY].reached ||
	       (nsec_known(t->marks[MILESTONE_RUNNING].at) && restarted_by(t, INT64_MAX));
}
