/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/delivery.h"

#include "base/mem.h"

struct str verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "excluded", "denied",  "success", "slow",
					     "failed",	 "aborted", "open" };

	_Static_assert(ARRAY_SIZE(names) == VERDICT_COUNT, "a name for every verdict");
	return str_from(names[verdict]);
}

struct str exclusion_name(enum exclusion exclusion)
{
	static const char *const names[] = {
		"",
		"ignored namespace",
		"mirror pod",
		"created before the log begins",
		"creation not in the log",
		"readiness not in the log",
		"deletion began before the log",
		"request not in the log",
		"removal not in the log",
		"binding not in the log",
		"ready may lie in a gap of the log",
		"its kubelet does not write to this log",
		"the scheduler does not write to this log",
	};

	_Static_assert(ARRAY_SIZE(names) == EXCLUSION_COUNT, "a name for every exclusion");
	return str_from(names[exclusion]);
}

struct str startup_reason_name(enum startup_reason reason)
{
	static const char *const names[] = {
		"",
		"excluded",
		"denied",
		"no spec in the log",
		"stateful",
		"unschedulable or preempted for",
		"start not in the log",
		"ended before it was seen",
	};

	_Static_assert(ARRAY_SIZE(names) == STARTUP_REASON_COUNT, "a name for every reason");
	return str_from(names[reason]);
}

/* Only requests of app containers count: no limits, init containers or overhead. */
unsigned delivery_class_of(const struct settings *settings, const struct pod_object *o)
{
	size_t n = 0;

	if (!o || !o->has_spec)
		return CLASS_UNKNOWN;
	for (size_t i = 0; i < o->n_containers; i++)
		n += o->containers[i].kind == CONTAINER_APP;
	for (unsigned i = CLASS_UNKNOWN + 1; i < settings->n_classes; i++) {
		const struct class_row *c = &settings->classes[i];

		if (o->cpu_milli <= c->cpu_milli && o->memory <= c->memory && n <= c->containers &&
		    o->n_volumes <= c->volumes)
			return i;
	}
	return CLASS_UNKNOWN;
}

/* Time */

struct edge {
	nsec at;
	int user, platform; /* +1 begins, -1 ends */
};

static int by_at(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

enum { IN = 1, OUT = 2 };

/* How the time of a stage counts: IN, OUT, or neither. */
typedef unsigned part(const struct stage *s);

static unsigned of_user(const struct stage *s)
{
	enum owner owner = stage_owner(s);

	return owner == OWNER_USER ? IN : owner == OWNER_PLATFORM ? OUT : 0;
}

static unsigned of_pull_or_init(const struct stage *s)
{
	return s->stage == STAGE_IMAGE_PULL || s->stage == STAGE_INIT ? IN : 0;
}

/* Length of [from, to) in stages that are IN and in none that is OUT. */
static nsec covered(const struct timeline *t, part *part_of, nsec from, nsec to)
{
	struct edge *edges = mem_alloc((2 * t->n_stages + 1) * sizeof(*edges));
	size_t n = 0;
	int users = 0, platforms = 0;
	nsec sum = 0;

	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *s = &t->stages[i];
		nsec begin = MAX(s->start.at, from), end = s->end.at;
		unsigned counts = part_of(s);
		bool user = counts == IN, platform = counts == OUT;

		if (!nsec_known(end) && s->open)
			end = to;
		end = MIN(end, to);
		if ((!user && !platform) || !nsec_known(end) || begin >= end)
			continue;
		edges[n++] = (struct edge){ begin, user, platform };
		edges[n++] = (struct edge){ end, -user, -platform };
	}
	if (n)
		qsort(edges, n, sizeof(*edges), by_at);
	for (size_t i = 0; i < n; i++) {
		if (i && users > 0 && platforms == 0)
			sum += edges[i].at - edges[i - 1].at;
		users += edges[i].user;
		platforms += edges[i].platform;
	}
	mem_free(edges);
	return sum;
}

nsec delivery_user_time(const struct timeline *t, nsec from, nsec to)
{
	return covered(t, of_user, from, to);
}

/* A status write that shows all containers started; if there is none, the last Event Started. */
static const struct mark *seen_started(const struct timeline *t)
{
	const struct mark *seen = &t->marks[MILESTONE_OBSERVED],
			  *started = &t->marks[MILESTONE_STARTED];

	return !seen->reached && started->source == SOURCE_EVENT ? started : seen;
}

static enum startup_reason startup_reason(const struct timeline *t, const struct delivery *d)
{
	nsec seen = seen_started(t)->at, created = t->marks[MILESTONE_CREATED].at;

	if (d->verdict == VERDICT_EXCLUDED)
		return STARTUP_EXCLUDED;
	if (d->verdict == VERDICT_DENIED)
		return STARTUP_DENIED;
	if (!t->object || !t->object->has_spec)
		return STARTUP_NO_SPEC;
	if (t->object->stateful)
		return STARTUP_STATEFUL;
	if (t->unschedulable)
		return STARTUP_UNSCHEDULABLE;
	if (!nsec_known(created) || !nsec_known(seen) || seen < created ||
	    !nsec_known(t->marks[MILESTONE_RUNNING].at))
		return STARTUP_UNSEEN;
	return STARTUP_TAKEN;
}

/*
 * The Kubernetes pod startup SLI: from creation until all containers are observed started,
 * without image pulls and init containers, for schedulable stateless pods.
 *
 * Kubelets since 1.35 measure the same, but from the whole second of creationTimestamp, and only
 * while all containers are seen running.
 */
static void startup(const struct timeline *t, struct delivery *d)
{
	const struct mark *seen = seen_started(t);
	nsec created = t->marks[MILESTONE_CREATED].at, stamp;

	d->startup_reason = d->kubelet_reason = startup_reason(t, d);
	if (d->startup_reason != STARTUP_TAKEN)
		return;
	d->startup = seen->at - created - covered(t, of_pull_or_init, created, seen->at);
	if (seen->evidence && seen->evidence->fact.kind == FACT_TERMINATED) {
		d->kubelet_reason = STARTUP_ENDED;
		return;
	}
	stamp = nsec_known(t->object->created) ? t->object->created : created - created % SECOND;
	d->kubelet = d->startup + (stamp < created ? created - stamp : 0);
}

/* Verdicts */

/* Alipay's Lunettes extends the deadline of a pod with init containers by their time. */
static nsec init_extension(const struct timeline *t)
{
	const struct mark *begin = &t->marks[MILESTONE_INIT_IMAGE],
			  *end = &t->marks[MILESTONE_INITIALIZED];

	if (!nsec_known(begin->at) || !nsec_known(end->at) || end->at < begin->at)
		return 0;
	return end->at - begin->at;
}

enum { BY_DEADLINE = 1, BY_DELIVERY = 2 };

struct judge {
	const struct timeline *t;
	const struct cluster *cluster;
	nsec created, deadline, limit, end; /* end: of the pod or the log */
	struct delivery *d;
};

/* Is a criterion violated at that time? */
static bool over(const struct judge *j, unsigned by, nsec at)
{
	nsec total = at - j->created;

	if (by & BY_DEADLINE && total > j->deadline)
		return true;
	return by & BY_DELIVERY && total - delivery_user_time(j->t, j->created, at) > j->limit;
}

/* A kubelet removes a pod directly after its last status write. */
#define STOPPED_SOON (5 * SECOND)

/* A service failed, and not because the kubelet stopped it for a deletion. */
static bool failed_by_itself(const struct timeline *t)
{
	const struct mark *deleted = &t->marks[MILESTONE_DELETED];
	nsec at = mark_latest(&t->marks[MILESTONE_FAILED]);

	if (t->job || !nsec_known(at) || t->failed_unseen)
		return false;
	if (!deleted->reached)
		return true;
	/* a kubelet that stopped it would have written this last */
	if (!nsec_known(deleted->at))
		return at < deleted->until - STOPPED_SOON;
	/* the response of the delete request shows the state before */
	return at < deleted->at || (at == deleted->at && deleted->precision == PRECISION_EXACT);
}

/* Until when it is proven that it was not delivered, and that no delivery can be missing from the
 * log. */
static nsec proven_until(const struct judge *j)
{
	return MIN(j->end, MIN(j->t->status_until, j->t->unseen_from));
}

/* A few selected records (for example creates of one user) do not prove that a client is missing
 * from the log. */
static bool is_picked(const struct cluster *cluster)
{
	return cluster->records < CHART_RARE && !cluster->status_writes;
}

/* Why there is no proof after that time. */
static enum exclusion hidden_by(const struct judge *j)
{
	const struct timeline *t = j->t;
	bool absent = t->unseen == UNSEEN_KUBELET || t->unseen == UNSEEN_SCHEDULER;
	/* if the policy logs statuses, it does not hide those of a single kubelet */
	bool unseen = t->unseen_from <= t->status_until || (absent && j->cluster->status_writes);

	switch (unseen ? t->unseen : UNSEEN_NOT) {
	case UNSEEN_GAP:
	case UNSEEN_END:
		return EXCLUSION_GAP;
	case UNSEEN_KUBELET:
		return is_picked(j->cluster) ? EXCLUSION_UNREADY : EXCLUSION_KUBELET;
	case UNSEEN_SCHEDULER:
		return is_picked(j->cluster) ? EXCLUSION_UNREADY : EXCLUSION_SCHEDULER;
	case UNSEEN_NOT:
		break;
	}
	return EXCLUSION_UNREADY;
}

/* It may have been delivered before it failed. */
static bool failed_in_hole(const struct timeline *t)
{
	return t->unseen != UNSEEN_NOT && t->unseen_from < mark_latest(&t->marks[MILESTONE_FAILED]);
}

/* A service that has ended is not delivered by later reports. */
static bool failed_before(const struct timeline *t, const struct mark *delivered)
{
	const struct mark *failed = &t->marks[MILESTONE_FAILED];

	return !t->job && nsec_known(failed->at) && failed->at < delivered->at;
}

static enum verdict undelivered(const struct judge *j, unsigned by, enum exclusion *ret_exclusion)
{
	nsec proven = proven_until(j);
	bool hidden = j->t->unseen_from < j->end && j->t->unseen_from <= j->t->status_until;

	if (failed_by_itself(j->t) && !failed_in_hole(j->t))
		return VERDICT_FAILED;
	/* it is not in the log any more, as if the log ended there */
	if (hidden && j->t->unseen == UNSEEN_END)
		return proven > j->created && over(j, by, proven) ? VERDICT_FAILED : VERDICT_OPEN;
	if (hidden) {
		*ret_exclusion = hidden_by(j);
		return VERDICT_EXCLUDED;
	}
	if (nsec_known(proven) && proven > j->created && over(j, by, proven))
		return VERDICT_FAILED;
	if (proven < j->end) {
		*ret_exclusion = hidden_by(j);
		return VERDICT_EXCLUDED;
	}
	return j->t->marks[MILESTONE_DELETED].reached ? VERDICT_ABORTED : VERDICT_OPEN;
}

/* Known only by an upper bound after the delete request: it may have been too late to count. */
static bool perhaps_while_deleted(const struct timeline *t, const struct mark *delivered)
{
	nsec asked = mark_latest(&t->marks[MILESTONE_DELETED]);

	return nsec_known(asked) && delivered->until > asked;
}

static enum verdict judged(const struct judge *j, unsigned by, enum exclusion *ret_exclusion)
{
	const struct mark *delivered = timeline_delivered(j->t);

	if (!delivered->reached && j->t->failed_unseen) {
		*ret_exclusion = EXCLUSION_UNREADY;
		return VERDICT_EXCLUDED;
	}
	if (!delivered->reached || failed_before(j->t, delivered))
		return undelivered(j, by, ret_exclusion);
	if (nsec_known(delivered->at))
		return over(j, by, delivered->at) ? VERDICT_SLOW : VERDICT_SUCCESS;
	if (!over(j, by, delivered->until) && !perhaps_while_deleted(j->t, delivered))
		return VERDICT_SUCCESS; /* it was ready even before that */
	if (j->t->unseen != UNSEEN_NOT && over(j, by, j->t->unseen_from) &&
	    !perhaps_while_deleted(j->t, delivered))
		return VERDICT_SLOW; /* and not before this */
	*ret_exclusion = hidden_by(j);
	return VERDICT_EXCLUDED;
}

/* By one criterion. If the log does not show the end, it counts as in progress. */
static enum verdict alone(const struct judge *j, unsigned by)
{
	enum exclusion ignored;
	enum verdict verdict = judged(j, by, &ignored);

	return verdict == VERDICT_EXCLUDED && j->d->verdict != VERDICT_EXCLUDED ? VERDICT_OPEN
										: verdict;
}

enum exclusion timeline_exclusion(const struct timeline *t, const struct settings *settings)
{
	if (settings_ignored(settings, t->namespace))
		return EXCLUSION_IGNORED;
	return t->mirror ? EXCLUSION_MIRROR : EXCLUSION_NONE;
}

enum exclusion creation_exclusion(const struct timeline *t, const struct cluster *cluster)
{
	const struct mark *created = &t->marks[MILESTONE_CREATED];

	if (!nsec_known(created->at))
		return EXCLUSION_UNCREATED;
	/* a dumped object contains its own creation time */
	if (!t->dumped && created->source != SOURCE_AUDIT && created->source != SOURCE_BOUND &&
	    nsec_known(cluster->first) && created->at < cluster->first)
		return EXCLUSION_BEFORE;
	return EXCLUSION_NONE;
}

static void durations(const struct judge *j)
{
	const struct mark *delivered = timeline_delivered(j->t);
	const struct mark *failed = &j->t->marks[MILESTONE_FAILED];
	nsec proven = proven_until(j);

	if (nsec_known(delivered->at) && !failed_before(j->t, delivered)) {
		nsec at = MAX(delivered->at, j->created);

		j->d->total = at - j->created;
		j->d->user = delivery_user_time(j->t, j->created, at);
		j->d->delivery = j->d->total - j->d->user;
	} else if (delivered->reached && !failed_by_itself(j->t)) {
		return; /* at an unknown time, but it is not waiting */
	} else if (proven > j->created) {
		j->d->until = proven;
		j->d->waited = proven - j->created - delivery_user_time(j->t, j->created, proven);
		if (failed_by_itself(j->t)) /* all stages end by then */
			j->d->until = nsec_known(failed->at) ? failed->at : failed->until;
	} else {
		j->d->waited = 0;
	}
}

nsec cluster_end(const struct cluster *cluster)
{
	return nsec_known(cluster->last) ? cluster->last : cluster->dumped_last;
}

static nsec pod_end(const struct timeline *t, const struct cluster *cluster)
{
	nsec deleted = mark_latest(&t->marks[MILESTONE_DELETED]), end = cluster_end(cluster);

	return nsec_known(deleted) && deleted < end ? deleted : end;
}

/* Deadline and delivery limit of this pod. Returns false if an override sets the deadline. */
static bool limits(const struct timeline *t, const struct settings *settings, struct delivery *d)
{
	nsec deadline = NSEC_NONE, delivery = NSEC_NONE;

	for (size_t i = 0; i < settings->n_overrides; i++) {
		const struct override *o = &settings->overrides[i];

		if (!workload_matches(&o->match, t))
			continue;
		deadline = nsec_known(deadline) ? deadline : o->deadline;
		delivery = nsec_known(delivery) ? delivery : o->delivery;
	}
	d->delivery_limit = nsec_known(delivery) ? delivery : settings->classes[d->class].limit;
	d->deadline_limit = nsec_known(deadline) ? deadline
			    : t->job		 ? settings->deadline_job
						 : settings->deadline_service;
	return !nsec_known(deadline);
}

struct delivery delivery_of(const struct timeline *t, const struct cluster *cluster,
			    const struct settings *settings)
{
	struct delivery d = { .class = delivery_class_of(settings, t->object),
			      .total = NSEC_NONE,
			      .user = NSEC_NONE,
			      .delivery = NSEC_NONE,
			      .startup = NSEC_NONE,
			      .kubelet = NSEC_NONE,
			      .until = NSEC_NONE,
			      .waited = NSEC_NONE };
	struct judge j = {
		.t = t, .cluster = cluster, .created = t->marks[MILESTONE_CREATED].at, .d = &d
	};
	bool extended;

	extended = limits(t, settings, &d);
	d.class_name = settings->classes[d.class].name;
	if (t->denied && !settings_ignored(settings, t->namespace)) {
		d.verdict = d.deadline_verdict = d.delivery_verdict = VERDICT_DENIED;
		d.deadline_limit = d.delivery_limit = NSEC_NONE;
		startup(t, &d);
		return d;
	}
	/* Alipay's Lunettes does not extend a configured deadline */
	j.deadline = d.deadline_limit + (extended ? init_extension(t) : 0);
	j.limit = d.delivery_limit;
	j.end = pod_end(t, cluster);
	if (nsec_known(j.created))
		durations(&j);
	d.exclusion = timeline_exclusion(t, settings);
	if (d.exclusion == EXCLUSION_NONE)
		d.exclusion = creation_exclusion(t, cluster);
	if (d.exclusion != EXCLUSION_NONE) {
		d.verdict = d.deadline_verdict = d.delivery_verdict = VERDICT_EXCLUDED;
		startup(t, &d);
		return d;
	}
	d.verdict = judged(&j, BY_DEADLINE | BY_DELIVERY, &d.exclusion);
	d.deadline_verdict = alone(&j, BY_DEADLINE);
	d.delivery_verdict = alone(&j, BY_DELIVERY);
	startup(t, &d);
	return d;
}

nsec delivery_waited_whole(nsec created, nsec until, nsec waited)
{
	if (!nsec_known(created) || !nsec_known(until) || !nsec_known(waited))
		return NSEC_NONE;
	return MAX(until - created, waited);
}
