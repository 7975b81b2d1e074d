/* SPDX-License-Identifier: Apache-2.0 */
/* The match of an action as a trace, in the form that upstream exports. */
#include "spans/spans.h"

#include "base/hash.h"
#include "trace/ids.h"

/* A part with its times as they are shown. */
struct shown_part {
	const struct span_part *part;
	size_t number; /* of the parts */
	nsec start, end;
	bool open, empty;
};

struct span_tracing {
	const struct span_run *run;
	const struct timeline *t;
	struct arena *arena;
	struct shown_part *list; /* sorted: parents before their children */
	size_t n;
	uint32_t *by_number; /* place in the list of each part; SPANS_NONE: left out */
	struct resource *resources;
	struct trace *trace;
};

/* A missing end equals the start and vice versa; a span in progress ends with the log. */
static struct shown_part shown_of(const struct span_run *run, size_t number, nsec log_end)
{
	const struct span_part *part = &run->parts[number];
	struct shown_part s = { .part = part,
				.number = number,
				.start = part->begin,
				.end = part->end,
				.empty = !nsec_known(part->begin) && !nsec_known(part->end) };

	s.open = !nsec_known(run->ended) && !part->config->direct && nsec_known(part->begin) &&
		 !nsec_known(part->end);
	if (s.open)
		s.end = clock_later(part->begin, log_end);
	if (!nsec_known(s.start))
		s.start = s.end;
	if (!nsec_known(s.end) || s.end < s.start)
		s.end = s.start;
	return s;
}

/* From the first begin to the last end. */
static struct shown_part root_of(const struct span_tracing *m, nsec log_end)
{
	struct shown_part root = { .start = NSEC_NONE, .end = NSEC_NONE };

	for (size_t i = 0; i < m->n; i++) {
		const struct shown_part *s = &m->list[i];

		if (s->empty)
			continue;
		root.start = clock_earlier(root.start, s->start);
		root.end = clock_later(root.end, s->end);
	}
	root.open = !nsec_known(m->run->ended);
	if (!nsec_known(root.start)) {
		root.start = m->run->begun;
		root.end = clock_later(root.start, m->run->ended);
	}
	if (root.open)
		root.end = clock_later(root.end, log_end);
	return root;
}

/* A parent contains its children and so comes first; of equal spans the lower number. */
static int by_start(const void *a, const void *b)
{
	const struct shown_part *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static uint32_t resource_of(struct span_tracing *m, struct str service)
{
	for (uint32_t i = 0; i < m->trace->n_resources; i++)
		if (str_eq(m->resources[i].service, service))
			return i;
	m->resources[m->trace->n_resources].service = service;
	return (uint32_t)m->trace->n_resources++;
}

/* Several configurations of spans may have the same Type and key. */
static struct span_id id_of(const struct span_tracing *m, const struct span_part *part,
			    size_t number)
{
	struct str path = arena_printf(m->arena, STR_FMT "." STR_FMT, STR_ARG(part->key),
				       STR_ARG(part->config->type));

	return span_id_of(m->trace->id, path, (uint32_t)number);
}

/* Attributes: upstream's of every span, and our own. */

static void add_text(struct attribute *list, size_t *n, struct str key, struct str text)
{
	if (!text.n)
		return;
	for (size_t i = 0; i < *n; i++)
		if (str_eq(list[i].key, key))
			return; /* a property of that name takes precedence */
	list[(*n)++] = (struct attribute){ .key = key, .text = text };
}

static struct attributes attributes_of(const struct span_tracing *m, const struct span_part *part)
{
	const struct span_resource *of = m->run->of;
	struct attribute *list = arena_array(m->arena, struct attribute, of->n_properties + 8);
	size_t n = 0;

	for (size_t i = 0; i < of->n_properties; i++)
		add_text(list, &n, of->properties[i].name, m->run->properties[i]);
	add_text(list, &n, STR("uid"), m->t->uid);
	if (part) {
		add_text(list, &n, STR("lunettes.span.type"), part->config->type);
		add_text(list, &n, STR("lunettes.span.owner"), part->config->owner);
	} else {
		add_text(list, &n, STR("lunettes.action"), of->action);
		add_text(list, &n, STR("k8s.cluster.name"), m->t->cluster);
		add_text(list, &n, STR("k8s.namespace.name"), m->t->namespace);
		add_text(list, &n, STR("k8s.pod.name"), m->t->name);
	}
	return (struct attributes){ list, n };
}

/* The nearest parent that contains it; the root contains all. */
static uint32_t parent_of(const struct span_tracing *m, const struct shown_part *s)
{
	uint32_t number = s->part->parent;

	for (; number != SPANS_NONE; number = m->run->parts[number].parent) {
		uint32_t place = m->by_number[number];

		if (place != SPANS_NONE && m->list[place].start <= s->start &&
		    m->list[place].end >= s->end)
			return place + 1;
	}
	return 0;
}

static void make_span(struct span_tracing *m, size_t place)
{
	const struct shown_part *s = &m->list[place];
	const struct span_part *part = s->part;
	const struct span_config *config = part->config;
	struct span *span = &m->trace->spans[place + 1];

	*span = (struct span){
		.parent = parent_of(m, s),
		.resource = resource_of(m, config->component.n ? config->component
					   : config->type.n    ? config->type
							       : part->name),
		.name = part->name,
		.start = s->start,
		.end = s->end,
		.open = s->open,
		.attributes = attributes_of(m, part),
		.events = part->errors,
		.n_events = part->n_errors,
	};
	if (part->n_errors && (!nsec_known(part->end) || part->closed)) {
		span->status = SPAN_ERROR;
		span->message = part->errors[part->n_errors - 1].attributes.list[0].text;
	}
	span->id = id_of(m, part, s->number);
}

static enum operation operation_of(const struct span_resource *of)
{
	struct str word = of->start.list[0].word;

	if (str_starts(word, STR("pod:create")))
		return OPERATION_CREATE;
	return str_starts(word, STR("pod:delete")) ? OPERATION_DELETE : OPERATION_UPGRADE;
}

static void make_list(struct span_tracing *m, nsec log_end, struct shown_part *ret_root)
{
	const struct span_run *run = m->run;

	m->list = arena_array(m->arena, struct shown_part, run->n_parts);
	m->by_number = arena_array(m->arena, uint32_t, run->n_parts);
	for (size_t i = 0; i < run->n_parts; i++) {
		struct shown_part s = shown_of(run, i, log_end);

		m->by_number[i] = SPANS_NONE;
		if (!s.empty || !run->parts[i].config->omit_empty)
			m->list[m->n++] = s;
	}
	*ret_root = root_of(m, log_end);
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].empty)
			m->list[i].start = m->list[i].end = ret_root->end;
	if (m->n)
		qsort(m->list, m->n, sizeof(*m->list), by_start);
	for (size_t i = 0; i < m->n; i++)
		m->by_number[m->list[i].number] = (uint32_t)i;
}

static struct str root_name(const struct span_tracing *m)
{
	if (m->t->uid.n)
		return arena_printf(m->arena, STR_FMT "_" STR_FMT, STR_ARG(m->run->of->action),
				    STR_ARG(m->t->uid));
	return arena_printf(m->arena, STR_FMT "_" STR_FMT "/" STR_FMT, STR_ARG(m->run->of->action),
			    STR_ARG(m->t->namespace), STR_ARG(m->t->name));
}

const struct trace *spans_trace(const struct span_run *run, const struct timeline *t, nsec log_end,
				struct arena *arena)
{
	struct trace *trace = arena_new(arena, struct trace);
	struct span_tracing m = { .run = run, .t = t, .arena = arena, .trace = trace };
	struct shown_part root;

	make_list(&m, log_end, &root);
	if (root.start < 0)
		return NULL; /* before 1970, which no output format can express */
	m.resources = arena_array(arena, struct resource, m.n + 1);
	*trace = (struct trace){
		.operation = operation_of(run->of),
		.cluster = t->cluster,
		.namespace = t->namespace,
		.name = t->name,
		.spans = arena_array(arena, struct span, m.n + 1),
		.n_spans = m.n + 1,
		.resources = m.resources,
	};
	/* distinct from the ids of the program's own traces of this pod */
	trace->id =
	    trace_id_of(arena, t, trace->operation,
			(int64_t)(hash_str(run->of->action, (uint64_t)run->begun) + run->number));
	trace->spans[0] = (struct span){
		.id = root_id_of(trace->id),
		.parent = SPAN_NO_PARENT,
		.resource = resource_of(&m, STR("pod_delivery")),
		.name = root_name(&m),
		.start = root.start,
		.end = root.end,
		.open = root.open,
		.attributes = attributes_of(&m, NULL),
	};
	for (size_t i = 0; i < m.n; i++)
		make_span(&m, i);
	trace_lanes(trace, arena);
	return trace;
}
