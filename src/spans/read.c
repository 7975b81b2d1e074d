/* SPDX-License-Identifier: Apache-2.0 */
/* A file with a configuration of spans: which of the accepted documents it holds. */
#include "spans/reading.h"

#include "base/mem.h"

#include <stdarg.h>

/* The keys under which ConfigMaps of Lunettes hold it: of its first and its second engine. */
static const char *const data_keys[] = { "span-config", "trace-config" };

void *spans_reading_add(struct spans_reading *r, struct spans_list *list, size_t size)
{
	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 8;
		list->items = arena_grow(&r->c->arena, list->items, list->n, list->cap, size);
	}
	return (char *)list->items + list->n++ * size;
}

void spans_reading_note(struct spans_reading *r, const struct document *d, const cJSON *node,
			const char *fmt, ...)
{
	struct buf text = { 0 };
	struct str *note = spans_reading_add(r, &r->notes, sizeof(*note));
	char why[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	config_add_key(&text, d, node);
	buf_printf(&text, " %s", why);
	*note = arena_str(&r->c->arena, buf_str(&text));
	buf_free(&text);
}

static int read_document(struct spans_reading *r, const struct document *d, struct err *err);

/* A string with the configuration, as a ConfigMap has it; or the list itself. */
static int read_value(struct spans_reading *r, const struct document *d, const cJSON *node,
		      struct err *err)
{
	struct config inner;
	int result = 0;

	if (cJSON_IsArray(node))
		return spans_read_resources(r, d, node, err);
	if (!cJSON_IsString(node))
		return config_wrong(d, node, err, "a string that holds a list of resources");
	if (config_read_inner(d, node, &inner, err) < 0)
		return -1;
	for (size_t i = 0; i < inner.n && result == 0; i++) {
		const cJSON *root = inner.documents[i]->root;

		result = cJSON_IsArray(root)
			     ? spans_read_resources(r, inner.documents[i], root, err)
			     : config_wrong(inner.documents[i], root, err, "a list of resources");
	}
	config_free(&inner);
	return result;
}

static int read_data(struct spans_reading *r, const struct document *d, const cJSON *data,
		     struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(data_keys); i++) {
		const cJSON *value = config_get(data, data_keys[i]);

		if (value && read_value(r, d, value, err) < 0)
			return -1;
	}
	return 0;
}

/* Manifests that are no ConfigMap, or one without these keys, are others'. */
static int read_manifest(struct spans_reading *r, const struct document *d, const cJSON *node,
			 struct err *err)
{
	const cJSON *items = config_get(node, "items");

	if (str_eq(config_get_text(d, node, "kind"), STR("ConfigMap")))
		return read_data(r, d, config_get(node, "data"), err);
	for (const cJSON *item = cJSON_IsArray(items) ? items->child : NULL; item;
	     item = item->next)
		if (str_eq(config_get_text(d, item, "kind"), STR("ConfigMap")) &&
		    read_data(r, d, config_get(item, "data"), err) < 0)
			return -1;
	return 0;
}

static int read_document(struct spans_reading *r, const struct document *d, struct err *err)
{
	const cJSON *root = d->root;

	if (cJSON_IsArray(root))
		return spans_read_resources(r, d, root, err);
	if (!cJSON_IsObject(root))
		return config_wrong(d, root, err,
				    "a list of resources, or a ConfigMap with span-config");
	if (config_get(root, "kind"))
		return read_manifest(r, d, root, err);
	return read_data(r, d, root, err);
}

struct span_configuration *spans_read(struct str name, struct str text, struct err *err)
{
	struct span_configuration *c = mem_zalloc(sizeof(*c));
	struct spans_reading r = { .c = c };
	struct arena arena = { 0 };
	struct config config;
	int result = config_read(name, text, &arena, &config, err);

	for (size_t i = 0; result == 0 && i < config.n; i++)
		result = read_document(&r, config.documents[i], err);
	config_free(&config);
	arena_free(&arena);
	if (result == 0 && !c->n_resources)
		result = err_set(err, ERR_USAGE,
				 STR_FMT ": found no configuration of spans, expected a list of "
					 "resources, or span-config or trace-config in a ConfigMap",
				 STR_ARG(name));
	if (result < 0) {
		spans_free(c);
		return NULL;
	}
	c->notes = r.notes.items;
	c->n_notes = r.notes.n;
	c->extract = (struct extract){
		.paths = r.paths.items,
		.n_paths = r.paths.n,
		.operations = r.operations.items,
		.n_operations = r.operations.n,
		.reasons = r.reasons.items,
		.n_reasons = r.reasons.n,
		.all_events = r.all_events,
		.requests = c->scripts != NULL,
		.texts = r.texts,
	};
	return c;
}

void spans_notes(const struct span_configuration *c, struct buf *out)
{
	for (size_t i = 0; i < c->n_notes; i++)
		buf_printf(out, "lunettes: " STR_FMT "\n", STR_ARG(c->notes[i]));
	scripts_notes(c->scripts, out);
}

void spans_free(struct span_configuration *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_patterns; i++)
		pattern_free(c->patterns[i]);
	mem_free(c->patterns);
	scripts_free(c->scripts);
	mem_free(c->resources);
	arena_free(&c->arena);
	mem_free(c);
}
