/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration file: which of the supported documents it contains, and their content. */
#include "slo/settings_reading.h"

static const char data_key[] = "lunettes-config", span_key[] = "span-config";

void *reading_add(struct settings_reading *r, struct reading_list *list, size_t size)
{
	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 8;
		list->items =
		    arena_grow(&r->settings->arena, list->items, list->n, list->cap, size);
	}
	return (char *)list->items + list->n++ * size;
}

void reading_keep_note(struct settings_reading *r, const struct buf *text)
{
	struct str *note = reading_add(r, &r->notes, sizeof(*note));

	*note = arena_str(&r->settings->arena, buf_str(text));
}

void reading_note(struct settings_reading *r, const struct document *d, const cJSON *node,
		  const char *why)
{
	struct buf text = { 0 };

	config_add_key(&text, d, node);
	buf_printf(&text, " has no effect: %s", why);
	reading_keep_note(r, &text);
	buf_free(&text);
}

static int read_document(struct settings_reading *r, const struct document *d, struct err *err);

static int read_inner(struct settings_reading *r, const struct document *d, const cJSON *node,
		      struct err *err)
{
	const struct config *outer = r->config;
	struct config inner;
	int result = 0;

	if (!cJSON_IsString(node))
		return config_wrong(d, node, err, "a string that holds JSON or YAML");
	if (config_read_inner(d, node, &inner, err) < 0)
		return -1;
	r->config = &inner;
	for (size_t i = 0; i < inner.n && result == 0; i++)
		result = read_document(r, inner.documents[i], err);
	r->config = outer;
	config_free(&inner);
	return result;
}

static int read_config_map(struct settings_reading *r, const struct document *d, const cJSON *node,
			   struct err *err)
{
	const cJSON *data = config_get(node, "data");
	struct buf text = { 0 };

	if (config_get(data, data_key))
		return read_inner(r, d, config_get(data, data_key), err);
	if (config_get(data, span_key)) {
		r->silent = true;
		return 0;
	}
	config_add_key(&text, d, node);
	buf_printf(&text, "%sthis ConfigMap has no key data.%s",
		   text.n && node != d->root ? ": " : "", data_key);
	reading_keep_note(r, &text);
	buf_free(&text);
	return 0;
}

/* A manifest, or each item of a List; items are no lists. */
static int read_manifest(struct settings_reading *r, const struct document *d, const cJSON *node,
			 bool in_list, struct err *err)
{
	struct str kind = config_get_text(node, "kind");
	const cJSON *items = config_get(node, "items");
	int result = 0;

	if (d->outer)
		return config_error(d, node, err, "found a manifest inside of a ConfigMap");
	if (str_eq(kind, STR("ConfigMap")))
		return read_config_map(r, d, node, err);
	if (in_list || !str_ends(kind, STR("List")) || !cJSON_IsArray(items)) {
		r->passed_over++;
		return 0;
	}
	for (const cJSON *item = items->child; item && result == 0; item = item->next)
		result = read_manifest(r, d, item, true, err);
	return result;
}

static int read_document(struct settings_reading *r, const struct document *d, struct err *err)
{
	const cJSON *root = d->root;

	if (!cJSON_IsObject(root))
		return config_wrong(d, root, err,
				    "an object: settings, an SLO of OpenSLO, or a ConfigMap");
	if (str_starts(config_get_text(root, "apiVersion"), STR("openslo/")))
		return reading_openslo(r, d, root, err);
	if (config_get(root, "apiVersion") && config_get(root, "kind"))
		return read_manifest(r, d, root, false, err);
	return reading_keys(r, d, root, err);
}

/* The earlier items, then the new ones. */
static const void *joined(struct settings *s, const void *before, size_t *n,
			  const struct reading_list *more, size_t size)
{
	char *all;

	if (!more->n)
		return before;
	all = arena_alloc(&s->arena, *n + more->n, size);
	if (*n)
		memcpy(all, before, *n * size);
	memcpy(all + *n * size, more->items, more->n * size);
	*n += more->n;
	return all;
}

#define JOIN(s, field, list)                                                                       \
	((s)->field = joined((s), (s)->field, &(s)->n_##field, (list), sizeof(*(s)->field)))

static void keep(struct settings_reading *r)
{
	struct settings *s = r->settings;

	JOIN(s, overrides, &r->overrides);
	JOIN(s, overrides, &r->namespaces);
	JOIN(s, ignored, &r->ignored);
	JOIN(s, plain_deletes, &r->plain_deletes);
	JOIN(s, objectives, &r->objectives);
	JOIN(s, notes, &r->notes);
	s->configured |= r->used;
}

int settings_read(struct settings *s, struct str name, struct str text, struct err *err)
{
	struct settings_reading r = { .settings = s };
	struct config config;
	struct buf note = { 0 };
	int result = 0;

	if (config_read(name, text, &s->arena, &config, err) < 0)
		return -1;
	s->file = arena_str(&s->arena, name);
	r.config = &config;
	for (size_t i = 0; i < config.n && result == 0; i++)
		result = read_document(&r, config.documents[i], err);
	config_free(&config);
	if (r.passed_over)
		buf_printf(&note, STR_FMT ": %llu other manifest%s passed over", STR_ARG(name),
			   (unsigned long long)r.passed_over, r.passed_over == 1 ? " is" : "s are");
	if (r.passed_over)
		reading_keep_note(&r, &note);
	buf_reset(&note);
	if (!r.used && !r.silent)
		buf_printf(&note, STR_FMT " configures nothing: the defaults hold", STR_ARG(name));
	if (!r.used && !r.silent)
		reading_keep_note(&r, &note);
	buf_free(&note);
	if (result == 0)
		keep(&r);
	return result;
}
