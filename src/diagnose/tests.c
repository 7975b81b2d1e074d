/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/tests.h"

/* The result of a test: subject, first and last time, and up to two facts that prove it. */
struct proof {
	struct str subject;
	nsec first, last;
	const struct entry *one, *other;
};

static struct hit *add_found(struct hits *h, const struct matcher *m, const struct proof *p)
{
	struct hit *hit =
	    hits_of(h, m->rule, p->subject, m->excuse ? SCOPE_COUNT : hits_part(h, p->first));

	if (m->excuse) {
		hit->excused = clock_later(hit->excused, p->last);
		return hit;
	}
	hit->first = p->first;
	hit->last = p->last;
	hit->first_entry = p->one;
	hit->last_entry = p->other ? p->other : p->one;
	hit->times = 1;
	hit->by_text = true;
	return hit;
}

/* Not scheduled, and no record of any scheduler although the log covers that time. */
void no_scheduler(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;

	if (unjudged(h) || t->marks[MILESTONE_SCHEDULED].reached || t->dumped ||
	    !nsec_known(h->d->until) || !t->object || !t->object->scheduler.n ||
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
	add_found(h, m,
		  &(struct proof){ t->object->scheduler, t->marks[MILESTONE_CREATED].at,
				   h->d->until, t->marks[MILESTONE_CREATED].evidence });
}

/* Preemption is in progress, and no later message of the scheduler reports that it does not
 * help. */
void preemption_pending(struct hits *h, const struct matcher *m)
{
	const struct entry *last = NULL;

	for (size_t i = 0; i < h->t->n_entries; i++)
		if (h->t->entries[i].fact.kind == FACT_NOMINATED && h->t->entries[i].fact.subject.n)
			last = &h->t->entries[i];
	if (!last ||
	    (h->nodes && h->nodes->n_victims && entry_last(h->nodes_entry) > entry_last(last)))
		return;
	add_found(h, m,
		  &(struct proof){ last->fact.subject, entry_at(last), entry_last(last), last });
}

/* It is bound or was created with a node, and there is no sign of a kubelet for long. Events with 1
 * s resolution do not end the stage, but show that the kubelet was active. */
void kubelet_silent(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;

	/* a dump shows no requests of the kubelet */
	if (unjudged(h) || (t->dumped && t->marks[MILESTONE_CREATED].source != SOURCE_AUDIT))
		return;
	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *s = &t->stages[i];
		bool open = !nsec_known(s->end.at);
		nsec end = open ? h->d->until : s->end.at;

		if (s->stage != STAGE_STARTUP_WAIT || !nsec_known(end) ||
		    end - s->start.at < 30 * SECOND || hits_kubelet_seen(t, s->start.at, end) ||
		    !(open ? hits_covered_open(h, s->stage, s->start.at)
			   : hits_covered(h, s->stage, s->start.at, end)) ||
		    (open && t->marks[MILESTONE_RUNNING].reached))
			continue;
		add_found(h, m,
			  &(struct proof){ STR(""), s->start.at, end, s->start.evidence,
					   s->end.evidence })
		    ->took = open ? NSEC_NONE : end - s->start.at;
	}
}

/* It had to be killed, because it does not stop on request. A container's end has 1 s resolution
 * and may be before the kill. */
void grace_overrun(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;
	nsec asked;

	if (!d || d->grace <= 0 || !nsec_known(d->requested.at))
		return;
	asked = nsec_known(d->killing.at) ? d->killing.at : d->requested.at;
	for (size_t i = 0; i < h->t->n_containers; i++) {
		const struct container_life *c = &h->t->containers[i];

		if (nsec_known(c->ended.at) && c->exit_code == 137 &&
		    !str_eq(c->reason, STR("OOMKilled")) &&
		    !str_eq(c->reason, STR("ContainerStatusUnknown")) &&
		    c->ended.at + SECOND > asked + d->grace * SECOND)
			add_found(h, m,
				  &(struct proof){ c->name, asked, c->ended.at,
						   d->requested.evidence, c->ended.evidence });
	}
}

/* The text in the first quotes, single or double. */
static struct str quoted(struct str text)
{
	struct str head, word;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\'' || text.p[i] == '"')
			return str_cut(str_after(text, i + 1), text.p[i], &word, &head) ? word
											: STR("");
	return STR("");
}

/* The volume controller repeats which provisioner it waits for, and that one has reported neither
 * progress nor an error. */
void provisioner_silent(struct hits *h, const struct matcher *m)
{
	static const char *const answers[] = { "Provisioning", "ProvisioningFailed",
					       "ProvisioningSucceeded" };
	const struct timeline *t = h->t;
	const struct entry *first = hits_event(t, "ExternalProvisioning");

	if (!first || t->marks[MILESTONE_BOUND].reached || !nsec_known(h->d->until) ||
	    h->d->until - entry_at(first) < m->over ||
	    !hits_covered_open(h, STAGE_PROVISION, entry_at(first)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		if (hits_event(t, answers[i]))
			return;
	add_found(
	    h, m,
	    &(struct proof){ quoted(first->fact.message), entry_at(first), h->d->until, first });
}

/* Deletions that do not come to their end */

/* Was the client that would report the end present until then, or to the end of the log? */
static bool covered(const struct hits *h, enum lifecycle_stage stage, nsec end)
{
	const struct deletion *d = h->t->deletion;

	return d->gone.reached ? hits_covered(h, stage, d->requested.at, end)
			       : hits_covered_open(h, stage, d->requested.at);
}

/* After the requested grace period; if it is not logged, after the default of 30 s. */
static bool overdue(const struct hits *h, const struct matcher *m, nsec *ret_end)
{
	const struct deletion *d = h->t->deletion;
	nsec over = nsec_known(m->over) ? m->over : 60 * SECOND, asked;

	if (!d || !nsec_known(d->requested.at))
		return false;
	*ret_end = d->gone.reached ? d->gone.at : MIN(d->until, cluster_end(h->cluster));
	if (!covered(h, STAGE_CLEANUP, *ret_end) ||
	    (d->finalizers.n && !covered(h, STAGE_FINALIZERS, *ret_end)))
		return false;
	asked = d->requested.at + (d->requested.precision == PRECISION_SECOND ? SECOND : 0);
	return nsec_known(*ret_end) &&
	       *ret_end - asked > (d->grace >= 0 ? d->grace : 30) * SECOND + over;
}

static void add_held_up(struct hits *h, const struct matcher *m, nsec end,
			const struct entry *evidence)
{
	const struct deletion *d = h->t->deletion;
	struct hit *hit = add_found(
	    h, m,
	    &(struct proof){ STR(""), d->requested.at, end, d->requested.evidence, evidence });

	hit->took = end - d->requested.at;
	hit->open = !d->gone.reached;
}

void stuck_terminating(struct hits *h, const struct matcher *m)
{
	nsec end;

	if (overdue(h, m, &end))
		add_held_up(h, m, end, h->t->deletion->gone.evidence);
}

/* Events and conditions on the pod that show that the node was away. */
static bool node_away(const struct entry *e)
{
	const struct fact *f = &e->fact;

	switch (f->kind) {
	case FACT_EVENT:
		return str_eq(f->reason, STR("NodeNotReady")) ||
		       str_eq(f->reason, STR("TaintManagerEviction"));
	case FACT_CONDITION:
		return str_eq(f->reason, STR("NodeLost")) ||
		       str_eq(f->reason, STR("DeletionByTaintManager"));
	case FACT_PHASE:
		return str_eq(f->subject, STR("NodeLost"));
	default:
		return false;
	}
}

void node_unreachable(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;
	const struct entry *away = NULL;
	nsec end;

	if (!overdue(h, m, &end) || d->killing.reached || d->stopped.reached)
		return;
	for (size_t i = 0; i < h->t->n_entries; i++)
		if (node_away(&h->t->entries[i]))
			away = &h->t->entries[i];
	if (away)
		add_held_up(h, m, end, away);
}

void stop_hangs(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;
	nsec end;

	if (overdue(h, m, &end) && d->killing.reached && !d->stopped.reached &&
	    !d->released.reached && !d->gone.reached)
		add_held_up(h, m, end, d->killing.evidence);
}

/* Deleted with a grace period of 0 although it needs one: it ran, was not finished, and specifies a
 * grace period. */
void force_deleted(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;
	const struct deletion *d = t->deletion;

	if (!d || !d->request || d->grace != 0 || d->request->writer == ORIGIN_KUBELET ||
	    !nsec_known(d->requested.at) || !t->marks[MILESTONE_KUBELET].reached ||
	    t->marks[MILESTONE_FINISHED].reached || !t->object || t->object->grace <= 0)
		return;
	add_found(h, m, &(struct proof){ STR(""), d->requested.at, d->requested.at, d->request });
}
