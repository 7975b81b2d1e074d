/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/jaeger.h"

#include "documents/parts.h"

/* A larger number is not exact in JavaScript; Jaeger writes such an int64 as a string. */
#define SAFE_INTEGER ((int64_t)1 << 53)

static int64_t micros(nsec at)
{
	return at / 1000;
}

static void put_ids(struct json_writer *w, const struct trace_id *trace, const struct span_id *span)
{
	put_hex(w, "traceID", trace->bytes, sizeof(trace->bytes));
	put_hex(w, "spanID", span->bytes, sizeof(span->bytes));
}

static void put_number(struct json_writer *w, int64_t value)
{
	if (value > -SAFE_INTEGER && value < SAFE_INTEGER)
		json_put_i64(w, value);
	else
		json_put_quoted_i64(w, value);
}

/* Tags have no lists, so a list is the text of a JSON array. */
static void put_texts(struct json_writer *w, const struct attribute *a)
{
	struct buf text = { 0 };
	struct json_writer inner = json_writer_of(&text);

	put_attribute_value(&inner, a);
	json_put_str(w, buf_str(&text));
	buf_free(&text);
}

static void put_tag(struct json_writer *w, const struct attribute *a)
{
	static const char *const types[] = {
		[ATTRIBUTE_TEXT] = "string",	 [ATTRIBUTE_NUMBER] = "int64",
		[ATTRIBUTE_TRUTH] = "bool",	 [ATTRIBUTE_TEXTS] = "string",
		[ATTRIBUTE_SECONDS] = "float64",
	};

	json_begin_object(w);
	put_str(w, "key", a->key);
	put_cstr(w, "type", types[a->type]);
	json_put_key(w, "value");
	if (a->type == ATTRIBUTE_NUMBER)
		put_number(w, a->number);
	else if (a->type == ATTRIBUTE_TEXTS)
		put_texts(w, a);
	else
		put_attribute_value(w, a);
	json_end_object(w);
}

static void put_text_tag(struct json_writer *w, const char *key, struct str value)
{
	put_tag(w, &(struct attribute){ str_from(key), .type = ATTRIBUTE_TEXT, .text = value });
}

static void put_number_tag(struct json_writer *w, const char *key, enum attribute_type type,
			   int64_t value)
{
	put_tag(w, &(struct attribute){ str_from(key), .type = type, .number = value });
}

static void put_tags(struct json_writer *w, const struct attributes *a)
{
	for (size_t i = 0; i < a->n; i++)
		put_tag(w, &a->list[i]);
}

static void put_reference(struct json_writer *w, const char *type, const struct trace_id *trace,
			  const struct span_id *span)
{
	json_begin_object(w);
	put_str(w, "refType", str_from(type));
	put_ids(w, trace, span);
	json_end_object(w);
}

/*
 * Jaeger's interface takes the first reference to a span of the same trace for the parent. So the
 * parent comes first, and a root must not refer to spans below it.
 */
static void put_references(struct json_writer *w, const struct trace *trace, const struct span *s)
{
	bool root = s->parent == SPAN_NO_PARENT;

	put_array(w, "references");
	if (!root)
		put_reference(w, "CHILD_OF", &trace->id, &trace->spans[s->parent].id);
	for (size_t i = 0; i < s->n_links; i++)
		if (!root || memcmp(&s->links[i].trace, &trace->id, sizeof(struct trace_id)) != 0)
			put_reference(w, "FOLLOWS_FROM", &s->links[i].trace, &s->links[i].span);
	json_end_array(w);
}

static void put_span_tags(struct json_writer *w, const struct span *s)
{
	put_array(w, "tags");
	put_tags(w, &s->attributes);
	put_text_tag(w, "otel.scope.name", STR("lunettes"));
	put_text_tag(w, "span.kind", STR("internal"));
	if (s->open)
		put_number_tag(w, "lunettes.open", ATTRIBUTE_TRUTH, true);
	if (s->dropped_events)
		put_number_tag(w, "otel.dropped_events_count", ATTRIBUTE_NUMBER, s->dropped_events);
	if (s->status != SPAN_UNSET)
		put_text_tag(w, "otel.status_code",
			     s->status == SPAN_ERROR ? STR("ERROR") : STR("OK"));
	if (s->status == SPAN_ERROR) {
		if (s->message.n)
			put_text_tag(w, "otel.status_description", s->message);
		put_number_tag(w, "error", ATTRIBUTE_TRUTH,
			       true); /* the interface marks it in red */
	}
	json_end_array(w);
}

static void put_logs(struct json_writer *w, const struct span *s)
{
	put_array(w, "logs");
	for (size_t i = 0; i < s->n_events; i++) {
		json_begin_object(w);
		put_int(w, "timestamp", micros(s->events[i].at));
		put_array(w, "fields");
		put_text_tag(w, "event", s->events[i].name);
		put_tags(w, &s->events[i].attributes);
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
}

static struct str process_id(uint32_t resource, char *text, size_t size)
{
	return (struct str){ text, (size_t)snprintf(text, size, "p%u", resource + 1) };
}

static void put_span(struct json_writer *w, const struct trace *trace, const struct span *s)
{
	char text[16];

	json_begin_object(w);
	put_ids(w, &trace->id, &s->id);
	put_str(w, "operationName", s->name);
	put_references(w, trace, s);
	put_int(w, "startTime", micros(s->start));
	put_int(w, "duration", micros(s->end) - micros(s->start));
	put_span_tags(w, s);
	put_logs(w, s);
	put_str(w, "processID", process_id(s->resource, text, sizeof(text)));
	put_null(w, "warnings");
	json_end_object(w);
}

static void put_processes(struct json_writer *w, const struct trace *trace)
{
	char text[16];

	put_object(w, "processes");
	for (uint32_t i = 0; i < trace->n_resources; i++) {
		json_put_key_str(w, process_id(i, text, sizeof(text)));
		json_begin_object(w);
		put_str(w, "serviceName", trace->resources[i].service);
		put_array(w, "tags");
		put_tags(w, &trace->resources[i].attributes);
		json_end_array(w);
		json_end_object(w);
	}
	json_end_object(w);
}

void jaeger_begin(struct trace_document *d)
{
	buf_add_str(&d->out, STR("{\"data\":["));
}

void jaeger_trace(struct trace_document *d, const struct trace *trace)
{
	struct json_writer w = json_writer_of(&d->out);

	buf_add_str(&d->out, d->begun ? STR(",\n") : STR("\n"));
	d->begun = true;
	json_begin_object(&w);
	put_hex(&w, "traceID", trace->id.bytes, sizeof(trace->id.bytes));
	put_array(&w, "spans");
	for (size_t i = 0; i < trace->n_spans; i++)
		put_span(&w, trace, &trace->spans[i]);
	json_end_array(&w);
	put_processes(&w, trace);
	put_null(&w, "warnings");
	json_end_object(&w);
}

void jaeger_end(struct trace_document *d)
{
	buf_add_str(&d->out, STR("\n]}\n"));
}
