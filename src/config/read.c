/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a text into documents. */
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "config/reading.h"

#define BOM "\xef\xbb\xbf"

/* Checked before parsing, because neither parser rejects invalid UTF-8. */
static int check_text(const struct document *d, struct str text, struct err *err)
{
	struct str rest = text;
	struct utf8 first;

	if (text.n > CONFIG_BYTES_MAX)
		return config_fail(d, (struct spot){ 1, 1 }, err,
				   "found a text of more than 4 MiB, expected less");
	while (rest.n && *rest.p && (first = utf8_first(rest)).good)
		rest = str_after(rest, first.n);
	if (!rest.n)
		return 0;
	return config_fail(d, config_spot(text, text.n - rest.n), err,
			   *rest.p ? "found what is not UTF-8" : "found NUL, expected text");
}

/* Rejects duplicate keys. */
static int check_keys(const struct document *d, const cJSON *object, struct err *err)
{
	const cJSON *node = object->child, *first = object->child;
	struct map keys = { 0 };
	bool is_new = true;
	uint32_t at = 0;

	for (; node; node = node->next) {
		at = map_put(&keys, str_from(node->string), &is_new);
		if (!is_new)
			break;
	}
	map_free(&keys);
	if (!node)
		return 0;
	while (at-- > 0)
		first = first->next;
	return config_twice(d, first, node, err);
}

static int check_tree(const struct document *d, const cJSON *node, struct err *err)
{
	if (cJSON_IsObject(node) && check_keys(d, node, err) < 0)
		return -1;
	for (const cJSON *child = node->child; child; child = child->next)
		if (child->child && check_tree(d, child, err) < 0)
			return -1;
	return 0;
}

static int read_text(struct config *config, struct document *head, struct str text, struct err *err)
{
	struct str begin;
	int r;

	*config = (struct config){ .arena = head->arena };
	if (check_text(head, text, err) < 0)
		return -1;
	if (str_starts(text, STR(BOM)))
		text = str_after(text, STR(BOM).n);
	head->text = arena_printf(config->arena, STR_FMT, STR_ARG(text));
	begin = str_trim(text);
	head->yaml = !begin.n || (begin.p[0] != '{' && begin.p[0] != '[');
	if (head->yaml)
		r = config_read_yaml(config, head, err);
	else
		r = config_read_json(config, head, err);
	for (size_t i = 0; r == 0 && i < config->n; i++)
		r = check_tree(config->documents[i], config->documents[i]->root, err);
	if (r < 0)
		config_free(config);
	return r;
}

int config_read(struct str name, struct str text, struct arena *arena, struct config *ret_config,
		struct err *err)
{
	struct document head = { .file = arena_str(arena, name), .arena = arena };

	return read_text(ret_config, &head, text, err);
}

int config_read_inner(const struct document *outer, const cJSON *node, struct config *ret_config,
		      struct err *err)
{
	struct document head = {
		.file = outer->file, .outer = outer, .outer_node = node, .arena = outer->arena
	};

	return read_text(ret_config, &head, config_text(node), err);
}

void config_add_document(struct config *config, const struct document *head, cJSON *root)
{
	struct document *d = arena_new(config->arena, struct document);

	*d = *head;
	d->root = root;
	arena_reserve(config->arena, config->documents, config->n, config->cap);
	config->documents[config->n++] = d;
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < c->n; i++)
		cJSON_Delete(c->documents[i]->root);
	*c = (struct config){ 0 };
}

cJSON *config_node(cJSON *node)
{
	if (!node)
		mem_exhausted(sizeof(*node));
	return node;
}

void config_keep_text(struct arena *arena, cJSON *node, struct str text)
{
	char *copy = arena_alloc(arena, text.n + 1, 1);

	memcpy(copy, text.p, text.n);
	cJSON_free(node->valuestring);
	node->valuestring = copy;
	node->type |= cJSON_IsReference; /* cJSON does not free it */
}

struct str config_text(const cJSON *node)
{
	if (!cJSON_IsString(node) && !cJSON_IsNumber(node))
		return (struct str){ 0 };
	return str_from(node->valuestring);
}

const cJSON *config_get(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

struct str config_get_text(const cJSON *object, const char *key)
{
	const cJSON *node = config_get(object, key);

	return cJSON_IsString(node) ? config_text(node) : (struct str){ 0 };
}
