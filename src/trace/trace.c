/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/trace.h"

struct str operation_name(enum operation operation)
{
	static const char *const names[OPERATION_COUNT] = {
		[OPERATION_CREATE] = "create",	 [OPERATION_DELETE] = "delete",
		[OPERATION_UPGRADE] = "upgrade", [OPERATION_BIND] = "bind",
		[OPERATION_ROLLOUT] = "rollout",
	};

	return str_from(names[operation]);
}

void trace_lanes(struct trace *trace, struct arena *arena)
{
	struct lane {
		uint32_t parent;
		nsec end;
	} *lanes = arena_array(arena, struct lane, trace->n_spans);
	size_t n = 0;

	for (size_t i = 1; i < trace->n_spans; i++) {
		struct span *s = &trace->spans[i];
		size_t k = 0;

		for (; k < n; k++) {
			if (lanes[k].parent != s->parent)
				continue;
			if (lanes[k].end <= s->start)
				break;
			s->lane++;
		}
		if (k == n)
			lanes[n++].parent = s->parent;
		lanes[k].end = s->end;
	}
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

bool trace_id_is_none(struct trace_id id)
{
	return is_zero(id.bytes, sizeof(id.bytes));
}

static const char *attributes_invariant(const struct attributes *a)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!a->list[i].key.n)
			return "an attribute without a key";
		for (size_t k = 0; k < i; k++)
			if (str_eq(a->list[i].key, a->list[k].key))
				return "a key twice in a list of attributes";
	}
	return NULL;
}

static const char *span_parts_invariant(const struct span *s)
{
	const char *wrong = attributes_invariant(&s->attributes);

	for (size_t i = 0; i < s->n_events && !wrong; i++) {
		if (!s->events[i].name.n)
			return "a span event without a name";
		if (i && s->events[i].at < s->events[i - 1].at)
			return "span events out of order";
		wrong = attributes_invariant(&s->events[i].attributes);
	}
	for (size_t i = 0; i < s->n_links && !wrong; i++) {
		if (trace_id_is_none(s->links[i].trace) || is_zero(s->links[i].span.bytes, 8))
			return "a link to nothing";
		wrong = attributes_invariant(&s->links[i].attributes);
	}
	return wrong;
}

static const char *span_invariant(const struct trace *trace, uint32_t i)
{
	const struct span *s = &trace->spans[i];

	if (!s->name.n)
		return "a span without a name";
	if (is_zero(s->id.bytes, sizeof(s->id.bytes)))
		return "a span's id is zero";
	if (!nsec_known(s->start) || !nsec_known(s->end) || s->start < 0 || s->end < s->start)
		return "a span ends before it starts, or is not in time";
	if (s->resource >= trace->n_resources)
		return "a span without a resource";
	if ((i == 0) != (s->parent == SPAN_NO_PARENT))
		return "the first span is the root, and no other one is";
	if (i && s->parent >= i)
		return "a span before its parent";
	if (i && (s->start < trace->spans[s->parent].start || s->end > trace->spans[s->parent].end))
		return "a span reaches out of its parent";
	return span_parts_invariant(s);
}

static const char *resources_invariant(const struct trace *trace)
{
	for (size_t i = 0; i < trace->n_resources; i++) {
		bool used = false;

		for (size_t k = 0; k < trace->n_spans; k++)
			used = used || trace->spans[k].resource == i;
		if (!used)
			return "a resource without a span";
		if (!trace->resources[i].service.n)
			return "a resource without a service";
	}
	return NULL;
}

const char *trace_invariant(const struct trace *trace)
{
	const char *wrong = NULL;

	if (trace_id_is_none(trace->id))
		return "the trace's id is zero";
	if (!trace->n_spans)
		return "no span";
	for (uint32_t i = 0; i < trace->n_spans && !wrong; i++) {
		wrong = span_invariant(trace, i);
		for (uint32_t k = 0; k < i && !wrong; k++)
			if (memcmp(&trace->spans[i].id, &trace->spans[k].id,
				   sizeof(struct span_id)) == 0)
				wrong = "two spans have one id";
	}
	return wrong ? wrong : resources_invariant(trace);
}
