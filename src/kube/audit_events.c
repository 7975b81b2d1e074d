/* SPDX-License-Identifier: Apache-2.0 */
/* Audit events about Events, which components create to report on an object. */
#include "kube/audit.h"
#include "kube/kinds.h"

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

/* The first occurrence has nanoseconds in the Event's name. Repeats have lastTimestamp (1 s
 * resolution) or the microseconds of the series. */
static void event_times(const struct audit *a, const struct kube_event *e, struct fact *f)
{
	struct str object;
	bool again = e->count > 1 && nsec_known(e->last);

	f->precision = PRECISION_EXACT;
	if (event_name_time(e->meta.name, &f->begin, &object))
		f->at = f->begin;
	else
		f->at = f->begin = e->event_time;
	if (!nsec_known(f->at) && nsec_known(e->first)) {
		f->at = f->begin = e->first;
		f->precision = PRECISION_SECOND;
	}
	if (again && (!nsec_known(f->at) || e->last > f->at)) {
		f->at = e->last;
		f->precision = PRECISION_SECOND;
	}
	if (!nsec_known(f->at)) {
		f->at = f->begin = a->received;
		f->precision = PRECISION_INFERRED;
	}
}

bool audit_event_wanted(const struct kube_event *e)
{
	return e->name.n && object_row_of_name(e->kind);
}

/* A restarted kubelet writes the status of all its pods again. */
void audit_node_event(struct decoder *d, const struct audit *a, const struct kube_event *e)
{
	nsec at = e->event_time;
	struct str object;

	if (!str_eq(e->kind, STR("Node")) || !e->name.n ||
	    event_origin(e->component, ORIGIN_OTHER) != ORIGIN_KUBELET ||
	    !(str_eq(e->reason, STR("Starting")) || str_eq(e->reason, STR("Rebooted"))))
		return;
	if (!event_name_time(e->meta.name, &at, &object) && !nsec_known(at))
		at = e->first;
	if (nsec_known(at))
		context_node_change(&d->context, a->cluster, e->name,
				    &(struct node_change){ at, STR(NODE_KUBELET), true });
}

int audit_emit_event(struct decoder *d, const struct audit *a, const struct kube_event *e,
		     struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct fact *f = facts_add(&facts, FACT_EVENT);
	struct record r = {
		.kind = object_row_kind(object_row_of_name(e->kind)),
		.namespace = e->namespace.n ? e->namespace : a->namespace,
		.name = e->name,
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
	/* dumps do not contain the time at which the API server received it */
	if (!a->dumped && f->origin == ORIGIN_KUBELET && f->count == 1 &&
	    f->precision == PRECISION_EXACT && r.node.n)
		context_delay(&d->context, a->cluster, r.node, a->received - f->at);
	r.facts = facts.list;
	r.n_facts = facts.n;
	return audit_emit(d, a, &r, err);
}

/*
 * Without a body only the name is known: OBJECT.NANOSECONDS. The object of a kubelet's or
 * scheduler's Event can be a pod or a node; the timeline uses the Event only if a pod of that name
 * is known.
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
	/* the response is complete; a patch alone does not contain the involved object */
	if (!audit_body(d, a->response, &j) && !audit_body(d, a->request, &j))
		return emit_bare_event(d, a, err);
	body_event(&j, &e);
	if (!json_end(&j)) {
		audit_bad_body(d, &j);
		return 0;
	}
	if (!e.kind.n)
		return emit_bare_event(d, a, err);
	if (!e.meta.name.n)
		e.meta.name = a->name;
	audit_node_event(d, a, &e);
	if (!audit_event_wanted(&e))
		return 0;
	return audit_emit_event(d, a, &e, err);
}
