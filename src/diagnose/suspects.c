/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/suspects.h"

/* In the order of a delivery; other stages come last. */
static unsigned stage_order(enum lifecycle_stage stage)
{
	return stage <= STAGE_READINESS_GATE || stage >= STAGE_CONSUMER ? (unsigned)stage
									: STAGE_COUNT;
}

/* NSEC_NONE if it happened only during the deletion, when it delivers nothing. */
static nsec in_its_delivery(const struct timeline *t, nsec at)
{
	nsec deleted = t->marks[MILESTONE_DELETED].at;

	return nsec_known(deleted) && at > deleted && !timeline_delivered(t)->reached ? NSEC_NONE
										      : at;
}

/* When the stage was done for that container (or the pod); NSEC_NONE: never. */
static nsec done_at(const struct timeline *t, enum lifecycle_stage stage, struct str container)
{
	static const enum milestone ends[] = {
		[STAGE_ADMISSION] = MILESTONE_ADMITTED,
		[STAGE_SCHEDULING_GATE] = MILESTONE_UNGATED,
		[STAGE_SCHEDULE] = MILESTONE_SCHEDULED,
		[STAGE_STARTUP_WAIT] = MILESTONE_KUBELET,
		[STAGE_SANDBOX] = MILESTONE_SANDBOX,
		[STAGE_IMAGE_PULL] = MILESTONE_STARTED,
		[STAGE_INIT] = MILESTONE_INITIALIZED,
		[STAGE_CREATE] = MILESTONE_STARTED,
		[STAGE_START] = MILESTONE_STARTED,
		[STAGE_POST_START_HOOK] = MILESTONE_CONTAINERS_READY,
		[STAGE_READINESS] = MILESTONE_READY,
		[STAGE_READINESS_GATE] = MILESTONE_READY,
		[STAGE_CONSUMER] = MILESTONE_SCHEDULED,
		[STAGE_PROVISION] = MILESTONE_BOUND,
		[STAGE_BIND] = MILESTONE_BOUND,
	};
	nsec at = NSEC_NONE;

	if (stage_order(stage) == STAGE_COUNT)
		return NSEC_NONE;
	if (container.n &&
	    (stage == STAGE_IMAGE_PULL || stage == STAGE_CREATE || stage == STAGE_START))
		for (size_t i = 0; i < t->n_containers; i++)
			if (str_eq(t->containers[i].name, container) &&
			    nsec_known(t->containers[i].started.at))
				at = t->containers[i].started.at;
	return in_its_delivery(t, clock_later(at, t->marks[ends[stage]].at));
}

/* The last excuse for the hit's container or for the pod; NSEC_NONE: none. */
static nsec last_excuse(const struct hits *h, const struct hit *hit)
{
	nsec latest = hit->excused;

	for (size_t i = 0; i < h->n; i++) {
		const struct hit *note = &h->list[i];

		if (note->rule == hit->rule && note->part == SCOPE_COUNT &&
		    (!note->subject.n || str_eq(note->subject, hit->subject)))
			latest = clock_later(latest, note->excused);
	}
	return latest;
}

/* The part of the pod's life in which it happened; false: the rule does not apply to it. */
static bool find_scope(const struct hit *hit, const struct rule *rule, enum scope *ret)
{
	enum scope scope = hit->part;

	/* a rule with a single scope overrides the clock, but nothing is created during a
	 * deletion */
	if (scope == SCOPE_DELETE && rule->scopes == 1u << SCOPE_CREATE)
		return false;
	for (unsigned i = 0; i < SCOPE_COUNT; i++)
		if (rule->scopes == 1u << i)
			scope = (enum scope)i;
	*ret = scope;
	return rule->scopes >> scope & 1;
}

/* An eviction includes a delete request; reports of it come just before or after the request. */
static nsec end_of(const struct hits *h, const struct hit *hit)
{
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	return nsec_known(deleted) && hit->last > deleted - 5 * SECOND ? deleted : hit->last;
}

/* Deleting a pod that keeps crashing did not end its work: the crash had. */
static bool ended_nothing(const struct hits *h, const struct suspect *s)
{
	return s->scope == SCOPE_RUN && s->rule->stage == STAGE_COUNT &&
	       hits_backing_off(h, s->hit->first);
}

/* Earlier failures did not fail a job that succeeded in the end. */
static bool made_good(const struct hits *h, const struct suspect *s)
{
	return h->t->job && s->scope == SCOPE_RUN && s->rule->stage != STAGE_COUNT &&
	       h->t->marks[MILESTONE_FINISHED].reached && !h->t->marks[MILESTONE_FAILED].reached;
}

/* A probe counts as failed after three failures, the default of Kubernetes, and after longer than a
 * normal start. Before that the pod is starting, or was slow to answer once. */
static bool too_early(const struct hits *h, const struct suspect *s)
{
	const struct entry *e = s->hit->last_entry;
	bool undecided = h->d->verdict == VERDICT_ABORTED || h->d->verdict == VERDICT_OPEN;

	if (!e || e->fact.kind != FACT_EVENT || !str_eq(e->fact.reason, STR("Unhealthy")))
		return false;
	if (s->scope == SCOPE_RUN)
		return s->hit->times < 3;
	return undecided && s->scope == SCOPE_CREATE &&
	       (s->hit->times < 3 || s->hit->last - s->hit->first < 10 * SECOND);
}

/* A rejected create before the successful one belongs to the admission stage. */
static bool before_granted(const struct hits *h, const struct suspect *s)
{
	const struct entry *e = s->hit->last_entry;

	return !h->t->denied && e && e->fact.kind == FACT_CREATE && e->fact.code >= 300;
}

/* A pod that is updated in place is not Ready for a while; that is fine if it becomes Ready
 * again. */
static bool only_changed(const struct suspect *s)
{
	return s->change && s->change->ready.reached && s->rule->symptom;
}

/* For pods that are not judged: a container that ended with a signal, or with 0, may have been
 * stopped by the kubelet, whose Event is before the log or not in the dump. */
static bool is_unexplained(const struct hits *h, const struct hit *hit)
{
	const struct entry *e = hit->last_entry;
	nsec first = h->cluster->first;

	return unjudged(h) && e && e->fact.kind == FACT_TERMINATED &&
	       (e->fact.code == 0 || e->fact.code > 128) &&
	       !str_eq(e->fact.reason, STR("OOMKilled")) &&
	       (!nsec_known(first) || entry_at(e) < first);
}

/* An excused hit explains nothing that came later, but perhaps the time before. */
static bool may_be_cause(const struct hits *h, const struct suspect *s)
{
	return !s->rule->information && !(s->excused && s->scope != SCOPE_CREATE) &&
	       !ended_nothing(h, s) && !too_early(h, s) && !made_good(h, s) && !only_changed(s) &&
	       !before_granted(h, s) && !is_unexplained(h, s->hit);
}

/* In a dump the kubelet's first sign often only has an upper bound: complaints until then belong to
 * the wait for it. */
static enum lifecycle_stage seen_in(const struct hits *h, const struct hit *hit)
{
	for (size_t i = 0; hit->stage == STAGE_SANDBOX && i < h->t->n_stages; i++)
		if (h->t->stages[i].stage == STAGE_STARTUP_WAIT &&
		    hit->first < h->t->stages[i].end.at)
			return STAGE_STARTUP_WAIT;
	return hit->stage;
}

/* Did the stage continue after it, or was it done before? (For example a running pod's volume that
 * could not be refreshed, or a sandbox that was lost.) */
static void compare_with_stage(const struct hits *h, struct suspect *s)
{
	nsec done = done_at(h->t, s->hit->stage, s->hit->subject);
	bool create = s->scope == SCOPE_CREATE && nsec_known(done);

	s->healed = s->excused || (create && done >= s->hit->first);
	s->late = create && done < s->hit->first;
	s->order = stage_order(s->late ? STAGE_READINESS : s->stage);
}

void suspects_find(const struct hits *h, struct suspects *ret)
{
	ret->list = arena_array(h->arena, struct suspect, h->n);
	ret->n = 0;
	for (size_t i = 0; i < h->n; i++) {
		const struct hit *hit = &h->list[i];
		struct suspect s = { .hit = hit, .rule = hits_rule(h, hit) };
		nsec excuse = last_excuse(h, hit);

		if (!hit->times || hit->part == SCOPE_COUNT || !find_scope(hit, s.rule, &s.scope))
			continue;
		/* a stage that was delayed by an error is not slow by itself */
		if (nsec_known(hit->took) && nsec_known(excuse))
			continue;
		s.stage = seen_in(h, hit);
		s.end = end_of(h, hit);
		s.excused = nsec_known(excuse) && excuse >= hit->last;
		compare_with_stage(h, &s);
		s.change = hits_change(h, hit, s.scope);
		s.cause = may_be_cause(h, &s);
		ret->list[ret->n++] = s;
	}
}
