/* SPDX-License-Identifier: Apache-2.0 */
/* PVCs: created, admitted, first pod scheduled, Bound, deleted. With WaitForFirstConsumer a volume
 * is provisioned only when the first pod that uses it is scheduled: the user owns that wait. */
#include "timeline/incarnation.h"

/* The earliest Event with one of two reasons. */
static struct mark first_event(const struct timeline *t, const char *one, const char *other)
{
	return mark_earlier(timeline_event_mark(t, entries_event(t, one, (struct str){ 0 })),
			    timeline_event_mark(t, entries_event(t, other, (struct str){ 0 })));
}

static struct mark waited(const struct timeline *t)
{
	return first_event(t, "WaitForFirstConsumer", "WaitForPodScheduled");
}

static struct mark provisioning(const struct timeline *t)
{
	return first_event(t, "Provisioning", "ExternalProvisioning");
}

struct mark claim_bound(const struct timeline *t, const struct incarnation *in)
{
	struct mark m = timeline_phase(t, "Bound", "Bound");

	/* a dump shows the state when it was made, perhaps long after the last time in it */
	if (m.evidence && m.evidence->dumped)
		mark_bound(&m, t->dumped_until);
	return m;
}

/* The scheduler annotates the PVC with the node. Classes without a provisioner do not need that;
 * for them, the next step shows that the wait was over. */
struct mark claim_scheduled(const struct timeline *t, const struct incarnation *in)
{
	const struct entry *e = entries_first(t, FACT_SELECTED);
	struct mark m = provisioning(t);

	if (!e)
		return !waited(t).reached ? mark_unreached
					  : mark_inferred(m.reached ? m : claim_bound(t, in));
	m = e->fact.written ? mark_written(e, SOURCE_AUDIT) : mark_seen(e);
	if (e->dumped)
		mark_bound(&m, claim_bound(t, in).at);
	return m;
}

static void find_stages(struct timeline *t, struct arena *arena)
{
	const struct mark *created = &t->marks[MILESTONE_CREATED],
			  *bound = &t->marks[MILESTONE_BOUND],
			  *scheduled = &t->marks[MILESTONE_SCHEDULED];
	struct mark making = provisioning(t),
		    made = first_event(t, "ProvisioningSucceeded", "ProvisioningSucceeded");
	bool waits = waited(t).reached || scheduled->reached;
	struct stage_list l = { .arena = arena };

	if (waits)
		stage_list_add(&l, (struct stage){ STAGE_CONSUMER, STR(""), *created, *scheduled,
						   !scheduled->reached && !bound->reached });
	stage_list_add(&l, (struct stage){ STAGE_PROVISION, STR(""), making, made,
					   making.reached && !made.reached && !bound->reached });
	if (!made.reached && !making.reached)
		made = waits ? *scheduled : *created;
	stage_list_add(&l, (struct stage){ STAGE_BIND, STR(""), made, *bound, !bound->reached });
	t->stages = stage_list_sort(&l, &t->n_stages);
}

/* As for a pod's readiness (silence.c). Events that report that it is still waiting count too. */
static nsec unbound_until(const struct timeline *t, const struct cluster *cluster)
{
	static const char *const waits[] = { "WaitForFirstConsumer",
					     "WaitForPodScheduled",
					     "ProvisioningFailed",
					     "FailedBinding",
					     "ExternalProvisioning",
					     "VolumeMismatch",
					     NULL };
	nsec look = NSEC_NONE, blind = NSEC_NONE;

	entries_each(e, t) {
		if (e->fact.kind == FACT_PHASE)
			look = clock_later(look, e->last);
		else if (e->fact.kind == FACT_WRITE)
			blind = clock_later(blind, e->last);
		else if (e->fact.kind == FACT_EVENT && str_is_one_of(e->fact.reason, waits))
			look = clock_later(look, e->last);
	}
	look = clock_later(look, t->dumped_until);
	if (!cluster || !cluster->claim_writes || blind > look)
		return look;
	return timeline_hole_behind(t->kubelet_holes, look);
}

void timeline_claim(struct timeline *t, const struct incarnation *in, const struct cluster *cluster,
		    struct arena *arena)
{
	t->claim = in->claim;
	timeline_milestones(t, in);
	t->status_until = unbound_until(t, cluster);
	find_stages(t, arena);
	timeline_deletion(t, in, cluster, arena);
}
