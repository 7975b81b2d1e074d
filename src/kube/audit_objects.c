/* SPDX-License-Identifier: Apache-2.0 */
/* Requests for the kinds of objects that have records (kube/kinds.h): one table of verbs and
 * subresources for all of them. Binding and eviction, which only pods have, come last. */
#include "json/fields.h"
#include "kube/audit.h"
#include "kube/kinds.h"
#include "kube/refusal.h"

enum { GRACE_MAX = 24 * 3600 }; /* seconds; longer grace periods set no expectation */

/* A request while it is turned into a record. */
struct object_request {
	struct decoder *d;
	const struct audit *a;
	const struct object_row *row;
	struct facts facts;
	struct body asked, shown; /* from the request, from the response */
};

/* user.username of a write, or the user it impersonates. p == NULL for reads and kubelets. */
static struct str actor_of(const struct audit *a)
{
	struct str name = a->impersonated.n ? a->impersonated : a->username;

	if (a->origin == ORIGIN_KUBELET || !name.n || !audit_is_write(a))
		return (struct str){ 0 };
	return name;
}

/* A fact for the request itself, at the time from which it is effective. */
static struct fact *add_fact(struct facts *facts, const struct audit *a, enum fact_kind kind)
{
	struct fact *f = facts_add(facts, kind);

	f->origin = a->origin;
	f->code = a->code;
	f->at = a->received;
	f->precision = PRECISION_EXACT;
	return f;
}

/* Lists */

/* Handles one object of a list. Returns < 0 only on errors of emit. */
typedef int list_item(void *ctx, struct str raw, struct err *err);

struct list_walk {
	list_item *item;
	void *ctx;
	struct err *err;
	bool is_list;
	int r;
};

static void read_items(struct json *j, void *object)
{
	struct list_walk *w = object;
	struct str raw;

	w->is_list = true; /* null is an empty list */
	if (!json_array(j))
		return;
	while (json_item(j))
		if (json_raw(j, &raw) && w->r >= 0)
			w->r = w->item(w->ctx, raw, w->err);
}

struct table_row {
	struct str object;
};

/* Rows of a Table have their object under "object". */
static void read_rows(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(RAW, "object", struct table_row, object),
	};
	struct list_walk *w = object;

	w->is_list = true;
	if (!json_array(j))
		return;
	while (json_item(j)) {
		struct table_row row = { 0 };

		json_fields(j, fields, ARRAY_SIZE(fields), &row);
		if (row.object.n && w->r >= 0)
			w->r = w->item(w->ctx, row.object, w->err);
	}
}

/* Walks a List, PartialObjectMetadataList or Table. Returns 0 if it is none, < 0 on an error. */
static int walk_list(struct decoder *d, struct str response, list_item *item, void *ctx,
		     struct err *err)
{
	static const struct json_field fields[] = {
		JSON_OTHER("items", read_items),
		JSON_OTHER("rows", read_rows),
	};
	struct list_walk w = { item, ctx, err };
	struct json j;

	if (audit_body(d, response, &j))
		json_fields(&j, fields, ARRAY_SIZE(fields), &w);
	return w.r < 0 ? -1 : w.is_list;
}

/* Records */

static struct str either(struct str first, struct str second)
{
	return first.n ? first : second;
}

/*
 * Reads the object in a body. If it has another kind, only the kind is filled in and false
 * returned; of a damaged one what is in front of the damage: a pod's name may be nowhere else.
 */
static bool read_body(struct object_request *q, struct str raw, struct body *b)
{
	size_t before = b->facts->n;
	struct str kind;
	struct json j;

	b->meta = OBJECT_META_NONE;
	b->origin = q->a->origin;
	if (!audit_body(q->d, raw, &j))
		return false;
	q->row->read(&j, b);
	if (!json_end(&j))
		audit_bad_body(q->d, &j);
	kind = b->meta.kind;
	if (kind.n && !str_eq(kind, q->row->name) && !str_eq(kind, STR("PartialObjectMetadata"))) {
		b->meta = OBJECT_META_NONE;
		b->meta.kind = kind;
	} else if (!j.bad) {
		return true;
	}
	b->facts->n = before;
	return false;
}

static bool read_asked(struct object_request *q, struct facts *facts)
{
	q->asked.facts = facts;
	q->asked.written = true;
	return read_body(q, q->a->request, &q->asked);
}

static bool read_shown(struct object_request *q)
{
	q->shown.facts = &q->facts;
	return read_body(q, q->a->response, &q->shown);
}

static void begin_request(struct object_request *q, struct decoder *d, const struct audit *a,
			  const struct object_row *row)
{
	*q = (struct object_request){ d, a, row, .facts.arena = &d->arena };
	q->asked.meta = q->shown.meta = OBJECT_META_NONE;
}

/* Metadata in a body are more reliable than the URL. object is NULL if the log does not show it. */
static int emit_request(struct object_request *q, struct str uid, const struct body *object,
			struct err *err)
{
	const struct audit *a = q->a;
	struct record r = {
		.kind = object_row_kind(q->row),
		.namespace =
		    either(q->shown.meta.namespace, either(a->namespace, q->asked.meta.namespace)),
		.name = either(q->shown.meta.name, either(a->name, q->asked.meta.name)),
		.uid = uid.n ? uid : (struct str){ 0 },
		.about_pod = true,
		.actor = actor_of(a),
		.facts = q->facts.list,
		.n_facts = q->facts.n,
	};

	if (!r.name.n && !q->row->counted)
		return 0;
	if (object)
		object_attach(&r, object);
	return audit_emit(q->d, a, &r, err);
}

/* Uses the UID of the response, else of the request, else of the URL. */
static int emit_known(struct object_request *q, bool has_shown, struct err *err)
{
	struct str uid = either(q->shown.meta.uid, either(q->asked.meta.uid, q->a->uid));

	return emit_request(q, uid, has_shown ? &q->shown : NULL, err);
}

static bool is_dry_run(struct object_request *q, bool dry)
{
	q->d->ingest.dryRun += dry;
	return dry;
}

/* create */

static int emit_refused(struct object_request *q, bool has_asked, struct err *err)
{
	const struct audit *a = q->a;

	q->d->ingest.refusedCreates += q->row->counted;
	q->facts.list[0].message = a->message;
	q->facts.list[0].reason = str_from(refusal_of(a->code, a->message)->code);
	return emit_request(q, (struct str){ 0 }, has_asked ? &q->asked : NULL, err);
}

static bool needs_scheduler(const struct pod_object *o)
{
	bool default_one = !o->scheduler.n || str_eq(o->scheduler, STR("default-scheduler"));

	return o->has_spec && !o->node.n && !o->n_scheduling_gates && default_one;
}

/* Also handles a server-side apply that created the object (a patch with status 201). */
static int create_object(struct object_request *q, struct err *err)
{
	struct facts none = { .arena = &q->d->arena };
	const struct audit *a = q->a;
	const struct body *object = NULL;
	struct str uid = { 0 };
	bool has_asked;

	if (is_dry_run(q, a->dry_run) || (!a->success && a->code < 300))
		return 0; /* without a status the result is unknown */
	add_fact(&q->facts, a, FACT_CREATE);
	has_asked = read_asked(q, &none);
	if (has_asked && !q->asked.pod.owner_kind.p) /* the body is complete, so there is no
							owner */
		q->asked.pod.owner_kind = q->asked.pod.owner_name = STR("");
	if (!a->success)
		return emit_refused(q, has_asked, err);
	/* admission may have changed the object, but the log does not show how */
	if (read_shown(q))
		object = &q->shown;
	else if (has_asked)
		object = &q->asked;
	if (!either(q->shown.meta.name, either(a->name, q->asked.meta.name)).n) {
		q->d->ingest.unattributed += q->row->counted;
		return 0;
	}
	if (q->row->on_node && object && needs_scheduler(&object->pod))
		presence_ask(&q->d->context.presence, a->cluster, WRITER_SCHEDULER, a->completed);
	/* in a request the UID is another one: for mirror pods it is the static pod's */
	if (object == &q->shown)
		uid = q->shown.meta.uid;
	return emit_request(q, uid, object, err);
}

/* delete, deletecollection */

/* Nothing delays its removal: no finalizers and no grace period are left. */
static bool is_released(const struct object_meta *meta)
{
	return meta->grace == 0 && !meta->finalizers.n;
}

/* The API server returns an object that waits for its finalizers in its new state, a removed object
 * in its last state, or a Status. A pod on a node always waits until its kubelet deletes it. */
static bool is_gone(const struct object_request *q, bool has_shown)
{
	const struct object_meta *meta = &q->shown.meta;
	bool deleting = nsec_known(meta->deletion);

	if (!has_shown)
		return q->row->on_node ? q->a->origin == ORIGIN_KUBELET
				       : str_eq(meta->kind, STR("Status"));
	return deleting ? is_released(meta) : !q->row->on_node;
}

/* If Events are not logged, the kubelet's first write may come at the end of the grace period. */
static void expect_kubelet(struct object_request *q)
{
	const struct body *b = &q->shown;

	if (q->row->on_node && b->pod.node.n && q->a->origin != ORIGIN_KUBELET &&
	    b->meta.grace >= 0 && b->meta.grace < GRACE_MAX)
		presence_ask_kubelet(&q->d->context.presence, q->a->cluster, b->pod.node,
				     q->a->completed + b->meta.grace * SECOND, false);
}

static int delete_object(struct object_request *q, struct err *err)
{
	const struct audit *a = q->a;
	bool has_shown;

	if (!a->success || is_dry_run(q, audit_delete_dry_run(q->d, a)))
		return 0;
	add_fact(&q->facts, a, FACT_DELETE)->reason = STR("delete");
	has_shown = read_shown(q);
	if (has_shown)
		expect_kubelet(q);
	q->facts.list[0].truth = is_gone(q, has_shown);
	return emit_known(q, has_shown, err);
}

/* An object in a list response, or in the response of a deletecollection. */
static int emit_listed(void *ctx, struct str raw, struct err *err)
{
	const struct object_request *list = ctx;
	struct object_request q;

	begin_request(&q, list->d, list->a, list->row);
	q.shown.facts = &q.facts;
	if (!read_body(&q, raw, &q.shown) || !q.shown.meta.name.n)
		return 0;
	if (!str_eq(q.a->verb, STR("list"))) {
		struct fact *f = add_fact(&q.facts, q.a, FACT_DELETE);

		f->reason = STR("deletecollection");
		f->truth = nsec_known(q.shown.meta.deletion) && is_released(&q.shown.meta);
	}
	return emit_known(&q, true, err);
}

static int delete_collection(struct object_request *q, struct err *err)
{
	int r;

	if (!q->a->success || is_dry_run(q, audit_delete_dry_run(q->d, q->a)))
		return 0;
	r = walk_list(q->d, q->a->response, emit_listed, q, err);
	q->d->ingest.unnamedDeletes += r == 0 && q->row->counted;
	return MIN(r, 0);
}

static int list_objects(struct object_request *q, struct err *err)
{
	return q->a->success ? MIN(walk_list(q->d, q->a->response, emit_listed, q, err), 0) : 0;
}

/* patch, update */

/* A status write repeats the other fields, which someone else has set. */
static void keep_asked(struct object_request *q, bool is_status)
{
	size_t n = 0;

	for (size_t i = 0; i < q->facts.n; i++) {
		struct fact f = q->facts.list[i];
		bool own = q->row->own_facts >> f.kind & 1;

		if (!own && !is_status)
			continue;
		f.written = f.written && !(own && is_status);
		q->facts.list[n++] = f;
	}
	q->facts.n = n;
}

/* Writes to the object, its status, or another subresource whose response is the object. */
static int write_object(struct object_request *q, struct err *err)
{
	const struct audit *a = q->a;
	bool has_asked, has_shown, is_status = str_eq(a->subresource, STR("status"));

	if (is_dry_run(q, a->dry_run) || !a->success)
		return 0;
	has_asked = read_asked(q, &q->facts);
	keep_asked(q, is_status);
	if (is_status)
		object_count_status(q->row, context_cluster(&q->d->context, a->cluster), has_asked);
	if (q->row->labelled && !a->subresource.n && str_eq(a->verb, STR("patch")))
		audit_labels(q->d, a, &q->facts);
	has_shown = read_shown(q);
	if (!has_asked && (is_status || a->truncated))
		add_fact(&q->facts, a, FACT_WRITE);
	else if (!q->facts.n)
		add_fact(&q->facts, a, FACT_SEEN);
	return emit_known(q, has_shown, err);
}

/* get, and requests that only contain the name */

static int get_object(struct object_request *q, struct err *err)
{
	const struct audit *a = q->a;
	bool has_shown = a->success && read_shown(q);

	/* a kubelet that requests a pod knows of it, even if it is not authorized to read it yet */
	if (!a->success && !(q->row->on_node && a->origin == ORIGIN_KUBELET))
		return 0;
	if (!q->facts.n)
		add_fact(&q->facts, a, FACT_SEEN);
	return emit_known(q, has_shown, err);
}

/* The proxy subresource is requested as [SCHEME:]NAME[:PORT]. */
static struct str proxied(struct str name)
{
	struct str head, tail, rest;

	if (!str_cut(name, ':', &head, &tail))
		return name;
	return str_cut(tail, ':', &tail, &rest) ? tail : head;
}

static int see_object(struct object_request *q, struct err *err)
{
	if (!q->a->success || !q->row->probed)
		return 0;
	if (str_eq(q->a->subresource, STR("proxy")))
		q->shown.meta.name = proxied(q->a->name);
	add_fact(&q->facts, q->a, FACT_SEEN);
	return emit_known(q, false, err);
}

/* What only pods have */

static int bind_pod(struct object_request *q, struct err *err)
{
	const struct audit *a = q->a;
	struct str node = { 0 };
	struct json j;

	if (is_dry_run(q, a->dry_run))
		return 0;
	if (audit_body(q->d, a->request, &j))
		body_binding(&j, &q->asked.meta, &node);
	add_fact(&q->facts, a, FACT_BIND)->subject = node;
	if (a->success)
		context_bound(&q->d->context, a->cluster, node, a->completed);
	return emit_known(q, false, err);
}

struct eviction {
	bool dry_run;
};

static void read_delete_options(struct json *j, void *object)
{
	struct eviction *e = object;

	e->dry_run = audit_options_dry_run(j) || e->dry_run;
}

static bool is_eviction_dry_run(struct object_request *q)
{
	static const struct json_field fields[] = {
		JSON_OTHER("deleteOptions", read_delete_options),
	};
	struct eviction eviction = { q->a->dry_run };
	struct json j;

	if (audit_body(q->d, q->a->request, &j))
		json_fields(&j, fields, ARRAY_SIZE(fields), &eviction);
	return eviction.dry_run;
}

static int evict_pod(struct object_request *q, struct err *err)
{
	const struct audit *a = q->a;
	struct fact *f;

	if (is_dry_run(q, is_eviction_dry_run(q)))
		return 0;
	f = add_fact(&q->facts, a, FACT_DELETE);
	f->reason = STR("eviction");
	f->message = a->message;
	/* only the cause names the PodDisruptionBudget */
	if (a->cause.n)
		f->message = arena_printf(&q->d->arena, STR_FMT " " STR_FMT, STR_ARG(a->message),
					  STR_ARG(a->cause));
	return emit_known(q, false, err);
}

/* Routing of requests */

/* The first matching row is used. NULL matches anything, an empty subresource the object itself. */
static const struct request_row {
	const char *subresource, *verb;
	int (*handle)(struct object_request *q, struct err *err); /* NULL: ignored */
	bool nameless; /* its URL need not name an object */
	int32_t code;  /* 0: any */
} request_rows[] = {
	{ "binding", "create", bind_pod, true },
	{ "binding", NULL, NULL, true },
	{ "eviction", "create", evict_pod, true },
	{ "eviction", NULL, NULL, true },
	{ "", "create", create_object, true },
	{ "", "patch", create_object, true, 201 },
	{ "", "delete", delete_object, true },
	{ "", "deletecollection", delete_collection, true },
	{ "", "list", list_objects, true },
	{ "proxy", NULL, see_object }, /* the verb is that of the proxied request */
	{ NULL, "patch", write_object },
	{ NULL, "update", write_object },
	{ "", "get", get_object },
	{ "status", "get", get_object },
	{ NULL, NULL, see_object },
};

static bool matches(const char *word, struct str given)
{
	return !word || str_eq(str_from(word), given);
}

static int handle_request(struct object_request *q, struct str subresource, struct err *err)
{
	const struct request_row *row = request_rows;

	while (!matches(row->subresource, subresource) || !matches(row->verb, q->a->verb) ||
	       (row->code && row->code != q->a->code))
		row++;
	return row->handle && (row->nameless || q->a->name.n) ? row->handle(q, err) : 0;
}

int audit_objects(struct decoder *d, const struct audit *a, const struct object_row *row,
		  struct err *err)
{
	struct object_request q;

	if (!row->probed && a->subresource.n && !str_eq(a->subresource, STR("status")))
		return 0;
	begin_request(&q, d, a, row);
	return handle_request(&q, a->subresource, err);
}

int audit_bindings(struct decoder *d, const struct audit *a, struct err *err)
{
	struct object_request q;

	if (a->api_group.n)
		return 0;
	begin_request(&q, d, a, object_row(OBJECT_POD));
	return handle_request(&q, STR("binding"), err);
}
