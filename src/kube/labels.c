/* SPDX-License-Identifier: Apache-2.0 */
/* Label changes in the body of a patch. */
#include "json/fields.h"
#include "kube/audit.h"

enum { LABELS_MOST = 64 }; /* per patch; more than any Kubernetes component sets */

/* value.p == NULL: it is removed. */
static void add_label(const struct audit *a, struct facts *facts, struct str key, struct str value)
{
	struct fact *f;

	/* "$patch" and similar keys are directives for the merge */
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

struct label_walk {
	const struct audit *a;
	struct facts *facts;
};

static void read_labels(struct json *j, void *object)
{
	const struct label_walk *w = object;

	label_object(j, w->a, w->facts);
}

static const struct json_field meta_fields[] = {
	JSON_OTHER("labels", read_labels),
};

/* A merge patch, strategic or not, or a server-side apply. */
static const struct json_field merge_fields[] = {
	JSON_INSIDE("metadata", meta_fields),
};

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

static void apply_step(struct arena *arena, const struct audit *a, const struct patch_step *s,
		       struct facts *facts)
{
	static const struct str labels = { "/metadata/labels", 16 };
	bool removes = str_eq(s->op, STR("remove"));
	bool sets = str_eq(s->op, STR("add")) || str_eq(s->op, STR("replace"));
	struct json j = json_of(s->value, arena);
	struct str value = STR(""), key;

	if (!str_starts(s->path, labels))
		return;
	key = str_after(s->path, labels.n);
	if (!key.n && !removes) {
		if (sets)
			label_object(&j, a, facts);
		return;
	}
	if (!key.n || key.p[0] != '/')
		return;
	key = unescaped(arena, str_after(key, 1));
	if (removes)
		add_label(a, facts, key, (struct str){ 0 });
	else if (sets && json_text(&j, &value))
		add_label(a, facts, key, value);
}

static void json_patch(struct json *j, const struct audit *a, struct facts *facts)
{
	if (!json_array(j))
		return;
	while (json_item(j)) {
		struct patch_step step;

		if (body_patch_step(j, &step))
			apply_step(j->arena, a, &step, facts);
	}
}

void audit_labels(struct decoder *d, const struct audit *a, struct facts *facts)
{
	struct json j = json_of(a->request, &d->arena);
	struct label_walk w = { a, facts };

	if (a->request.n && a->request.p[0] == '[')
		json_patch(&j, a, facts);
	else if (a->request.n && a->request.p[0] == '{')
		json_fields(&j, merge_fields, ARRAY_SIZE(merge_fields), &w);
}
