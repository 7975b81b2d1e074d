/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/otlp.h"

#include "json/writer.h"

/* SPAN_KIND_INTERNAL: nobody's request but what was done. */
#define KIND "1"

static void add_id(struct buf *out, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char text[34], *p = text;

	*p++ = '"';
	for (size_t i = 0; i < n; i++) {
		*p++ = digits[bytes[i] >> 4];
		*p++ = digits[bytes[i] & 15];
	}
	*p++ = '"';
	buf_add(out, text, (size_t)(p - text));
}

/* 64-bit numbers are strings. */
static void add_i64(struct buf *out, int64_t value)
{
	char text[24], *end = text + sizeof(text), *p = end;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	*--p = '"';
	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--p = '-';
	*--p = '"';
	buf_add(out, p, (size_t)(end - p));
}

static void add_text(struct buf *out, struct str text)
{
	struct json_writer w = json_writer_of(out);

	json_put_str(&w, text);
}

static void add_seconds(struct buf *out, nsec duration)
{
	char text[DURATION_TEXT];

	buf_add(out, text, duration_format_seconds(duration, text));
}

static void add_value(struct buf *out, const struct attribute *a)
{
	switch (a->type) {
	case ATTRIBUTE_TEXT:
		buf_add_str(out, STR("{\"stringValue\":"));
		add_text(out, a->text);
		break;
	case ATTRIBUTE_NUMBER:
		buf_add_str(out, STR("{\"intValue\":"));
		add_i64(out, a->number);
		break;
	case ATTRIBUTE_TRUTH:
		buf_add_str(out, STR("{\"boolValue\":"));
		buf_add_str(out, a->number ? STR("true") : STR("false"));
		break;
	case ATTRIBUTE_SECONDS:
		buf_add_str(out, STR("{\"doubleValue\":"));
		add_seconds(out, a->number);
		break;
	case ATTRIBUTE_TEXTS:
		buf_add_str(out, STR("{\"arrayValue\":{\"values\":["));
		for (size_t i = 0; i < a->n_texts; i++) {
			buf_add_str(out, i ? STR(",{\"stringValue\":") : STR("{\"stringValue\":"));
			add_text(out, a->texts[i]);
			buf_add_char(out, '}');
		}
		buf_add_str(out, STR("]}"));
		break;
	}
	buf_add_char(out, '}');
}

static void add_attribute(struct buf *out, const struct attribute *a, bool first)
{
	buf_add_str(out, first ? STR("{\"key\":") : STR(",{\"key\":"));
	add_text(out, a->key);
	buf_add_str(out, STR(",\"value\":"));
	add_value(out, a);
	buf_add_char(out, '}');
}

/* ,"attributes":[...] or nothing. open: with lunettes.open. */
static void add_attributes(struct buf *out, const struct attributes *attributes, bool open)
{
	static const struct attribute is_open = { .key = { "lunettes.open", 13 },
						  .type = ATTRIBUTE_TRUTH,
						  .number = 1 };

	if (!attributes->n && !open)
		return;
	buf_add_str(out, STR(",\"attributes\":["));
	for (size_t i = 0; i < attributes->n; i++)
		add_attribute(out, &attributes->list[i], i == 0);
	if (open)
		add_attribute(out, &is_open, attributes->n == 0);
	buf_add_char(out, ']');
}

static void add_events(struct buf *out, const struct span *s)
{
	for (size_t i = 0; i < s->n_events; i++) {
		const struct span_event *e = &s->events[i];

		buf_add_str(out, i ? STR(",{\"timeUnixNano\":")
				   : STR(",\"events\":[{\"timeUnixNano\":"));
		add_i64(out, e->at);
		buf_add_str(out, STR(",\"name\":"));
		add_text(out, e->name);
		add_attributes(out, &e->attributes, false);
		buf_add_char(out, '}');
	}
	if (s->n_events)
		buf_add_char(out, ']');
	if (s->dropped_events)
		buf_printf(out, ",\"droppedEventsCount\":%u", s->dropped_events);
}

static void add_links(struct buf *out, const struct span *s)
{
	for (size_t i = 0; i < s->n_links; i++) {
		const struct span_link *l = &s->links[i];

		buf_add_str(out, i ? STR(",{\"traceId\":") : STR(",\"links\":[{\"traceId\":"));
		add_id(out, l->trace.bytes, sizeof(l->trace.bytes));
		buf_add_str(out, STR(",\"spanId\":"));
		add_id(out, l->span.bytes, sizeof(l->span.bytes));
		add_attributes(out, &l->attributes, false);
		buf_add_char(out, '}');
	}
	if (s->n_links)
		buf_add_char(out, ']');
}

static void add_status(struct buf *out, const struct span *s)
{
	if (s->status == SPAN_UNSET)
		return;
	buf_add_str(out, STR(",\"status\":{\"code\":"));
	buf_add_char(out, (char)('0' + s->status));
	if (s->status == SPAN_ERROR && s->message.n) {
		buf_add_str(out, STR(",\"message\":"));
		add_text(out, s->message);
	}
	buf_add_char(out, '}');
}

static void add_span(struct buf *out, const struct trace *trace, const struct span *s)
{
	buf_add_str(out, STR("{\"traceId\":"));
	add_id(out, trace->id.bytes, sizeof(trace->id.bytes));
	buf_add_str(out, STR(",\"spanId\":"));
	add_id(out, s->id.bytes, sizeof(s->id.bytes));
	if (s->parent != SPAN_NO_PARENT) {
		buf_add_str(out, STR(",\"parentSpanId\":"));
		add_id(out, trace->spans[s->parent].id.bytes, sizeof(s->id.bytes));
	}
	buf_add_str(out, STR(",\"name\":"));
	add_text(out, s->name);
	buf_add_str(out, STR(",\"kind\":" KIND ",\"startTimeUnixNano\":"));
	add_i64(out, s->start);
	buf_add_str(out, STR(",\"endTimeUnixNano\":"));
	add_i64(out, s->end);
	add_attributes(out, &s->attributes, s->open);
	add_events(out, s);
	add_links(out, s);
	add_status(out, s);
	buf_add_char(out, '}');
}

static void add_resource(struct buf *out, const struct trace *trace, uint32_t number)
{
	const struct resource *r = &trace->resources[number];
	bool first = true;

	buf_add_str(out, STR("{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{"
			     "\"stringValue\":"));
	add_text(out, r->service);
	buf_add_str(out, STR("}}"));
	for (size_t i = 0; i < r->attributes.n; i++)
		add_attribute(out, &r->attributes.list[i], false);
	buf_add_str(out, STR("]},\"scopeSpans\":[{\"scope\":{\"name\":\"lunettes\"},\"spans\":["));
	for (size_t i = 0; i < trace->n_spans; i++) {
		if (trace->spans[i].resource != number)
			continue;
		if (!first)
			buf_add_char(out, ',');
		first = false;
		add_span(out, trace, &trace->spans[i]);
	}
	buf_add_str(out, STR("]}]}"));
}

void otlp_trace(struct buf *out, const struct trace *trace)
{
	buf_add_str(out, STR("{\"resourceSpans\":["));
	for (uint32_t i = 0; i < trace->n_resources; i++) {
		if (i)
			buf_add_char(out, ',');
		add_resource(out, trace, i);
	}
	buf_add_str(out, STR("]}\n"));
}
