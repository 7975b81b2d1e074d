/* SPDX-License-Identifier: Apache-2.0 */
/* Audit events about nodes and owners of pods. They only update the cluster context
 * (kube/context.h). */
#include "json/fields.h"
#include "kube/audit.h"

/* Nodes: Ready and other conditions, taints, cordons, zones. */

struct node_walk {
	struct decoder *d;
	const struct audit *a;
};

static void note_change(struct node_walk *w, nsec at, struct str subject, bool truth)
{
	context_node_change(&w->d->context, w->a->cluster, w->a->name,
			    &(struct node_change){ at, subject, truth });
}

static void read_condition(struct json *j, void *object)
{
	struct object_condition c;

	if (body_condition(j, &c) && c.type.n && c.status.n && nsec_known(c.transition))
		note_change(object, c.transition, c.type, str_eq(c.status, STR("True")));
}

struct taint {
	struct str key, effect;
};

static const struct json_field taint_fields[] = {
	JSON_FIELD(TEXT, "key", struct taint, key),
	JSON_FIELD(TEXT, "effect", struct taint, effect),
};

static void read_taint(struct json *j, void *object)
{
	struct node_walk *w = object;
	struct taint taint = { 0 };

	json_fields(j, taint_fields, ARRAY_SIZE(taint_fields), &taint);
	if (taint.key.n)
		note_change(w, w->a->received,
			    arena_printf(&w->d->arena, STR_FMT ":" STR_FMT, STR_ARG(taint.key),
					 STR_ARG(taint.effect)),
			    true);
}

static void read_cordon(struct json *j, void *object)
{
	struct node_walk *w = object;
	bool cordoned = false;

	json_bool(j, &cordoned); /* null in a patch removes it */
	note_change(w, w->a->received, STR("unschedulable"), cordoned);
}

/* The zone label, or its deprecated predecessor. */
struct node_meta {
	struct str zone, old_zone;
	nsec created;
	bool labelled;
};

static const struct json_field label_fields[] = {
	JSON_FIELD(TEXT, "failure-domain.beta.kubernetes.io/zone", struct node_meta, old_zone),
	JSON_FIELD(TEXT, "topology.kubernetes.io/zone", struct node_meta, zone),
};

static void read_labels(struct json *j, void *object)
{
	((struct node_meta *)object)->labelled =
	    json_fields(j, label_fields, ARRAY_SIZE(label_fields), object);
}

static const struct json_field node_meta_fields[] = {
	JSON_FIELD(TIME, "creationTimestamp", struct node_meta, created),
	JSON_OTHER("labels", read_labels),
};

static void read_metadata(struct json *j, void *object)
{
	struct node_walk *w = object;
	struct node_meta meta = { .created = NSEC_NONE };

	json_fields(j, node_meta_fields, ARRAY_SIZE(node_meta_fields), &meta);
	if (meta.labelled)
		context_node_zone(&w->d->context, w->a->cluster, w->a->name,
				  meta.zone.p ? meta.zone : meta.old_zone);
	if (nsec_known(meta.created))
		context_node_created(&w->d->context, w->a->cluster, w->a->name, meta.created);
}

static const struct json_field spec_fields[] = {
	JSON_EACH("taints", read_taint),
	JSON_OTHER("unschedulable", read_cordon),
};

static const struct json_field status_fields[] = {
	JSON_EACH("conditions", read_condition),
};

static const struct json_field node_fields[] = {
	JSON_OTHER("metadata", read_metadata),
	JSON_INSIDE("spec", spec_fields),
	JSON_INSIDE("status", status_fields),
};

void audit_node_body(struct decoder *d, const struct audit *a, struct str raw)
{
	struct node_walk w = { d, a };
	struct json j;

	if (audit_body(d, raw, &j))
		json_fields(&j, node_fields, ARRAY_SIZE(node_fields), &w);
}

int audit_nodes(struct decoder *d, const struct audit *a, struct err *err)
{
	if (!a->dry_run && a->success && a->name.n && !a->api_group.n &&
	    (str_eq(a->verb, STR("patch")) || str_eq(a->verb, STR("update"))))
		audit_node_body(d, a, a->request);
	return 0;
}

/* A slow clock: the kubelet reports a pod Ready before its creation. */
void audit_node_clock(struct decoder *d, const struct record *r)
{
	const struct pod_object *o = r->object;
	nsec at = NSEC_NONE;

	if (!o || !nsec_known(o->created) || !o->node.n)
		return;
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];

		if (f->kind == FACT_CONDITION && f->truth && str_eq(f->subject, STR("Ready")))
			at = f->at;
	}
	if (nsec_known(at) && at < o->created)
		context_node_behind(&d->context, r->cluster, o->node, o->created - at);
}

/* The controller of a ReplicaSet or a Job. */

static struct str owner_kind(const struct audit *a)
{
	return str_eq(a->resource, STR("jobs")) ? STR("Job") : STR("ReplicaSet");
}

struct owner_walk {
	struct decoder *d;
	const struct audit *a;
};

static void read_owner(struct json *j, void *object)
{
	const struct owner_walk *w = object;
	const struct audit *a = w->a;
	struct object_meta meta = OBJECT_META_NONE;

	body_meta(j, &meta);
	if (!j->bad && meta.owner_kind.n && meta.name.n)
		context_owner(&w->d->context,
			      &(struct ownership){ a->cluster,
						   meta.namespace.n ? meta.namespace : a->namespace,
						   owner_kind(a), meta.name, meta.owner_kind,
						   meta.owner_name, meta.created });
}

/* A create gives the creation time even without a body. */
static void note_birth(struct decoder *d, const struct audit *a)
{
	if (str_eq(a->verb, STR("create")) && str_eq(a->resource, STR("replicasets")) &&
	    !a->subresource.n && a->name.n && nsec_known(a->received))
		context_owner(&d->context,
			      &(struct ownership){ a->cluster, a->namespace, STR("ReplicaSet"),
						   a->name, STR(""), STR(""), a->received });
}

int audit_owners(struct decoder *d, const struct audit *a, struct err *err)
{
	static const struct json_field list_fields[] = {
		JSON_EACH("items", read_owner),
	};
	struct owner_walk w = { d, a };
	struct json j;

	if (!a->success || a->dry_run)
		return 0;
	note_birth(d, a);
	if (!audit_body(d, a->response, &j))
		return 0;
	if (str_eq(a->verb, STR("list")))
		json_fields(&j, list_fields, ARRAY_SIZE(list_fields), &w);
	else
		read_owner(&j, &w);
	return 0;
}
