/* SPDX-License-Identifier: Apache-2.0 */
/* YAML: libyaml's events to the tree, with the places that they have. */
#include "config/building.h"

#include "base/mem.h"

#include <yaml.h>

struct reading {
	struct building b;
	yaml_parser_t parser;
	struct str text;
	cJSON *open[CONFIG_DEPTH_MAX];
	bool due;	 /* the key of an entry is there, its value is not */
	uint32_t *lines; /* where each begins; NULL: not counted yet */
	size_t n_lines;	 /* 0: libyaml ends lines where others do not */
};

static struct spot spot_of(yaml_mark_t mark)
{
	return (struct spot){ (uint32_t)mark.line + 1, (uint32_t)mark.column + 1 };
}

/* Core schema */

static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
static const char *const trues[] = { "true", "True", "TRUE", NULL };
static const char *const falses[] = { "false", "False", "FALSE", NULL };
static const char *const endless[] = { ".inf",	".Inf",	 ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
				       "-.Inf", "-.INF", ".nan", ".NaN",  ".NAN",  NULL };

static size_t digits(struct str *s, const char *of)
{
	size_t n = 0;

	while (n < s->n && s->p[n] && strchr(of, s->p[n]))
		n++;
	*s = str_after(*s, n);
	return n;
}

static bool is_decimal(struct str s)
{
	static const char ten[] = "0123456789";
	size_t n;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_after(s, 1);
	n = digits(&s, ten);
	if (s.n && s.p[0] == '.') {
		s = str_after(s, 1);
		n += digits(&s, ten);
	}
	if (n == 0)
		return false;
	if (s.n && (s.p[0] == 'e' || s.p[0] == 'E')) {
		s = str_after(s, 1);
		if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
			s = str_after(s, 1);
		return digits(&s, ten) > 0 && s.n == 0;
	}
	return s.n == 0;
}

/* 0o17 and 0xff, which are told on as decimals; 0: it is neither, -1: too large. */
static int based(struct str s, uint64_t *ret_value)
{
	bool octal = str_starts(s, STR("0o"));
	struct str rest;
	char *end;

	if (!octal && !str_starts(s, STR("0x")))
		return 0;
	s = str_after(s, 2);
	rest = s;
	if (digits(&rest, octal ? "01234567" : "0123456789abcdefABCDEF") == 0 || rest.n)
		return 0;
	if (s.n > (octal ? 21 : 16))
		return -1;
	*ret_value = strtoull(s.p, &end, octal ? 8 : 16);
	return 1;
}

static cJSON *node_of(cJSON *node)
{
	if (!node)
		mem_exhausted(sizeof(*node));
	return node;
}

/* 1: it is one, 0: it is none, -1: too large. text becomes what the place keeps of it. */
static int number(struct reading *r, struct str *text, struct spot at, cJSON **ret_node)
{
	uint64_t value;
	double finite = 0;
	int kind = based(*text, &value);

	if (kind > 0)
		*text = arena_printf(r->b.document->arena, "%llu", (unsigned long long)value);
	else if (kind == 0 && !is_decimal(*text))
		return 0;
	if (kind >= 0)
		finite = strtod(text->p, NULL);
	if (kind < 0 || finite - finite != 0)
		return building_fail(&r->b, at, "found a number that is too large");
	*ret_node = node_of(cJSON_CreateNumber(finite));
	return 1;
}

/* text: as it stands, and becomes what the place keeps of it. */
static int scalar(struct reading *r, const yaml_event_t *ev, struct str *text, cJSON **ret_node)
{
	struct str s = *text;
	struct spot at = spot_of(ev->start_mark);
	int is_number = 0;

	if (ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !ev->data.scalar.tag) {
		*text = (struct str){ 0 };
		if (str_is_one_of(s, nulls)) {
			*ret_node = node_of(cJSON_CreateNull());
			return 0;
		}
		if (str_is_one_of(s, trues) || str_is_one_of(s, falses)) {
			*ret_node = node_of(cJSON_CreateBool(s.p[0] == 't' || s.p[0] == 'T'));
			return 0;
		}
		if (str_is_one_of(s, endless))
			return building_fail(&r->b, at, "found a number that is not finite");
		*text = s;
		is_number = number(r, text, at, ret_node);
	}
	if (is_number != 0)
		return is_number > 0 ? 0 : -1;
	*ret_node = node_of(cJSON_CreateString(s.p));
	return 0;
}

/* The lines of literals */

/* NEL, LS and PS, and CR without LF end a line of libyaml's; editors count otherwise. */
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

static void count_lines(struct reading *r)
{
	size_t n = 1;

	for (size_t i = 0; i < r->text.n; i++)
		n += r->text.p[i] == '\n';
	r->lines = arena_array(r->b.document->arena, uint32_t, n);
	if (has_rare_ends(r->text))
		return;
	r->n_lines = 1;
	for (size_t i = 0; i < r->text.n; i++)
		if (r->text.p[i] == '\n')
			r->lines[r->n_lines++] = (uint32_t)i + 1;
}

static struct str line_of(const struct reading *r, size_t i)
{
	size_t end = i + 1 < r->n_lines ? r->lines[i + 1] : r->text.n;
	struct str line = str_from_to(r->text.p + r->lines[i], r->text.p + end);

	while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
		line.n--;
	return line;
}

/*
 * Where the lines of a literal stand in the file. They are compared, one by one: where they are not
 * the same behind one indentation, the place is not told as if they were.
 */
static struct spot body_of(struct reading *r, const yaml_event_t *ev, struct str text)
{
	size_t first = ev->start_mark.line + 1, i = first, indent = SIZE_MAX;
	struct str rest = text, line;
	bool more;

	if (ev->data.scalar.style != YAML_LITERAL_SCALAR_STYLE)
		return (struct spot){ 0 };
	if (!r->lines)
		count_lines(r);
	do {
		struct str there;

		line = rest;
		more = str_cut(rest, '\n', &line, &rest);
		if (line.n == 0)
			continue;
		if (i >= r->n_lines)
			return (struct spot){ 0 };
		there = line_of(r, i);
		if (indent == SIZE_MAX && there.n >= line.n)
			indent = there.n - line.n;
		if (there.n < indent || !str_eq(str_after(there, indent), line))
			return (struct spot){ 0 };
	} while (i++, more);
	if (indent == SIZE_MAX)
		return (struct spot){ 0 };
	return (struct spot){ (uint32_t)first + 1, (uint32_t)indent + 1 };
}

/* Nodes */

static int add_node(struct reading *r, struct spot at, struct str text, cJSON *node)
{
	struct building *b = &r->b;
	cJSON *parent = b->depth ? r->open[b->depth - 1] : NULL;
	struct place *place;

	if (building_value(b, at, text, &place) < 0) {
		cJSON_Delete(node);
		return -1;
	}
	place->node = node;
	r->due = false;
	if (!parent)
		b->document->root = node;
	else if (b->open[b->depth - 1].object)
		cJSON_AddItemToObject(parent, b->key.p, node);
	else
		cJSON_AddItemToArray(parent, node);
	return 0;
}

/* Is a key due, not a value? */
static bool at_key(const struct reading *r)
{
	return r->b.depth && r->b.open[r->b.depth - 1].object && !r->due;
}

/* What stands for a type that the text does not show is refused, but for a string. */
static int check_tag(struct reading *r, const yaml_event_t *ev, const yaml_char_t *tag)
{
	if (!tag || strcmp((const char *)tag, YAML_STR_TAG) == 0)
		return 0;
	return building_fail(&r->b, spot_of(ev->start_mark),
			     "found a tag, expected none but !!str");
}

static int take_scalar(struct reading *r, const yaml_event_t *ev)
{
	struct str text = { (const char *)ev->data.scalar.value, ev->data.scalar.length };
	struct spot at = spot_of(ev->start_mark), body;
	cJSON *node = NULL;

	if (check_tag(r, ev, ev->data.scalar.tag) < 0)
		return -1;
	/* ends with NUL, as what libyaml gave did */
	text = arena_printf(r->b.document->arena, STR_FMT, STR_ARG(text));
	if (ev->data.scalar.length != text.n)
		return building_fail(&r->b, at, "found NUL in a string, expected none");
	if (at_key(r)) {
		if (ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && str_eq(text, STR("<<")))
			return building_fail(&r->b, at, "found a merge key, expected a key");
		r->due = true;
		return building_key(&r->b, text, at);
	}
	body = body_of(r, ev, text);
	if (scalar(r, ev, &text, &node) < 0 || add_node(r, at, text, node) < 0)
		return -1;
	r->b.document->places[r->b.document->n_places - 1].body = body;
	return 0;
}

static int take_container(struct reading *r, const yaml_event_t *ev, bool object)
{
	const yaml_char_t *tag = object ? ev->data.mapping_start.tag : ev->data.sequence_start.tag;
	cJSON *node;

	if (check_tag(r, ev, tag) < 0)
		return -1;
	if (at_key(r))
		return building_fail(&r->b, spot_of(ev->start_mark),
				     "found an object or a list as a key, expected a string");
	node = node_of(object ? cJSON_CreateObject() : cJSON_CreateArray());
	if (add_node(r, spot_of(ev->start_mark), (struct str){ 0 }, node) < 0 ||
	    building_open(&r->b, object) < 0)
		return -1;
	r->open[r->b.depth - 1] = node;
	return 0;
}

static int end_document(struct reading *r, const struct document *head)
{
	struct document *d = r->b.document;

	if (cJSON_IsNull(d->root)) { /* nothing, or only comments: the next one takes its place */
		building_abandon(&r->b);
		d->n_places = 0;
		return 0;
	}
	building_end(&r->b);
	building_begin(&r->b, r->b.config, head, r->b.err);
	return 0;
}

static int take_event(struct reading *r, const yaml_event_t *ev, const struct document *head)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(r, ev);
	case YAML_MAPPING_START_EVENT:
		return take_container(r, ev, true);
	case YAML_SEQUENCE_START_EVENT:
		return take_container(r, ev, false);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		building_close(&r->b);
		return 0;
	case YAML_ALIAS_EVENT:
		return building_fail(&r->b, spot_of(ev->start_mark),
				     "found an alias, expected what it stands for");
	case YAML_DOCUMENT_END_EVENT:
		return end_document(r, head);
	default:
		return 0;
	}
}

static int fail_syntax(struct reading *r)
{
	const yaml_parser_t *p = &r->parser;
	struct spot at = spot_of(p->problem_mark);
	char what[200];

	if (p->error == YAML_MEMORY_ERROR)
		mem_exhausted(0);
	snprintf(what, sizeof(what), "not YAML: %s%s%s", p->problem ? p->problem : "",
		 p->context ? " " : "", p->context ? p->context : "");
	if (p->error == YAML_READER_ERROR)
		at = config_spot(r->text, MIN(p->problem_offset, r->text.n));
	return building_fail(&r->b, at, what);
}

int config_read_yaml(struct config *config, const struct document *head, struct str text,
		     struct err *err)
{
	struct reading r = { .text = text };
	bool ended = false;
	yaml_event_t ev;
	int result = 0;

	building_begin(&r.b, config, head, err);
	if (!yaml_parser_initialize(&r.parser))
		mem_exhausted(0);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
	while (result == 0 && !ended) {
		if (!yaml_parser_parse(&r.parser, &ev)) {
			result = fail_syntax(&r);
			break;
		}
		ended = ev.type == YAML_STREAM_END_EVENT;
		result = take_event(&r, &ev, head);
		yaml_event_delete(&ev);
	}
	building_abandon(&r.b); /* of the last document there is nothing */
	yaml_parser_delete(&r.parser);
	return result;
}
