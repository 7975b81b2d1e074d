/* SPDX-License-Identifier: Apache-2.0 */
/* What a pod had to do with the scheduler, beside its binding: preemption, gates, refusals. */
#include "timeline/incarnation.h"

/*
 * What the scheduler's Event says about the victim: Preempted by shop/urgent on node N (to 1.22),
 * by a pod on node N (to 1.28), by pod UID on node N, by podgroup UID on node N (1.36).
 */
static struct str preemptor_in(struct str message)
{
	static const struct str head = { "Preempted by ", 13 }, tail = { " on node ", 9 };
	struct str who, rest;

	if (!str_starts(message, head))
		return STR("");
	rest = who = str_after(message, head.n);
	while (rest.n && !str_starts(rest, tail))
		rest = str_after(rest, 1);
	who.n -= rest.n;
	if (str_eq(who, STR("a pod")))
		return STR("");
	if (str_starts(who, STR("pod ")))
		return str_after(who, 4);
	return who;
}

/* The Event names the preemptor, the condition only says that there was one. */
static struct str preemptor(const struct timeline *t)
{
	struct str found = { 0 };

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		if (f->kind == FACT_EVENT && f->origin != ORIGIN_KUBELET &&
		    str_eq(f->reason, STR("Preempted")))
			return preemptor_in(f->message);
		if (f->kind == FACT_CONDITION && f->truth &&
		    str_eq(f->subject, STR("DisruptionTarget")) &&
		    (str_eq(f->reason, STR("PreemptionByScheduler")) ||
		     str_eq(f->reason, STR("PreemptionByKubeScheduler"))))
			found = STR("");
	}
	return found;
}

/* The last one: when a node is not freed, another may be. */
static struct str nominated(const struct timeline *t)
{
	struct str node = { 0 };

	for (size_t i = 0; i < t->n_entries; i++)
		if (t->entries[i].fact.kind == FACT_NOMINATED && t->entries[i].fact.subject.n)
			node = t->entries[i].fact.subject;
	return node;
}

static bool unschedulable(const struct timeline *t)
{
	if (t->nominated.p || (t->object && t->object->n_scheduling_gates))
		return true;
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		if (f->kind == FACT_EVENT && str_eq(f->reason, STR("FailedScheduling")))
			return true;
		if (f->kind == FACT_CONDITION && !f->truth &&
		    str_eq(f->subject, STR("PodScheduled")))
			return true;
	}
	return false;
}

void timeline_scheduling(struct timeline *t)
{
	t->preemptor = preemptor(t);
	t->nominated = nominated(t);
	t->unschedulable = unschedulable(t);
}
