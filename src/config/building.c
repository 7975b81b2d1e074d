/* SPDX-License-Identifier: Apache-2.0 */
#include "config/building.h"

#include "base/mem.h"
#include "base/utf8.h"

void building_begin(struct building *b, struct config *config, const struct document *like,
		    struct err *err)
{
	struct document *d = arena_new(config->arena, struct document);

	*d = *like;
	b->document = d;
	b->config = config;
	b->err = err;
	b->cap = 0;
	b->depth = 0;
	b->key = (struct str){ 0 };
	b->key_at = (struct spot){ 0 };
}

int building_fail(struct building *b, struct spot at, const char *what)
{
	struct buf where = { 0 };

	config_add_where(&where, b->document, at);
	err_set(b->err, ERR_USAGE, STR_FMT ": %s", STR_ARG(buf_str(&where)), what);
	buf_free(&where);
	return -1;
}

/* Where the n-th entry of the innermost object stands. */
static struct spot entry_at(const struct building *b, uint32_t n)
{
	uint32_t object = b->open[b->depth - 1].place;
	const struct document *d = b->document;

	for (size_t i = object + 1; i < d->n_places; i++)
		if (d->places[i].parent == object && n-- == 0)
			return d->places[i].key_at;
	return b->key_at; /* it is the entry before this one, whose value has no place yet */
}

static int twice(struct building *b, struct str key, struct spot at, uint32_t first)
{
	const struct document *d = b->document;
	struct spot before = entry_at(b, first);
	struct buf path = { 0 }, text = { 0 };

	if (d->body.line) {
		before.column += d->body.column - 1;
		before.line += d->body.line - 1;
	}
	config_add_path(&path, d, b->open[b->depth - 1].place);
	config_add_where(&text, d, at);
	buf_printf(&text, ": " STR_FMT "%s", STR_ARG(buf_str(&path)), path.n ? ": " : "");
	buf_printf(&text, "the key ");
	config_add_quoted(&text, key);
	buf_printf(&text, " stands already in line %u, column %u; expected each key once",
		   before.line, before.column);
	err_set(b->err, ERR_USAGE, STR_FMT, STR_ARG(buf_str(&text)));
	buf_free(&path);
	buf_free(&text);
	return -1;
}

int building_key(struct building *b, struct str key, struct spot at)
{
	bool is_new;
	uint32_t i;

	if (key.n && memchr(key.p, 0, key.n))
		return building_fail(b, at, "found NUL in a key, expected none");
	i = map_put(&b->open[b->depth - 1].keys, key, &is_new);
	if (!is_new)
		return twice(b, key, at, i);
	b->key = key;
	b->key_at = at;
	return 0;
}

int building_value(struct building *b, struct spot at, struct str text, struct place **ret_place)
{
	struct document *d = b->document;
	struct place *p;

	if (text.n && memchr(text.p, 0, text.n))
		return building_fail(b, at, "found NUL in a string, expected none");
	if (b->n_before + d->n_places == CONFIG_NODES_MAX)
		return building_fail(b, at, "found more values than a configuration may have");
	arena_reserve(d->arena, d->places, d->n_places, b->cap);
	p = &d->places[d->n_places++];
	*p = (struct place){ .parent = UINT32_MAX, .at = at, .text = text };
	if (b->depth > 0) {
		p->parent = b->open[b->depth - 1].place;
		p->index = b->open[b->depth - 1].n++;
		if (b->open[b->depth - 1].object) {
			p->key = b->key;
			p->key_at = b->key_at;
		}
	}
	*ret_place = p;
	return 0;
}

int building_open(struct building *b, bool object)
{
	uint32_t place = (uint32_t)b->document->n_places - 1;

	if (b->depth == CONFIG_DEPTH_MAX)
		return building_fail(b, b->document->places[place].at,
				     "found objects and lists nested too deep");
	b->open[b->depth].place = place;
	b->open[b->depth].n = 0;
	b->open[b->depth].object = object;
	b->open[b->depth].keys = (struct map){ 0 };
	b->depth++;
	return 0;
}

void building_close(struct building *b)
{
	map_free(&b->open[--b->depth].keys);
}

static int by_node(const void *a, const void *b, void *ctx)
{
	const struct place *places = ctx;
	uintptr_t x = (uintptr_t)places[*(const uint32_t *)a].node;
	uintptr_t y = (uintptr_t)places[*(const uint32_t *)b].node;

	return (x > y) - (x < y);
}

void building_end(struct building *b)
{
	struct document *d = b->document;
	struct config *c = b->config;

	d->by_node = arena_array(d->arena, uint32_t, d->n_places);
	for (uint32_t i = 0; i < d->n_places; i++)
		d->by_node[i] = i;
	qsort_r(d->by_node, d->n_places, sizeof(*d->by_node), by_node, d->places);
	arena_reserve(c->arena, c->documents, c->n, c->cap);
	c->documents[c->n++] = d;
	b->n_before += d->n_places;
}

void building_abandon(struct building *b)
{
	while (b->depth > 0)
		building_close(b);
	cJSON_Delete(b->document->root);
	b->document->root = NULL;
}

struct spot config_spot(struct str text, size_t offset)
{
	struct spot at = { 1, 1 };

	for (size_t i = 0; i < offset; i++) {
		if (text.p[i] == '\n')
			at = (struct spot){ at.line + 1, 1 };
		else if (!utf8_continues(text.p[i]))
			at.column++;
	}
	return at;
}
