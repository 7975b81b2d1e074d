/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/body.h"

struct fact *facts_add(struct facts *facts, enum fact_kind kind)
{
	arena_reserve(facts->arena, facts->list, facts->n, facts->cap);
	facts->list[facts->n] = (struct fact){ .kind = kind, .at = NSEC_NONE, .begin = NSEC_NONE };
	return &facts->list[facts->n++];
}

static bool json_time(struct json *j, nsec *ret_at)
{
	struct str text;

	return json_text(j, &text) && clock_parse(text, ret_at);
}

/* The controlling owner, else the first one. */
static void owner_references(struct json *j, struct object_meta *meta)
{
	struct str key;
	bool have_controller = false;

	if (!json_array(j))
		return;
	while (json_item(j)) {
		struct str kind = STR(""), name = STR("");
		bool controller = false;

		if (!json_object(j))
			continue;
		while (json_key(j, &key)) {
			if (str_eq(key, STR("kind")))
				json_text(j, &kind);
			else if (str_eq(key, STR("name")))
				json_text(j, &name);
			else if (str_eq(key, STR("controller")))
				json_bool(j, &controller);
			else
				json_skip(j);
		}
		if (have_controller || (meta->owner_kind.n && !controller))
			continue;
		meta->owner_kind = kind;
		meta->owner_name = name;
		have_controller = controller;
	}
}

struct label {
	struct str key, value;
};

static int label_order(const void *a, const void *b)
{
	return str_cmp(((const struct label *)a)->key, ((const struct label *)b)->key);
}

/* Labels as key\0value\0..., sorted, so that equal labels are equal bytes. */
static struct str labels(struct json *j, struct arena *arena)
{
	enum { MOST = 256 }; /* more labels than any object carries; the rest is left out */
	struct label list[MOST];
	size_t n = 0, size = 0;
	struct str key, value;
	char *out, *p;

	if (!json_object(j))
		return (struct str){ 0 };
	while (json_key(j, &key)) {
		if (n == MOST || !json_text(j, &value)) {
			if (n == MOST)
				json_skip(j);
			continue;
		}
		if (memchr(key.p ? key.p : "", 0, key.n) ||
		    memchr(value.p ? value.p : "", 0, value.n))
			continue;
		list[n++] = (struct label){ key, value };
		size += key.n + value.n + 2;
	}
	qsort(list, n, sizeof(*list), label_order);
	out = p = arena_alloc(arena, size + 1, 1);
	for (size_t i = 0; i < n; i++) {
		memcpy(p, list[i].key.p, list[i].key.n);
		p += list[i].key.n + 1;
		if (list[i].value.n)
			memcpy(p, list[i].value.p, list[i].value.n);
		p += list[i].value.n + 1;
	}
	return (struct str){ out, size };
}

static void annotations(struct json *j, struct object_meta *meta, struct pod_object *object)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (object && str_eq(key, STR("kubernetes.io/config.mirror")))
			json_text(j, &object->mirror);
		else if (object && str_eq(key, STR("resource.opentelemetry.io/service.name")))
			json_text(j, &object->service);
		else if (meta->claim && str_eq(key, STR("volume.kubernetes.io/selected-node")))
			json_text(j, &meta->selected_node);
		else if (meta->claim && str_eq(key, STR("volume.beta.kubernetes.io/storage-class")))
			json_text(j, &meta->old_class);
		else
			json_skip(j);
	}
}

/* An array of texts with ',' between them. Read twice: it is short, and what it needs is not known
 * before. */
static struct str joined(struct str raw, struct arena *arena)
{
	struct json ahead = json_of(raw, arena), j = ahead;
	struct str text;
	size_t n = 0;
	char *out, *p;

	if (!json_array(&ahead))
		return (struct str){ 0 };
	while (json_item(&ahead))
		if (json_text(&ahead, &text))
			n += text.n + 1;
	if (!n)
		return STR("");
	out = p = arena_alloc(arena, n, 1);
	json_array(&j);
	while (json_item(&j)) {
		if (!json_text(&j, &text))
			continue;
		if (text.n)
			memcpy(p, text.p, text.n);
		p += text.n;
		*p++ = ',';
	}
	return str_from_to(out, p - 1);
}

/* Who wrote what is long; when is what tells how old a dump is at most. */
static void managed_fields(struct json *j, struct object_meta *meta)
{
	struct str key;
	nsec at;

	if (!json_array(j))
		return;
	while (json_item(j)) {
		if (!json_object(j))
			continue;
		while (json_key(j, &key))
			if (!str_eq(key, STR("time")))
				json_skip(j);
			else if (json_time(j, &at) &&
				 (meta->managed == NSEC_NONE || at > meta->managed))
				meta->managed = at;
	}
}

static void add_deleting(struct facts *facts, const struct object_meta *meta, nsec deletion)
{
	struct fact *f = facts_add(facts, FACT_DELETING);
	bool shown = meta->grace >= 0 && meta->grace < deletion / SECOND;

	/* without the grace period the request is only known to have come no later */
	f->at = shown ? deletion - meta->grace * SECOND : deletion;
	f->precision = shown ? PRECISION_SECOND : PRECISION_INFERRED;
	f->code = shown ? (int32_t)meta->grace : -1;
	f->message = meta->finalizers;
	f->origin = ORIGIN_APISERVER;
}

void body_metadata(struct json *j, struct facts *facts, struct object_meta *meta,
		   struct pod_object *object)
{
	struct str key, finalizers = { 0 };
	nsec deletion = NSEC_NONE;

	meta->grace = -1;
	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("name")))
			json_text(j, &meta->name);
		else if (str_eq(key, STR("namespace")))
			json_text(j, &meta->namespace);
		else if (str_eq(key, STR("uid")))
			json_text(j, &meta->uid);
		else if (str_eq(key, STR("resourceVersion")))
			json_text(j, &meta->resource_version);
		else if (str_eq(key, STR("ownerReferences")))
			owner_references(j, meta);
		else if (meta->dumped && str_eq(key, STR("managedFields")))
			managed_fields(j, meta);
		else if (object && str_eq(key, STR("generateName")))
			json_text(j, &object->generate_name);
		else if (object && str_eq(key, STR("creationTimestamp")))
			json_time(j, &object->created);
		else if (meta->claim && str_eq(key, STR("creationTimestamp")))
			json_time(j, &meta->claim->created);
		else if (!object && str_eq(key, STR("creationTimestamp")))
			json_time(j, &meta->created);
		else if (object && str_eq(key, STR("labels")))
			object->labels = labels(j, j->arena);
		else if ((object || meta->claim) && str_eq(key, STR("annotations")))
			annotations(j, meta, object);
		else if (facts && str_eq(key, STR("deletionTimestamp")))
			json_time(j, &deletion);
		else if (facts && str_eq(key, STR("deletionGracePeriodSeconds")))
			json_i64(j, &meta->grace);
		else if (facts && str_eq(key, STR("finalizers")))
			json_raw(j, &finalizers);
		else
			json_skip(j);
	}
	meta->deleting = deletion != NSEC_NONE;
	if (!meta->deleting)
		return;
	meta->finalizers = joined(finalizers, j->arena);
	/* a whole object without the key has none; a patch of one has no resourceVersion */
	if (!meta->finalizers.p && (!meta->patch || meta->resource_version.n))
		meta->finalizers = STR("");
	add_deleting(facts, meta, deletion);
}

void body_meta(struct json *j, struct object_meta *ret_meta)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("kind")))
			json_text(j, &ret_meta->kind);
		else if (str_eq(key, STR("metadata")))
			body_metadata(j, NULL, ret_meta, NULL);
		else
			json_skip(j);
	}
}

void body_binding(struct json *j, struct object_meta *ret_meta, struct str *ret_node)
{
	struct str key, inner;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("metadata"))) {
			body_metadata(j, NULL, ret_meta, NULL);
		} else if (str_eq(key, STR("target")) && json_peek(j) == JSON_OBJECT) {
			json_object(j);
			while (json_key(j, &inner))
				if (str_eq(inner, STR("name")))
					json_text(j, ret_node);
				else
					json_skip(j);
		} else {
			json_skip(j);
		}
	}
}

/* Event */

bool event_name_time(struct str name, nsec *ret_at, struct str *ret_object)
{
	struct str head, tail;
	uint64_t at;

	/* 15 or 16 digits: 1e18 ns (2001) to 2^63; anything else is not a time */
	if (!str_cut_last(name, '.', &head, &tail) || tail.n < 15 || tail.n > 16 || !head.n)
		return false;
	if (!str_hex64(tail, &at) || at > (uint64_t)INT64_MAX || at < (uint64_t)1000000000 * SECOND)
		return false;
	*ret_at = (nsec)at;
	*ret_object = head;
	return true;
}

bool event_container(struct str field_path, struct str *ret_container)
{
	struct str head, tail;

	if (!str_starts(field_path, STR("spec.")) || !str_cut(field_path, '{', &head, &tail) ||
	    tail.n < 2 || tail.p[tail.n - 1] != '}')
		return false;
	*ret_container = (struct str){ tail.p, tail.n - 1 };
	return true;
}

static void involved(struct json *j, struct kube_event *e)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("kind")))
			json_text(j, &e->kind);
		else if (str_eq(key, STR("namespace")))
			json_text(j, &e->namespace);
		else if (str_eq(key, STR("name")))
			json_text(j, &e->pod);
		else if (str_eq(key, STR("uid")))
			json_text(j, &e->uid);
		else if (str_eq(key, STR("fieldPath")))
			json_text(j, &e->field_path);
		else
			json_skip(j);
	}
}

static void source(struct json *j, struct kube_event *e)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("component")))
			json_text(j, &e->component);
		else if (str_eq(key, STR("host")))
			json_text(j, &e->host);
		else
			json_skip(j);
	}
}

static void series(struct json *j, struct kube_event *e)
{
	struct str key;
	int64_t n;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("count")) && json_peek(j) == JSON_NUMBER) {
			if (json_i64(j, &n) && n > 0 && n <= UINT32_MAX)
				e->series_count = (uint32_t)n;
		} else if (str_eq(key, STR("lastObservedTime"))) {
			json_time(j, &e->series_last);
		} else {
			json_skip(j);
		}
	}
}

/* The keys of both API groups; the deprecated ones of the new group are the old group's. */
static void event_key(struct json *j, struct str key, struct kube_event *e)
{
	struct object_meta meta = { 0 };
	int64_t n;

	if (str_eq(key, STR("metadata"))) {
		body_metadata(j, NULL, &meta, NULL);
		e->name = meta.name;
		e->own_uid = meta.uid;
		e->resource_version = meta.resource_version;
	} else if (str_eq(key, STR("involvedObject")) || str_eq(key, STR("regarding"))) {
		involved(j, e);
	} else if (str_eq(key, STR("reason"))) {
		json_text(j, &e->reason);
	} else if (str_eq(key, STR("message")) || str_eq(key, STR("note"))) {
		json_text(j, &e->message);
	} else if (str_eq(key, STR("type"))) {
		json_text(j, &e->type);
	} else if (str_eq(key, STR("source")) || str_eq(key, STR("deprecatedSource"))) {
		source(j, e);
	} else if (str_eq(key, STR("reportingComponent")) ||
		   str_eq(key, STR("reportingController"))) {
		json_text(j, &e->reporting);
	} else if (str_eq(key, STR("eventTime"))) {
		json_time(j, &e->event_time);
	} else if (str_eq(key, STR("firstTimestamp")) ||
		   str_eq(key, STR("deprecatedFirstTimestamp"))) {
		json_time(j, &e->first);
	} else if (str_eq(key, STR("lastTimestamp")) ||
		   str_eq(key, STR("deprecatedLastTimestamp"))) {
		json_time(j, &e->last);
	} else if (str_eq(key, STR("count")) || str_eq(key, STR("deprecatedCount"))) {
		if (json_i64(j, &n) && n > 0 && n <= UINT32_MAX)
			e->count = (uint32_t)n;
	} else if (str_eq(key, STR("series"))) {
		series(j, e);
	} else {
		json_skip(j);
	}
}

void body_event(struct json *j, struct kube_event *ret_event)
{
	struct str key;

	*ret_event = (struct kube_event){
		.first = NSEC_NONE,
		.last = NSEC_NONE,
		.event_time = NSEC_NONE,
		.series_last = NSEC_NONE,
	};
	if (!json_object(j))
		return;
	while (json_key(j, &key))
		event_key(j, key, ret_event);
	if (ret_event->reporting.n)
		ret_event->component = ret_event->reporting;
	if (ret_event->series_count)
		ret_event->count = ret_event->series_count;
	if (ret_event->series_last != NSEC_NONE)
		ret_event->last = ret_event->series_last;
}
