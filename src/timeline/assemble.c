/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the timeline of one incarnation, or of denied creates, except milestones and stages. */
#include "timeline/about.h"
#include "timeline/incarnation.h"
#include "timeline/refusals.h"
#include "kube/kinds.h"

/* A CronJob names its Jobs NAME-MINUTES, with the scheduled time in minutes since 1970. A number
 * within a day of the pod's creation is assumed to be one. */
static bool cron_job(struct str job, nsec created, struct str *ret_name)
{
	struct str head, tail;
	uint64_t minutes;
	nsec at;

	if (!nsec_known(created) || !str_cut_last(job, '-', &head, &tail) || tail.n != 8 ||
	    !str_u64(tail, &minutes))
		return false;
	at = (nsec)minutes * MINUTE;
	if (!head.n || at < created - 24 * HOUR || at > created + 24 * HOUR)
		return false;
	*ret_name = head;
	return true;
}

static void workload_of(struct name_group *g, struct timeline *t)
{
	const struct pod_object *o = t->object;
	struct str hash = { 0 }, key, rest, prefix, suffix;

	if (!o || !o->owner_kind.p)
		return;
	t->workload_kind = o->owner_kind;
	t->workload_name = o->owner_name;
	if (!o->owner_kind.n || context_workload(g->context, g->cluster, g->namespace,
						 &t->workload_kind, &t->workload_name))
		return;
	if (str_eq(o->owner_kind, STR("Job")) &&
	    cron_job(o->owner_name, o->created, &t->workload_name))
		t->workload_kind = STR("CronJob");
	/* a Deployment names its ReplicaSets NAME-HASH and labels their pods with the hash */
	rest = o->labels;
	while (rest.n && str_cut(rest, 0, &key, &rest)) {
		if (str_eq(key, STR("pod-template-hash")))
			str_cut(rest, 0, &hash, &rest);
		else
			str_cut(rest, 0, &key, &rest);
	}
	if (hash.n && str_eq(o->owner_kind, STR("ReplicaSet")) &&
	    str_cut_last(o->owner_name, '-', &prefix, &suffix) && str_eq(suffix, hash)) {
		t->workload_kind = STR("Deployment");
		t->workload_name = prefix;
	}
}

/*
 * When the last dump that contains the pod was made: normally the cluster's last dump. If other
 * Pods are in several dumps, and this pod existed when the older one was made but is only in one,
 * then it was gone by the last dump, so the older one contains it.
 */
static nsec dumped_until(const struct incarnation *in, const struct cluster *cluster)
{
	if (!in->dumped || !cluster)
		return NSEC_NONE;
	if (in->claim || in->copies > 1 || !cluster->pods_twice ||
	    in->created >= cluster->dumped_older)
		return cluster->dumped_last;
	return cluster->dumped_older;
}

static void timeline_common(struct name_group *g, struct timeline *t)
{
	t->kind = g->kind;
	t->cluster = g->cluster;
	t->namespace = g->namespace;
	t->name = g->name;
	for (int i = 0; i < MILESTONE_COUNT; i++)
		t->marks[i] = mark_unreached;
}

void timeline_refused(struct name_group *g, struct timeline *t, const struct refused *p)
{
	timeline_common(g, t);
	t->denied = true;
	t->refusal = p->code;
	t->attempts = p->attempts;
	t->generate_name = p->generate_name.n ? p->generate_name : (struct str){ 0 };
	t->object = p->object;
	if (p->object && p->object->has_spec) {
		t->job_known = true;
		t->job = p->object->job;
	}
	workload_of(g, t);
	t->entries = p->first;
	t->n_entries = 1;
	t->status_until = NSEC_NONE;
	t->unseen_from = INT64_MAX;
	t->marks[MILESTONE_CREATED] = mark_written(p->first, SOURCE_AUDIT);
}

/* The controllers that remove the finalizers set by Kubernetes itself. */
static const struct holder {
	const char *finalizer, *controller;
} holders[] = {
	{ "batch.kubernetes.io/job-tracking", "job-controller" },
	{ "foregroundDeletion", "generic-garbage-collector" },
	{ "orphan", "generic-garbage-collector" },
	{ "kubernetes.io/pvc-protection", "pvc-protection-controller" },
};

/* An unknown finalizer may be removed through another API server. If the controllers are not in the
 * log, the log of some API server is missing, perhaps that one. */
static struct str holder_of(const struct timeline *t)
{
	struct str finalizers = { 0 };

	entries_each(e, t)
		if (e->fact.kind == FACT_DELETING && e->fact.message.n)
			finalizers = e->fact.message;
	for (size_t i = 0; i < ARRAY_SIZE(holders); i++)
		if (str_contains(finalizers, str_from(holders[i].finalizer)))
			return str_from(holders[i].controller);
	return STR("");
}

static bool writes_no_events(const struct presence *p, const struct timeline *t)
{
	const struct log_writer *w = presence_find_kubelet(p, t->cluster, t->node),
				*all = presence_find(p, t->cluster, WRITER_ALL);

	return w && !w->rare && !w->events && all && all->events;
}

/* Controllers bind and release PVCs; for pods the scheduler and the kubelet write. */
static void find_writers(struct name_group *g, struct timeline *t, const struct incarnation *in)
{
	const struct presence *p = &g->context->presence;
	bool custom = t->object && t->object->scheduler.n &&
		      !str_eq(t->object->scheduler, STR("default-scheduler"));

	t->kubelet_holes = t->kind != OBJECT_POD
			       ? presence_controller(p, g->cluster, object_row(t->kind)->controller)
			   : in->bound && !t->node.n && !timeline_has_kubelet(t)
			       ? presence_holes(p, g->cluster, WRITER_UNKNOWN)
			   : in->born_bound && !context_has_node(g->context, g->cluster, t->node)
			       ? presence_holes(p, g->cluster, WRITER_ALL) /* no such node */
			       : presence_kubelet(p, g->cluster, t->node);
	t->log_holes = presence_holes(p, g->cluster, WRITER_ALL);
	t->holder_holes = presence_controller(p, g->cluster, holder_of(t));
	t->no_events = t->node.n && writes_no_events(p, t);
	t->scheduler_holes = presence_holes(p, g->cluster, custom ? WRITER_ALL : WRITER_SCHEDULER);
}

static void find_of_pod(struct name_group *g, struct timeline *t, struct incarnation *in,
			const struct cluster *cluster)
{
	struct container_life *containers;

	if (t->node.n) {
		t->clock_offset = context_clock_offset(g->context, g->cluster, t->node);
		in->place = context_find_node(g->context, g->cluster, t->node);
	}
	about_index(t, &g->pod);
	containers = timeline_containers(t, in, &g->pod);
	timeline_milestones(t, in);
	timeline_regained(t, in, cluster);
	t->failed_unseen = timeline_failed_unseen(t, cluster);
	t->status_until = timeline_status_until(t, in, cluster);
	timeline_unseen(t);
	timeline_scheduling(t);
	timeline_stages(t, in, &g->pod);
	timeline_containers_live(t, containers);
	timeline_deletion(t, in, cluster, &g->pod);
	timeline_upgrades(t, in, &g->pod);
}

void timeline_of(struct name_group *g, struct timeline *t, struct incarnation *in)
{
	const struct cluster *cluster = context_find_cluster(g->context, g->cluster);

	timeline_common(g, t);
	t->uid = in->uid;
	t->node = in->node;
	t->object = in->object;
	t->attempts = in->attempts ? in->attempts : 1; /* it exists, so one create succeeded */
	t->refused = in->refused;
	t->n_refused = in->n_refused;
	t->cut = in->cut;
	t->dumped = in->dumped;
	t->dumped_until = dumped_until(in, cluster);
	t->mirror = (in->object && in->object->mirror.p) || in->kubelet_create;
	if (in->object)
		t->generate_name = in->object->generate_name;
	if (in->object && in->object->has_spec) {
		t->job_known = true;
		t->job = in->object->job;
	} else if (in->object && str_eq(in->object->owner_kind, STR("Job"))) {
		t->job_known = t->job = true;
	}
	workload_of(g, t);
	t->entries = in->entries;
	t->n_entries = in->n;
	t->unseen_from = INT64_MAX;
	find_writers(g, t, in);
	t->attached = in->attached;
	if (t->kind == OBJECT_POD)
		find_of_pod(g, t, in, cluster);
	else if (t->kind == OBJECT_CLAIM)
		timeline_claim(t, in, cluster, &g->pod);
	else
		timeline_milestones(t, in);
}
