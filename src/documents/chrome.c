/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/chrome.h"

#include "documents/parts.h"

/* The first thread: Perfetto takes a thread with its process's number for the main one. */
#define FIRST_THREAD 1000001

/* State for the lines of one trace. */
struct chrome_page {
	struct trace_document *document;
	const struct trace *trace;
	uint64_t process, first_thread;
	uint32_t *tracks; /* by span: its track; 0 is the root's */
};

static struct json_writer begin_line(const struct chrome_page *p, const char *phase)
{
	struct trace_document *d = p->document;
	struct json_writer w = json_writer_of(&d->out);

	buf_add_str(&d->out, d->begun ? STR(",\n") : STR("\n"));
	d->begun = true;
	json_begin_object(&w);
	put_str(&w, "ph", str_from(phase));
	return w;
}

/* Whole microseconds, truncated: see chrome.h. */
static int64_t micros(const struct chrome_page *p, nsec at)
{
	return at / 1000 - p->document->base / 1000;
}

static void put_place(struct json_writer *w, uint64_t process, uint64_t thread)
{
	put_u64(w, "pid", process);
	put_u64(w, "tid", thread);
}

/* A line of metadata: the name or the position of a process or a thread. */
static struct json_writer begin_metadata(const struct chrome_page *p, const char *name,
					 uint64_t thread)
{
	struct json_writer w = begin_line(p, "M");

	put_str(&w, "name", str_from(name));
	put_place(&w, p->process, thread);
	put_object(&w, "args");
	return w;
}

static void end_metadata(struct json_writer *w)
{
	json_end_object(w);
	json_end_object(w);
}

static void name_process(const struct chrome_page *p)
{
	const struct trace *t = p->trace;
	struct arena *a = &p->document->scratch;
	struct json_writer w = begin_metadata(p, "process_name", 0);

	put_str(&w, "name",
		t->cluster.n ? arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(t->cluster),
					    STR_ARG(t->namespace))
			     : t->namespace);
	end_metadata(&w);
	w = begin_metadata(p, "process_sort_index", 0);
	put_u64(&w, "sort_index", p->process);
	end_metadata(&w);
}

/* Names a process with its first trace. */
static void find_process(struct chrome_page *p)
{
	const struct trace *t = p->trace;
	size_t n = t->cluster.n + 1 + t->namespace.n;
	char *key = arena_alloc(&p->document->scratch, n, 1);
	bool is_new;

	if (t->cluster.n)
		memcpy(key, t->cluster.p, t->cluster.n);
	if (t->namespace.n)
		memcpy(key + t->cluster.n + 1, t->namespace.p, t->namespace.n);
	p->process =
	    map_put(&p->document->processes, (struct str){ key, n }, &is_new) + (uint64_t)1;
	if (is_new)
		name_process(p);
}

/* On one track b would be drawn inside a. A span with the same start would look like a child. */
static bool collide(const struct span *a, const struct span *b)
{
	return a->start == b->start || (a->start < b->end && b->start < a->end);
}

/* Whether no head of a lane on that track collides with span i. */
static bool is_clear(const struct chrome_page *p, uint32_t track, uint32_t i)
{
	const struct span *spans = p->trace->spans;

	for (uint32_t k = 0; k < i; k++)
		if (spans[k].lane && p->tracks[k] == track && collide(&spans[k], &spans[i]))
			return false;
	return true;
}

/*
 * A span of lane 0 is on its parent's track. A span of another lane begins a track below it, for
 * itself and its children; a track is reused after its last span. Returns their number.
 */
static uint32_t find_tracks(struct chrome_page *p)
{
	uint32_t n = 1;

	p->tracks = arena_array(&p->document->scratch, uint32_t, p->trace->n_spans);
	for (uint32_t i = 1; i < p->trace->n_spans; i++) {
		const struct span *s = &p->trace->spans[i];

		p->tracks[i] = p->tracks[s->parent];
		if (!s->lane)
			continue;
		do
			p->tracks[i]++;
		while (!is_clear(p, p->tracks[i], i));
		n = MAX(n, p->tracks[i] + 1);
	}
	return n;
}

static void name_thread(const struct chrome_page *p, uint32_t track)
{
	const struct trace *t = p->trace;
	struct arena *a = &p->document->scratch;
	struct str name = t->name.n ? t->name : STR("(no name)");
	struct str operation = operation_name(t->operation);
	uint64_t thread = p->first_thread + track;
	struct json_writer w = begin_metadata(p, "thread_name", thread);

	put_str(&w, "name",
		track ? arena_printf(a, STR_FMT " " STR_FMT " +%u", STR_ARG(name),
				     STR_ARG(operation), track)
		      : arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(operation)));
	end_metadata(&w);
	w = begin_metadata(p, "thread_sort_index", thread);
	put_u64(&w, "sort_index", thread);
	end_metadata(&w);
}

static void put_attribute(struct json_writer *w, const struct attribute *a)
{
	json_put_key_str(w, a->key);
	put_attribute_value(w, a);
}

static const struct attribute *find(const struct attributes *in, struct str key)
{
	for (size_t i = 0; i < in->n; i++)
		if (str_eq(in->list[i].key, key))
			return &in->list[i];
	return NULL;
}

static bool is_same(const struct attribute *a, const struct attribute *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == ATTRIBUTE_TEXT)
		return str_eq(a->text, b->text);
	if (a->type != ATTRIBUTE_TEXTS)
		return a->number == b->number;
	if (a->n_texts != b->n_texts)
		return false;
	for (size_t i = 0; i < a->n_texts; i++)
		if (!str_eq(a->texts[i], b->texts[i]))
			return false;
	return true;
}

/* Attributes of the root's resource are not repeated in other spans. */
static void put_resource(struct json_writer *w, const struct trace *trace, const struct span *s)
{
	const struct attributes *mine = &trace->resources[s->resource].attributes;
	const struct attributes *root = &trace->resources[trace->spans[0].resource].attributes;

	if (s->parent != SPAN_NO_PARENT && mine == root)
		return;
	for (size_t i = 0; i < mine->n; i++) {
		const struct attribute *a = &mine->list[i];
		const struct attribute *said =
		    s->parent == SPAN_NO_PARENT ? NULL : find(root, a->key);

		if (!find(&s->attributes, a->key) && !(said && is_same(a, said)))
			put_attribute(w, a);
	}
}

/* Our own keys have no dots and keys of attributes do, so no key occurs twice. */
static void put_args(struct json_writer *w, const struct trace *trace, const struct span *s)
{
	put_object(w, "args");
	if (s->parent == SPAN_NO_PARENT)
		put_hex(w, "trace_id", trace->id.bytes, sizeof(trace->id.bytes));
	put_hex(w, "span_id", s->id.bytes, sizeof(s->id.bytes));
	if (s->status != SPAN_UNSET)
		put_str(w, "status", s->status == SPAN_ERROR ? STR("error") : STR("ok"));
	if (s->status == SPAN_ERROR && s->message.n)
		put_str(w, "message", s->message);
	if (s->open)
		put_bool(w, "lunettes.open", true);
	if (s->dropped_events)
		put_u64(w, "dropped_events", s->dropped_events);
	for (size_t i = 0; i < s->attributes.n; i++)
		put_attribute(w, &s->attributes.list[i]);
	put_resource(w, trace, s);
	json_end_object(w);
}

static void put_instant(const struct chrome_page *p, const struct span *s,
			const struct span_event *e, uint64_t thread)
{
	struct json_writer w = begin_line(p, "i");

	put_str(&w, "s", STR("t")); /* as tall as its track */
	put_str(&w, "name", e->name);
	put_str(&w, "cat", p->trace->resources[s->resource].service);
	put_place(&w, p->process, thread);
	put_int(&w, "ts", micros(p, e->at));
	put_object(&w, "args");
	for (size_t i = 0; i < e->attributes.n; i++)
		put_attribute(&w, &e->attributes.list[i]);
	json_end_object(&w);
	json_end_object(&w);
}

static void put_span(const struct chrome_page *p, uint32_t i)
{
	const struct span *s = &p->trace->spans[i];
	uint64_t thread = p->first_thread + p->tracks[i];
	int64_t start = micros(p, s->start), end = micros(p, s->end);
	struct json_writer w = begin_line(p, end > start ? "X" : "i");

	if (end == start)
		put_str(&w, "s", STR("t"));
	put_str(&w, "name", s->name);
	put_str(&w, "cat", p->trace->resources[s->resource].service);
	if (s->status == SPAN_ERROR)
		put_str(&w, "cname", STR("terrible")); /* red, in chrome://tracing */
	put_place(&w, p->process, thread);
	put_int(&w, "ts", start);
	if (end > start)
		put_int(&w, "dur", end - start);
	put_args(&w, p->trace, s);
	json_end_object(&w);
	for (size_t k = 0; k < s->n_events; k++)
		put_instant(p, s, &s->events[k], thread);
}

void chrome_begin(struct trace_document *d)
{
	struct json_writer w = json_writer_of(&d->out);

	buf_add_str(&d->out, STR("{\"displayTimeUnit\":\"ms\",\"otherData\":"));
	json_begin_object(&w);
	put_time(&w, "time 0", d->base);
	json_end_object(&w);
	buf_add_str(&d->out, STR(",\"traceEvents\":["));
}

void chrome_trace(struct trace_document *d, const struct trace *trace)
{
	struct chrome_page p = { .document = d, .trace = trace };
	uint32_t n;

	arena_reset(&d->scratch);
	p.first_thread = FIRST_THREAD + d->tracks;
	find_process(&p);
	n = find_tracks(&p);
	d->tracks += n;
	for (uint32_t i = 0; i < n; i++)
		name_thread(&p, i);
	for (uint32_t i = 0; i < trace->n_spans; i++)
		put_span(&p, i);
}

void chrome_end(struct trace_document *d)
{
	buf_add_str(&d->out, STR("\n]}\n"));
}
