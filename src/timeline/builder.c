/* SPDX-License-Identifier: Apache-2.0 */
/* Grouping and splitting: records of one name to incarnations and refusals. */
#include "timeline/builder.h"

#include "base/mem.h"
#include "kube/codec.h"
#include "timeline/about.h"
#include "timeline/incarnation.h"
#include "timeline/refusals.h"

/* After a group with more lives than this the map of UIDs is made anew, for it only grows. */
enum { UIDS_KEPT = 1024 };

struct timelines {
	enum object_kind kind; /* of the group */
	timelines_source *next;
	void *ctx;
	timelines_keep *keep; /* NULL: nothing is attached */
	const struct context *context;
	uint64_t duplicates;
	/* the record that was read ahead */
	bool have, ended;
	struct str key, value;
	/* the group at hand; pod */
	struct arena pod;
	struct arena records; /* those that are kept, and the one that is looked at */
	struct spares spares;
	struct str group, cluster, namespace, name;
	struct record last; /* for twins: identity only */
	struct arena last_arena;
	bool has_last;
	struct incarnation *last_in; /* which life it is of; NULL: of none */
	struct incarnation **incarnations;
	size_t n_incarnations, incarnations_cap;
	struct map uids;       /* of the incarnations that have one: see uid_numbers */
	uint32_t *uid_numbers; /* in incarnations, by the uid's number in the map; of the run */
	size_t uid_numbers_cap;
	struct refusals refusals; /* since the last create that succeeded */
	bool named; /* something that opens no incarnation named it, and none did since */
	struct timeline *timelines;
	size_t n_timelines, at;
};

struct timelines *timelines_new(timelines_source *next, void *ctx, const struct context *context)
{
	struct timelines *ts = mem_zalloc(sizeof(*ts));

	ts->next = next;
	ts->ctx = ctx;
	ts->context = context;
	return ts;
}

void timelines_attached(struct timelines *ts, timelines_keep *keep)
{
	ts->keep = keep;
}

void timelines_free(struct timelines *ts)
{
	if (!ts)
		return;
	arena_free(&ts->pod);
	arena_free(&ts->records);
	arena_free(&ts->last_arena);
	refusals_free(&ts->refusals);
	map_free(&ts->uids);
	mem_free(ts->uid_numbers);
	mem_free(ts);
}

uint64_t timelines_duplicates(const struct timelines *ts)
{
	return ts->duplicates;
}

static int read_ahead(struct timelines *ts, struct err *err)
{
	int r;

	if (ts->have || ts->ended)
		return ts->have;
	r = ts->next(ts->ctx, &ts->key, &ts->value, err);
	ts->have = r > 0;
	ts->ended = r == 0;
	return r;
}

/* Twins are adjacent, the fuller one first. */
static bool is_twin(struct timelines *ts, const struct record *r)
{
	if (ts->has_last && record_twins(&ts->last, r)) {
		if (r->dumped && ts->last_in)
			ts->last_in->copies++;
		ts->duplicates += r->kind == OBJECT_POD; /* the counter is of pods' records */
		return true;
	}
	arena_reset(&ts->last_arena);
	ts->last_in = NULL;
	ts->last = (struct record){
		.received = r->received,
		.uri_hash = r->uri_hash,
		.audit_id = arena_str(&ts->last_arena, r->audit_id),
		.audit_stage = arena_str(&ts->last_arena, r->audit_stage),
		.verb = arena_str(&ts->last_arena, r->verb),
		.dumped = r->dumped,
	};
	ts->has_last = true;
	return false;
}

/* Incarnations */

static struct incarnation *incarnation_new(struct timelines *ts)
{
	struct incarnation *in = arena_new(&ts->pod, struct incarnation);

	arena_reserve(&ts->pod, ts->incarnations, ts->n_incarnations, ts->incarnations_cap);
	in->created = in->changed = in->spec_seen = in->replaced = in->gated = NSEC_NONE;
	in->named_before = ts->named;
	in->spares = &ts->spares;
	ts->named = false;
	ts->incarnations[ts->n_incarnations++] = in;
	return in;
}

static struct incarnation *last_of(struct timelines *ts)
{
	return ts->n_incarnations ? ts->incarnations[ts->n_incarnations - 1] : NULL;
}

static const struct fact *fact_of(const struct record *r, enum fact_kind kind)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == kind)
			return &r->facts[i];
	return NULL;
}

/* The UID is the incarnation's own from now on. It is the last one: others are found by theirs. */
static void name_incarnation(struct timelines *ts, struct incarnation *in, struct str uid)
{
	uint32_t i = map_put(&ts->uids, uid, NULL);

	in->uid = arena_str(&ts->pod, uid);
	array_reserve(ts->uid_numbers, ts->uid_numbers_cap, (size_t)i + 1);
	ts->uid_numbers[i] = (uint32_t)(ts->n_incarnations - 1);
}

/*
 * Which life a record belongs to. The UID decides where there is one. Without one it is the life
 * that exists at that time, and a create after a create or a deletion, or a second binding,
 * begins a new one.
 */
static struct incarnation *incarnation_for(struct timelines *ts, const struct record *r)
{
	struct incarnation *last = last_of(ts);
	bool creates = fact_of(r, FACT_CREATE) != NULL, binds = fact_of(r, FACT_BIND) != NULL;
	bool ended = last && (last->gone || (creates && (last->has_create || last->deleted)));

	if (r->uid.n) {
		uint32_t known = map_find(&ts->uids, r->uid);

		if (known != MAP_NONE)
			return ts->incarnations[ts->uid_numbers[known]];
		if (last && !last->uid.p && !ended)
			return last;
		return incarnation_new(ts);
	}
	if (!last)
		return incarnation_new(ts);
	if (creates && (ended || last->uid.p))
		return incarnation_new(ts);
	if (binds && (ended || last->bound))
		return incarnation_new(ts);
	return last;
}

/* The kubelet's Events about a mirror pod carry the UID of the static pod behind it. */
static bool is_static(const struct incarnation *in, struct str uid)
{
	return in->object && in->object->mirror.n && str_eq(in->object->mirror, uid);
}

static struct str kind_of(const struct timelines *ts)
{
	return ts->kind == OBJECT_CLAIM ? STR("PersistentVolumeClaim") : STR("Pod");
}

static struct str identity_of(const struct record *r)
{
	return r->uid.n ? r->uid : r->name;
}

/* Returns whether the record is kept by what it is about, < 0 on an error. */
static int place(struct timelines *ts, const struct record *r, struct str bytes, struct err *err)
{
	const struct fact *create = fact_of(r, FACT_CREATE), *bind = fact_of(r, FACT_BIND);
	size_t before = ts->n_incarnations;
	struct incarnation *in;
	bool kept;

	if (create && r->status >= 300)
		return refusals_add(&ts->refusals, &ts->pod, r, bytes, err);
	/* an Event of unknown kind, or a request that failed, proves no pod */
	if (!last_of(ts) && (!r->about_pod || r->status >= 300)) {
		ts->named = ts->named || !r->about_pod;
		return 0;
	}
	if (bind && r->status >= 300)
		return 0; /* a refused binding binds nothing */
	in = incarnation_for(ts, r);
	if (r->uid.n && !in->uid.p && !is_static(in, r->uid))
		name_incarnation(ts, in, r->uid);
	if (create && !in->has_create) {
		in->attempts = ts->refusals.attempts + 1;
		in->refused = refusals_entries(&ts->refusals, &ts->pod);
		in->n_refused = ts->refusals.n;
	}
	if (create || ts->n_incarnations > before)
		refusals_reset(&ts->refusals);
	ts->last_in = in;
	if (r->dumped && (r->object || r->claim)) {
		in->copies++;
		/* of two that are equally late the newer one alone counts */
		if (context_outdated(ts->context, &(struct dumped_copy){
						      ts->cluster, kind_of(ts), identity_of(r),
						      r->audit_stage, r->received }))
			return 0;
	}
	kept = incarnation_add(in, &ts->pod, ts->context, r);
	if (r->attached.n && ts->keep && ts->keep(&in->attached, &ts->pod, r))
		kept = true;
	return kept;
}

/* One record of the group. What is not kept leaves no bytes behind. */
static int add_record(struct timelines *ts, struct str bytes, struct err *err)
{
	struct arena_mark mark = arena_mark(&ts->records);
	struct record r;
	int kept = 0;

	bytes = arena_str(&ts->records, bytes);
	if (record_decode(bytes, &ts->records, &r, err) < 0)
		return -1;
	if (!is_twin(ts, &r))
		kept = place(ts, &r, bytes, err);
	if (kept <= 0)
		arena_rollback(&ts->records, mark);
	return kept < 0 ? -1 : 0;
}

/* Finished groups */

/*
 * A CronJob names its Jobs NAME-MINUTES, the minutes of the scheduled time since 1970; a number
 * that is within a day of the pod's creation is no accident.
 */
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

static void workload_of(struct timelines *ts, struct timeline *t)
{
	const struct pod_object *o = t->object;
	struct str hash = { 0 }, key, rest, prefix, suffix;

	if (!o || !o->owner_kind.p)
		return;
	t->workload_kind = o->owner_kind;
	t->workload_name = o->owner_name;
	if (!o->owner_kind.n || context_workload(ts->context, ts->cluster, ts->namespace,
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
 * When the dump was made that contains it: the last one of the cluster. But where several contain
 * Pods, and it existed when the older one was made, and only one contains it, it was gone by the
 * last one.
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

static void timeline_common(struct timelines *ts, struct timeline *t)
{
	t->kind = ts->kind;
	t->cluster = ts->cluster;
	t->namespace = ts->namespace;
	t->name = ts->name;
	for (int i = 0; i < MILESTONE_COUNT; i++)
		t->marks[i] = mark_unreached;
}

static void timeline_refused(struct timelines *ts, struct timeline *t, const struct refused *p)
{
	timeline_common(ts, t);
	t->denied = true;
	t->refusal = p->code;
	t->attempts = p->attempts;
	t->generate_name = p->generate_name.n ? p->generate_name : (struct str){ 0 };
	t->object = p->object;
	if (p->object && p->object->has_spec) {
		t->job_known = true;
		t->job = p->object->job;
	}
	workload_of(ts, t);
	t->entries = p->first;
	t->n_entries = 1;
	t->status_until = NSEC_NONE;
	t->unseen_from = INT64_MAX;
	t->marks[MILESTONE_CREATED] = mark_written(p->first, SOURCE_AUDIT);
}

/* The controllers that remove the finalizers which Kubernetes itself sets. */
static const struct holder {
	const char *finalizer, *controller;
} holders[] = {
	{ "batch.kubernetes.io/job-tracking", "job-controller" },
	{ "foregroundDeletion", "generic-garbage-collector" },
	{ "orphan", "generic-garbage-collector" },
	{ "kubernetes.io/pvc-protection", "pvc-protection-controller" },
};

/*
 * An unknown finalizer may be removed through another API server: where the controllers are not
 * seen, the log of one is missing, which may be that one.
 */
static struct str holder_of(const struct timeline *t)
{
	struct str finalizers = { 0 };

	entries_each (e, t)
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

/* A claim is bound, and let go, by a controller; a pod by the scheduler and by its kubelet. */
static void find_writers(struct timelines *ts, struct timeline *t, const struct incarnation *in)
{
	const struct presence *p = &ts->context->presence;
	bool custom = t->object && t->object->scheduler.n &&
		      !str_eq(t->object->scheduler, STR("default-scheduler"));

	t->kubelet_holes =
	    t->kind == OBJECT_CLAIM
		? presence_controller(p, ts->cluster, STR("persistent-volume-binder"))
	    : in->bound && !t->node.n && !timeline_has_kubelet(t)
		? presence_holes(p, ts->cluster, WRITER_UNKNOWN)
	    : in->born_bound && !context_has_node(ts->context, ts->cluster, t->node)
		? presence_holes(p, ts->cluster, WRITER_ALL) /* no such node */
		: presence_kubelet(p, ts->cluster, t->node);
	t->log_holes = presence_holes(p, ts->cluster, WRITER_ALL);
	t->holder_holes = presence_controller(p, ts->cluster, holder_of(t));
	t->no_events = t->node.n && writes_no_events(p, t);
	t->scheduler_holes = presence_holes(p, ts->cluster, custom ? WRITER_ALL : WRITER_SCHEDULER);
}

static void timeline_of(struct timelines *ts, struct timeline *t, struct incarnation *in)
{
	const struct cluster *cluster = context_find_cluster(ts->context, ts->cluster);
	struct container_life *containers;

	timeline_common(ts, t);
	t->uid = in->uid;
	t->node = in->node;
	t->object = in->object;
	t->attempts = in->attempts ? in->attempts : 1; /* it exists, so one was granted */
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
	workload_of(ts, t);
	t->entries = in->entries;
	t->n_entries = in->n;
	t->unseen_from = INT64_MAX;
	find_writers(ts, t, in);
	t->attached = in->attached;
	if (t->kind == OBJECT_CLAIM) {
		timeline_claim(t, in, cluster, &ts->pod);
		return;
	}
	if (t->node.n) {
		t->clock_offset = context_clock_offset(ts->context, ts->cluster, t->node);
		in->place = context_find_node(ts->context, ts->cluster, t->node);
	}
	about_index(t, &ts->pod);
	containers = timeline_containers(t, in, &ts->pod);
	timeline_milestones(t, in);
	timeline_regained(t, in, cluster);
	t->failed_unseen = timeline_failed_unseen(t, cluster);
	t->status_until = timeline_status_until(t, in, cluster);
	timeline_unseen(t);
	timeline_scheduling(t);
	timeline_stages(t, in, &ts->pod);
	timeline_containers_live(t, containers);
	timeline_deletion(t, in, cluster, &ts->pod);
	timeline_upgrades(t, in, &ts->pod);
}

static int by_created(const void *a, const void *b)
{
	const struct timeline *x = a, *y = b;
	nsec p = x->marks[MILESTONE_CREATED].at, q = y->marks[MILESTONE_CREATED].at;
	int c = (p > q) - (p < q);

	c = c ? c : str_cmp(x->uid, y->uid);
	c = c ? c : str_cmp(x->generate_name, y->generate_name);
	c = c ? c : str_cmp(x->workload_name, y->workload_name);
	return c ? c : str_cmp(x->refusal, y->refusal);
}

/* The kubelet's Events about a static pod carry its own UID, not that of the mirror pod. */
static void drop_static_twins(struct timelines *ts)
{
	for (size_t i = 0; i < ts->n_incarnations; i++) {
		const struct pod_object *o = ts->incarnations[i]->object;
		uint32_t twin = o && o->mirror.n ? map_find(&ts->uids, o->mirror) : MAP_NONE;

		if (twin != MAP_NONE && ts->uid_numbers[twin] != i)
			ts->incarnations[ts->uid_numbers[twin]]->static_twin = true;
	}
}

/* A name is free for the next life when the one before is gone. */
static void note_replaced(struct timelines *ts)
{
	nsec next = NSEC_NONE;

	for (size_t i = ts->n_incarnations; i-- > 0;) {
		struct incarnation *in = ts->incarnations[i];

		in->replaced = next;
		for (size_t k = 0; k < in->n && in->has_create; k++)
			if (in->entries[k].fact.kind == FACT_CREATE) {
				next = in->entries[k].completed;
				break;
			}
	}
}

static void finish_group(struct timelines *ts)
{
	size_t most = ts->n_incarnations + ts->refusals.n;

	ts->timelines = arena_array(&ts->pod, struct timeline, most);
	ts->n_timelines = 0;
	ts->at = 0;
	drop_static_twins(ts);
	note_replaced(ts);
	for (size_t i = 0; i < ts->n_incarnations; i++)
		if (!ts->incarnations[i]->static_twin)
			timeline_of(ts, &ts->timelines[ts->n_timelines++], ts->incarnations[i]);
	for (size_t i = 0; i < ts->refusals.n; i++)
		if (ts->refusals.list[i].final)
			timeline_refused(ts, &ts->timelines[ts->n_timelines++],
					 &ts->refusals.list[i]);
	if (ts->n_timelines)
		qsort(ts->timelines, ts->n_timelines, sizeof(*ts->timelines), by_created);
}

static void begin_group(struct timelines *ts)
{
	struct str rest;

	refusals_reset(&ts->refusals);
	if (ts->uids.n > UIDS_KEPT)
		map_free(&ts->uids);
	else
		map_reset(&ts->uids);
	arena_reset(&ts->pod);
	arena_reset(&ts->records);
	ts->spares = (struct spares){ 0 };
	ts->group = arena_str(&ts->pod, record_key_group(ts->key));
	ts->kind = (enum object_kind)(unsigned char)ts->group.p[0];
	str_cut(str_after(ts->group, 1), 0, &ts->cluster, &rest);
	str_cut(rest, 0, &ts->namespace, &rest);
	str_cut(rest, 0, &ts->name, &rest);
	ts->incarnations = NULL;
	ts->n_incarnations = ts->incarnations_cap = 0;
	ts->named = ts->has_last = false;
	ts->last_in = NULL;
}

int timelines_next(struct timelines *ts, const struct timeline **ret_timeline, struct err *err)
{
	while (ts->at == ts->n_timelines) {
		int r = read_ahead(ts, err);

		if (r <= 0)
			return r;
		begin_group(ts);
		while ((r = read_ahead(ts, err)) > 0 &&
		       str_eq(record_key_group(ts->key), ts->group)) {
			ts->have = false;
			if (add_record(ts, ts->value, err) < 0)
				return -1;
		}
		if (r < 0)
			return r;
		finish_group(ts);
	}
	*ret_timeline = &ts->timelines[ts->at++];
	return 1;
}
