/* SPDX-License-Identifier: Apache-2.0 */
#include "spans.h"

#include <check.h>

static const struct str texts[] = { { "a", 1 }, { "b\"c", 3 } };
static const struct attribute root_attributes[] = {
	{ .key = { "lunettes.big", 12 }, .type = ATTRIBUTE_NUMBER, .number = 9007199254740993 },
	{ .key = { "lunettes.list", 13 },
	  .type = ATTRIBUTE_TEXTS,
	  .texts = texts,
	  .n_texts = ARRAY_SIZE(texts) },
	{ .key = { "lunettes.limit", 14 }, .type = ATTRIBUTE_SECONDS, .number = 480500000000 },
};
static const struct attribute schedule_attributes[] = {
	{ .key = { "lunettes.sure", 13 }, .type = ATTRIBUTE_TRUTH, .number = 1 },
	{ .key = { "lunettes.n", 10 }, .type = ATTRIBUTE_NUMBER, .number = -7 },
};
static const struct attribute event_attributes[] = {
	{ .key = { "lunettes.by", 11 }, .type = ATTRIBUTE_TEXT, .text = { "kubelet", 7 } },
};
static const struct span_event events[] = {
	{ .at = SPANS_BASE + 2 * SECOND + 500000001,
	  .name = { "Pulling", 7 },
	  .attributes = { event_attributes, ARRAY_SIZE(event_attributes) } },
};
static const struct attribute pod_attributes[] = {
	{ .key = { "k8s.pod.name", 12 }, .type = ATTRIBUTE_TEXT, .text = { "web-1", 5 } },
};
static const struct attribute kubelet_attributes[] = {
	{ .key = { "k8s.pod.name", 12 }, .type = ATTRIBUTE_TEXT, .text = { "web-1", 5 } },
	{ .key = { "k8s.node.name", 13 }, .type = ATTRIBUTE_TEXT, .text = { "n1", 2 } },
};
static const struct resource resources[] = {
	{ .service = { "pod", 3 }, .attributes = { pod_attributes, 1 } },
	{ .service = { "kube-scheduler", 14 }, .attributes = { pod_attributes, 1 } },
	{ .service = { "kubelet", 7 }, .attributes = { kubelet_attributes, 2 } },
};
/* To a span of another trace, and to span 4 of this one. */
static const struct span_link links[] = {
	{ .trace = { { 0xab, [15] = 0xcd } }, .span = { { 0xef, [7] = 1 } } },
	{ .trace = { { 1, [15] = 0xff } }, .span = { { 0xa0, [7] = 4 } } },
};

static struct span make(uint32_t n, uint32_t parent, uint32_t resource, struct str name)
{
	return (struct span){
		.id = { { 0xa0, [7] = (uint8_t)n } },
		.parent = parent,
		.resource = resource,
		.name = name,
	};
}

static void put(struct span *s, nsec start, nsec end, uint32_t lane)
{
	s->start = SPANS_BASE + start;
	s->end = SPANS_BASE + end;
	s->lane = lane;
}

void spans_make(struct spans *s)
{
	struct span *a = s->spans;

	a[0] = make(0, SPAN_NO_PARENT, 0, STR("pod delivery"));
	put(&a[0], 0, 10 * SECOND + 900, 0);
	a[0].attributes = (struct attributes){ root_attributes, ARRAY_SIZE(root_attributes) };
	a[0].links = links;
	a[0].n_links = ARRAY_SIZE(links);
	a[0].status = SPAN_ERROR;
	a[0].message = STR("too \"slow\"");
	a[1] = make(1, 0, 1, STR("schedule"));
	put(&a[1], 0, 1500, 0);
	a[1].attributes =
	    (struct attributes){ schedule_attributes, ARRAY_SIZE(schedule_attributes) };
	a[1].status = SPAN_OK;
	a[2] = make(2, 0, 2, STR("pull image"));
	put(&a[2], 1500, 4 * SECOND + 999, 0);
	a[3] = make(3, 0, 2, STR("pull image"));
	put(&a[3], 2 * SECOND, 6 * SECOND, 1);
	a[3].open = true;
	a[3].events = events;
	a[3].n_events = ARRAY_SIZE(events);
	a[3].dropped_events = 12;
	a[4] = make(4, 3, 2, STR("unpack"));
	put(&a[4], 3 * SECOND, 6 * SECOND, 0);
	a[5] = make(5, 0, 2, STR("start"));
	put(&a[5], 7 * SECOND, 8 * SECOND, 1);
	a[5].links = links;
	a[5].n_links = ARRAY_SIZE(links);
	s->trace = (struct trace){
		.id = { { 1, [15] = 0xff } },
		.operation = OPERATION_CREATE,
		.namespace = STR("shop"),
		.name = STR("web-1"),
		.spans = s->spans,
		.n_spans = SPANS_N,
		.resources = resources,
		.n_resources = ARRAY_SIZE(resources),
	};
}

void spans_check_document(struct trace_document *d, const char *expected)
{
	ck_assert_msg(str_eq(buf_str(&d->out), str_from(expected)), "\n" STR_FMT "\nnot\n%s",
		      STR_ARG(buf_str(&d->out)), expected);
	trace_document_free(d);
}
