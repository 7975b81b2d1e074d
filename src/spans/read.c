/* SPDX-License-Identifier: Apache-2.0 */
/* A file with a configuration of spans: finds the accepted documents in it. */
#include "spans/reading.h"

#include "base/mem.h"

#include <stdarg.h>

/* The keys of Lunettes' ConfigMaps that contain it, for its first and its second engine. */
static const char *const data_keys[] = { "span-config", "trace-config" };

void spans_reading_add(struct spans_reading *r, struct extract_words *list, struct str text)
{
	arena_reserve(&r->c->arena, list->list, list->n, list->cap);
	list->list[list->n++] = arena_str(&r->c->arena, text);
}

void spans_reading_note(struct spans_reading *r, const cJSON *node, const char *fmt, ...)
{
	struct buf text = { 0 };
	char why[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	config_add_key(&text, r->d, node);
	buf_printf(&text, " %s", why);
	spans_reading_add(r, &r->c->notes, buf_str(&text));
	buf_free(&text);
}

/* A string with the configuration, as in a ConfigMap, or the list itself. */
static int read_value(struct spans_reading *r, const cJSON *node, struct err *err)
{
	const struct document *outer = r->d;
	struct config inner;
	int result = 0;

	if (cJSON_IsArray(node))
		return spans_read_resources(r, node, err);
	if (!cJSON_IsString(node))
		return config_wrong(r->d, node, err, "a string that holds a list of resources");
	if (config_read_inner(r->d, node, &inner, err) < 0)
		return -1;
	for (size_t i = 0; i < inner.n && result == 0; i++) {
		const cJSON *root = inner.documents[i]->root;

		r->d = inner.documents[i];
		result = cJSON_IsArray(root) ? spans_read_resources(r, root, err)
					     : config_wrong(r->d, root, err, "a list of resources");
	}
	r->d = outer;
	config_free(&inner);
	return result;
}

static int read_data(struct spans_reading *r, const cJSON *data, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(data_keys); i++) {
		const cJSON *value = config_get(data, data_keys[i]);

		if (value && read_value(r, value, err) < 0)
			return -1;
	}
	return 0;
}

/* Manifests that are no ConfigMap, or one without these keys, are ignored. */
static int read_manifest(struct spans_reading *r, const cJSON *node, struct err *err)
{
	const cJSON *items = config_get(node, "items");

	if (str_eq(config_get_text(node, "kind"), STR("ConfigMap")))
		return read_data(r, config_get(node, "data"), err);
	for (const cJSON *item = cJSON_IsArray(items) ? items->child : NULL; item;
	     item = item->next)
		if (str_eq(config_get_text(item, "kind"), STR("ConfigMap")) &&
		    read_data(r, config_get(item, "data"), err) < 0)
			return -1;
	return 0;
}

static int read_document(struct spans_reading *r, struct err *err)
{
	const cJSON *root = r->d->root;

	if (cJSON_IsArray(root))
		return spans_read_resources(r, root, err);
	if (!cJSON_IsObject(root))
		return config_wrong(r->d, root, err,
				    "a list of resources, or a ConfigMap with span-config");
	if (config_get(root, "kind"))
		return read_manifest(r, root, err);
	return read_data(r, root, err);
}

struct span_configuration *spans_read(struct str name, struct str text, struct err *err)
{
	struct span_configuration *c = mem_zalloc(sizeof(*c));
	struct spans_reading r = { .c = c };
	struct arena arena = { 0 };
	struct config config;
	int result = config_read(name, text, &arena, &config, err);

	for (size_t i = 0; result == 0 && i < config.n; i++) {
		r.d = config.documents[i];
		result = read_document(&r, err);
	}
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
	c->extract.requests = c->scripts != NULL;
	return c;
}

void spans_notes(const struct span_configuration *c, struct buf *out)
{
	for (size_t i = 0; i < c->notes.n; i++)
		buf_printf(out, "lunettes: " STR_FMT "\n", STR_ARG(c->notes.list[i]));
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
