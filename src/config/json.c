/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON: the strict reader tells places and faults, cJSON makes the tree; then each node of the tree
 * meets its place, for both go through the text in one order.
 */
#include "base/utf8.h"
#include "config/building.h"
#include "json/reader.h"

enum { NUMBER_MAX = 63 }; /* digits that cJSON takes; it would read on behind them */

struct reading {
	struct building b;
	struct json j;
	const char *counted; /* up to here */
	struct spot spot;
};

/* Where p stands, which is never before what was asked last. */
static struct spot spot_of(struct reading *r, const char *p)
{
	for (; r->counted < p; r->counted++) {
		if (*r->counted == '\n') {
			r->spot.line++;
			r->spot.column = 1;
		} else if (!utf8_continues(*r->counted)) {
			r->spot.column++;
		}
	}
	return r->spot;
}

/* The reader stands behind a value or a bracket: where the next key begins. */
static struct spot next_key(struct reading *r)
{
	const char *p = r->j.p;

	while (p < r->j.end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t' || *p == ','))
		p++;
	return spot_of(r, p);
}

static int take_value(struct reading *r);

static int take_entries(struct reading *r)
{
	struct spot at = next_key(r);
	struct str key;

	while (json_key(&r->j, &key)) {
		if (building_key(&r->b, key, at) < 0 || take_value(r) < 0)
			return -1;
		at = next_key(r);
	}
	return 0;
}

static int take_items(struct reading *r)
{
	while (json_item(&r->j))
		if (take_value(r) < 0)
			return -1;
	return 0;
}

/* Recursion is bounded by building_open. */
static int take_value(struct reading *r)
{
	enum json_type type = json_peek(&r->j);
	struct spot at = spot_of(r, r->j.p);
	struct str text = { 0 };
	struct place *place;
	int result;

	if (type == JSON_STRING)
		json_text(&r->j, &text);
	else if (type == JSON_NUMBER)
		json_number(&r->j, &text);
	else if (type == JSON_BOOL || type == JSON_NULL || type == JSON_NOTHING)
		json_skip(&r->j);
	if (r->j.bad)
		return 0;
	if (type == JSON_NUMBER && text.n > NUMBER_MAX)
		return building_fail(&r->b, at, "found a number of more than 63 characters");
	if (type == JSON_STRING && !text.p)
		text.p = "";
	if (building_value(&r->b, at, text, &place) < 0)
		return -1;
	if (type != JSON_OBJECT && type != JSON_ARRAY)
		return 0;
	if (building_open(&r->b, type == JSON_OBJECT) < 0)
		return -1;
	if (type == JSON_OBJECT)
		result = json_object(&r->j) ? take_entries(r) : 0;
	else
		result = json_array(&r->j) ? take_items(r) : 0;
	building_close(&r->b);
	return result;
}

static int fail_syntax(struct reading *r, struct str text)
{
	char what[160];

	snprintf(what, sizeof(what), "not JSON: %s", r->j.what);
	/* not by spot_of: a reader that failed stands at the end of the text */
	return building_fail(&r->b, config_spot(text, json_offset(&r->j)), what);
}

/* Fills in the nodes in the order of the places; false if the tree has another shape. */
static bool meet(struct document *d, cJSON *node, size_t *next)
{
	if (*next == d->n_places)
		return false;
	d->places[(*next)++].node = node;
	for (cJSON *child = node->child; child; child = child->next)
		if (!meet(d, child, next))
			return false;
	return true;
}

static int make_tree(struct reading *r, struct str text)
{
	struct document *d = r->b.document;
	const char *end = text.p;
	size_t next = 0;

	d->root = cJSON_ParseWithLengthOpts(text.p, text.n, &end, false);
	if (!d->root) {
		/* what the reader allows and cJSON does not */
		return building_fail(&r->b, config_spot(text, (size_t)(end - text.p)),
				     "not JSON: half a surrogate pair in a string");
	}
	if (!meet(d, d->root, &next) || next != d->n_places)
		return building_fail(&r->b, (struct spot){ 1, 1 },
				     "not JSON: two readers see it differently");
	return 0;
}

int config_read_json(struct config *config, const struct document *head, struct str text,
		     struct err *err)
{
	struct reading r = { .j = json_of(text, config->arena),
			     .counted = text.p,
			     .spot = { 1, 1 } };
	int result;

	building_begin(&r.b, config, head, err);
	result = take_value(&r);
	if (result == 0 && !json_end(&r.j))
		result = fail_syntax(&r, text);
	if (result == 0)
		result = make_tree(&r, text);
	if (result < 0)
		building_abandon(&r.b);
	else
		building_end(&r.b);
	return result;
}
