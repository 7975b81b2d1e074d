/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a pod's life to which a fact belongs for a rule, and whether it counts at all. */
#include "diagnose/hits.h"

enum scope hits_part(const struct hits *h, nsec at)
{
	nsec delivered = timeline_delivered(h->t)->at;
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	if (nsec_known(deleted) && at >= deleted)
		return SCOPE_DELETE;
	if (!timeline_delivered(h->t)->reached || (nsec_known(delivered) && at < delivered))
		return SCOPE_CREATE;
	return SCOPE_RUN;
}

/* Is the rule about the deletion: stopping, release, finalizers? */
static bool about_deletion(const struct rule *r)
{
	return r->stage >= STAGE_KILL_WAIT && r->stage <= STAGE_FINALIZERS;
}

/* A restarted kubelet may report a pod ready which it is about to stop. */
static enum scope before_deletion(const struct hits *h)
{
	const struct mark *delivered = timeline_delivered(h->t);
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	return delivered->reached && !(nsec_known(delivered->at) && delivered->at > deleted)
		   ? SCOPE_RUN
		   : SCOPE_CREATE;
}

/* Conditions and terminations may be read much later, so their own time is used; a termination may
 * be anywhere in its second. */
static nsec happened_at(const struct entry *e)
{
	if (!nsec_known(e->fact.at))
		return entry_at(e);
	if (e->fact.kind == FACT_TERMINATED)
		return e->fact.at + SECOND;
	return e->fact.kind == FACT_CONDITION ? e->fact.at : entry_at(e);
}

/* When its last container ended (1 s resolution); NSEC_NONE: not all are known to have ended. */
static nsec containers_ended(const struct timeline *t)
{
	nsec ended = NSEC_NONE;

	for (size_t i = 0; i < t->n_containers; i++) {
		if (!nsec_known(t->containers[i].ended.at))
			return NSEC_NONE;
		ended = clock_later(ended, t->containers[i].ended.at);
	}
	return ended;
}

/* It succeeded: all containers ended before a deletion was requested. Failed containers may have
 * been stopped by the kubelet, which reports that later. */
static bool ended_well(const struct hits *h, nsec at)
{
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;
	nsec ended = containers_ended(h->t);

	return nsec_known(ended) && !h->t->marks[MILESTONE_FAILED].reached &&
	       at >= ended + SECOND && (!nsec_known(deleted) || deleted >= ended + SECOND);
}

/* A finished pod cannot be ended from outside; its end has 1 s resolution. */
static bool was_over(const struct hits *h, nsec at)
{
	nsec finished = h->t->marks[MILESTONE_FINISHED].at;

	return nsec_known(finished) && (at > finished + 2 * SECOND || ended_well(h, at));
}

/* For a pod that is not judged, the time of readiness is unknown. Once its containers have run,
 * later facts about them belong to its run; not being Ready proves nothing. */
static enum scope part_unjudged(const struct hits *h, const struct rule *r, const struct entry *e,
				nsec at, enum scope part)
{
	const struct mark *running = &h->t->marks[MILESTONE_RUNNING];

	if (part == SCOPE_DELETE || !running->reached || e->fact.kind == FACT_CONDITION)
		return part;
	if (r->stage < STAGE_START)
		return SCOPE_CREATE;
	if (!nsec_known(running->at))
		return e->fact.kind == FACT_TERMINATED ? SCOPE_RUN : part;
	return at >= running->at ? SCOPE_RUN : SCOPE_CREATE;
}

/*
 * Facts during a deletion are no cause, because the pod is being stopped. Exceptions are rules
 * about stages of a deletion, and rules (with stage none) about what ended the pod, whose traces
 * come with the request or later. A dump does not show the time before.
 */
bool hits_part_of(const struct hits *h, const struct matcher *m, const struct entry *e, nsec at,
		  enum scope *ret)
{
	const struct rule *r = &h->rules->list[m->rule];
	bool ends_pod = r->stage == STAGE_COUNT && r->scopes >> SCOPE_RUN & 1;

	/* use the time of the fact, even if it was read later */
	*ret = hits_part(h, MIN(at, happened_at(e)));
	if (unjudged(h))
		*ret = part_unjudged(h, r, e, MIN(at, happened_at(e)), *ret);
	if (about_deletion(r))
		return *ret == SCOPE_DELETE;
	if (ends_pod && !r->information && was_over(h, happened_at(e)))
		return false;
	if (*ret != SCOPE_DELETE || r->scopes == 1u << SCOPE_DELETE)
		return true;
	*ret = before_deletion(h);
	return ends_pod || e->dumped;
}
