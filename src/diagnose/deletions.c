/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of rules about deletions that do not come to their end. */
#include "diagnose/tests.h"

/* Who would have written that it is gone, was present until then, or to the end of the log. */
static bool covered(const struct hits *h, enum lifecycle_stage stage, nsec end)
{
	const struct deletion *d = h->t->deletion;

	return d->gone.reached ? hits_covered(h, stage, d->requested.at, end)
			       : hits_covered_open(h, stage, d->requested.at);
}

/* Behind the grace period that was asked for; 30 s is what Kubernetes takes where none is shown. */
static bool overdue(const struct hits *h, const struct matcher *m, nsec *ret_end)
{
	const struct deletion *d = h->t->deletion;
	nsec over = m->over == NSEC_NONE ? 60 * SECOND : m->over, asked;

	if (!d || d->requested.at == NSEC_NONE)
		return false;
	*ret_end = d->gone.reached ? d->gone.at : MIN(d->until, cluster_end(h->cluster));
	if (!covered(h, STAGE_CLEANUP, *ret_end) ||
	    (d->finalizers.n && !covered(h, STAGE_FINALIZERS, *ret_end)))
		return false;
	asked = d->requested.at + (d->requested.precision == PRECISION_SECOND ? SECOND : 0);
	return *ret_end != NSEC_NONE &&
	       *ret_end - asked > (d->grace >= 0 ? d->grace : 30) * SECOND + over;
}

static void held_up(struct hits *h, const struct matcher *m, struct str subject, nsec end,
		    const struct entry *proof)
{
	const struct deletion *d = h->t->deletion;
	struct hit *hit =
	    hits_found(h, m, subject, d->requested.at, end, d->requested.evidence, proof);

	hit->took = end - d->requested.at;
	hit->open = !d->gone.reached;
}

void stuck_terminating(struct hits *h, const struct matcher *m)
{
	nsec end;

	if (overdue(h, m, &end))
		held_up(h, m, STR(""), end, h->t->deletion->gone.evidence);
}

/* What says that the node was away: its Events and conditions on the pod. */
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
		held_up(h, m, STR(""), end, away);
}

void stop_hangs(struct hits *h, const struct matcher *m)
{
	const struct deletion *d = h->t->deletion;
	nsec end;

	if (overdue(h, m, &end) && d->killing.reached && !d->stopped.reached &&
	    !d->released.reached && !d->gone.reached)
		held_up(h, m, STR(""), end, d->killing.evidence);
}

/*
 * Without a grace period, and not because it needs none: it ran, was not over, and asks for one
 * itself.
 */
void force_deleted(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;
	const struct deletion *d = t->deletion;

	if (!d || !d->request || d->grace != 0 || d->request->writer == ORIGIN_KUBELET ||
	    d->requested.at == NSEC_NONE || !t->marks[MILESTONE_KUBELET].reached ||
	    t->marks[MILESTONE_FINISHED].reached || !t->object || t->object->grace <= 0)
		return;
	hits_found(h, m, STR(""), d->requested.at, d->requested.at, d->request, NULL);
}
