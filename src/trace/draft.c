/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/draft.h"

#include "trace/ids.h"

/* Spans */

uint32_t draft_span(struct draft *d, uint32_t parent, struct str name, nsec start, nsec end)
{
	struct draft_span *s;

	arena_reserve(d->arena, d->spans, d->n_spans, d->spans_cap);
	s = &d->spans[d->n_spans];
	*s = (struct draft_span){
		.span = { .parent = parent, .name = name, .start = start, .end = end },
		.kind = STAGE_COUNT,
		.path = name,
		.attributes = { .arena = d->arena },
		.number = (uint32_t)d->n_spans,
	};
	return (uint32_t)d->n_spans++;
}

void draft_root(struct draft *d, const char *name, nsec start, nsec end)
{
	uint32_t root = draft_span(d, SPAN_NO_PARENT, str_from(name), start, end);

	d->spans[root].path = STR("");
	d->spans[root].span.resource = draft_resource(d, COMPONENT_WORKLOAD, STR(""));
}

bool draft_clip(struct draft *d, uint32_t number)
{
	struct draft_span *s = &d->spans[number];
	const struct span *parent = &d->spans[s->span.parent].span;
	nsec start = MAX(s->span.start, parent->start), end = MIN(s->span.end, parent->end);

	if (start > end)
		return false;
	if (start == s->span.start && end == s->span.end)
		return true;
	attribute_true(&s->attributes, "lunettes.clipped", true);
	attribute_seconds(&s->attributes, "lunettes.seconds", s->span.end - s->span.start);
	s->span.start = start;
	s->span.end = end;
	return true;
}

struct span_event *draft_event(struct draft *d, uint32_t number, nsec at, struct str name)
{
	struct draft_span *s = &d->spans[number];

	arena_reserve(d->arena, s->events, s->n_events, s->events_cap);
	s->events[s->n_events] = (struct span_event){ .at = at, .name = name };
	return &s->events[s->n_events++];
}

void draft_link(struct draft *d, uint32_t number, struct trace_id trace, struct span_id to,
		const char *why)
{
	struct draft_span *s = &d->spans[number];
	struct attribute_list l = { .arena = d->arena };

	attribute_text(&l, "lunettes.link", str_from(why));
	arena_reserve(d->arena, s->links, s->n_links, s->links_cap);
	s->links[s->n_links++] =
	    (struct span_link){ .trace = trace, .span = to, .attributes = { l.list, l.n } };
}

void draft_link_trace(struct draft *d, uint32_t number, struct trace_id trace, const char *why)
{
	if (!trace_id_is_none(trace))
		draft_link(d, number, trace, root_id_of(trace), why);
}

/* Containers */

const struct container_spec *draft_container(const struct timeline *t, struct str name)
{
	for (size_t i = 0; t->object && i < t->object->n_containers; i++)
		if (str_eq(t->object->containers[i].name, name))
			return &t->object->containers[i];
	return NULL;
}

static bool names(struct str joined, struct str name)
{
	struct str one;

	while (str_cut(joined, ',', &one, &joined))
		if (str_eq(one, name))
			return true;
	return str_eq(joined, name);
}

struct str draft_image(const struct draft *d, struct str container)
{
	const struct container_spec *c = draft_container(d->t, container);

	for (size_t i = 0; i < d->t->n_upgrades; i++)
		if (d->t->upgrades[i].kind == UPGRADE_IMAGE &&
		    names(d->t->upgrades[i].containers, container))
			return STR("");
	return c ? c->image : STR("");
}

/* Order */

static int by_start(const void *a, const void *b)
{
	const struct draft_span *x = a, *y = b;

	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	if (x->span.end != y->span.end)
		return x->span.end > y->span.end ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static int event_order(const void *a, const void *b)
{
	const struct span_event *x = *(const struct span_event *const *)a,
				*y = *(const struct span_event *const *)b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

/* In order of time; events of one moment in the order in which they were added. */
static const struct span_event *ordered_events(struct draft *d, const struct draft_span *s)
{
	const struct span_event **order;
	struct span_event *list;

	if (!s->n_events)
		return NULL;
	order = arena_array(d->arena, const struct span_event *, s->n_events);
	list = arena_array(d->arena, struct span_event, s->n_events);
	for (size_t i = 0; i < s->n_events; i++)
		order[i] = &s->events[i];
	qsort(order, s->n_events, sizeof(*order), event_order);
	for (size_t i = 0; i < s->n_events; i++)
		list[i] = *order[i];
	return list;
}

static void put_span(struct draft *d, const struct draft_span *s, uint32_t parent)
{
	struct span *span = &d->trace.spans[d->trace.n_spans++];

	*span = s->span;
	span->parent = parent;
	span->attributes = (struct attributes){ s->attributes.list, s->attributes.n };
	span->events = ordered_events(d, s);
	span->n_events = s->n_events;
	span->dropped_events = s->dropped_events;
	span->links = s->links;
	span->n_links = s->n_links;
}

/* Each span after its parent: the root, then each of its children with its own children. */
static void put_all(struct draft *d, const struct draft_span *sorted)
{
	const struct draft_span *root = sorted;

	while (root->span.parent != SPAN_NO_PARENT)
		root++;
	put_span(d, root, SPAN_NO_PARENT);
	for (size_t i = 0; i < d->n_spans; i++) {
		uint32_t place = (uint32_t)d->trace.n_spans;

		if (sorted[i].span.parent != DRAFT_ROOT)
			continue;
		put_span(d, &sorted[i], 0);
		for (size_t k = 0; sorted[i].envelope && k < d->n_spans; k++)
			if (sorted[k].span.parent == sorted[i].number)
				put_span(d, &sorted[k], place);
	}
}

/* Unique ids: a path that is already used, or a collision, takes the next ordinal. */
static void give_ids(struct draft *d)
{
	size_t n_slots = 16;
	struct span_id *slots;

	while (n_slots < d->n_spans * 2)
		n_slots *= 2;
	slots = arena_array(d->arena, struct span_id, n_slots);
	for (size_t i = 0; i < d->n_spans; i++) {
		struct draft_span *s = &d->spans[i];
		static const struct span_id none = { { 0 } };

		for (uint32_t ordinal = 0;; ordinal++) {
			struct span_id id = span_id_of(d->trace.id, s->path, ordinal);
			size_t slot =
			    (id.bytes[7] | (size_t)id.bytes[6] << 8 | (size_t)id.bytes[5] << 16) &
			    (n_slots - 1);

			while (memcmp(&slots[slot], &none, sizeof(none)) != 0 &&
			       memcmp(&slots[slot], &id, sizeof(id)) != 0)
				slot = (slot + 1) & (n_slots - 1);
			s->span.id = id;
			if (memcmp(&slots[slot], &id, sizeof(id)) == 0)
				continue;
			slots[slot] = id;
			break;
		}
	}
}

/* A run of a container and the one before it. */
static void link_runs(struct draft *d)
{
	for (size_t i = 0; i < d->n_spans; i++)
		if (d->spans[i].previous)
			draft_link(d, (uint32_t)i, d->trace.id,
				   d->spans[d->spans[i].previous].span.id, "previous-container");
}

void draft_finish(struct draft *d)
{
	struct draft_span *sorted = arena_array(d->arena, struct draft_span, d->n_spans);

	give_ids(d);
	link_runs(d);
	memcpy(sorted, d->spans, d->n_spans * sizeof(*sorted));
	qsort(sorted, d->n_spans, sizeof(*sorted), by_start);
	d->trace.spans = arena_array(d->arena, struct span, d->n_spans);
	put_all(d, sorted);
	trace_lanes(&d->trace, d->arena);
	d->trace.resources = d->resources;
	d->trace.n_resources = d->n_resources;
}
