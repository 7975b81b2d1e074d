/* SPDX-License-Identifier: Apache-2.0 */
/* In which part of a pod's life a fact counts for a rule, and whether it counts at all. */
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

/* About what follows a request to delete: how it is stopped, released, let go. */
static bool about_deletion(const struct rule *r)
{
	return r->stage >= STAGE_KILL_WAIT && r->stage <= STAGE_FINALIZERS;
}

/* A kubelet that comes back may say that a pod is ready which it is about to stop. */
static enum scope before_deletion(const struct hits *h)
{
	const struct mark *delivered = timeline_delivered(h->t);
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	return delivered->reached && !(nsec_known(delivered->at) && delivered->at > deleted)
		   ? SCOPE_RUN
		   : SCOPE_CREATE;
}

/* Of a condition and of a container's end their own time, which may be read back much later; an end
 * is somewhere in its whole second. */
static nsec happened_at(const struct entry *e)
{
	if (!nsec_known(e->fact.at))
		return entry_at(e);
	if (e->fact.kind == FACT_TERMINATED)
		return e->fact.at + SECOND;
	return e->fact.kind == FACT_CONDITION ? e->fact.at : entry_at(e);
}

/* When the last of its containers ended, a whole second; NSEC_NONE: not all have, or were seen to.
 */
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

/*
 * It succeeded by itself: all ended before anybody asked for it. Of one that failed the kubelet may
 * have been the cause, and says so later.
 */
static bool ended_well(const struct hits *h, nsec at)
{
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;
	nsec ended = containers_ended(h->t);

	return nsec_known(ended) && !h->t->marks[MILESTONE_FAILED].reached &&
	       at >= ended + SECOND && (!nsec_known(deleted) || deleted >= ended + SECOND);
}

/* Nothing from outside ends a pod that has finished; its end is known in whole seconds. */
static bool was_over(const struct hits *h, nsec at)
{
	nsec finished = h->t->marks[MILESTONE_FINISHED].at;

	return nsec_known(finished) && (at > finished + 2 * SECOND || ended_well(h, at));
}

/*
 * Of a pod whose delivery is not judged it is not known when it became ready. Once its containers
 * have run, what becomes of them is of its run; that it is not Ready proves nothing.
 */
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
 * What happens to a pod that is to be deleted is no cause: it is being stopped. Two kinds of rules
 * speak of that time: those of the stages of a deletion, and those (with stage none) of what ended
 * the pod, whose traces come with the request or after it. A dump does not show what was before.
 */
bool hits_part_of(const struct hits *h, const struct matcher *m, const struct entry *e, nsec at,
		  enum scope *ret)
{
	const struct rule *r = &h->rules->list[m->rule];
	bool ends_pod = r->stage == STAGE_COUNT && r->scopes >> SCOPE_RUN & 1;

	/* what was read back later belongs where it happened */
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
