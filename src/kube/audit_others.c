/* SPDX-License-Identifier: Apache-2.0 */
/* Audit events about Events, nodes and owners. */
#include "kube/audit.h"

static enum origin event_origin(struct str component, enum origin writer)
{
	if (str_starts(component, STR("kubelet")))
		return ORIGIN_KUBELET;
	if (str_ends(component, STR("scheduler")))
		return ORIGIN_SCHEDULER;
	if (str_ends(component, STR("-controller")) || str_eq(component, STR("controllermanager")))
		return ORIGIN_CONTROLLER;
	return component.n ? ORIGIN_OTHER : writer;
}

/*
 * When it happened: the nanoseconds in the name for the first time, the whole second of
 * lastTimestamp (or the series' microseconds) when it came again.
 */
static void event_times(const struct audit *a, const struct kube_event *e, struct fact *f)
{
	struct str object;
	bool again = e->count > 1 && e->last != NSEC_NONE;

	f->precision = PRECISION_EXACT;
	if (event_name_time(e->name, &f->begin, &object))
		f->at = f->begin;
	else
		f->at = f->begin = e->event_time;
	if (f->at == NSEC_NONE && e->first != NSEC_NONE) {
		f->at = f->begin = e->first;
		f->precision = PRECISION_SECOND;
	}
	if (again && (f->at == NSEC_NONE || e->last > f->at)) {
		f->at = e->last;
		f->precision = PRECISION_SECOND;
	}
	if (f->at == NSEC_NONE) {
		f->at = f->begin = a->received;
		f->precision = PRECISION_INFERRED;
	}
}

static bool about_claim(const struct kube_event *e)
{
	return str_eq(e->kind, STR("PersistentVolumeClaim"));
}

bool audit_event_wanted(const struct kube_event *e)
{
	return e->pod.n && (str_eq(e->kind, STR("Pod")) || about_claim(e));
}

/* The kubelet of a node was started: it writes the status of all its pods again. */
void audit_node_event(struct decoder *d, const struct audit *a, const struct kube_event *e)
{
	nsec at = e->event_time;
	struct str object;

	if (!str_eq(e->kind, STR("Node")) || !e->pod.n ||
	    event_origin(e->component, ORIGIN_OTHER) != ORIGIN_KUBELET ||
	    !(str_eq(e->reason, STR("Starting")) || str_eq(e->reason, STR("Rebooted"))))
		return;
	if (!event_name_time(e->name, &at, &object) && at == NSEC_NONE)
		at = e->first;
	if (at != NSEC_NONE)
		context_node_change(&d->context, a->cluster, e->pod, at, STR(NODE_KUBELET), true);
}

int audit_emit_event(struct decoder *d, const struct audit *a, const struct kube_event *e,
		     struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct fact *f = facts_add(&facts, FACT_EVENT);
	struct record r = {
		.kind = about_claim(e) ? OBJECT_CLAIM : OBJECT_POD,
		.namespace = e->namespace.n ? e->namespace : a->namespace,
		.name = e->pod,
		.uid = e->uid.n ? e->uid : (struct str){ 0 },
		.about_pod = true,
		.node = e->host.n ? e->host : (struct str){ 0 },
	};

	event_times(a, e, f);
	f->origin = event_origin(e->component, a->origin);
	f->written = true;
	f->reason = e->reason;
	f->message = e->message;
	f->count = e->count ? e->count : 1;
	f->truth = str_eq(e->type, STR("Warning"));
	event_container(e->field_path, &f->subject);
	f->code = str_starts(e->field_path, STR("spec.initContainers{"));
	/* a dump does not show when the API server received it */
	if (!a->dumped && f->origin == ORIGIN_KUBELET && f->count == 1 &&
	    f->precision == PRECISION_EXACT && r.node.n)
		context_delay(&d->context, a->cluster, r.node, a->received - f->at);
	r.facts = facts.list;
	r.n_facts = facts.n;
	return audit_emit(d, a, &r, err);
}

/*
 * Without a body only the name is left: OBJECT.NANOSECONDS. A kubelet or a scheduler that writes it
 * may speak of a pod or of a node; the timeline takes it only where a pod of that name is known.
 */
static int emit_bare_event(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct fact *f;
	struct record r = { .namespace = a->namespace };
	nsec at;

	if (!str_eq(a->verb, STR("create")) || !event_name_time(a->name, &at, &r.name) ||
	    (a->origin != ORIGIN_KUBELET && a->origin != ORIGIN_SCHEDULER))
		return 0;
	f = facts_add(&facts, FACT_EVENT);
	f->origin = a->origin;
	f->written = true;
	f->at = f->begin = at;
	f->precision = PRECISION_EXACT;
	f->count = 1;
	if (a->origin == ORIGIN_KUBELET && a->node.n)
		context_delay(&d->context, a->cluster, a->node, a->received - at);
	r.facts = facts.list;
	r.n_facts = facts.n;
	return audit_emit(d, a, &r, err);
}

int audit_events(struct decoder *d, const struct audit *a, struct err *err)
{
	struct kube_event e;
	struct json j;

	if (a->dry_run || !a->success || a->subresource.n ||
	    (!str_eq(a->verb, STR("create")) && !str_eq(a->verb, STR("update")) &&
	     !str_eq(a->verb, STR("patch"))))
		return 0;
	/* the answer is whole; a patch alone does not say what it is about */
	if (!audit_body(d, a->response, &j) && !audit_body(d, a->request, &j))
		return emit_bare_event(d, a, err);
	body_event(&j, &e);
	if (!json_end(&j)) {
		audit_bad_body(d, &j);
		return 0;
	}
	if (!e.kind.n)
		return emit_bare_event(d, a, err);
	if (!e.name.n)
		e.name = a->name;
	audit_node_event(d, a, &e);
	if (!audit_event_wanted(&e))
		return 0;
	return audit_emit_event(d, a, &e, err);
}

/* Nodes: what a write says of Ready and its like, of taints and of cordons. */

static void node_condition(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str key, type = { 0 }, status = { 0 }, text;
	nsec at = NSEC_NONE;

	while (json_key(j, &key)) {
		if (str_eq(key, STR("type")))
			json_text(j, &type);
		else if (str_eq(key, STR("status")))
			json_text(j, &status);
		else if (str_eq(key, STR("lastTransitionTime")) && json_text(j, &text))
			clock_parse(text, &at);
		else if (!str_eq(key, STR("lastTransitionTime")))
			json_skip(j);
	}
	if (type.n && status.n && at != NSEC_NONE)
		context_node_change(&d->context, a->cluster, a->name, at, type,
				    str_eq(status, STR("True")));
}

static void node_status(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (!str_eq(key, STR("conditions")) || json_peek(j) != JSON_ARRAY) {
			json_skip(j);
			continue;
		}
		json_array(j);
		while (json_item(j))
			if (json_object(j))
				node_condition(d, a, j);
	}
}

static void node_taint(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str key, taint = { 0 }, effect = { 0 };

	while (json_key(j, &key)) {
		if (str_eq(key, STR("key")))
			json_text(j, &taint);
		else if (str_eq(key, STR("effect")))
			json_text(j, &effect);
		else
			json_skip(j);
	}
	if (taint.n)
		context_node_change(
		    &d->context, a->cluster, a->name, a->received,
		    arena_printf(&d->arena, STR_FMT ":" STR_FMT, STR_ARG(taint), STR_ARG(effect)),
		    true);
}

static void node_spec(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str key;
	bool cordoned = false;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("unschedulable"))) {
			json_bool(j, &cordoned); /* null in a patch takes it back */
			context_node_change(&d->context, a->cluster, a->name, a->received,
					    STR("unschedulable"), cordoned);
		} else if (str_eq(key, STR("taints")) && json_peek(j) == JSON_ARRAY) {
			json_array(j);
			while (json_item(j))
				if (json_object(j))
					node_taint(d, a, j);
		} else {
			json_skip(j);
		}
	}
}

/* In which zone it stands, by its label or by the older one. */
static void node_labels(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str key, zone = { 0 }, text;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		bool now = str_eq(key, STR("topology.kubernetes.io/zone"));

		if (!now && !str_eq(key, STR("failure-domain.beta.kubernetes.io/zone")))
			json_skip(j);
		else if (json_text(j, &text) && (now || !zone.p))
			zone = text;
	}
	context_node_zone(&d->context, a->cluster, a->name, zone);
}

static void node_metadata(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str key, text;
	nsec created;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("labels"))) {
			node_labels(d, a, j);
		} else if (str_eq(key, STR("creationTimestamp"))) {
			if (json_text(j, &text) && clock_parse(text, &created))
				context_node_created(&d->context, a->cluster, a->name, created);
		} else {
			json_skip(j);
		}
	}
}

void audit_node_body(struct decoder *d, const struct audit *a, struct str raw)
{
	struct json j;
	struct str key;

	if (!audit_body(d, raw, &j))
		return;
	json_object(&j);
	while (json_key(&j, &key)) {
		if (str_eq(key, STR("status")))
			node_status(d, a, &j);
		else if (str_eq(key, STR("spec")))
			node_spec(d, a, &j);
		else if (str_eq(key, STR("metadata")))
			node_metadata(d, a, &j);
		else
			json_skip(&j);
	}
}

int audit_nodes(struct decoder *d, const struct audit *a, struct err *err)
{
	if (!a->dry_run && a->success && a->name.n && !a->api_group.n &&
	    (str_eq(a->verb, STR("patch")) || str_eq(a->verb, STR("update"))))
		audit_node_body(d, a, a->request);
	return 0;
}

/* Owners: who controls a ReplicaSet or a Job. */

static void owner(struct decoder *d, const struct audit *a, struct json *j)
{
	struct str kind = str_eq(a->resource, STR("jobs")) ? STR("Job") : STR("ReplicaSet");
	struct object_meta meta = { 0 };

	body_meta(j, &meta);
	if (!j->bad && meta.owner_kind.n && meta.name.n)
		context_owner(&d->context, a->cluster,
			      meta.namespace.n ? meta.namespace : a->namespace, kind, meta.name,
			      meta.owner_kind, meta.owner_name, meta.created);
}

/* That it was made now needs no body. */
static void born(struct decoder *d, const struct audit *a)
{
	if (str_eq(a->verb, STR("create")) && str_eq(a->resource, STR("replicasets")) &&
	    !a->subresource.n && a->name.n && a->received != NSEC_NONE)
		context_owner(&d->context, a->cluster, a->namespace, STR("ReplicaSet"), a->name,
			      STR(""), STR(""), a->received);
}

int audit_owners(struct decoder *d, const struct audit *a, struct err *err)
{
	struct json j;
	struct str key;

	if (!a->success || a->dry_run)
		return 0;
	born(d, a);
	if (!audit_body(d, a->response, &j))
		return 0;
	if (!str_eq(a->verb, STR("list"))) {
		owner(d, a, &j);
		return 0;
	}
	json_object(&j);
	while (json_key(&j, &key)) {
		if (!str_eq(key, STR("items")) || json_peek(&j) != JSON_ARRAY) {
			json_skip(&j);
			continue;
		}
		json_array(&j);
		while (json_item(&j))
			owner(d, a, &j);
	}
	return 0;
}
