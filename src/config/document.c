/* SPDX-License-Identifier: Apache-2.0 */
/* Texts to documents, and what is asked of these. */
#include "base/utf8.h"
#include "config/building.h"

#define BOM "\xef\xbb\xbf"

/* Every byte is looked at before anything is read, for neither parser minds what is not UTF-8. */
static int check_text(const struct document *head, struct str text, struct err *err)
{
	struct building b = { .err = err };
	struct document d = *head;
	struct str rest = text;
	struct utf8 first;

	b.document = &d;
	if (text.n > CONFIG_BYTES_MAX)
		return building_fail(&b, (struct spot){ 1, 1 },
				     "found a text of more than 4 MiB, expected less");
	while (rest.n && *rest.p && (first = utf8_first(rest)).good)
		rest = str_after(rest, first.n);
	if (!rest.n)
		return 0;
	return building_fail(&b, config_spot(text, text.n - rest.n),
			     *rest.p ? "found what is not UTF-8" : "found NUL, expected text");
}

static int read(struct config *config, const struct document *head, struct str text,
		struct err *err)
{
	struct str begin;
	int r;

	if (check_text(head, text, err) < 0)
		return -1;
	if (str_starts(text, STR(BOM)))
		text = str_after(text, STR(BOM).n);
	text = arena_printf(config->arena, STR_FMT, STR_ARG(text));
	begin = str_trim(text);
	if (begin.n && (begin.p[0] == '{' || begin.p[0] == '['))
		r = config_read_json(config, head, text, err);
	else
		r = config_read_yaml(config, head, text, err);
	if (r < 0)
		config_free(config);
	return r;
}

int config_read(struct str name, struct str text, struct arena *arena, struct config *ret_config,
		struct err *err)
{
	struct document head = { .file = arena_str(arena, name), .arena = arena };

	*ret_config = (struct config){ .arena = arena };
	return read(ret_config, &head, text, err);
}

int config_read_inner(const struct document *outer, const cJSON *node, struct config *ret_config,
		      struct err *err)
{
	struct document head = { .file = outer->file,
				 .outer = outer,
				 .outer_node = node,
				 .body = config_place(outer, node)->body,
				 .arena = outer->arena };

	*ret_config = (struct config){ .arena = outer->arena };
	return read(ret_config, &head, config_text(outer, node), err);
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < c->n; i++)
		cJSON_Delete(c->documents[i]->root);
	*c = (struct config){ 0 };
}

const struct place *config_place(const struct document *d, const cJSON *node)
{
	size_t low = 0, high = d->n_places;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if ((uintptr_t)d->places[d->by_node[middle]].node <= (uintptr_t)node)
			low = middle;
		else
			high = middle;
	}
	assert(d->places[d->by_node[low]].node == node);
	return &d->places[d->by_node[low]];
}

struct str config_text(const struct document *d, const cJSON *node)
{
	return node ? config_place(d, node)->text : (struct str){ 0 };
}

const cJSON *config_get(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

struct str config_get_text(const struct document *d, const cJSON *object, const char *key)
{
	const cJSON *node = config_get(object, key);

	return cJSON_IsString(node) ? config_text(d, node) : (struct str){ 0 };
}
