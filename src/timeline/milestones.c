/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the milestones of an incarnation: one row per milestone, with its function. Messages of
 * kubelets are from pkg/kubelet (lifecycle/predicate.go, kubelet.go, cm, eviction, nodeshutdown,
 * sysctl) of Kubernetes 1.8 to 1.36.
 */
#include "timeline/about.h"
#include "timeline/incarnation.h"

static struct mark created(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *create = entries_first(t, FACT_CREATE), *first = t->entries;

	/* creationTimestamp is set after the request is received: it may be in the next second, or
	 * seconds later if the body was sent slowly. */
	if (create && nsec_known(in->created) && in->created >= create->received + SECOND)
		return mark_at(in->created, PRECISION_SECOND, SOURCE_AUDIT, create);
	if (create)
		return mark_at(clock_later(create->received, in->created), PRECISION_EXACT,
			       SOURCE_AUDIT, create);
	if (nsec_known(in->created))
		return mark_at(in->created, PRECISION_SECOND, SOURCE_STATUS, in->created_by);
	if (t->n_entries && first->fact.kind == FACT_BIND && !in->named_before)
		return mark_seen(first);
	return mark_unreached;
}

static struct mark admitted(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *create = entries_first(t, FACT_CREATE);

	return create ? mark_at(create->completed, PRECISION_EXACT, SOURCE_AUDIT, create)
		      : mark_unreached;
}

/* The condition's own time, because each later status write repeats the condition. */
static struct mark scheduled_condition(const struct timeline *t)
{
	entries_each(e, t)
		if (e->fact.truth && nsec_known(e->fact.at) &&
		    fact_is_condition(&e->fact, STR("PodScheduled")))
			return mark_at(e->fact.at, PRECISION_SECOND, SOURCE_STATUS, e);
	return mark_unreached;
}

/*
 * The binding; or the creation, for a pod created with a node. Otherwise the scheduler's Event if
 * it is in the condition's second (it is sent directly after the binding, with better resolution);
 * otherwise the condition or the Event alone.
 */
static struct mark scheduled(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *bind = entries_first(t, FACT_BIND), *event;
	struct mark condition;

	if (bind)
		return mark_written(bind, SOURCE_AUDIT);
	if (in->born_bound) /* created with a node: no scheduler was involved */
		return t->marks[MILESTONE_CREATED];
	condition = scheduled_condition(t);
	event = entries_event(t, "Scheduled", (struct str){ 0 });
	if (!event || event->fact.precision != PRECISION_EXACT || !nsec_known(event->fact.begin))
		return condition;
	if (!mark_known(&condition) ||
	    (event->fact.begin >= condition.at && event->fact.begin <= condition.at + SECOND))
		return mark_at(event->fact.begin, PRECISION_EXACT, SOURCE_EVENT, event);
	return condition;
}

/* The request that removed the last scheduling gate. Without it the first record without gates, or
 * the binding, if a gate was seen shortly before. */
static struct mark ungated(const struct timeline *t, const struct incarnation *in)
{
	const struct mark *bound = &t->marks[MILESTONE_SCHEDULED];
	const struct entry *seen = in->ungated;
	struct mark m = mark_unreached;

	if (!nsec_known(in->gated))
		return m;
	if (seen && in->ungated_written)
		return mark_not_before(mark_written(seen, SOURCE_AUDIT),
				       &t->marks[MILESTONE_CREATED]);
	if (seen)
		m = mark_seen(seen);
	if (mark_known(bound) && (!seen || bound->at < m.at))
		m = mark_inferred(*bound);
	if (mark_known(&m) && m.at - in->gated > BOUND_MAX)
		mark_bound(&m, m.at);
	m.reached = m.reached || bound->reached;
	return m;
}

/* The first request or Event of the kubelet after the binding. */
static struct mark kubelet(const struct timeline *t, const struct incarnation *in)
{
	nsec bound = t->marks[MILESTONE_SCHEDULED].at;
	struct mark best = mark_unreached;

	entries_each(e, t) {
		bool event = e->fact.kind == FACT_EVENT;
		nsec at = event ? e->fact.begin : e->received;

		if ((event ? e->fact.origin : e->writer) != ORIGIN_KUBELET || !nsec_known(at) ||
		    (event && e->fact.precision != PRECISION_EXACT) || e->fact.kind == FACT_CREATE)
			continue;
		if (at >= bound && (!mark_known(&best) || at < best.at))
			best = mark_at(at, PRECISION_EXACT, event ? SOURCE_EVENT : SOURCE_AUDIT, e);
	}
	return best;
}

/* A kubelet reports the sandbox with its next status write, which waits for image pulls. Without an
 * Event it is only known that the sandbox was ready by then. */
static struct mark sandbox_by(const struct timeline *t, struct mark m)
{
	const struct mark *first = &t->marks[MILESTONE_KUBELET];

	if (!mark_known(first))
		first = &t->marks[MILESTONE_SCHEDULED];
	if (!mark_known(&m))
		return m;
	m = mark_inferred(m);
	if (!mark_known(first) || m.at - first->at > BOUND_MAX)
		mark_bound(&m, m.at);
	return m;
}

static struct mark sandbox(const struct timeline *t, const struct incarnation *in)
{
	static const char *const proofs[] = { "Pulling", "Pulled", "Created", "Started" };
	struct mark best = timeline_condition(t, "PodReadyToStartContainers");
	bool event = false;

	/* the condition is set by a later status sync: an earlier Event is better evidence */
	for (size_t i = 0; i < ARRAY_SIZE(proofs); i++) {
		const struct entry *e = entries_event(t, proofs[i], (struct str){ 0 });

		struct mark m = timeline_event_mark(t, e);

		event = event || e;
		if (e && (!mark_known(&best) || m.at < best.at ||
			  (best.precision == PRECISION_SECOND && m.at < best.at + SECOND)))
			best = m;
	}
	if (!event)
		best = sandbox_by(t, best);
	best = mark_not_before(best, &t->marks[MILESTONE_SCHEDULED]);
	return mark_not_before(best, &t->marks[MILESTONE_KUBELET]);
}

static struct mark init_image(const struct timeline *t, const struct incarnation *in)
{
	struct mark best = mark_unreached;

	specs_each(c, t) {
		const struct entry *pulling, *pulled;

		if (c->kind != CONTAINER_INIT && c->kind != CONTAINER_SIDECAR)
			continue;
		pulling = entries_event(t, "Pulling", c->name);
		pulled = entries_event(t, "Pulled", c->name);
		if (pulling)
			best = timeline_event_mark(t, pulling);
		if (pulled)
			best = mark_earlier(best, timeline_event_mark(t, pulled));
		break; /* only the first one, like Alipay's InitStartTime */
	}
	return best;
}

static struct mark initialized(const struct timeline *t, const struct incarnation *in)
{
	return mark_not_before(timeline_condition(t, "Initialized"),
			       &t->marks[MILESTONE_SCHEDULED]);
}

static size_t n_app_containers(const struct timeline *t)
{
	size_t n = 0;

	specs_each(c, t)
		n += c->kind == CONTAINER_APP;
	return n;
}

/* A container that is no init container, judging by its name if the spec is unknown, was
 * started. */
static bool is_start(const struct fact *f)
{
	return fact_is_event(f, STR("Started")) && !f->code;
}

static struct mark running(const struct timeline *t, const struct incarnation *in)
{
	struct mark best = mark_unreached;

	specs_each(c, t) {
		struct mark m = mark_unreached;

		if (c->kind == CONTAINER_APP)
			m = timeline_container_started(t, c->name);
		if (mark_known(&m))
			best = mark_earlier(best, m);
	}
	if (!n_app_containers(t)) {
		const struct entry *first = NULL;

		entries_each(e, t)
			if (is_start(&e->fact) && (!first || e->fact.begin < first->fact.begin))
				first = e;
		best = timeline_event_mark(t, first);
	}
	if (!best.reached)
		best = timeline_phase(t, "Running", "Running");
	best = mark_not_before(best, &t->marks[MILESTONE_CREATED]);
	return mark_not_before(best, &t->marks[MILESTONE_SCHEDULED]);
}

static struct mark started(const struct timeline *t, const struct incarnation *in)
{
	struct mark last = mark_unreached;

	specs_each(c, t) {
		struct mark m;

		if (c->kind != CONTAINER_APP)
			continue;
		m = timeline_container_started(t, c->name);
		if (!mark_known(&m))
			return mark_unreached;
		last = mark_later(last, m);
	}
	if (!n_app_containers(t))
		entries_each(e, t)
			if (is_start(&e->fact) && entries_event(t, "Started", e->fact.subject) == e)
				last = mark_later(last, timeline_event_mark(t, e));
	last = mark_not_before(last, &t->marks[MILESTONE_CREATED]);
	return mark_not_before(last, &t->marks[MILESTONE_SCHEDULED]);
}

/* The first status write in which a container runs or has run, or NULL. An end without a start
 * (ContainerStatusUnknown, StartError) does not count. */
static const struct entry *written_running(const struct timeline *t, struct str name)
{
	struct about a = about(t, name, ABOUT_RUNNING | ABOUT_TERMINATED);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL)
		if (e->fact.written && (e->fact.kind == FACT_RUNNING || nsec_known(e->fact.begin)))
			return e;
	return NULL;
}

/* The status write in which every app container runs or has run, as a watcher would see it. */
static struct mark observed(const struct timeline *t, const struct incarnation *in)
{
	struct mark last = mark_unreached;

	specs_each(c, t) {
		const struct entry *shown;

		if (c->kind != CONTAINER_APP)
			continue;
		shown = written_running(t, c->name);
		if (!shown)
			return mark_unreached;
		last = mark_later(last, mark_written(shown, SOURCE_STATUS));
	}
	return last;
}

/* Not before everything that must have happened first. */
static struct mark behind_start(const struct timeline *t, struct mark m)
{
	static const enum milestone first[] = { MILESTONE_CREATED, MILESTONE_SCHEDULED,
						MILESTONE_RUNNING, MILESTONE_STARTED };

	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		if (m.precision != PRECISION_EXACT)
			m = mark_not_before(m, &t->marks[first[i]]);
	return m;
}

static struct mark containers_ready(const struct timeline *t, const struct incarnation *in)
{
	return behind_start(t, timeline_condition(t, "ContainersReady"));
}

static struct mark ready(const struct timeline *t, const struct incarnation *in)
{
	struct mark m = behind_start(t, timeline_condition(t, "Ready"));

	return m.precision == PRECISION_EXACT
		   ? m
		   : mark_not_before(m, &t->marks[MILESTONE_CONTAINERS_READY]);
}

/* Pods rejected by their kubelet: the first status it writes has phase Failed, and its startTime is
 * that second. */
static const struct rejection {
	const char *reason;  /* of the status; a trailing * matches any suffix; NULL: any */
	const char *message; /* prefix; NULL: any */
} rejections[] = {
	{ NULL, "Pod was rejected" },
	{ NULL, "Pod Predicate " },
	{ NULL, "Predicate " },
	{ "Evicted", "The node had condition: " },
	{ "Evicted", "Pod The node had condition: " },
	{ "OutOf*", NULL },
	{ "NodeAffinity", NULL },
	{ "NodeName", NULL },
	{ "NodePorts", NULL },
	{ "TaintToleration", NULL },
	{ "TopologyAffinityError", NULL },
	{ "SMTAlignmentError", NULL },
	{ "UnexpectedAdmissionError", NULL },
	{ "UnexpectedPredicateFailureType", NULL },
	{ "InvalidNodeInfo", NULL },
	{ "PodOSSelectorNodeLabelDoesNotMatch", NULL },
	{ "PodOSNotSupported", NULL },
	{ "PodFeatureUnsupported", NULL },
	{ "FailedNodeDeclaredFeaturesCheck", NULL },
	{ "SysctlForbidden", NULL },
	{ "AppArmor", NULL },
	{ "NodeShutdown", NULL },
	{ "HostPortConflict", NULL },
	{ "HostNetworkNotSupported", NULL },
	{ "NodeSelectorMismatching", NULL },
	{ "MatchNodeSelector", NULL },
	{ "HostName", NULL },
	{ "PodFitsHostPorts", NULL },
	{ "PodToleratesNodeTaints", NULL },
	{ "InsufficientFreeCPU", NULL },
	{ "InsufficientFreeMemory", NULL },
};

static bool fits(const char *pattern, struct str s, bool prefix)
{
	struct str p = str_from(pattern ? pattern : "");

	if (str_ends(p, STR("*"))) {
		p.n--;
		prefix = true;
	}
	return !pattern || (prefix ? str_starts(s, p) : str_eq(s, p));
}

/* After a kubelet restart, a pod that ran may get the same message: that is not its first
 * status. */
bool timeline_rejected(const struct timeline *t, const struct fact *phase)
{
	if (!str_eq(phase->reason, STR("Failed")) || t->marks[MILESTONE_RUNNING].reached)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rejections); i++)
		if (fits(rejections[i].reason, phase->subject, false) &&
		    fits(rejections[i].message, phase->message, true))
			return true;
	return false;
}

/* When one of the phases was first seen; for rejected pods the startTime. */
static struct mark ended(const struct timeline *t, const char *one, const char *other)
{
	struct mark m = timeline_phase(t, one, other);
	const struct fact *f = m.evidence ? &m.evidence->fact : NULL;

	if (!f || f->written || !nsec_known(f->begin) || !timeline_rejected(t, f))
		return m;
	return mark_at(f->begin, PRECISION_SECOND, SOURCE_STATUS, m.evidence);
}

static struct mark finished(const struct timeline *t, const struct incarnation *in)
{
	return ended(t, "Succeeded", "Failed");
}

static struct mark failed(const struct timeline *t, const struct incarnation *in)
{
	return ended(t, "Failed", "Failed");
}

/* The first successful request, unless the object shows an earlier one. Kubelets delete pods whose
 * deletion others requested: if the kubelet's request is first, the other is not logged. */
static struct mark deleted(const struct timeline *t, const struct incarnation *in)
{
	struct mark best = mark_unreached;

	entries_each(e, t)
		if (e->fact.kind == FACT_DELETE && e->fact.code < 300)
			best = mark_earlier(best, mark_written(e, SOURCE_AUDIT));
	entries_each(e, t)
		if (e->fact.kind == FACT_DELETING &&
		    (!mark_known(&best) || e->fact.at + SECOND < best.at))
			best = mark_at(e->fact.at, PRECISION_SECOND, SOURCE_STATUS, e);
	if (best.evidence && best.evidence->fact.kind == FACT_DELETE &&
	    best.evidence->writer == ORIGIN_KUBELET)
		best = mark_by(best.at, SOURCE_BOUND, best.evidence);
	return mark_not_before(best, &t->marks[MILESTONE_CREATED]);
}

/* In this order: later rows use the results of earlier ones, starting with created. */
const struct milestone_row milestone_rows[MILESTONE_COUNT] = {
	[MILESTONE_CREATED] = { "created", .every = created },
	[MILESTONE_ADMITTED] = { "admitted", .every = admitted },
	[MILESTONE_SCHEDULED] = { "scheduled", { scheduled, claim_scheduled } },
	[MILESTONE_KUBELET] = { "kubelet", { kubelet } },
	[MILESTONE_SANDBOX] = { "sandbox", { sandbox } },
	[MILESTONE_INIT_IMAGE] = { "initImage", { init_image } },
	[MILESTONE_INITIALIZED] = { "initialized", { initialized } },
	[MILESTONE_RUNNING] = { "running", { running } },
	[MILESTONE_STARTED] = { "started", { started } },
	[MILESTONE_OBSERVED] = { "observed", { observed } },
	[MILESTONE_CONTAINERS_READY] = { "containersReady", { containers_ready } },
	[MILESTONE_READY] = { "ready", { ready } },
	[MILESTONE_FINISHED] = { "finished", { finished } },
	[MILESTONE_FAILED] = { "failed", { failed } },
	[MILESTONE_DELETED] = { "deleted", .every = deleted },
	[MILESTONE_BOUND] = { "bound", { [OBJECT_CLAIM] = claim_bound } },
	[MILESTONE_UNGATED] = { "ungated", { ungated } },
};

/* A kubelet time before the second of the pod's creation shows a slow clock, but not by how much.
 * Only the upper bound (the record) is reliable then. */
static struct mark unless_before(struct mark m, nsec created)
{
	const struct fact *f = m.evidence ? &m.evidence->fact : NULL;
	nsec at = NSEC_NONE;

	if (!f || !mark_known(&m) || m.source != SOURCE_STATUS || !nsec_known(created))
		return m;
	if (f->kind == FACT_RUNNING ||
	    (f->kind == FACT_CONDITION && !str_eq(f->subject, STR("PodScheduled"))))
		at = f->at;
	else if (f->kind == FACT_TERMINATED)
		at = f->begin;
	if (!nsec_known(at) || at >= created)
		return m;
	m = mark_inferred(m);
	mark_bound(&m, clock_later(m.evidence->received, created));
	return m;
}

void timeline_milestones(struct timeline *t, const struct incarnation *in)
{
	for (size_t i = 0; i < MILESTONE_COUNT; i++) {
		const struct milestone_row *row = &milestone_rows[i];
		milestone_finder *own = row->find[t->kind], *find = own ? own : row->every;
		struct mark m = find ? find(t, in) : mark_unreached;

		/* a whole second may begin before the creation */
		if (i && (t->kind == OBJECT_POD || (find && find != own)) &&
		    m.precision != PRECISION_EXACT)
			m = mark_not_before(unless_before(m, in->created), t->marks);
		t->marks[i] = m;
	}
}

/* The scheduler */

/* The scheduler's Event about the victim: Preempted by shop/urgent on node N (to 1.22), by a pod on
 * node N (to 1.28), by pod UID on node N, by podgroup UID on node N (1.36). */
static struct str preemptor_in(struct str message)
{
	static const struct str head = { "Preempted by ", 13 }, tail = { " on node ", 9 };
	struct str who, rest;

	if (!str_starts(message, head))
		return STR("");
	rest = who = str_after(message, head.n);
	while (rest.n && !str_starts(rest, tail))
		rest = str_after(rest, 1);
	who.n -= rest.n;
	if (str_eq(who, STR("a pod")))
		return STR("");
	if (str_starts(who, STR("pod ")))
		return str_after(who, 4);
	return who;
}

/* The Event names the preemptor, the condition does not. */
static struct str preemptor(const struct timeline *t)
{
	struct str found = { 0 };

	entries_each(e, t) {
		const struct fact *f = &e->fact;

		if (f->origin != ORIGIN_KUBELET && fact_is_event(f, STR("Preempted")))
			return preemptor_in(f->message);
		if (f->truth && fact_is_condition(f, STR("DisruptionTarget")) &&
		    (str_eq(f->reason, STR("PreemptionByScheduler")) ||
		     str_eq(f->reason, STR("PreemptionByKubeScheduler"))))
			found = STR("");
	}
	return found;
}

/* The last one: if a node cannot be freed, another one may be nominated. */
static struct str nominated(const struct timeline *t)
{
	struct str node = { 0 };

	entries_each(e, t)
		if (e->fact.kind == FACT_NOMINATED && e->fact.subject.n)
			node = e->fact.subject;
	return node;
}

static bool unschedulable(const struct timeline *t)
{
	if (t->nominated.p || (t->object && t->object->n_scheduling_gates))
		return true;
	entries_each(e, t)
		if (fact_is_event(&e->fact, STR("FailedScheduling")) ||
		    (!e->fact.truth && fact_is_condition(&e->fact, STR("PodScheduled"))))
			return true;
	return false;
}

void timeline_scheduling(struct timeline *t)
{
	t->preemptor = preemptor(t);
	t->nominated = nominated(t);
	t->unschedulable = unschedulable(t);
}
