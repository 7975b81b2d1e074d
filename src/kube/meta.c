/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata of objects, also of those of which nothing else is used. */
#include "json/fields.h"
#include "kube/body.h"

struct fact *facts_add(struct facts *facts, enum fact_kind kind)
{
	arena_reserve(facts->arena, facts->list, facts->n, facts->cap);
	facts->list[facts->n] = (struct fact){ .kind = kind, .at = NSEC_NONE, .begin = NSEC_NONE };
	return &facts->list[facts->n++];
}

struct fact *body_fact(struct body *b, enum fact_kind kind)
{
	struct fact *f = facts_add(b->facts, kind);

	f->written = b->written;
	f->origin = b->origin;
	return f;
}

/* The controlling owner, otherwise the first one. */

struct owner_reference {
	struct str kind, name;
	bool controller;
};

static const struct json_field owner_fields[] = {
	JSON_FIELD(TEXT, "kind", struct owner_reference, kind),
	JSON_FIELD(TEXT, "name", struct owner_reference, name),
	JSON_FIELD(BOOL, "controller", struct owner_reference, controller),
};

static void read_owner(struct json *j, void *object)
{
	struct object_meta *meta = object;
	struct owner_reference owner = { STR(""), STR(""), false };

	if (!json_fields(j, owner_fields, ARRAY_SIZE(owner_fields), &owner) ||
	    meta->has_controller || (meta->owner_kind.n && !owner.controller))
		return;
	meta->owner_kind = owner.kind;
	meta->owner_name = owner.name;
	meta->has_controller = owner.controller;
}

struct label {
	struct str key, value;
};

static int label_order(const void *a, const void *b)
{
	return str_cmp(((const struct label *)a)->key, ((const struct label *)b)->key);
}

/* Labels as key\0value\0..., sorted, so that equal labels are equal bytes. */
static struct str sorted_labels(struct json *j)
{
	enum { MOST = 256 }; /* more than any object has; further ones are dropped */
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
	out = p = arena_alloc(j->arena, size + 1, 1);
	for (size_t i = 0; i < n; i++) {
		memcpy(p, list[i].key.p, list[i].key.n);
		p += list[i].key.n + 1;
		if (list[i].value.n)
			memcpy(p, list[i].value.p, list[i].value.n);
		p += list[i].value.n + 1;
	}
	return (struct str){ out, size };
}

static void read_labels(struct json *j, void *object)
{
	((struct object_meta *)object)->labels = sorted_labels(j);
}

/* The latest write to the object: a dump of it cannot be older. */

struct field_manager {
	nsec time;
};

static const struct json_field manager_fields[] = {
	JSON_FIELD(TIME, "time", struct field_manager, time),
};

static void read_managers(struct json *j, void *object)
{
	struct object_meta *meta = object;

	if (!meta->reads_managed) {
		json_skip(j);
		return;
	}
	if (!json_array(j))
		return;
	while (json_item(j)) {
		struct field_manager manager = { NSEC_NONE };

		json_fields(j, manager_fields, ARRAY_SIZE(manager_fields), &manager);
		meta->managed = clock_later(meta->managed, manager.time);
	}
}

static const struct json_field annotation_fields[] = {
	JSON_FIELD(TEXT, "kubernetes.io/config.mirror", struct object_meta, mirror),
	JSON_FIELD(TEXT, "resource.opentelemetry.io/service.name", struct object_meta, service),
	JSON_FIELD(TEXT, "volume.beta.kubernetes.io/storage-class", struct object_meta, old_class),
	JSON_FIELD(TEXT, "volume.kubernetes.io/selected-node", struct object_meta, selected_node),
};

static const struct json_field meta_fields[] = {
	JSON_FIELD(TEXT, "name", struct object_meta, name),
	JSON_FIELD(TEXT, "generateName", struct object_meta, generate_name),
	JSON_FIELD(TEXT, "namespace", struct object_meta, namespace),
	JSON_FIELD(TEXT, "uid", struct object_meta, uid),
	JSON_FIELD(TEXT, "resourceVersion", struct object_meta, resource_version),
	JSON_FIELD(TIME, "creationTimestamp", struct object_meta, created),
	JSON_FIELD(TIME, "deletionTimestamp", struct object_meta, deletion),
	JSON_FIELD(I64, "deletionGracePeriodSeconds", struct object_meta, grace),
	JSON_OTHER("labels", read_labels),
	JSON_INSIDE("annotations", annotation_fields),
	JSON_EACH("ownerReferences", read_owner),
	JSON_FIELD(RAW, "finalizers", struct object_meta, finalizers),
	JSON_OTHER("managedFields", read_managers),
};

void body_metadata(struct json *j, struct object_meta *meta)
{
	json_fields(j, meta_fields, ARRAY_SIZE(meta_fields), meta);
}

static void read_metadata(struct json *j, void *object)
{
	body_metadata(j, object);
}

void body_meta(struct json *j, struct object_meta *ret_meta)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "kind", struct object_meta, kind),
		JSON_OTHER("metadata", read_metadata),
	};

	json_fields(j, fields, ARRAY_SIZE(fields), ret_meta);
}

bool body_condition(struct json *j, struct object_condition *ret_condition)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "type", struct object_condition, type),
		JSON_FIELD(TEXT, "status", struct object_condition, status),
		JSON_FIELD(TIME, "lastHeartbeatTime", struct object_condition, heartbeat),
		JSON_FIELD(TIME, "lastTransitionTime", struct object_condition, transition),
		JSON_FIELD(TEXT, "reason", struct object_condition, reason),
		JSON_FIELD(TEXT, "message", struct object_condition, message),
	};

	*ret_condition =
	    (struct object_condition){ .transition = NSEC_NONE, .heartbeat = NSEC_NONE };
	return json_fields(j, fields, ARRAY_SIZE(fields), ret_condition);
}

static void read_step_value(struct json *j, void *object)
{
	json_raw(j, &((struct patch_step *)object)->value);
}

bool body_patch_step(struct json *j, struct patch_step *ret_step)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "op", struct patch_step, op),
		JSON_FIELD(TEXT, "path", struct patch_step, path),
		JSON_OTHER("value", read_step_value),
	};

	*ret_step = (struct patch_step){ 0 };
	return json_fields(j, fields, ARRAY_SIZE(fields), ret_step);
}

struct binding {
	struct object_meta meta;
	struct str node;
};

void body_binding(struct json *j, struct object_meta *ret_meta, struct str *ret_node)
{
	static const struct json_field target_fields[] = {
		JSON_FIELD(TEXT, "name", struct binding, node),
	};
	static const struct json_field fields[] = {
		JSON_OTHER("metadata", read_metadata), /* must be first in the struct */
		JSON_INSIDE("target", target_fields),
	};
	struct binding binding = { OBJECT_META_NONE };

	json_fields(j, fields, ARRAY_SIZE(fields), &binding);
	*ret_meta = binding.meta;
	*ret_node = binding.node;
}

/* Deletions */

/* Joins an array of strings with ','. Reads it twice, because its length is unknown at first. */
static struct str joined_texts(struct str raw, struct arena *arena)
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

void body_deletion(struct body *b)
{
	struct object_meta *meta = &b->meta;
	nsec deletion = meta->deletion;
	struct fact *f;
	bool shown = meta->grace >= 0 && meta->grace < deletion / SECOND;

	if (!nsec_known(deletion))
		return;
	meta->finalizers = joined_texts(meta->finalizers, b->facts->arena);
	/* a complete object without the key has none; patches have no resourceVersion */
	if (!meta->finalizers.p && (!b->written || meta->resource_version.n))
		meta->finalizers = STR("");
	f = facts_add(b->facts, FACT_DELETING);
	/* without the grace period this is the latest possible time of the request */
	f->at = shown ? deletion - meta->grace * SECOND : deletion;
	f->precision = shown ? PRECISION_SECOND : PRECISION_INFERRED;
	f->code = shown ? (int32_t)meta->grace : -1;
	f->message = meta->finalizers;
	f->origin = ORIGIN_APISERVER;
}
