/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects as dumps hold them (kubectl get -o json, must-gathers, bundles, exporters) to records.
 * Nobody says when a dump was made: a record's time is the latest one in its object, so that the
 * same object in two dumps is the same record.
 */
#include "kube/audit.h"

/* What an object shows of its kind where it does not say it. */
struct shape {
	bool metadata, involved, containers, node_info;
	bool go_names; /* keys are the names of Go's fields: dumps of programs without tags */
};

static bool has_key(struct json *j, struct str wanted)
{
	struct str key;
	bool found = false;

	if (!json_object(j))
		return false;
	while (json_key(j, &key)) {
		found = found || str_eq(key, wanted);
		json_skip(j);
	}
	return found;
}

static struct shape shape_of(struct decoder *d, struct str raw)
{
	struct shape s = { 0 };
	struct str key;
	struct json j;

	if (!audit_body(d, raw, &j) || !json_object(&j))
		return s;
	while (json_key(&j, &key)) {
		if (str_eq(key, STR("spec")))
			s.containers = has_key(&j, STR("containers"));
		else if (str_eq(key, STR("status")))
			s.node_info = has_key(&j, STR("nodeInfo"));
		else {
			s.go_names = s.go_names || str_eq(key, STR("ObjectMeta")) ||
				     str_eq(key, STR("InvolvedObject"));
			s.metadata = s.metadata || str_eq(key, STR("metadata"));
			s.involved = s.involved || str_eq(key, STR("involvedObject")) ||
				     str_eq(key, STR("regarding"));
			json_skip(&j);
		}
	}
	return s;
}

static struct str kind_of(const struct decoder *d, const struct audit *a, const struct shape *s)
{
	if (a->kind.n)
		return a->kind;
	if (d->item_kind.n)
		return d->item_kind;
	if (s->involved)
		return STR("Event");
	if (s->containers)
		return STR("Pod");
	return s->node_info ? STR("Node") : (struct str){ 0 };
}

/*
 * The record's five marks of a twin: the object's kind, identity and version stand in the place of
 * the URI, so that one object in two files, or one Event in both of its API groups, is one.
 */
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

/* Pods and claims */

static nsec latest_fact(const struct facts *facts)
{
	nsec at = NSEC_NONE;

	for (size_t i = 0; i < facts->n; i++) {
		at = clock_later(at, facts->list[i].at);
		at = clock_later(at, facts->list[i].begin);
	}
	return at;
}

static nsec earlier(nsec a, nsec b)
{
	return a == NSEC_NONE || (b != NSEC_NONE && b < a) ? b : a;
}

static nsec earliest_fact(const struct facts *facts)
{
	nsec at = NSEC_NONE;

	for (size_t i = 0; i < facts->n; i++)
		at = earlier(earlier(at, facts->list[i].at), facts->list[i].begin);
	return at;
}

/* Of a pod or a claim; a manifest, which nobody has created yet, is counted as something else. */
static int emit_dumped(struct decoder *d, struct str kind, const struct object_meta *meta,
		       nsec created, const struct facts *facts, struct record *r, uint64_t *counter,
		       struct err *err)
{
	nsec at = clock_later(clock_later(latest_fact(facts), created), meta->managed);
	struct audit o;

	if (at == NSEC_NONE || !meta->name.n) {
		d->ingest.objectOthers++;
		return 1;
	}
	++*counter;
	o = dumped(d, kind, meta, at);
	context_dumped(&d->context, o.cluster, at);
	context_dumped(&d->context, o.cluster, earlier(earliest_fact(facts), created));
	context_copy(&d->context, o.cluster, kind, meta->uid.n ? meta->uid : meta->name,
		     meta->resource_version, at);
	r->about_pod = true;
	r->namespace = meta->namespace;
	r->name = meta->name;
	if (meta->uid.n)
		r->uid = meta->uid;
	r->facts = facts->list;
	r->n_facts = facts->n;
	return audit_emit(d, &o, r, err) < 0 ? -1 : 1;
}

static int pod(struct decoder *d, struct str raw, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta = { .dumped = true, .managed = NSEC_NONE };
	struct pod_object object;
	struct record r = { .object = &object };
	struct json j;

	audit_body(d, raw, &j);
	body_pod(&j, &facts, false, ORIGIN_OTHER, &meta, &object);
	if (j.bad) {
		audit_bad_body(d, &j);
		return 1;
	}
	return emit_dumped(d, STR("Pod"), &meta, object.created, &facts, &r, &d->ingest.objectPods,
			   err);
}

static int claim(struct decoder *d, struct str raw, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta = { .dumped = true, .managed = NSEC_NONE };
	struct claim_object object;
	struct record r = { .kind = OBJECT_CLAIM, .claim = &object };
	struct json j;

	audit_body(d, raw, &j);
	body_claim(&j, &facts, false, ORIGIN_OTHER, &meta, &object);
	if (j.bad) {
		audit_bad_body(d, &j);
		return 1;
	}
	return emit_dumped(d, STR("PersistentVolumeClaim"), &meta, object.created, &facts, &r,
			   &d->ingest.objectClaims, err);
}

/* Events */

static int event(struct decoder *d, struct str raw, struct err *err)
{
	struct object_meta meta;
	struct kube_event e;
	struct str object;
	struct audit o;
	struct json j;
	nsec at, named = NSEC_NONE;

	audit_body(d, raw, &j);
	body_event(&j, &e);
	if (j.bad) {
		audit_bad_body(d, &j);
		return 1;
	}
	d->ingest.objectEvents++;
	event_name_time(e.name, &named, &object);
	at = clock_later(clock_later(named, e.first), clock_later(e.last, e.event_time));
	if (at == NSEC_NONE)
		return 1;
	meta = (struct object_meta){ .namespace = e.namespace,
				     .name = e.name,
				     .uid = e.own_uid,
				     .resource_version = e.resource_version };
	o = dumped(d, STR("Event"), &meta, at);
	context_dumped(&d->context, o.cluster, at);
	context_dumped(&d->context, o.cluster,
		       earlier(earlier(named, e.first), earlier(e.last, e.event_time)));
	audit_node_event(d, &o, &e);
	if (!audit_event_wanted(&e))
		return 1;
	return audit_emit_event(d, &o, &e, err) < 0 ? -1 : 1;
}

/* Nodes and owners go into the context alone. */

/* The latest heartbeat among the conditions, and the kubelet's version. */
static void node_status(struct decoder *d, struct json *j, nsec *ret_at)
{
	struct str key, inner, text;
	nsec at;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("conditions")) && json_peek(j) == JSON_ARRAY) {
			json_array(j);
			while (json_item(j)) {
				if (!json_object(j))
					continue;
				while (json_key(j, &inner))
					if (!str_eq(inner, STR("lastHeartbeatTime")))
						json_skip(j);
					else if (json_text(j, &text) && clock_parse(text, &at))
						*ret_at = clock_later(*ret_at, at);
			}
		} else if (str_eq(key, STR("nodeInfo")) && json_peek(j) == JSON_OBJECT) {
			json_object(j);
			while (json_key(j, &inner))
				if (!str_eq(inner, STR("kubeletVersion")))
					json_skip(j);
				else if (json_text(j, &text))
					survey_component(&d->survey, STR("kubelet"), text);
		} else {
			json_skip(j);
		}
	}
}

static int node(struct decoder *d, struct str raw)
{
	struct object_meta meta = { .dumped = true, .managed = NSEC_NONE };
	struct audit o;
	struct str key;
	struct json j;
	nsec at = NSEC_NONE;

	d->ingest.objectNodes++;
	audit_body(d, raw, &j);
	body_meta(&j, &meta);
	audit_body(d, raw, &j);
	json_object(&j);
	while (json_key(&j, &key))
		if (str_eq(key, STR("status")))
			node_status(d, &j, &at);
		else
			json_skip(&j);
	at = clock_later(at, meta.managed);
	if (j.bad || !meta.name.n || at == NSEC_NONE)
		return 1;
	o = dumped(d, STR("Node"), &meta, at);
	context_dumped(&d->context, o.cluster, at);
	context_copy(&d->context, o.cluster, STR("Node"), meta.uid.n ? meta.uid : meta.name,
		     meta.resource_version, at);
	audit_node_body(d, &o, raw);
	return 1;
}

static int owner(struct decoder *d, struct str kind, struct str raw)
{
	struct object_meta meta = { 0 };
	struct json j;

	d->ingest.objectOwners++;
	audit_body(d, raw, &j);
	body_meta(&j, &meta);
	if (!j.bad && meta.owner_kind.n && meta.name.n)
		context_owner(&d->context, d->cluster, meta.namespace, kind, meta.name,
			      meta.owner_kind, meta.owner_name, meta.created);
	return 1;
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

/* One past the string that begins at p with a quote; end if it does not end. */
static const char *string_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

/* The object with the names of Go's fields turned into those of their tags: no name grows. */
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
	struct str kind;

	if (shape.go_names) {
		raw = with_tags(d, raw);
		shape = shape_of(d, raw);
	}
	kind = kind_of(d, a, &shape);

	if (!shape.metadata || !kind.n)
		return 0;
	if (str_eq(kind, STR("Pod")))
		return pod(d, raw, err);
	if (str_eq(kind, STR("PersistentVolumeClaim")))
		return claim(d, raw, err);
	if (str_eq(kind, STR("Event")) && shape.involved)
		return event(d, raw, err);
	if (str_eq(kind, STR("Node")))
		return node(d, raw);
	if (str_eq(kind, STR("ReplicaSet")) || str_eq(kind, STR("Job")))
		return owner(d, kind, raw);
	if (!a->api_version.n && !d->item_kind.n)
		return 0; /* many things have a kind and metadata */
	d->ingest.objectOthers++;
	return 1;
}
