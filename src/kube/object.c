/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects in dumps (kubectl get -o json, must-gathers, bundles, exporters) to records. The time of
 * a dump is not recorded, so a record gets the latest time in its object. The same object in two
 * dumps is then the same record.
 */
#include "json/fields.h"
#include "kube/audit.h"
#include "kube/kinds.h"

/* What the object's own content shows of its kind if it has none. */
struct shape {
	bool metadata, involved, containers, node_info;
	bool go_names; /* keys are names of Go fields: dumps of programs that ignore JSON tags */
};

static const struct json_field shape_spec_fields[] = {
	JSON_FIELD(HAS, "containers", struct shape, containers),
};

static const struct json_field shape_status_fields[] = {
	JSON_FIELD(HAS, "nodeInfo", struct shape, node_info),
};

static const struct json_field shape_fields[] = {
	JSON_FIELD(HAS, "metadata", struct shape, metadata),
	JSON_INSIDE("spec", shape_spec_fields),
	JSON_INSIDE("status", shape_status_fields),
	JSON_FIELD(HAS, "involvedObject", struct shape, involved),
	JSON_FIELD(HAS, "regarding", struct shape, involved),
	JSON_FIELD(HAS, "ObjectMeta", struct shape, go_names),
	JSON_FIELD(HAS, "InvolvedObject", struct shape, go_names),
};

static struct shape shape_of(struct decoder *d, struct str raw)
{
	struct shape s = { 0 };
	struct json j;

	if (audit_body(d, raw, &j))
		json_fields(&j, shape_fields, ARRAY_SIZE(shape_fields), &s);
	return s;
}

static struct str kind_of(const struct decoder *d, const struct audit *a, const struct shape *s)
{
	if (a->kind.n)
		return a->kind;
	if (d->wrap.item_kind.n)
		return d->wrap.item_kind;
	if (s->involved)
		return STR("Event");
	if (s->containers)
		return STR("Pod");
	return s->node_info ? STR("Node") : (struct str){ 0 };
}

/* Records are identified by five fields. For objects, kind, identity and version replace the URI,
 * so that the same object in two files, or an Event in both API groups, gives the same record. */
static struct audit dumped(struct decoder *d, struct str kind, const struct object_meta *meta,
			   nsec at)
{
	struct str id = meta->uid.n ? meta->uid : meta->name;
	struct audit o = {
		.dumped = true,
		.verb = STR("object"),
		.stage = meta->resource_version,
		.uri = arena_printf(&d->arena, STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT,
				    STR_ARG(kind), STR_ARG(meta->namespace), STR_ARG(id),
				    STR_ARG(meta->resource_version)),
		.cluster = d->cluster,
		.namespace = meta->namespace,
		.name = meta->name,
		.success = true,
		.received = at,
		.completed = at,
	};

	return o;
}

/* Notes the object for finding its copies; first is the earliest time in it. */
static void note_dumped(struct decoder *d, const struct audit *o, struct str kind,
			const struct object_meta *meta, nsec first)
{
	context_dumped(&d->context, o->cluster, o->received);
	context_dumped(&d->context, o->cluster, first);
	context_copy(&d->context,
		     &(struct dumped_copy){ o->cluster, kind, meta->uid.n ? meta->uid : meta->name,
					    meta->resource_version, o->received });
}

/* Objects that have records of their own */

struct span_of_time {
	nsec first, last; /* NSEC_NONE: there is none */
};

static void widen_span(struct span_of_time *s, nsec at)
{
	s->first = clock_earlier(s->first, at);
	s->last = clock_later(s->last, at);
}

/* Of all times in the object except those in managedFields. */
static struct span_of_time span_of(const struct body *b)
{
	struct span_of_time s = { b->meta.created, b->meta.created };

	for (size_t i = 0; i < b->facts->n; i++) {
		widen_span(&s, b->facts->list[i].at);
		widen_span(&s, b->facts->list[i].begin);
	}
	return s;
}

/* A manifest of an object that was not created yet is only counted. */
static int dumped_object(struct decoder *d, const struct object_row *row, struct str raw,
			 struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct body b = { .facts = &facts, .meta = OBJECT_META_NONE };
	struct object_meta *meta = &b.meta;
	struct record r = { .kind = object_row_kind(row), .about_pod = true };
	struct span_of_time span;
	struct audit o;
	struct json j;

	meta->reads_managed = true;
	audit_body(d, raw, &j);
	row->read(&j, &b);
	if (j.bad) {
		audit_bad_body(d, &j);
		return 1;
	}
	span = span_of(&b);
	span.last = clock_later(span.last, meta->managed);
	if (!nsec_known(span.last) || !meta->name.n) {
		d->ingest.objectOthers++;
		return 1;
	}
	object_count(&d->ingest, row->in_dumps);
	o = dumped(d, row->name, meta, span.last);
	note_dumped(d, &o, row->name, meta, span.first);
	r.namespace = meta->namespace;
	r.name = meta->name;
	r.uid = meta->uid.n ? meta->uid : (struct str){ 0 };
	r.facts = facts.list;
	r.n_facts = facts.n;
	object_attach(&r, &b);
	return audit_emit(d, &o, &r, err) < 0 ? -1 : 1;
}

/* Events */

static int dumped_event(struct decoder *d, struct str raw, struct err *err)
{
	struct span_of_time span = { NSEC_NONE, NSEC_NONE };
	struct kube_event e;
	struct str object;
	struct audit o;
	struct json j;

	audit_body(d, raw, &j);
	body_event(&j, &e);
	if (j.bad) {
		audit_bad_body(d, &j);
		return 1;
	}
	d->ingest.objectEvents++;
	event_name_time(e.meta.name, &span.first, &object);
	widen_span(&span, span.first);
	widen_span(&span, e.first);
	widen_span(&span, e.last);
	widen_span(&span, e.event_time);
	if (!nsec_known(span.last))
		return 1;
	e.meta.namespace = e.namespace;
	o = dumped(d, STR("Event"), &e.meta, span.last);
	context_dumped(&d->context, o.cluster, span.last);
	context_dumped(&d->context, o.cluster, span.first);
	audit_node_event(d, &o, &e);
	if (!audit_event_wanted(&e))
		return 1;
	return audit_emit_event(d, &o, &e, err) < 0 ? -1 : 1;
}

/* Nodes and owners only update the context. */

struct dumped_node {
	struct object_meta meta;
	nsec heartbeat; /* the latest one */
	struct str version;
};

static void read_node_metadata(struct json *j, void *object)
{
	body_metadata(j, &((struct dumped_node *)object)->meta);
}

static void read_heartbeat(struct json *j, void *object)
{
	struct dumped_node *n = object;
	struct object_condition c;

	body_condition(j, &c);
	n->heartbeat = clock_later(n->heartbeat, c.heartbeat);
}

static const struct json_field node_info_fields[] = {
	JSON_FIELD(TEXT, "kubeletVersion", struct dumped_node, version),
};

static const struct json_field node_status_fields[] = {
	JSON_EACH("conditions", read_heartbeat),
	JSON_INSIDE("nodeInfo", node_info_fields),
};

static const struct json_field node_fields[] = {
	JSON_OTHER("metadata", read_node_metadata),
	JSON_INSIDE("status", node_status_fields),
};

static int dumped_node(struct decoder *d, struct str raw)
{
	struct dumped_node n = { .meta = OBJECT_META_NONE, .heartbeat = NSEC_NONE };
	struct audit o;
	struct json j;
	nsec at;

	d->ingest.objectNodes++;
	n.meta.reads_managed = true;
	audit_body(d, raw, &j);
	json_fields(&j, node_fields, ARRAY_SIZE(node_fields), &n);
	if (n.version.p)
		survey_component(&d->survey, STR("kubelet"), n.version);
	at = clock_later(n.heartbeat, n.meta.managed);
	if (j.bad || !n.meta.name.n || !nsec_known(at))
		return 1;
	o = dumped(d, STR("Node"), &n.meta, at);
	note_dumped(d, &o, STR("Node"), &n.meta, at);
	audit_node_body(d, &o, raw);
	return 1;
}

static void note_owner(struct decoder *d, struct str kind, struct str raw)
{
	struct object_meta meta = OBJECT_META_NONE;
	struct json j;

	d->ingest.objectOwners++;
	audit_body(d, raw, &j);
	body_meta(&j, &meta);
	if (!j.bad && meta.owner_kind.n && meta.name.n)
		context_owner(&d->context, &(struct ownership){ d->cluster, meta.namespace, kind,
								meta.name, meta.owner_kind,
								meta.owner_name, meta.created });
}

/* InvolvedObject, UID and APIVersion become involvedObject, uid and apiVersion. */
static size_t tagged(struct str name, char *to)
{
	size_t upper = 0;

	if (str_eq(name, STR("ObjectMeta")))
		name = STR("metadata");
	while (upper < name.n && name.p[upper] >= 'A' && name.p[upper] <= 'Z')
		upper++;
	if (upper > 1 && upper < name.n)
		upper--;
	for (size_t i = 0; i < name.n; i++)
		to[i] = (char)(i < upper ? name.p[i] | 0x20 : name.p[i]);
	return name.n;
}

/* The byte after the string whose opening quote is at p; end if it is not closed. */
static const char *string_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

/* Renames the keys from Go fields to JSON tags. No name gets longer. */
static struct str with_tags(struct decoder *d, struct str raw)
{
	char *out = arena_alloc(&d->arena, raw.n, 1), *to = out;
	const char *p = raw.p, *end = raw.p + raw.n;

	while (p < end) {
		const char *close, *next;

		if (*p != '"') {
			*to++ = *p++;
			continue;
		}
		close = next = string_end(p, end);
		while (next < end && strchr(" \t\r\n", *next) && *next)
			next++;
		if (next < end && *next == ':' && close - p >= 2) {
			*to++ = '"';
			to += tagged(str_from_to(p + 1, close - 1), to);
			*to++ = '"';
		} else {
			memcpy(to, p, (size_t)(close - p));
			to += close - p;
		}
		p = close;
	}
	return str_from_to(out, to);
}

int object_value(struct decoder *d, const struct audit *a, struct str raw, struct err *err)
{
	struct shape shape = shape_of(d, raw);
	const struct object_row *row;
	struct str kind;
	bool is_owner;

	if (shape.go_names) {
		raw = with_tags(d, raw);
		shape = shape_of(d, raw);
	}
	kind = kind_of(d, a, &shape);

	if (!shape.metadata || !kind.n)
		return 0;
	is_owner = str_eq(kind, STR("ReplicaSet")) || str_eq(kind, STR("Job"));
	if (is_owner)
		note_owner(d, kind, raw);
	row = object_row_of_name(kind);
	if (row)
		return dumped_object(d, row, raw, err);
	if (str_eq(kind, STR("Event")) && shape.involved)
		return dumped_event(d, raw, err);
	if (str_eq(kind, STR("Node")))
		return dumped_node(d, raw);
	if (is_owner)
		return 1;
	if (!a->api_version.n && !d->wrap.item_kind.n)
		return 0; /* many files have a kind and metadata */
	d->ingest.objectOthers++;
	return 1;
}
