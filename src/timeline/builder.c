/* SPDX-License-Identifier: Apache-2.0 */
/* Groups sorted records by name and splits them into incarnations and rejected creates. */
#include "timeline/builder.h"

#include "base/mem.h"
#include "kube/codec.h"
#include "kube/kinds.h"
#include "timeline/about.h"
#include "timeline/incarnation.h"
#include "timeline/refusals.h"

/* The map of UIDs only grows, so it is recreated after a group with more incarnations than this. */
enum { UIDS_KEPT = 1024 };

struct timelines {
	timelines_source *next;
	void *ctx;
	timelines_keep *keep; /* NULL: nothing is attached */
	uint64_t duplicates;
	/* the next record, read ahead */
	bool have, ended;
	struct str key, value;
	/* the current group */
	struct name_group of;
	struct arena records; /* the kept records, and the current one */
	struct spares spares;
	struct str group;   /* its key */
	struct record last; /* for finding duplicates: identity only */
	struct arena last_arena;
	bool has_last;
	struct incarnation *last_in; /* its incarnation, or NULL */
	struct incarnation **incarnations;
	size_t n_incarnations, incarnations_cap;
	struct map uids;       /* UIDs of incarnations; see uid_numbers */
	uint32_t *uid_numbers; /* index of the incarnation by the UID's number in the map; lives for
				  the run */
	size_t uid_numbers_cap;
	struct refusals refusals; /* since the last successful create */
	bool named; /* named by a record that opens no incarnation, and by none that does since */
	struct timeline *timelines;
	size_t n_timelines, at;
};

struct timelines *timelines_new(timelines_source *next, void *ctx, const struct context *context)
{
	struct timelines *ts = mem_zalloc(sizeof(*ts));

	ts->next = next;
	ts->ctx = ctx;
	ts->of.context = context;
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
	arena_free(&ts->of.pod);
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

/* Duplicates are adjacent, the fullest first. */
static bool is_twin(struct timelines *ts, const struct record *r)
{
	if (ts->has_last && record_twins(&ts->last, r)) {
		if (r->dumped && ts->last_in)
			ts->last_in->copies++;
		ts->duplicates += r->kind == OBJECT_POD; /* only duplicates of pod records are
							    counted */
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
	struct incarnation *in = arena_new(&ts->of.pod, struct incarnation);

	arena_reserve(&ts->of.pod, ts->incarnations, ts->n_incarnations, ts->incarnations_cap);
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

/* Gives the incarnation its UID. It is always the last one, because others are found by their
 * UID. */
static void name_incarnation(struct timelines *ts, struct incarnation *in, struct str uid)
{
	uint32_t i = map_put(&ts->uids, uid, NULL);

	in->uid = arena_str(&ts->of.pod, uid);
	array_reserve(ts->uid_numbers, ts->uid_numbers_cap, (size_t)i + 1);
	ts->uid_numbers[i] = (uint32_t)(ts->n_incarnations - 1);
}

/* The incarnation of a record is found by UID. Without one it is the incarnation that exists at
 * that time. A create after a create or a deletion, or a second binding, begins a new one. */
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

/* The kubelet's Events about a mirror pod have the UID of its static pod. */
static bool is_static(const struct incarnation *in, struct str uid)
{
	return in->object && in->object->mirror.n && str_eq(in->object->mirror, uid);
}

static struct str kind_of(const struct timelines *ts)
{
	return object_row(ts->of.kind)->name;
}

static struct str identity_of(const struct record *r)
{
	return r->uid.n ? r->uid : r->name;
}

/* Returns 1 if the record must be kept, 0 if not, < 0 on an error. */
static int place(struct timelines *ts, const struct record *r, struct str bytes, struct err *err)
{
	const struct fact *create = fact_of(r, FACT_CREATE), *bind = fact_of(r, FACT_BIND);
	size_t before = ts->n_incarnations;
	struct incarnation *in;
	bool kept;

	if (create && r->status >= 300)
		return refusals_add(&ts->refusals, &ts->of.pod, r, bytes, err);
	/* an Event of unknown kind, or a failed request, does not prove that there is a pod */
	if (!last_of(ts) && (!r->about_pod || r->status >= 300)) {
		ts->named = ts->named || !r->about_pod;
		return 0;
	}
	if (bind && r->status >= 300)
		return 0; /* a rejected binding has no effect */
	in = incarnation_for(ts, r);
	if (r->uid.n && !in->uid.p && !is_static(in, r->uid))
		name_incarnation(ts, in, r->uid);
	if (create && !in->has_create) {
		in->attempts = ts->refusals.attempts + 1;
		in->refused = refusals_entries(&ts->refusals, &ts->of.pod);
		in->n_refused = ts->refusals.n;
	}
	if (create || ts->n_incarnations > before)
		refusals_reset(&ts->refusals);
	ts->last_in = in;
	if (r->dumped && (r->object || r->claim)) {
		in->copies++;
		/* of two copies with the same time only the newer one is used */
		if (context_outdated(ts->of.context,
				     &(struct dumped_copy){ ts->of.cluster, kind_of(ts),
							    identity_of(r), r->audit_stage,
							    r->received }))
			return 0;
	}
	kept = incarnation_add(in, &ts->of.pod, ts->of.context, r);
	if (r->attached.n && ts->keep && ts->keep(&in->attached, &ts->of.pod, r))
		kept = true;
	return kept;
}

/* Adds a record to the group. Records that are not kept use no memory afterwards. */
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

/* Drops the incarnations of static pods' own UIDs: their mirror pods represent them. */
static void drop_static_twins(struct timelines *ts)
{
	for (size_t i = 0; i < ts->n_incarnations; i++) {
		const struct pod_object *o = ts->incarnations[i]->object;
		uint32_t twin = o && o->mirror.n ? map_find(&ts->uids, o->mirror) : MAP_NONE;

		if (twin != MAP_NONE && ts->uid_numbers[twin] != i)
			ts->incarnations[ts->uid_numbers[twin]]->static_twin = true;
	}
}

/* A name can be reused only when the previous incarnation is gone. */
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

	ts->timelines = arena_array(&ts->of.pod, struct timeline, most);
	ts->n_timelines = 0;
	ts->at = 0;
	drop_static_twins(ts);
	note_replaced(ts);
	for (size_t i = 0; i < ts->n_incarnations; i++)
		if (!ts->incarnations[i]->static_twin)
			timeline_of(&ts->of, &ts->timelines[ts->n_timelines++],
				    ts->incarnations[i]);
	for (size_t i = 0; i < ts->refusals.n; i++)
		if (ts->refusals.list[i].final)
			timeline_refused(&ts->of, &ts->timelines[ts->n_timelines++],
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
	arena_reset(&ts->of.pod);
	arena_reset(&ts->records);
	ts->spares = (struct spares){ 0 };
	ts->group = arena_str(&ts->of.pod, record_key_group(ts->key));
	ts->of.kind = (enum object_kind)(unsigned char)ts->group.p[0];
	str_cut(str_after(ts->group, 1), 0, &ts->of.cluster, &rest);
	str_cut(rest, 0, &ts->of.namespace, &rest);
	str_cut(rest, 0, &ts->of.name, &rest);
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
