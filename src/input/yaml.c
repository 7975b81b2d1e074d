/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's events to JSON: which part of a document is a text, and the types of its scalars. */
#include "input/yaml.h"

#include "base/mem.h"
#include "input/documents.h"
#include "json/plain.h"
#include "json/writer.h"

#include <yaml.h>

enum level {
	LEVEL_SEQUENCE,
	LEVEL_KEY,   /* a mapping whose next node is a key */
	LEVEL_VALUE, /* a mapping whose next node is a value */
};

enum step {
	STEP_MORE,
	STEP_TEXT,
	STEP_BROKEN, /* the rest of the document is skipped; a note has the reason */
	STEP_END,
};

struct yaml {
	struct documents documents;
	yaml_parser_t parser;
	bool parsing; /* the parser exists, and a document has begun */
	size_t record_max;
	yaml_note *note;
	void *ctx;

	/* The document. */
	enum mode {
		MODE_ROOT,  /* its value comes next */
		MODE_TEXT,  /* inside of a value that becomes a text */
		MODE_ITEMS, /* inside of a sequence whose items become texts */
		MODE_REST,  /* the rest of it is ignored */
	} mode;
	unsigned depth; /* containers that are open */
	uint8_t levels[YAML_DEPTH_MAX];
	unsigned list_depth; /* depth outside of the sequence whose items are texts */
	char item_kind[64];
	size_t item_kind_n;
	bool alias_told;

	/* The text. */
	struct buf out, number;
	struct json_writer writer;
	struct place start;
	unsigned base; /* depth outside of it */
	bool closed;   /* by a bracket or a quote, so that a truncation would be noticed */
	bool has_kind;
	enum key { KEY_OTHER, KEY_KIND, KEY_ITEMS } key; /* the last key of its outermost mapping */
	enum drop { DROP_NOT, DROP_OVERSIZE, DROP_DEEP } drop;
};

static void note_at(struct yaml *y, enum input_note_kind kind, struct place at, const char *detail)
{
	y->note(y->ctx, kind, at.line, at.offset, detail);
}

static struct str value_of(const yaml_event_t *ev)
{
	return (struct str){ (const char *)ev->data.scalar.value, ev->data.scalar.length };
}

/* Scalars. */

static bool is_plain(const yaml_event_t *ev)
{
	const char *tag = (const char *)ev->data.scalar.tag;

	if (ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	return !tag ||
	       (strcmp(tag, YAML_STR_TAG) != 0 && strcmp(tag, "tag:yaml.org,2002:binary") != 0);
}

static enum plain kind_of(const yaml_event_t *ev)
{
	return is_plain(ev) ? plain_of(value_of(ev)) : PLAIN_STRING;
}

static void put_scalar(struct yaml *y, const yaml_event_t *ev)
{
	enum plain kind = kind_of(ev);

	switch (kind) {
	case PLAIN_NULL:
		json_put_null(&y->writer);
		break;
	case PLAIN_TRUE:
	case PLAIN_FALSE:
		json_put_bool(&y->writer, kind == PLAIN_TRUE);
		break;
	case PLAIN_NUMBER:
		buf_reset(&y->number);
		plain_add_number(&y->number, value_of(ev));
		json_put_raw(&y->writer, buf_str(&y->number));
		break;
	case PLAIN_ENDLESS:
	case PLAIN_TOO_LARGE:
	case PLAIN_STRING:
		json_put_str(&y->writer, value_of(ev));
		break;
	}
}

/* Texts. */

static void begin_text(struct yaml *y, const yaml_event_t *ev, struct place at)
{
	y->mode = MODE_TEXT;
	y->base = y->depth;
	y->start = at;
	y->has_kind = false;
	y->key = KEY_OTHER;
	y->drop = DROP_NOT;
	y->closed = (ev->type == YAML_MAPPING_START_EVENT &&
		     ev->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE) ||
		    (ev->type == YAML_SCALAR_EVENT &&
		     (ev->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		      ev->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE));
	buf_reset(&y->out);
	y->writer = json_writer_of(&y->out);
}

static bool is_outermost(const struct yaml *y)
{
	return y->mode == MODE_TEXT && y->depth == y->base + 1;
}

/* Whether more bytes fit, estimated before they are escaped. */
static bool fits(struct yaml *y, size_t more)
{
	if (y->drop == DROP_NOT && (more > y->record_max || y->out.n > y->record_max - more))
		y->drop = DROP_OVERSIZE;
	return y->drop == DROP_NOT;
}

static void write_key(struct yaml *y, struct str key)
{
	if (fits(y, key.n))
		json_put_key_str(&y->writer, key);
}

static void write_value(struct yaml *y, const yaml_event_t *ev)
{
	if (!fits(y, ev->type == YAML_SCALAR_EVENT ? ev->data.scalar.length : 1))
		return;
	if (ev->type == YAML_SCALAR_EVENT) {
		put_scalar(y, ev);
	} else if (ev->type == YAML_ALIAS_EVENT) {
		json_put_null(&y->writer);
	} else if (y->writer.depth == JSON_WRITER_DEPTH) {
		y->drop = DROP_DEEP;
	} else if (ev->type == YAML_MAPPING_START_EVENT) {
		json_begin_object(&y->writer);
	} else {
		json_begin_array(&y->writer);
	}
}

static void write_end(struct yaml *y, const yaml_event_t *ev)
{
	if (!fits(y, 1))
		return;
	if (ev->type == YAML_SEQUENCE_END_EVENT) {
		json_end_array(&y->writer);
		return;
	}
	if (is_outermost(y) && y->depth > 1 && !y->has_kind && y->item_kind_n > 0) {
		json_put_key(&y->writer, "kind");
		json_put_str(&y->writer, (struct str){ y->item_kind, y->item_kind_n });
	}
	json_end_object(&y->writer);
}

static enum step end_text(struct yaml *y, const yaml_event_t *ev)
{
	bool cut;

	y->mode = y->base == 0 ? MODE_REST : MODE_ITEMS;
	documents_place(&y->documents, ev->end_mark.index);
	cut = !y->closed && documents_at_end(&y->documents);
	fits(y, 0);
	if (y->drop == DROP_OVERSIZE)
		note_at(y, INPUT_OVERSIZE, y->start, "a value longer than the limit");
	else if (y->drop == DROP_DEEP)
		note_at(y, INPUT_MALFORMED, y->start, "nested too deep");
	else if (cut && y->documents.faulty)
		note_at(y, INPUT_MALFORMED, y->start, "the stream ends inside of a value");
	else
		return STEP_TEXT;
	return STEP_MORE;
}

/* Documents. */

/* A list's kind, if it precedes the items, gives the kind of the items. */
static void take_list_kind(struct yaml *y, struct str kind)
{
	const size_t n = kind.n - MIN(kind.n, STR("List").n);

	if (str_ends(kind, STR("List")) && n <= sizeof(y->item_kind)) {
		memcpy(y->item_kind, kind.p, n);
		y->item_kind_n = n;
	}
}

static enum step take_key(struct yaml *y, const yaml_event_t *ev, struct place at)
{
	struct str key;

	if (ev->type != YAML_SCALAR_EVENT) {
		note_at(y, INPUT_MALFORMED, at, "a key that is not a scalar");
		return STEP_BROKEN;
	}
	y->levels[y->depth - 1] = LEVEL_VALUE;
	if (y->mode != MODE_TEXT)
		return STEP_MORE;
	key = value_of(ev);
	if (is_outermost(y)) {
		y->key = str_eq(key, STR("kind"))    ? KEY_KIND
			 : str_eq(key, STR("items")) ? KEY_ITEMS
						     : KEY_OTHER;
		y->has_kind |= y->key == KEY_KIND;
	}
	write_key(y, key);
	return STEP_MORE;
}

static enum step push(struct yaml *y, enum level level, struct place at)
{
	if (y->depth == YAML_DEPTH_MAX) {
		note_at(y, INPUT_MALFORMED, at, "nested too deep");
		return STEP_BROKEN;
	}
	y->levels[y->depth++] = (uint8_t)level;
	return STEP_MORE;
}

/* Does this node begin, or continue, a sequence whose items are texts of their own? */
static bool gives_items(struct yaml *y, const yaml_event_t *ev)
{
	if (ev->type != YAML_SEQUENCE_START_EVENT)
		return false;
	if (y->mode == MODE_ITEMS)
		return true;
	if (y->mode == MODE_ROOT ||
	    (y->mode == MODE_TEXT && y->depth == 1 && y->base == 0 && y->key == KEY_ITEMS)) {
		y->mode = MODE_ITEMS;
		y->list_depth = y->depth;
		return true;
	}
	return false;
}

static enum step take_node(struct yaml *y, const yaml_event_t *ev, struct place at)
{
	if (y->depth > 0 && y->levels[y->depth - 1] == LEVEL_KEY)
		return take_key(y, ev, at);
	if (y->depth > 0 && y->levels[y->depth - 1] == LEVEL_VALUE)
		y->levels[y->depth - 1] = LEVEL_KEY;
	if (ev->type == YAML_ALIAS_EVENT && !y->alias_told) {
		y->alias_told = true;
		note_at(y, INPUT_MALFORMED, at, "YAML aliases are not followed");
	}
	if (gives_items(y, ev))
		return push(y, LEVEL_SEQUENCE, at);
	if (y->mode == MODE_ROOT && ev->type == YAML_SCALAR_EVENT && kind_of(ev) == PLAIN_NULL)
		y->mode = MODE_REST;
	if (y->mode == MODE_ROOT || y->mode == MODE_ITEMS)
		begin_text(y, ev, at);
	if (y->mode == MODE_TEXT) {
		if (y->depth == 1 && y->base == 0 && y->key == KEY_KIND &&
		    ev->type == YAML_SCALAR_EVENT)
			take_list_kind(y, value_of(ev));
		write_value(y, ev);
	}
	if (ev->type == YAML_MAPPING_START_EVENT)
		return push(y, LEVEL_KEY, at);
	if (ev->type == YAML_SEQUENCE_START_EVENT)
		return push(y, LEVEL_SEQUENCE, at);
	return y->mode == MODE_TEXT && y->depth == y->base ? end_text(y, ev) : STEP_MORE;
}

static enum step take_end(struct yaml *y, const yaml_event_t *ev)
{
	if (y->mode == MODE_TEXT)
		write_end(y, ev);
	y->depth--;
	if (y->mode == MODE_ITEMS && y->depth == y->list_depth)
		y->mode = MODE_REST;
	return y->mode == MODE_TEXT && y->depth == y->base ? end_text(y, ev) : STEP_MORE;
}

static enum step take_event(struct yaml *y, const yaml_event_t *ev)
{
	struct place at = documents_place(&y->documents, ev->start_mark.index);

	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		y->mode = MODE_ROOT;
		y->depth = 0;
		y->item_kind_n = 0;
		return STEP_MORE;
	case YAML_ALIAS_EVENT:
	case YAML_SCALAR_EVENT:
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return take_node(y, ev, at);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return take_end(y, ev);
	case YAML_STREAM_END_EVENT:
		return STEP_END;
	default:
		return STEP_MORE;
	}
}

static void tell_error(struct yaml *y)
{
	const yaml_parser_t *p = &y->parser;
	struct place at = y->documents.place;
	char detail[160];

	if (p->error == YAML_MEMORY_ERROR)
		mem_exhausted(0);
	if (y->documents.too_long) {
		note_at(y, INPUT_OVERSIZE, at, "a scalar or a comment longer than the limit");
		return;
	}
	at = documents_place(&y->documents, p->problem_mark.index);
	snprintf(detail, sizeof(detail), "%s%s%s%s",
		 documents_at_end(&y->documents) ? "the stream ends inside of a value: " : "",
		 p->problem ? p->problem : "", p->context ? " " : "", p->context ? p->context : "");
	note_at(y, INPUT_MALFORMED, at, detail);
}

static enum step next_event(struct yaml *y)
{
	yaml_event_t ev;
	enum step step;

	if (!yaml_parser_parse(&y->parser, &ev)) {
		tell_error(y);
		return STEP_BROKEN;
	}
	step = take_event(y, &ev);
	yaml_event_delete(&ev);
	return step;
}

static int on_read(void *ctx, unsigned char *to, size_t n, size_t *ret_n)
{
	struct yaml *y = ctx;

	*ret_n = documents_read(&y->documents, to, n);
	return !y->documents.too_long;
}

static bool begin_document(struct yaml *y)
{
	if (!documents_begin(&y->documents))
		return false;
	if (!yaml_parser_initialize(&y->parser))
		mem_exhausted(0);
	yaml_parser_set_encoding(&y->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&y->parser, on_read, y);
	y->parsing = true;
	y->alias_told = false;
	return true;
}

static void end_document(struct yaml *y)
{
	yaml_parser_delete(&y->parser);
	y->parsing = false;
	documents_end(&y->documents);
	if (y->documents.replaced)
		note_at(y, INPUT_MALFORMED, y->documents.replaced_at,
			"bytes that YAML does not allow were replaced");
}

struct yaml *yaml_open(struct stream *from, size_t record_max, yaml_note *note, void *ctx)
{
	struct yaml *y = mem_zalloc(sizeof(*y));

	documents_open(&y->documents, from, 2 * record_max + YAML_READ_AHEAD);
	y->record_max = record_max;
	y->note = note;
	y->ctx = ctx;
	return y;
}

int yaml_next(struct yaml *y, struct text *ret_text, struct stream_fault *fault)
{
	for (;;) {
		if (!y->parsing && !begin_document(y)) {
			if (y->documents.faulty)
				*fault = y->documents.fault;
			return y->documents.faulty ? -1 : 0;
		}
		switch (next_event(y)) {
		case STEP_MORE:
			break;
		case STEP_TEXT:
			*ret_text = (struct text){
				.bytes = buf_str(&y->out),
				.line = y->start.line,
				.offset = y->start.offset,
				.unterminated = !y->closed && y->documents.last != '\n' &&
						documents_at_end(&y->documents),
			};
			return 1;
		case STEP_BROKEN:
		case STEP_END:
			end_document(y);
			break;
		}
	}
}

void yaml_close(struct yaml *y)
{
	if (!y)
		return;
	if (y->parsing)
		yaml_parser_delete(&y->parser);
	documents_close(&y->documents);
	buf_free(&y->out);
	buf_free(&y->number);
	mem_free(y);
}

/* Detection */

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_./@'\"-", c));
}

/* A line that is "key:" or "key: value", whatever the key. */
static bool has_key(struct str line, struct str *ret_key)
{
	size_t n = 0;

	while (n < line.n && is_key_char(line.p[n]))
		n++;
	*ret_key = (struct str){ line.p, n };
	return n > 0 && n < line.n && line.p[n] == ':' && (n + 1 == line.n || line.p[n + 1] == ' ');
}

static struct str after_dashes(struct str line)
{
	while (str_starts(line, STR("- ")))
		line = str_trim(str_after(line, 2));
	return line;
}

static bool is_known_key(struct str key)
{
	static const struct str known[] = {
		{ "apiVersion", 10 }, { "kind", 4 },	      { "involvedObject", 14 },
		{ "regarding", 9 },   { "protoPayload", 12 }, { "metadata", 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_eq(key, known[i]))
			return true;
	return false;
}

bool yaml_is(struct str head)
{
	bool first = true;

	while (head.n > 0) {
		struct str line = head, rest = { 0 }, key;

		str_cut(head, '\n', &line, &rest);
		head = rest;
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (has_key(after_dashes(line), &key)) {
			if (is_known_key(key))
				return true;
		} else if (first && !str_eq(line, STR("---")) && !str_starts(line, STR("--- ")) &&
			   !str_starts(line, STR("%YAML"))) {
			return false;
		}
		first = false;
	}
	return false;
}
