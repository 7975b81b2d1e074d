/* SPDX-License-Identifier: Apache-2.0 */
/* Audit events about pods, their status, bindings and evictions, to records. */
#include "kube/audit.h"
#include "kube/refusal.h"

static bool is_pod(const struct object_meta *meta)
{
	return !meta->kind.n || str_eq(meta->kind, STR("Pod")) ||
	       str_eq(meta->kind, STR("PartialObjectMetadata"));
}

/* The pod in a body, its facts added to the list. False when the body is not a pod. */
static bool pod_body(struct decoder *d, const struct audit *a, struct str raw, bool written,
		     struct facts *facts, struct object_meta *ret_meta,
		     struct pod_object *ret_object)
{
	struct json j;
	size_t before = facts->n;

	*ret_meta = (struct object_meta){ 0 };
	if (!audit_body(d, raw, &j))
		return false;
	body_pod(&j, facts, written, a->origin, ret_meta, ret_object);
	if (!json_end(&j))
		audit_bad_body(d, &j);
	if (j.bad || !is_pod(ret_meta)) {
		facts->n = before;
		return false;
	}
	return true;
}

static int emit(struct decoder *d, const struct audit *a, struct str namespace, struct str name,
		struct str uid, const struct pod_object *object, const struct facts *facts,
		struct err *err)
{
	struct record r = {
		.namespace = namespace,
		.name = name,
		.uid = uid,
		.about_pod = true,
		.actor = audit_actor(a),
		.object = object,
		.facts = facts->list,
		.n_facts = facts->n,
	};

	if (r.uid.p && !r.uid.n)
		r.uid.p = NULL;
	return audit_emit(d, a, &r, err);
}

/* A body of its own names the pod better than the URL does. */
static struct str either(struct str first, struct str second)
{
	return first.n ? first : second;
}

static int refused(struct decoder *d, const struct audit *a, struct pod_object *asked,
		   struct facts *facts, struct fact *create, struct str name, struct err *err)
{
	d->ingest.refusedCreates++;
	create->message = a->message;
	create->reason = str_from(refusal_of(a->code, a->message)->code);
	return emit(d, a, a->namespace, either(a->name, name), (struct str){ 0 }, asked, facts,
		    err);
}

static bool needs_scheduler(const struct pod_object *o)
{
	bool default_one = !o->scheduler.n || str_eq(o->scheduler, STR("default-scheduler"));

	return o->has_spec && !o->node.n && !o->n_scheduling_gates && default_one;
}

/* Also a server-side apply that made the pod: patch answered with 201. */
static int pod_create(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena }, none = { .arena = &d->arena };
	struct object_meta asked_meta, meta;
	struct pod_object asked = { .created = NSEC_NONE, .grace = -1 },
			  object = { .created = NSEC_NONE, .grace = -1 };
	bool has_request, has_response;
	struct fact *create;
	struct str name;

	if (a->dry_run) {
		d->ingest.dryRun++;
		return 0;
	}
	if (!a->success && a->code < 300)
		return 0; /* no status: nobody knows how it ended */
	create = audit_fact(&facts, a, FACT_CREATE);
	has_request = pod_body(d, a, a->request, true, &none, &asked_meta, &asked);
	if (has_request && !asked.owner_kind.p)
		asked.owner_kind = asked.owner_name = STR(""); /* whole, so there is none */
	if (!a->success)
		return refused(d, a, has_request ? &asked : NULL, &facts, create, asked_meta.name,
			       err);
	has_response = pod_body(d, a, a->response, false, &facts, &meta, &object);
	name = either(meta.name, either(a->name, asked_meta.name));
	if (!name.n) {
		d->ingest.unattributed++;
		return 0;
	}
	if (!has_response && has_request) {
		/* what was asked for: admission may have changed it, but the log does not show that
		 */
		object = asked;
		object.uid = (struct str){ 0 };
		object.created = NSEC_NONE;
	}
	/* without a body it is not known whether it needs a scheduler */
	if ((has_response || has_request) && needs_scheduler(&object))
		presence_ask(&d->context.presence, a->cluster, WRITER_SCHEDULER, a->completed);
	/* the UID of a request is another one: a static pod's own, where its mirror is made */
	return emit(d, a, either(meta.namespace, a->namespace), name,
		    has_response ? meta.uid : (struct str){ 0 },
		    has_response || has_request ? &object : NULL, &facts, err);
}

static int pod_binding(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta = { 0 };
	struct str node = { 0 };
	struct fact *bind;
	struct json j;

	if (a->dry_run) {
		d->ingest.dryRun++;
		return 0;
	}
	if (audit_body(d, a->request, &j))
		body_binding(&j, &meta, &node);
	bind = audit_fact(&facts, a, FACT_BIND);
	bind->subject = node;
	if (a->success)
		context_bound(&d->context, a->cluster, node, a->completed);
	return emit(d, a, either(a->namespace, meta.namespace), either(a->name, meta.name),
		    either(meta.uid, a->uid), NULL, &facts, err);
}

static bool eviction_dry_run(struct decoder *d, const struct audit *a)
{
	struct str key;
	bool dry = a->dry_run;
	struct json j;

	if (!audit_body(d, a->request, &j))
		return dry;
	json_object(&j);
	while (json_key(&j, &key)) {
		if (str_eq(key, STR("deleteOptions")))
			dry = audit_options_dry_run(&j) || dry;
		else
			json_skip(&j);
	}
	return dry;
}

static int pod_eviction(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct fact *f;

	if (eviction_dry_run(d, a)) {
		d->ingest.dryRun++;
		return 0;
	}
	f = audit_fact(&facts, a, FACT_DELETE);
	f->reason = STR("eviction");
	f->message = a->message;
	/* which disruption budget forbids it stands only there */
	if (a->cause.n)
		f->message = arena_printf(&d->arena, STR_FMT " " STR_FMT, STR_ARG(a->message),
					  STR_ARG(a->cause));
	return emit(d, a, a->namespace, a->name, a->uid, NULL, &facts, err);
}

/* The object is gone when nothing holds it: no finalizers and no grace period left. */
static bool gone_at_once(const struct object_meta *meta)
{
	return meta->deleting && meta->grace == 0 && !meta->finalizers.n;
}

enum { GRACE_MAX = 24 * 3600 }; /* seconds: of longer ones nothing is expected */

static int pod_delete(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta;
	struct pod_object object = { .created = NSEC_NONE, .grace = -1 };
	struct fact *f;
	bool has_body;
	size_t at;

	if (!a->success || audit_delete_dry_run(d, a)) {
		d->ingest.dryRun += a->success;
		return 0;
	}
	f = audit_fact(&facts, a, FACT_DELETE);
	f->reason = STR("delete");
	at = facts.n - 1;
	has_body = pod_body(d, a, a->response, false, &facts, &meta, &object);
	/* without Events the first that is heard of it may come with the end of the grace period */
	if (has_body && object.node.n && a->origin != ORIGIN_KUBELET && meta.grace >= 0 &&
	    meta.grace < GRACE_MAX)
		presence_ask_kubelet(&d->context.presence, a->cluster, object.node,
				     a->completed + meta.grace * SECOND, false);
	/* a kubelet deletes only what it has stopped */
	facts.list[at].truth = has_body ? gone_at_once(&meta) : a->origin == ORIGIN_KUBELET;
	return emit(d, a, a->namespace, either(a->name, meta.name), either(meta.uid, a->uid),
		    has_body ? &object : NULL, &facts, err);
}

/* patch and update of the pod, its status, or another subresource that answers with the pod. */
static int pod_write(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta asked_meta, meta;
	struct pod_object asked = { .created = NSEC_NONE, .grace = -1 },
			  object = { .created = NSEC_NONE, .grace = -1 };
	bool has_request, has_response, is_status = str_eq(a->subresource, STR("status"));

	if (a->dry_run || !a->success) {
		d->ingest.dryRun += a->dry_run;
		return 0;
	}
	has_request = pod_body(d, a, a->request, true, &facts, &asked_meta, &asked);
	if (!is_status)
		facts.n = 0; /* the API server takes no status from there */
	if (is_status) {
		struct cluster *cluster = context_cluster(&d->context, a->cluster);

		cluster->status_writes++;
		cluster->status_bodies += has_request;
	}
	if (!a->subresource.n && str_eq(a->verb, STR("patch")))
		audit_labels(d, a, &facts);
	has_response = pod_body(d, a, a->response, false, &facts, &meta, &object);
	if (!has_request && (is_status || a->truncated))
		audit_fact(&facts, a, FACT_WRITE);
	else if (!facts.n)
		audit_fact(&facts, a, FACT_SEEN);
	return emit(d, a, a->namespace, either(a->name, meta.name),
		    either(meta.uid, either(asked_meta.uid, a->uid)), has_response ? &object : NULL,
		    &facts, err);
}

/* A pod that a list or a table holds: what it looked like when it was read. */
static int listed_pod(struct decoder *d, const struct audit *a, struct str raw, bool deleted,
		      struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta;
	struct pod_object object = { .created = NSEC_NONE, .grace = -1 };

	if (!pod_body(d, a, raw, false, &facts, &meta, &object) || !meta.name.n)
		return 0;
	if (deleted) {
		struct fact *f = audit_fact(&facts, a, FACT_DELETE);

		f->reason = STR("deletecollection");
		f->truth = gone_at_once(&meta);
	}
	return emit(d, a, either(meta.namespace, a->namespace), meta.name, meta.uid, &object,
		    &facts, err);
}

static int pod_delete_collection(struct decoder *d, const struct audit *a, struct err *err)
{
	int r;

	if (!a->success || audit_delete_dry_run(d, a)) {
		d->ingest.dryRun += a->success;
		return 0;
	}
	r = audit_list(d, a, listed_pod, true, err);
	d->ingest.unnamedDeletes += r == 0;
	return r < 0 ? -1 : 0;
}

static int pod_get(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta;
	struct pod_object object = { .created = NSEC_NONE, .grace = -1 };
	bool has_body = a->success && pod_body(d, a, a->response, false, &facts, &meta, &object);

	/* a kubelet that asks for a pod has heard of it, even when it may not see it yet */
	if (!has_body && !a->success && a->origin != ORIGIN_KUBELET)
		return 0;
	if (!facts.n)
		audit_fact(&facts, a, FACT_SEEN);
	return emit(d, a, a->namespace, a->name,
		    either(has_body ? meta.uid : (struct str){ 0 }, a->uid),
		    has_body ? &object : NULL, &facts, err);
}

/* The proxy subresource is asked for as [SCHEME:]NAME[:PORT]. */
static struct str proxied(struct str name)
{
	struct str head, tail, rest;

	if (!str_cut(name, ':', &head, &tail))
		return name;
	return str_cut(tail, ':', &tail, &rest) ? tail : head;
}

static int pod_seen(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	bool proxy = str_eq(a->subresource, STR("proxy"));

	if (!a->success)
		return 0;
	audit_fact(&facts, a, FACT_SEEN);
	return emit(d, a, a->namespace, proxy ? proxied(a->name) : a->name, a->uid, NULL, &facts,
		    err);
}

int audit_pods(struct decoder *d, const struct audit *a, struct err *err)
{
	bool own = !a->subresource.n, status = str_eq(a->subresource, STR("status"));

	if (a->api_group.n)
		return 0; /* metrics.k8s.io has pods too */
	if (str_eq(a->resource, STR("bindings")) || str_eq(a->subresource, STR("binding")))
		return str_eq(a->verb, STR("create")) ? pod_binding(d, a, err) : 0;
	if (str_eq(a->subresource, STR("eviction")))
		return str_eq(a->verb, STR("create")) ? pod_eviction(d, a, err) : 0;
	if (own &&
	    (str_eq(a->verb, STR("create")) || (str_eq(a->verb, STR("patch")) && a->code == 201)))
		return pod_create(d, a, err);
	if (own && str_eq(a->verb, STR("delete")))
		return pod_delete(d, a, err);
	if (own && str_eq(a->verb, STR("deletecollection")))
		return pod_delete_collection(d, a, err);
	if (own && str_eq(a->verb, STR("list")))
		return a->success && audit_list(d, a, listed_pod, false, err) < 0 ? -1 : 0;
	if (!a->name.n)
		return 0;
	if (str_eq(a->subresource, STR("proxy")))
		return pod_seen(d, a,
				err); /* its verbs are those of the request that is passed on */
	if (str_eq(a->verb, STR("patch")) || str_eq(a->verb, STR("update")))
		return pod_write(d, a, err);
	if ((own || status) && str_eq(a->verb, STR("get")))
		return pod_get(d, a, err);
	return pod_seen(d, a, err);
}
