/* SPDX-License-Identifier: Apache-2.0 */
/* What no matcher can say, because it is about several facts, or about what is missing. */
#include "diagnose/tests.h"

struct hit *hits_found(struct hits *h, const struct matcher *m, struct str subject, nsec first,
		       nsec last, const struct entry *one, const struct entry *other)
{
	struct hit *hit =
	    hits_of(h, m->rule, subject, m->excuse ? SCOPE_COUNT : hits_part(h, first));

	if (m->excuse) {
		hit->excused = clock_later(hit->excused, last);
		return hit;
	}
	hit->first = first;
	hit->last = last;
	hit->first_entry = one;
	hit->last_entry = other ? other : one;
	hit->times = 1;
	hit->by_text = true;
	return hit;
}

/* The first Event with that reason; NULL: none. */
static const struct entry *event_of(const struct timeline *t, const char *reason)
{
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_EVENT &&
		    str_eq(t->entries[i].fact.reason, str_from(reason)))
			return &t->entries[i];
	return NULL;
}

/* A second or two before the log: creationTimestamps are whole seconds. */
#define LOG_BEGINS (2 * SECOND)

bool hits_covered(const struct hits *h, enum lifecycle_stage stage, nsec from, nsec to)
{
	nsec first = h->cluster->first;

	if (!h->t->dumped && first != NSEC_NONE && from < first - LOG_BEGINS)
		return false;
	return timeline_covered(h->t, stage, from, to);
}

bool hits_covered_open(const struct hits *h, enum lifecycle_stage stage, nsec from)
{
	nsec deleted = mark_latest(&h->t->marks[MILESTONE_DELETED]), end = cluster_end(h->cluster);

	if (stage <= STAGE_READINESS_GATE && deleted != NSEC_NONE)
		end = MIN(end, deleted);
	return hits_covered(h, stage, from, end);
}

/* Nobody schedules it: no word of any scheduler, though the log is there. */
static void no_scheduler(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;

	if (unjudged(h) || t->marks[MILESTONE_SCHEDULED].reached || t->dumped ||
	    h->d->until == NSEC_NONE || !t->object || !t->object->scheduler.n ||
	    str_eq(t->object->scheduler, STR("default-scheduler")) || t->object->n_scheduling_gates)
		return;
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].writer == ORIGIN_SCHEDULER ||
		    t->entries[i].fact.origin == ORIGIN_SCHEDULER ||
		    t->entries[i].fact.kind == FACT_BIND ||
		    (t->entries[i].fact.kind == FACT_EVENT && t->entries[i].fact.reason.n))
			return;
	if (!hits_covered_open(h, STAGE_SCHEDULE, t->marks[MILESTONE_CREATED].at))
		return;
	hits_found(h, m, t->object->scheduler, t->marks[MILESTONE_CREATED].at, h->d->until,
		   t->marks[MILESTONE_CREATED].evidence, NULL);
}

/* Room is being made for it, and no later word of the scheduler says that this does not help. */
static void preemption_pending(struct hits *h, const struct matcher *m)
{
	const struct entry *last = NULL;

	for (size_t i = 0; i < h->t->n_entries; i++)
		if (h->t->entries[i].fact.kind == FACT_NOMINATED && h->t->entries[i].fact.subject.n)
			last = &h->t->entries[i];
	if (!last ||
	    (h->nodes && h->nodes->n_victims && entry_last(h->nodes_entry) > entry_last(last)))
		return;
	hits_found(h, m, last->fact.subject, entry_at(last), entry_last(last), last, NULL);
}

/* Between the two, both of which may be such signs themselves. */
static bool kubelet_seen(const struct timeline *t, nsec from, nsec to)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];
		bool event = e->fact.kind == FACT_EVENT;
		nsec at = entry_at(e);

		if ((event ? e->fact.origin : e->writer) == ORIGIN_KUBELET && at > from && at < to)
			return true;
	}
	return false;
}

/* The scheduler wrote about it, so it tried; what it said is not logged. */
static bool scheduler_hidden(const struct timeline *t)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_WRITE && e->writer == ORIGIN_SCHEDULER)
			return true;
		if (e->fact.kind == FACT_EVENT && !e->fact.reason.n &&
		    e->fact.origin == ORIGIN_SCHEDULER && e->fact.begin != NSEC_NONE &&
		    !t->marks[MILESTONE_SCHEDULED].reached)
			return true;
	}
	return false;
}

/*
 * A kubelet that is at work has the pod, whatever the condition says that it wrote later. And what
 * kept the pod from nodes a dump only tells if the scheduler's Events are still in it.
 */
bool hits_waited_for_scheduler(const struct hits *h, nsec from, nsec to)
{
	const struct timeline *t = h->t;

	if (kubelet_seen(t, from, to - 2 * SECOND) || scheduler_hidden(t))
		return false;
	if (!t->dumped || t->marks[MILESTONE_CREATED].source == SOURCE_AUDIT)
		return true;
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_EVENT &&
		    str_eq(t->entries[i].fact.reason, STR("Scheduled")))
			return true;
	return false;
}

/* It has a node, bound or named at its creation, and for long no sign of a kubelet. Events that are
 * only known to the second do not end the stage, but say that the kubelet was at work. */
static void kubelet_silent(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;

	/* of the kubelet's requests a dump shows none */
	if (unjudged(h) || (t->dumped && t->marks[MILESTONE_CREATED].source != SOURCE_AUDIT))
		return;
	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *s = &t->stages[i];
		bool open = s->end.at == NSEC_NONE;
		nsec end = open ? h->d->until : s->end.at;

		if (s->stage != STAGE_STARTUP_WAIT || end == NSEC_NONE ||
		    end - s->start.at < 30 * SECOND || kubelet_seen(t, s->start.at, end) ||
		    !(open ? hits_covered_open(h, s->stage, s->start.at)
			   : hits_covered(h, s->stage, s->start.at, end)) ||
		    (open && t->marks[MILESTONE_RUNNING].reached))
			continue;
		hits_found(h, m, STR(""), s->start.at, end, s->start.evidence, s->end.evidence)
		    ->took = open ? NSEC_NONE : end - s->start.at;
	}
}

/*
 * It had to be killed: what runs in it does not end when it is asked to. A container's end is a
 * whole second, within which it was killed.
 */
static void grace_overrun(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;
	nsec asked;

	if (!d || d->grace <= 0 || d->requested.at == NSEC_NONE)
		return;
	asked = d->killing.at != NSEC_NONE ? d->killing.at : d->requested.at;
	for (size_t i = 0; i < h->t->n_containers; i++) {
		const struct container_life *c = &h->t->containers[i];

		if (c->ended.at != NSEC_NONE && c->exit_code == 137 &&
		    !str_eq(c->reason, STR("OOMKilled")) &&
		    !str_eq(c->reason, STR("ContainerStatusUnknown")) &&
		    c->ended.at + SECOND > asked + d->grace * SECOND)
			hits_found(h, m, c->name, asked, c->ended.at, d->requested.evidence,
				   c->ended.evidence);
	}
}

/* What stands in the first quotes, of either kind. */
static struct str quoted(struct str text)
{
	struct str head, word;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\'' || text.p[i] == '"')
			return str_cut(str_after(text, i + 1), text.p[i], &word, &head) ? word
											: STR("");
	return STR("");
}

/*
 * The controller of volumes says for whom it waits, again and again; and nobody has said that he
 * has begun, or why he cannot.
 */
static void provisioner_silent(struct hits *h, const struct matcher *m)
{
	static const char *const answers[] = { "Provisioning", "ProvisioningFailed",
					       "ProvisioningSucceeded" };
	const struct timeline *t = h->t;
	const struct entry *first = event_of(t, "ExternalProvisioning");

	if (!first || t->marks[MILESTONE_BOUND].reached || h->d->until == NSEC_NONE ||
	    h->d->until - entry_at(first) < m->over ||
	    !hits_covered_open(h, STAGE_PROVISION, entry_at(first)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		if (event_of(t, answers[i]))
			return;
	hits_found(h, m, quoted(first->fact.message), entry_at(first), h->d->until, first, NULL);
}

const struct test_row tests[] = {
	{ "noScheduler", no_scheduler,
	  "no word of a scheduler, and the pod asks for one that is not the default" },
	{ "preemptionPending", preemption_pending,
	  "a node was nominated for it, and the scheduler has not given that up" },
	{ "kubeletSilent", kubelet_silent,
	  "on a node for 30 s without a request or an Event of the kubelet" },
	{ "graceOverrun", grace_overrun, "a container was killed at the end of its grace period" },
	{ "stuckTerminating", stuck_terminating,
	  "gone, or not yet gone, longer than over behind its grace period" },
	{ "nodeUnreachable", node_unreachable,
	  "as stuckTerminating, without a sign of its kubelet, and its node was said to be away" },
	{ "stopHangs", stop_hangs,
	  "as stuckTerminating, and the kubelet began to stop it, but never was done" },
	{ "forceDeleted", force_deleted, "it ran, and was deleted without a grace period" },
	{ "upgradeFailed", upgrade_failed,
	  "the pod was changed in place, and is not Ready again for longer than over" },
	{ "provisionerSilent", provisioner_silent,
	  "a claim waits longer than over for a provisioner that has said nothing" },
};

const size_t n_tests = ARRAY_SIZE(tests);
