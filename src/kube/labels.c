/* SPDX-License-Identifier: Apache-2.0 */
/* What a patch does to the labels of what it patches. */
#include "kube/audit.h"

enum { LABELS_MOST = 64 }; /* of one patch; more than any of Kubernetes' own writers sets */

/* value.p == NULL: it is taken off. */
static void add_label(const struct audit *a, struct facts *facts, struct str key, struct str value)
{
	struct fact *f;

	/* "$patch" and its like tell the API server how to merge */
	if (facts->n >= LABELS_MOST || !key.n || key.p[0] == '$')
		return;
	f = facts_add(facts, FACT_LABEL);
	f->origin = a->origin;
	f->written = true;
	f->at = a->received;
	f->precision = PRECISION_EXACT;
	f->subject = key;
	f->message = value;
}

/* {"key":"value","gone":null} */
static void label_object(struct json *j, const struct audit *a, struct facts *facts)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		struct str value = STR("");

		if (json_peek(j) == JSON_NULL) {
			json_skip(j);
			add_label(a, facts, key, (struct str){ 0 });
		} else if (json_text(j, &value)) {
			add_label(a, facts, key, value);
		}
	}
}

/* A merge patch, strategic or not, or a server-side apply. */
static void merge_patch(struct json *j, const struct audit *a, struct facts *facts)
{
	struct str key, inner;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (!str_eq(key, STR("metadata")) || json_peek(j) != JSON_OBJECT) {
			json_skip(j);
			continue;
		}
		json_object(j);
		while (json_key(j, &inner))
			if (str_eq(inner, STR("labels")))
				label_object(j, a, facts);
			else
				json_skip(j);
	}
}

/* A step of a JSON pointer (RFC 6901): ~1 is a slash, ~0 a tilde. */
static struct str unescaped(struct arena *arena, struct str step)
{
	char *out = arena_alloc(arena, step.n + 1, 1), *p = out;

	for (size_t i = 0; i < step.n; i++) {
		bool escape = step.p[i] == '~' && i + 1 < step.n &&
			      (step.p[i + 1] == '0' || step.p[i + 1] == '1');

		*p++ = !escape ? step.p[i] : step.p[++i] == '0' ? '~' : '/';
	}
	return str_from_to(out, p);
}

struct operation {
	struct str op, path, value; /* value raw */
};

static struct operation operation(struct json *j)
{
	struct operation o = { 0 };
	struct str key;

	while (json_key(j, &key))
		if (str_eq(key, STR("op")))
			json_text(j, &o.op);
		else if (str_eq(key, STR("path")))
			json_text(j, &o.path);
		else if (str_eq(key, STR("value")))
			json_raw(j, &o.value);
		else
			json_skip(j);
	return o;
}

static void apply(struct arena *arena, const struct audit *a, const struct operation *o,
		  struct facts *facts)
{
	static const struct str labels = { "/metadata/labels", 16 };
	struct json j = json_of(o->value, arena);
	struct str value = STR(""), key;

	if (!str_starts(o->path, labels))
		return;
	key = str_after(o->path, labels.n);
	if (!key.n && !str_eq(o->op, STR("remove"))) {
		if (str_eq(o->op, STR("add")) || str_eq(o->op, STR("replace")))
			label_object(&j, a, facts);
		return;
	}
	if (!key.n || key.p[0] != '/')
		return;
	key = unescaped(arena, str_after(key, 1));
	if (str_eq(o->op, STR("remove")))
		add_label(a, facts, key, (struct str){ 0 });
	else if ((str_eq(o->op, STR("add")) || str_eq(o->op, STR("replace"))) &&
		 json_text(&j, &value))
		add_label(a, facts, key, value);
}

static void json_patch(struct json *j, const struct audit *a, struct facts *facts)
{
	if (!json_array(j))
		return;
	while (json_item(j)) {
		struct operation o;

		if (!json_object(j))
			continue;
		o = operation(j);
		apply(j->arena, a, &o, facts);
	}
}

void audit_labels(struct decoder *d, const struct audit *a, struct facts *facts)
{
	struct json j = json_of(a->request, &d->arena);

	if (a->request.n && a->request.p[0] == '[')
		json_patch(&j, a, facts);
	else if (a->request.n && a->request.p[0] == '{')
		merge_patch(&j, a, facts);
}
