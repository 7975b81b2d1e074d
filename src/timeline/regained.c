/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ready regained is not Ready gained. A condition shows its last transition; where the log does not
 * show that it was the first, anything that contradicts that makes of it a bound.
 */
#include "timeline/regained.h"

#include "timeline/about.h"

/*
 * Without probes and gates a kubelet says Ready with the status that says Started: at worst 1.74 s
 * behind it in real logs. What is later than this is another transition.
 */
#define READY_SOON (5 * SECOND)

/* Behind the second round of its probes a container has been asked, however busy the node was. */
#define PROBED_LATE (30 * SECOND)

/* A node takes as long, from its creation, until its network works: it is Ready for the first time.
 */
#define NODE_JOINS (10 * MINUTE)

static nsec started_at(const struct timeline *t)
{
	return t->marks[MILESTONE_STARTED].at != NSEC_NONE ? t->marks[MILESTONE_STARTED].at
							   : t->marks[MILESTONE_RUNNING].at;
}

static bool has_create(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_CREATE)
			return true;
	return false;
}

/* Until then the log need not show all that was written of it: that was True first may not be seen.
 */
static bool unseen_until(const struct timeline *t, const struct entry *e, nsec at)
{
	return e->dumped || !has_create(t) ||
	       holes_touch(t->kubelet_holes, t->marks[MILESTONE_CREATED].at, at);
}

/* What was written may have said anything. */
static bool hides_status(const struct timeline *t, const struct cluster *cluster)
{
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_WRITE)
			return true;
	return cluster && cluster->records && !cluster->status_writes;
}

/* What proves that a condition had been True, and is not any more. */
static bool shows_loss(const struct entry *e, const char *type, nsec started, bool from_start)
{
	const struct fact *f = &e->fact;

	if (f->kind == FACT_EVENT) /* the node's controller says so when it takes Ready away */
		return str_eq(f->reason, STR("NodeNotReady")) &&
		       str_eq(STR("Ready"), str_from(type)) && started != NSEC_NONE &&
		       f->begin != NSEC_NONE && f->begin > started;
	if (f->kind != FACT_CONDITION || f->truth || f->at == NSEC_NONE ||
	    !str_eq(f->subject, str_from(type)))
		return false;
	if (f->code != READINESS_UNTOLD)
		return f->code == READINESS_LOST;
	/* of a pod that is known from its create on, a write need not say since when */
	return !(f->written && from_start) && started != NSEC_NONE && f->at > started + SECOND;
}

/* The earliest such proof; NULL: none. *ret_at is by when it had been True. */
static const struct entry *lost(const struct timeline *t, const char *type, nsec *ret_at)
{
	const struct entry *best = NULL;
	nsec started = started_at(t);
	bool from_start = has_create(t);

	*ret_at = NSEC_NONE;
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		nsec at = e->fact.kind == FACT_EVENT ? e->fact.begin : e->fact.at;

		if (shows_loss(e, type, started, from_start) && (!best || at < *ret_at)) {
			best = e;
			*ret_at = at;
		}
	}
	return best;
}

/* By the time of that look some container (of those that stay) had been started again. */
static bool restarted_by(const struct timeline *t, nsec look)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		const struct fact *f = &e->fact;
		const struct container_spec *c;

		if (!f->count || e->received > look ||
		    (f->kind != FACT_RUNNING && f->kind != FACT_TERMINATED &&
		     f->kind != FACT_WAITING))
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
	for (size_t k = 0; k < t->object->n_containers; k++) {
		const struct container_spec *c = &t->object->containers[k];

		if (c->kind != CONTAINER_INIT &&
		    (c->readiness_probe || c->startup_probe || c->post_start))
			return false;
	}
	return true;
}

/* When all containers with probes have been asked, twice over; NSEC_NONE: nobody can say. */
static nsec probed_by(const struct timeline *t)
{
	uint64_t by = 0;
	nsec started = t->marks[MILESTONE_STARTED].at;

	if (!t->object || started == NSEC_NONE)
		return NSEC_NONE;
	for (size_t k = 0; k < t->object->n_containers; k++) {
		const struct container_spec *c = &t->object->containers[k];

		if (c->post_start) /* nothing is probed while a hook runs */
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
	return f->kind == FACT_EVENT && str_eq(f->reason, STR("Unhealthy")) &&
	       (str_starts(f->message, STR("Readiness")) || str_starts(f->message, STR("Startup")));
}

/*
 * Each failure of a probe is reported by an Event. If the first one came long behind the time by
 * which each had been asked, all had succeeded before; and if none came at all, though Events of
 * that time are there. NSEC_NONE: neither; else by when the pod had been ready.
 */
static nsec probed_well(const struct timeline *t, nsec at)
{
	nsec due = probed_by(t), first = NSEC_NONE;
	bool logged = false;

	if (due == NSEC_NONE || at <= due)
		return NSEC_NONE;
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		logged = logged || (f->kind == FACT_EVENT && str_eq(f->reason, STR("Started")));
		if (probe_failed(f))
			first = clock_earlier(first, f->begin != NSEC_NONE ? f->begin : f->at);
	}
	if (first == NSEC_NONE)
		return logged ? at : NSEC_NONE;
	return first > due ? MIN(first, at) : NSEC_NONE;
}

/* Its node became Ready again, or its kubelet began anew, between the pod's start and then. */
static bool node_was_away(const struct timeline *t, const struct node *node, nsec at)
{
	nsec started = started_at(t);
	bool host = !t->object || t->object->host_network;

	for (size_t i = 0; node && started != NSEC_NONE && i < node->n_changes; i++) {
		const struct node_change *c = &node->changes[i];
		bool back = str_eq(c->subject, STR("Ready")) ||
			    str_eq(c->subject, STR(NODE_KUBELET));

		if (!back || !c->truth || c->at <= started + READY_SOON || c->at > at + READY_SOON)
			continue;
		/* pods of the host's network run before it is Ready for the first time */
		if (node->created == NSEC_NONE ? !host : c->at > node->created + NODE_JOINS)
			return true;
	}
	return false;
}

static void bound(struct mark *m, nsec until)
{
	m->until = until;
	m->at = NSEC_NONE;
}

/*
 * What is written behind its loss is said again, as kubelets do when their node comes back: not
 * when it was written first, but since when it holds.
 */
static void said_again(const struct timeline *t, struct mark *m)
{
	static const enum milestone first[] = { MILESTONE_CREATED, MILESTONE_SCHEDULED,
						MILESTONE_RUNNING, MILESTONE_STARTED };

	m->at = m->evidence->fact.at;
	m->precision = PRECISION_SECOND;
	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		m->at = clock_later(m->at, t->marks[first[i]].at);
}

static void look_at(struct timeline *t, const struct incarnation *in, const struct cluster *cluster,
		    enum milestone milestone, const char *type)
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
		*m = (struct mark){ NSEC_NONE, PRECISION_INFERRED, SOURCE_BOUND, true, by, loss };
	if (m->at == NSEC_NONE || !m->evidence || m->source != SOURCE_STATUS)
		return;
	/* transition against transition: the write of this one may be received behind the next */
	if (loss && by < (m->evidence->fact.at != NSEC_NONE ? m->evidence->fact.at : m->at)) {
		bound(m, by);
		return;
	}
	if (loss && by < m->at)
		said_again(t, m);
	if (!unseen_until(t, m->evidence, m->at))
		return;
	/* what is missing in a hole says nothing: only what is there counts behind it */
	holed = has_create(t) && !m->evidence->dumped;
	gated = milestone == MILESTONE_READY && t->object && t->object->n_readiness_gates;
	by = holed || gated ? NSEC_NONE : probed_well(t, m->at); /* a gate is not probed */
	if (by != NSEC_NONE)
		bound(m, by);
	else if (restarted_by(t, m->evidence->received) || node_was_away(t, in->place, m->at) ||
		 (!holed && started != NSEC_NONE && m->at > started + READY_SOON &&
		  timeline_ready_at_start(t)))
		bound(m, m->at);
}

/*
 * A node that fails makes its pods unready, and leaves ContainersReady alone; and where no gate is
 * there to be opened, the first Ready comes with it.
 */
void timeline_ready_with_containers(struct timeline *t)
{
	struct mark *ready = &t->marks[MILESTONE_READY];
	const struct mark *containers = &t->marks[MILESTONE_CONTAINERS_READY];

	if (ready->reached && ready->at == NSEC_NONE && containers->at != NSEC_NONE &&
	    (ready->until == NSEC_NONE || containers->at <= ready->until) && t->object &&
	    t->object->has_spec && !t->object->n_readiness_gates)
		*ready = *containers;
}

void timeline_regained(struct timeline *t, const struct incarnation *in,
		       const struct cluster *cluster)
{
	look_at(t, in, cluster, MILESTONE_CONTAINERS_READY, "ContainersReady");
	look_at(t, in, cluster, MILESTONE_READY, "Ready");
	timeline_ready_with_containers(t);
}

/* It is False since the startTime or, where that is not shown, since before its only start. */
static bool shows_never(const struct timeline *t, const struct fact *f)
{
	nsec running = t->marks[MILESTONE_RUNNING].at;

	if (f->kind != FACT_CONDITION || f->truth || !str_eq(f->subject, STR("Ready")))
		return false;
	if (f->code != READINESS_UNTOLD)
		return f->code == READINESS_NEVER;
	return f->at != NSEC_NONE && running != NSEC_NONE && f->at + SECOND <= running &&
	       !restarted_by(t, INT64_MAX);
}

/* The last that is said of Ready is that it is not, and that it never was. */
static bool never_ready(const struct timeline *t)
{
	const struct entry *last = timeline_last_ready(t);

	if (!last || last->fact.truth)
		return false;
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		if (f->at == last->fact.at && shows_never(t, f))
			return true;
	}
	return false;
}

bool timeline_failed_unseen(const struct timeline *t, const struct cluster *cluster)
{
	const struct mark *failed = &t->marks[MILESTONE_FAILED];

	if (t->job || !failed->reached || t->marks[MILESTONE_READY].reached || never_ready(t) ||
	    rejected(t, &failed->evidence->fact))
		return false;
	return hides_status(t, cluster) ||
	       unseen_until(t, failed->evidence, mark_latest(failed));
}

/*
 * A dump that shows a service not ready: it may have been ready before, if it was restarted, unless
 * the condition itself says that it was not.
 */
bool dumped_perhaps_was_ready(const struct timeline *t)
{
	if (!t->dumped || t->job || never_ready(t))
		return false;
	return t->marks[MILESTONE_READY].reached ||
	       (t->marks[MILESTONE_RUNNING].at != NSEC_NONE && restarted_by(t, INT64_MAX));
}

/*
 * A kubelet's second before the one in which the pod was created: its node's clock is behind, by
 * how much is not known. It had happened when the pod was looked at.
 */
struct mark unless_before(struct mark m, nsec created)
{
	const struct fact *f = m.evidence ? &m.evidence->fact : NULL;
	nsec at = NSEC_NONE;

	if (!f || m.at == NSEC_NONE || m.source != SOURCE_STATUS || created == NSEC_NONE)
		return m;
	if (f->kind == FACT_RUNNING ||
	    (f->kind == FACT_CONDITION && !str_eq(f->subject, STR("PodScheduled"))))
		at = f->at;
	else if (f->kind == FACT_TERMINATED)
		at = f->begin;
	if (at == NSEC_NONE || at >= created)
		return m;
	m.at = NSEC_NONE;
	m.precision = PRECISION_INFERRED;
	m.source = SOURCE_BOUND;
	m.until = clock_later(m.evidence->received, created);
	return m;
}
