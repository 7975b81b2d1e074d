/* SPDX-License-Identifier: Apache-2.0 */
/* YAML: libyaml's events to cJSON trees, and a second pass for the position of a value. */
#include "config/reading.h"

#include "base/mem.h"
#include "json/plain.h"

#include <yaml.h>

/* libyaml's events, and which of its nodes are keys. */
struct events {
	yaml_parser_t parser;
	yaml_event_t event; /* the last one */
	bool object[CONFIG_DEPTH_MAX];
	size_t depth;
	bool due; /* the entry's key was read, its value was not */
	bool over;
};

static void events_open(struct events *e, struct str text)
{
	if (!yaml_parser_initialize(&e->parser))
		mem_exhausted(0);
	yaml_parser_set_encoding(&e->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&e->parser, (const unsigned char *)text.p, text.n);
}

/* False at the end of the stream and on invalid YAML, for which the parser has the error. */
static bool events_next(struct events *e)
{
	yaml_event_delete(&e->event);
	if (e->over || !yaml_parser_parse(&e->parser, &e->event))
		return false;
	e->over = e->event.type == YAML_STREAM_END_EVENT;
	return !e->over;
}

static void events_close(struct events *e)
{
	yaml_event_delete(&e->event);
	yaml_parser_delete(&e->parser);
}

static bool is_container(const yaml_event_t *ev)
{
	return ev->type == YAML_MAPPING_START_EVENT || ev->type == YAML_SEQUENCE_START_EVENT;
}

static bool is_end(const yaml_event_t *ev)
{
	return ev->type == YAML_MAPPING_END_EVENT || ev->type == YAML_SEQUENCE_END_EVENT;
}

/* Is the node a key, not a value? */
static bool at_key(const struct events *e)
{
	return e->depth && e->object[e->depth - 1] && !e->due;
}

/* After a node or the end of one: sets which kind of node comes next. */
static void events_pass(struct events *e)
{
	if (is_end(&e->event)) {
		e->depth--;
		return;
	}
	e->due = at_key(e);
	if (is_container(&e->event))
		e->object[e->depth++] = e->event.type == YAML_MAPPING_START_EVENT;
}

static struct spot spot_of(yaml_mark_t mark)
{
	return (struct spot){ (uint32_t)mark.line + 1, (uint32_t)mark.column + 1 };
}

/* Positions */

/* libyaml counts NEL, LS, PS and CR without LF as line ends, but editors do not. */
static bool has_rare_ends(struct str text)
{
	if (str_contains(text, STR("\xc2\x85")) || str_contains(text, STR("\xe2\x80\xa8")) ||
	    str_contains(text, STR("\xe2\x80\xa9")))
		return true;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\r' && (i + 1 == text.n || text.p[i + 1] != '\n'))
			return true;
	return false;
}

/* Removes one line from the front of a text; the result is without its line end. */
static struct str take_line(struct str *text)
{
	struct str line = *text;

	if (!str_cut(*text, '\n', &line, text))
		*text = str_after(*text, text->n);
	while (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The position of a literal's lines in the file; none unless they differ only in indentation. */
static struct spot body_of(struct str file, const yaml_event_t *ev)
{
	struct str text = { (const char *)ev->data.scalar.value, ev->data.scalar.length };
	size_t indent = SIZE_MAX;

	if (ev->data.scalar.style != YAML_LITERAL_SCALAR_STYLE || has_rare_ends(file))
		return (struct spot){ 0 };
	for (size_t i = 0; i <= ev->start_mark.line; i++)
		take_line(&file);
	while (text.n) {
		struct str line = take_line(&text), there = take_line(&file);

		if (line.n == 0)
			continue;
		if (indent == SIZE_MAX && there.n >= line.n)
			indent = there.n - line.n;
		if (there.n < indent || !str_eq(str_after(there, indent), line))
			return (struct spot){ 0 };
	}
	if (indent == SIZE_MAX)
		return (struct spot){ 0 };
	return (struct spot){ (uint32_t)ev->start_mark.line + 2, (uint32_t)indent + 1 };
}

struct location config_find_yaml(const struct document *d, size_t rank)
{
	struct location l = { 0 };
	struct events e = { .depth = 0 };
	uint32_t document = 0;

	events_open(&e, d->text);
	while (events_next(&e)) {
		document += e.event.type == YAML_DOCUMENT_END_EVENT;
		if (document < d->number || (e.event.type != YAML_SCALAR_EVENT &&
					     !is_container(&e.event) && !is_end(&e.event)))
			continue;
		if (is_end(&e.event)) {
			events_pass(&e);
			continue;
		}
		l.at = spot_of(e.event.start_mark);
		if (at_key(&e)) {
			l.key_at = l.at;
		} else if (rank-- == 0) {
			l.key_at = e.due ? l.key_at : (struct spot){ 0 };
			if (e.event.type == YAML_SCALAR_EVENT)
				l.body = body_of(d->text, &e.event);
			break;
		}
		events_pass(&e);
	}
	events_close(&e);
	return l;
}

/* Trees */

struct reader {
	struct events events;
	struct document d; /* the one that is read */
	struct config *config;
	cJSON *root, *open[CONFIG_DEPTH_MAX];
	const char *key; /* of the value that is due */
	size_t n;	 /* values of all documents */
	struct err *err;
};

static int fail(const struct reader *r, const char *what)
{
	return config_fail(&r->d, spot_of(r->events.event.start_mark), r->err, what);
}

/* text: ends with NUL. */
static int make_number(struct reader *r, struct str text, cJSON **ret_node)
{
	struct buf decimal = { 0 };
	double value;

	plain_add_number(&decimal, text);
	buf_add_char(&decimal, 0);
	value = strtod(decimal.p, NULL);
	if (value - value == 0) {
		*ret_node = config_node(cJSON_CreateNumber(value));
		config_keep_text(r->d.arena, *ret_node, str_from(decimal.p));
	}
	buf_free(&decimal);
	return *ret_node ? 0 : fail(r, "found a number that is too large");
}

static int make_scalar(struct reader *r, struct str text, cJSON **ret_node)
{
	const yaml_event_t *ev = &r->events.event;
	bool plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !ev->data.scalar.tag;
	enum plain kind = plain ? plain_of(text) : PLAIN_STRING;

	switch (kind) {
	case PLAIN_NULL:
		*ret_node = config_node(cJSON_CreateNull());
		return 0;
	case PLAIN_TRUE:
	case PLAIN_FALSE:
		*ret_node = config_node(cJSON_CreateBool(kind == PLAIN_TRUE));
		return 0;
	case PLAIN_NUMBER:
		return make_number(r, text, ret_node);
	case PLAIN_ENDLESS:
		return fail(r, "found a number that is not finite");
	case PLAIN_TOO_LARGE:
		return fail(r, "found a number that is too large");
	case PLAIN_STRING:
		break;
	}
	*ret_node = config_node(cJSON_CreateStringReference(text.p));
	return 0;
}

static int add_node(struct reader *r, cJSON *node)
{
	cJSON *parent = r->events.depth ? r->open[r->events.depth - 1] : NULL;

	if (!parent)
		r->root = node;
	else if (cJSON_IsObject(parent))
		cJSON_AddItemToObject(parent, r->key, node);
	else
		cJSON_AddItemToArray(parent, node);
	if (++r->n > CONFIG_NODES_MAX)
		return fail(r, "found more values than a configuration may have");
	return 0;
}

static int read_scalar(struct reader *r)
{
	const yaml_event_t *ev = &r->events.event;
	struct str text = { (const char *)ev->data.scalar.value, ev->data.scalar.length };
	cJSON *node = NULL;

	if (text.n && memchr(text.p, 0, text.n))
		return fail(r, "found NUL in a string, expected none");
	text = arena_printf(r->d.arena, STR_FMT, STR_ARG(text)); /* ends with NUL */
	if (!at_key(&r->events))
		return make_scalar(r, text, &node) < 0 ? -1 : add_node(r, node);
	if (ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && str_eq(text, STR("<<")))
		return fail(r, "found a merge key, expected a key");
	r->key = text.p;
	return 0;
}

static int read_container(struct reader *r, bool object)
{
	cJSON *node;

	if (at_key(&r->events))
		return fail(r, "found an object or a list as a key, expected a string");
	node = config_node(object ? cJSON_CreateObject() : cJSON_CreateArray());
	if (add_node(r, node) < 0)
		return -1;
	if (r->events.depth == CONFIG_DEPTH_MAX)
		return fail(r, "found objects and lists nested too deep");
	r->open[r->events.depth] = node;
	return 0;
}

/* A tag sets a type that the text does not show, so every tag but !!str is rejected. */
static int check_tag(struct reader *r, const yaml_char_t *tag)
{
	if (!tag || strcmp((const char *)tag, YAML_STR_TAG) == 0)
		return 0;
	return fail(r, "found a tag, expected none but !!str");
}

static void end_document(struct reader *r)
{
	if (cJSON_IsNull(r->root)) /* nothing, or only comments */
		cJSON_Delete(r->root);
	else
		config_add_document(r->config, &r->d, r->root);
	r->root = NULL;
	r->d.number++;
}

static int read_event(struct reader *r)
{
	const yaml_event_t *ev = &r->events.event;
	int result = 0;

	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		result = check_tag(r, ev->data.scalar.tag) < 0 ? -1 : read_scalar(r);
		break;
	case YAML_MAPPING_START_EVENT:
		result =
		    check_tag(r, ev->data.mapping_start.tag) < 0 ? -1 : read_container(r, true);
		break;
	case YAML_SEQUENCE_START_EVENT:
		result =
		    check_tag(r, ev->data.sequence_start.tag) < 0 ? -1 : read_container(r, false);
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		break;
	case YAML_ALIAS_EVENT:
		return fail(r, "found an alias, expected what it stands for");
	case YAML_DOCUMENT_END_EVENT:
		end_document(r);
		return 0;
	default:
		return 0;
	}
	if (result == 0)
		events_pass(&r->events);
	return result;
}

static int fail_syntax(const struct reader *r)
{
	const yaml_parser_t *p = &r->events.parser;
	struct spot at = spot_of(p->problem_mark);
	char what[200];

	if (p->error == YAML_MEMORY_ERROR)
		mem_exhausted(0);
	snprintf(what, sizeof(what), "not YAML: %s%s%s", p->problem ? p->problem : "",
		 p->context ? " " : "", p->context ? p->context : "");
	if (p->error == YAML_READER_ERROR)
		at = config_spot(r->d.text, MIN(p->problem_offset, r->d.text.n));
	return config_fail(&r->d, at, r->err, what);
}

int config_read_yaml(struct config *config, const struct document *head, struct err *err)
{
	struct reader r = { .d = *head, .config = config, .err = err };
	int result = 0;

	events_open(&r.events, head->text);
	while (result == 0 && events_next(&r.events))
		result = read_event(&r);
	if (result == 0 && !r.events.over)
		result = fail_syntax(&r);
	cJSON_Delete(r.root);
	events_close(&r.events);
	return result;
}
