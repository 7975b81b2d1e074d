/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: created, admitted, its first pod scheduled, Bound, deleted. Some classes make a volume
 * only when the first pod that uses it has got a node: that wait is the user's.
 */
#include "timeline/incarnation.h"

struct claiming {
	struct timeline *t;
	struct arena *arena;
	const struct cluster *cluster;
	struct mark waited; /* the first Event that says it waits for its consumer */
	struct mark provisioning, provisioned;
	struct stage_list stages;
};

/* The earliest Event with one of two reasons. */
static struct mark first_event(const struct timeline *t, const char *one, const char *other)
{
	struct mark a = timeline_event_mark(t, entries_event(t, one, (struct str){ 0 })),
		    b = timeline_event_mark(t, entries_event(t, other, (struct str){ 0 }));

	return a.at == NSEC_NONE || (b.at != NSEC_NONE && b.at < a.at) ? b : a;
}

static struct mark bound(const struct claiming *c)
{
	struct mark m = timeline_phase(c->t, "Bound", "Bound");

	/* a dump shows what was so when it was made, which may be long after its last time */
	if (m.evidence && m.evidence->dumped) {
		m.at = NSEC_NONE;
		m.until = c->cluster ? c->cluster->dumped_last : NSEC_NONE;
	}
	return m;
}

/*
 * The scheduler writes the node down. A class without a provisioner has no need of that: then what
 * follows at once tells that the wait was over.
 */
static struct mark selected(const struct claiming *c)
{
	const struct mark *is_bound = &c->t->marks[MILESTONE_BOUND];
	struct mark m = mark_unreached;

	for (size_t i = 0; i < c->t->n_entries; i++) {
		const struct entry *e = &c->t->entries[i];

		if (e->fact.kind != FACT_SELECTED)
			continue;
		m = (struct mark){ e->received, PRECISION_EXACT, SOURCE_AUDIT, true, NSEC_NONE, e };
		if (!e->fact.written) {
			m.precision = PRECISION_INFERRED;
			m.source = SOURCE_BOUND;
		}
		if (e->dumped) {
			m.at = NSEC_NONE;
			m.until = is_bound->at;
		}
		return m;
	}
	if (!c->waited.reached)
		return m;
	m = c->provisioning.reached ? c->provisioning : *is_bound;
	m.precision = PRECISION_INFERRED;
	m.source = SOURCE_BOUND;
	return m;
}

static void add(struct claiming *c, enum lifecycle_stage stage, struct mark start, struct mark end,
		bool unfinished)
{
	stage_open_if(stage_list_add(&c->stages, c->arena, stage, STR(""), start, end), unfinished);
}

static void find_stages(struct claiming *c)
{
	const struct mark *created = &c->t->marks[MILESTONE_CREATED],
			  *is_bound = &c->t->marks[MILESTONE_BOUND],
			  *scheduled = &c->t->marks[MILESTONE_SCHEDULED];
	bool waits = c->waited.reached || scheduled->reached;
	bool waiting = waits && !scheduled->reached && !is_bound->reached;
	bool making = c->provisioning.reached && !c->provisioned.reached && !is_bound->reached;
	struct mark there = c->provisioned;

	if (waits)
		add(c, STAGE_CONSUMER, *created, *scheduled, waiting);
	add(c, STAGE_PROVISION, c->provisioning, c->provisioned, making);
	if (!there.reached && !c->provisioning.reached)
		there = waits ? *scheduled : *created;
	add(c, STAGE_BIND, there, *is_bound, !is_bound->reached);
	stage_list_sort(&c->stages);
	c->t->stages = c->stages.list;
	c->t->n_stages = c->stages.n;
}

/* As for a pod's readiness (milestones.c): Events that it still waits are looks as well. */
static nsec unbound_until(const struct claiming *c)
{
	static const char *const waits[] = { "WaitForFirstConsumer", "WaitForPodScheduled",
					     "ProvisioningFailed",   "FailedBinding",
					     "ExternalProvisioning", "VolumeMismatch" };
	nsec look = NSEC_NONE, blind = NSEC_NONE;

	for (size_t i = 0; i < c->t->n_entries; i++) {
		const struct entry *e = &c->t->entries[i];

		if (e->fact.kind == FACT_PHASE)
			look = clock_later(look, e->last);
		else if (e->fact.kind == FACT_WRITE)
			blind = clock_later(blind, e->last);
		for (size_t k = 0; e->fact.kind == FACT_EVENT && k < ARRAY_SIZE(waits); k++)
			if (str_eq(e->fact.reason, str_from(waits[k])))
				look = clock_later(look, e->last);
	}
	look = clock_later(look, c->t->dumped_until);
	if (!c->cluster || !c->cluster->claim_writes || blind > look)
		return look;
	return timeline_hole_behind(c->t->kubelet_holes, look);
}

void timeline_claim(struct timeline *t, const struct incarnation *in, const struct cluster *cluster,
		    struct arena *arena)
{
	static const enum milestone shared[] = { MILESTONE_CREATED, MILESTONE_ADMITTED,
						 MILESTONE_DELETED };
	struct claiming c = { .t = t, .arena = arena, .cluster = cluster };
	struct mark marks[ARRAY_SIZE(shared)];

	t->claim = in->claim;
	timeline_milestones(t, in, cluster);
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		marks[i] = t->marks[shared[i]];
	for (size_t i = 0; i < MILESTONE_COUNT; i++)
		t->marks[i] = mark_unreached;
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		t->marks[shared[i]] = marks[i];
	t->unschedulable = false;
	c.waited = first_event(t, "WaitForFirstConsumer", "WaitForPodScheduled");
	c.provisioning = first_event(t, "Provisioning", "ExternalProvisioning");
	c.provisioned = first_event(t, "ProvisioningSucceeded", "ProvisioningSucceeded");
	t->marks[MILESTONE_BOUND] = bound(&c);
	t->marks[MILESTONE_SCHEDULED] = selected(&c);
	t->status_until = unbound_until(&c);
	find_stages(&c);
	timeline_deletion(t, in, cluster, arena);
}
