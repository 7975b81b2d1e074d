/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/otlp.h"

#include "documents/put.h"

enum { SPAN_KIND_INTERNAL = 1 };

/* 64-bit numbers are strings. */
static void put_i64(struct json_writer *w, const char *key, int64_t value)
{
	json_put_key(w, key);
	json_put_quoted_i64(w, value);
}

static void put_ids(struct json_writer *w, const struct trace_id *trace, const struct span_id *span)
{
	put_hex(w, "traceId", trace->bytes, sizeof(trace->bytes));
	put_hex(w, "spanId", span->bytes, sizeof(span->bytes));
}

static void put_texts(struct json_writer *w, const struct attribute *a)
{
	put_object(w, "arrayValue");
	put_array(w, "values");
	for (size_t i = 0; i < a->n_texts; i++) {
		json_begin_object(w);
		put_str(w, "stringValue", a->texts[i]);
		json_end_object(w);
	}
	json_end_array(w);
	json_end_object(w);
}

static void put_attribute(struct json_writer *w, const struct attribute *a)
{
	json_begin_object(w);
	put_str(w, "key", a->key);
	put_object(w, "value");
	switch (a->type) {
	case ATTRIBUTE_TEXT:
		put_str(w, "stringValue", a->text);
		break;
	case ATTRIBUTE_NUMBER:
		put_i64(w, "intValue", a->number);
		break;
	case ATTRIBUTE_TRUTH:
		json_put_key(w, "boolValue");
		json_put_bool(w, a->number != 0);
		break;
	case ATTRIBUTE_SECONDS:
		put_seconds(w, "doubleValue", a->number);
		break;
	case ATTRIBUTE_TEXTS:
		put_texts(w, a);
		break;
	}
	json_end_object(w);
	json_end_object(w);
}

/* first: put before the others, or NULL; open: adds lunettes.open. Without any, no key. */
static void put_attributes(struct json_writer *w, const struct attribute *first,
			   const struct attributes *attributes, bool open)
{
	static const struct attribute is_open = { .key = { "lunettes.open", 13 },
						  .type = ATTRIBUTE_TRUTH,
						  .number = 1 };

	if (!first && !attributes->n && !open)
		return;
	put_array(w, "attributes");
	if (first)
		put_attribute(w, first);
	for (size_t i = 0; i < attributes->n; i++)
		put_attribute(w, &attributes->list[i]);
	if (open)
		put_attribute(w, &is_open);
	json_end_array(w);
}

static void put_events(struct json_writer *w, const struct span *s)
{
	if (s->n_events)
		put_array(w, "events");
	for (size_t i = 0; i < s->n_events; i++) {
		json_begin_object(w);
		put_i64(w, "timeUnixNano", s->events[i].at);
		put_str(w, "name", s->events[i].name);
		put_attributes(w, NULL, &s->events[i].attributes, false);
		json_end_object(w);
	}
	if (s->n_events)
		json_end_array(w);
	if (s->dropped_events)
		put_u64(w, "droppedEventsCount", s->dropped_events);
}

static void put_links(struct json_writer *w, const struct span *s)
{
	if (!s->n_links)
		return;
	put_array(w, "links");
	for (size_t i = 0; i < s->n_links; i++) {
		json_begin_object(w);
		put_ids(w, &s->links[i].trace, &s->links[i].span);
		put_attributes(w, NULL, &s->links[i].attributes, false);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_status(struct json_writer *w, const struct span *s)
{
	if (s->status == SPAN_UNSET)
		return;
	put_object(w, "status");
	put_u64(w, "code", s->status);
	if (s->status == SPAN_ERROR && s->message.n)
		put_str(w, "message", s->message);
	json_end_object(w);
}

static void put_span(struct json_writer *w, const struct trace *trace, const struct span *s)
{
	json_begin_object(w);
	put_ids(w, &trace->id, &s->id);
	if (s->parent != SPAN_NO_PARENT)
		put_hex(w, "parentSpanId", trace->spans[s->parent].id.bytes, sizeof(s->id.bytes));
	put_str(w, "name", s->name);
	put_u64(w, "kind", SPAN_KIND_INTERNAL);
	put_i64(w, "startTimeUnixNano", s->start);
	put_i64(w, "endTimeUnixNano", s->end);
	put_attributes(w, NULL, &s->attributes, s->open);
	put_events(w, s);
	put_links(w, s);
	put_status(w, s);
	json_end_object(w);
}

static void put_resource(struct json_writer *w, const struct trace *trace, uint32_t number)
{
	const struct resource *r = &trace->resources[number];
	const struct attribute service = { .key = STR("service.name"), .text = r->service };

	json_begin_object(w);
	put_object(w, "resource");
	put_attributes(w, &service, &r->attributes, false);
	json_end_object(w);
	put_array(w, "scopeSpans");
	json_begin_object(w);
	put_object(w, "scope");
	put_str(w, "name", STR("lunettes"));
	json_end_object(w);
	put_array(w, "spans");
	for (size_t i = 0; i < trace->n_spans; i++)
		if (trace->spans[i].resource == number)
			put_span(w, trace, &trace->spans[i]);
	json_end_array(w);
	json_end_object(w);
	json_end_array(w);
	json_end_object(w);
}

void otlp_trace(struct trace_document *d, const struct trace *trace)
{
	struct json_writer w = json_writer_of(&d->out);

	json_begin_object(&w);
	put_array(&w, "resourceSpans");
	for (uint32_t i = 0; i < trace->n_resources; i++)
		put_resource(&w, trace, i);
	json_end_array(&w);
	end_line(&w);
}
