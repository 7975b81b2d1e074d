/* SPDX-License-Identifier: Apache-2.0 */
/* What no matcher can say, because it is about several facts, or about what is missing. */
#include "diagnose/internal.h"

static void found(struct hits *h, const struct matcher *m, struct str subject, nsec first,
		  nsec last, const struct entry *one, const struct entry *other)
{
	struct hit *hit = hits_of(h, m->rule, subject);

	if (m->excuse) {
		hit->excused = clock_later(hit->excused, last);
		return;
	}
	hit->first = first;
	hit->last = last;
	hit->first_entry = one;
	hit->last_entry = other ? other : one;
	hit->times = 1;
	hit->by_text = true;
}

/* Nobody schedules it: no word of any scheduler, though the log is there. */
static void no_scheduler(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;

	if (t->marks[MILESTONE_SCHEDULED].reached || t->dumped || h->d->until == NSEC_NONE ||
	    !t->object || !t->object->scheduler.n ||
	    str_eq(t->object->scheduler, STR("default-scheduler")) || t->object->n_scheduling_gates)
		return;
	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].writer == ORIGIN_SCHEDULER ||
		    t->entries[i].fact.origin == ORIGIN_SCHEDULER ||
		    t->entries[i].fact.kind == FACT_BIND ||
		    (t->entries[i].fact.kind == FACT_EVENT && t->entries[i].fact.reason.n))
			return;
	found(h, m, t->object->scheduler, t->marks[MILESTONE_CREATED].at, h->d->until,
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
	found(h, m, last->fact.subject, entry_at(last), entry_last(last), last, NULL);
}

/* Bound, and no sign of a kubelet. */
static void kubelet_silent(struct hits *h, const struct matcher *m)
{
	const struct mark *bound = &h->t->marks[MILESTONE_SCHEDULED];

	if (bound->at == NSEC_NONE || h->t->marks[MILESTONE_KUBELET].reached ||
	    h->t->marks[MILESTONE_RUNNING].reached || h->d->until == NSEC_NONE ||
	    h->d->until - bound->at < 30 * SECOND)
		return;
	found(h, m, h->t->node.p ? h->t->node : STR(""), bound->at, h->d->until, bound->evidence,
	      NULL);
}

/* Finalizers hold it, though all has stopped, longer than the threshold. */
static void held_by_finalizers(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;

	for (size_t i = 0; d && i < d->n_stages; i++) {
		const struct stage *s = &d->stages[i];
		nsec end = s->end.at != NSEC_NONE ? s->end.at : h->cluster->last;

		if (s->stage == STAGE_FINALIZERS && end != NSEC_NONE &&
		    end - s->start.at > (m->over == NSEC_NONE ? 10 * SECOND : m->over))
			found(h, m, s->subject, s->start.at, end, s->start.evidence,
			      s->end.evidence);
	}
}

/* It had to be killed: what runs in it does not end when it is asked to. */
static void grace_overrun(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;

	if (!d || d->grace <= 0 || d->stopped.at == NSEC_NONE || d->requested.at == NSEC_NONE ||
	    d->stopped.at - d->requested.at < d->grace * SECOND)
		return;
	for (size_t i = 0; i < h->t->n_containers; i++) {
		const struct container_life *c = &h->t->containers[i];

		if (c->ended.at != NSEC_NONE && c->exit_code == 137 &&
		    !str_eq(c->reason, STR("OOMKilled")) &&
		    c->ended.at >= d->requested.at + d->grace * SECOND)
			found(h, m, c->name, d->requested.at, c->ended.at, d->requested.evidence,
			      c->ended.evidence);
	}
}

/* Terminating, stopped or not, long after its grace period, and nothing says why. */
static void stuck_terminating(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;
	nsec end = h->cluster->last, from;

	if (!d || d->requested.at == NSEC_NONE || d->gone.reached || end == NSEC_NONE)
		return;
	from = d->requested.at + (d->grace > 0 ? d->grace : 30) * SECOND;
	if (end - from > 60 * SECOND)
		found(h, m, STR(""), d->requested.at, end, d->requested.evidence, NULL);
}

const struct test_row tests[] = {
	{ "noScheduler", no_scheduler,
	  "no word of a scheduler, and the pod asks for one that is not the default" },
	{ "preemptionPending", preemption_pending,
	  "a node was nominated for it, and the scheduler has not given that up" },
	{ "kubeletSilent", kubelet_silent,
	  "bound for 30 s, and no request or Event of the kubelet" },
	{ "heldByFinalizers", held_by_finalizers,
	  "finalizers hold a stopped pod for longer than over" },
	{ "graceOverrun", grace_overrun, "a container was killed at the end of its grace period" },
	{ "stuckTerminating", stuck_terminating,
	  "not gone a minute after the grace period, at the log's end" },
};

const size_t n_tests = ARRAY_SIZE(tests);
