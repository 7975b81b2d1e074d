/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "documents/chrome.h"
#include "spans.h"

#include <cjson/cJSON.h>

#define META(name, pid, tid, args)                                                                 \
	"{\"ph\":\"M\",\"name\":\"" name "\",\"pid\":" pid ",\"tid\":" tid ",\"args\":{" args "}}"
#define SPAN(name, cat, tid, ts, dur, args)                                                        \
	"{\"ph\":\"X\",\"name\":\"" name "\",\"cat\":\"" cat "\",\"pid\":1,\"tid\":" tid           \
	",\"ts\":" ts ",\"dur\":" dur ",\"args\":{" args "}}"
#define ID(n) "\"span_id\":\"a00000000000000" n "\""
#define NODE "\"k8s.node.name\":\"n1\""

/* clang-format off */
/*
 * Times are truncated to microseconds. Span 3 is not on the track of span 2, which it overlaps, but
 * span 5 uses the second track again. The name of the pod, which all resources have, is written
 * once.
 */
static const char expected[] =
	"{\"displayTimeUnit\":\"ms\","
	"\"otherData\":{\"time 0\":\"2025-11-22T10:10:59.000000000Z\"},\"traceEvents\":[\n"
	META("process_name", "1", "0", "\"name\":\"shop\"") ",\n"
	META("process_sort_index", "1", "0", "\"sort_index\":1") ",\n"
	META("thread_name", "1", "1000001", "\"name\":\"web-1 create\"") ",\n"
	META("thread_sort_index", "1", "1000001", "\"sort_index\":1000001") ",\n"
	META("thread_name", "1", "1000002", "\"name\":\"web-1 create +1\"") ",\n"
	META("thread_sort_index", "1", "1000002", "\"sort_index\":1000002") ",\n"
	"{\"ph\":\"X\",\"name\":\"pod delivery\",\"cat\":\"pod\",\"cname\":\"terrible\","
	"\"pid\":1,\"tid\":1000001,\"ts\":1000000,\"dur\":10000000,"
	"\"args\":{\"trace_id\":\"010000000000000000000000000000ff\"," ID("0") ","
	"\"status\":\"error\",\"message\":\"too \\\"slow\\\"\","
	"\"lunettes.big\":9007199254740993,\"lunettes.list\":[\"a\",\"b\\\"c\"],"
	"\"lunettes.limit\":480.5,\"k8s.pod.name\":\"web-1\"}},\n"
	SPAN("schedule", "kube-scheduler", "1000001", "1000000", "1",
	     ID("1") ",\"status\":\"ok\",\"lunettes.sure\":true,\"lunettes.n\":-7") ",\n"
	SPAN("pull image", "kubelet", "1000001", "1000001", "3999999",
	     ID("2") "," NODE) ",\n"
	SPAN("pull image", "kubelet", "1000002", "3000000", "4000000",
	     ID("3") ",\"lunettes.open\":true,\"dropped_events\":12," NODE) ",\n"
	"{\"ph\":\"i\",\"s\":\"t\",\"name\":\"Pulling\",\"cat\":\"kubelet\","
	"\"pid\":1,\"tid\":1000002,\"ts\":3500000,"
	"\"args\":{\"lunettes.by\":\"kubelet\"}},\n"
	SPAN("unpack", "kubelet", "1000002", "4000000", "3000000",
	     ID("4") "," NODE) ",\n"
	SPAN("start", "kubelet", "1000002", "8000000", "1000000",
	     ID("5") "," NODE) "\n]}\n";
/* clang-format on */

START_TEST(one_of_everything)
{
	struct spans s;
	struct trace_document d = { .base = SPANS_BASE };

	spans_make(&s);
	d.base = SPANS_BASE - SECOND;
	chrome_begin(&d);
	chrome_trace(&d, &s.trace);
	chrome_end(&d);
	spans_check_document(&d, expected);
}
END_TEST

static cJSON *parsed(const struct buf *out)
{
	cJSON *tree = cJSON_ParseWithLength(out->p, out->n);

	ck_assert_ptr_nonnull(tree);
	ck_assert_ptr_nonnull(cJSON_GetObjectItem(tree, "traceEvents"));
	return tree;
}

static const char *text_of(const cJSON *event, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItem(event, key));
}

static double number_of(const cJSON *event, const char *key)
{
	return cJSON_GetNumberValue(cJSON_GetObjectItem(event, key));
}

/* How many names of processes the file has; that of the n-th, and its number. */
static int find_process(const cJSON *tree, int n, const char **ret_name, double *ret_pid)
{
	const cJSON *event;
	int seen = 0;

	cJSON_ArrayForEach(event, cJSON_GetObjectItem(tree, "traceEvents"))
	{
		if (strcmp(text_of(event, "name"), "process_name"))
			continue;
		if (seen++ == n) {
			*ret_name = text_of(cJSON_GetObjectItem(event, "args"), "name");
			*ret_pid = number_of(event, "pid");
		}
	}
	return seen;
}

/* A namespace is one process, however many traces it has, and another one in another cluster. */
START_TEST(processes)
{
	static const struct {
		struct str cluster, namespace;
		const char *name;
		double pid;
	} rows[] = {
		{ { 0 }, { "a", 1 }, "a", 1 },
		{ { 0 }, { "b", 1 }, "b", 2 },
		{ { 0 }, { "a", 1 }, NULL, 1 },
		{ { "east", 4 }, { "a", 1 }, "east/a", 3 },
		{ { "e", 1 }, { "asta", 4 }, "e/asta", 4 },
	};
	struct spans s;
	struct trace_document d = { .base = SPANS_BASE };
	cJSON *tree, *event;
	int n = 0;

	spans_make(&s);
	chrome_begin(&d);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		s.trace.cluster = rows[i].cluster;
		s.trace.namespace = rows[i].namespace;
		chrome_trace(&d, &s.trace);
	}
	chrome_end(&d);
	tree = parsed(&d.out);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *name = NULL;
		double pid = 0;

		if (!rows[i].name)
			continue;
		ck_assert_int_eq(find_process(tree, n++, &name, &pid), 4);
		ck_assert_str_eq(name, rows[i].name);
		ck_assert_double_eq(pid, rows[i].pid);
	}
	n = 0;
	cJSON_ArrayForEach(event, cJSON_GetObjectItem(tree, "traceEvents"))
	{
		size_t row = (size_t)n / SPANS_N;

		if (strcmp(text_of(event, "ph"), "X"))
			continue;
		ck_assert_double_eq(number_of(event, "pid"), rows[row].pid);
		/* Two tracks a trace, and no number of one is used by another. */
		ck_assert_double_ge(number_of(event, "tid"), 1000001 + 2 * (double)row);
		ck_assert_double_le(number_of(event, "tid"), 1000002 + 2 * (double)row);
		n++;
	}
	ck_assert_int_eq(n, SPANS_N * (int)ARRAY_SIZE(rows));
	cJSON_Delete(tree);
	trace_document_free(&d);
}
END_TEST

START_TEST(no_trace_and_no_name)
{
	struct spans s;
	struct trace_document d = { .base = SPANS_BASE };
	const cJSON *event;
	const char *name = NULL;
	double pid;
	cJSON *tree;

	chrome_begin(&d);
	chrome_end(&d);
	tree = parsed(&d.out);
	ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(tree, "traceEvents")), 0);
	cJSON_Delete(tree);

	/* Rejected under a generateName; and malicious names. */
	spans_make(&s);
	s.trace.name = (struct str){ 0 };
	s.trace.namespace = STR("\xff\"\n");
	s.spans[0].name = STR("</script>\xe2\x82");
	trace_document_free(&d);
	d = (struct trace_document){ .base = SPANS_BASE };
	chrome_begin(&d);
	chrome_trace(&d, &s.trace);
	chrome_end(&d);
	tree = parsed(&d.out);
	ck_assert_int_eq(find_process(tree, 0, &name, &pid), 1);
	ck_assert_str_eq(name, "\xef\xbf\xbd\"\n");
	event = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "traceEvents"), 2);
	ck_assert_str_eq(text_of(cJSON_GetObjectItem(event, "args"), "name"), "(no name) create");
	event = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "traceEvents"), 6);
	ck_assert_str_eq(text_of(event, "name"), "</script>\xef\xbf\xbd\xef\xbf\xbd");
	cJSON_Delete(tree);
	trace_document_free(&d);
}
END_TEST

/* A span shorter than a microsecond is an instant, with the usual fields. */
START_TEST(instant)
{
	struct spans s;
	struct trace_document d = { .base = SPANS_BASE };
	const cJSON *event;
	cJSON *tree;

	spans_make(&s);
	s.spans[1].end = s.spans[1].start + 999;
	chrome_begin(&d);
	chrome_trace(&d, &s.trace);
	chrome_end(&d);
	tree = parsed(&d.out);
	event = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "traceEvents"), 7);
	ck_assert_str_eq(text_of(event, "name"), "schedule");
	ck_assert_str_eq(text_of(event, "ph"), "i");
	ck_assert_str_eq(text_of(event, "s"), "t");
	ck_assert_double_eq(number_of(event, "ts"), 0);
	ck_assert_ptr_null(cJSON_GetObjectItem(event, "dur"));
	ck_assert_str_eq(text_of(cJSON_GetObjectItem(event, "args"), "span_id"),
			 "a000000000000001");
	cJSON_Delete(tree);
	trace_document_free(&d);
}
END_TEST

enum { RANDOM_N = 60 };

struct placed {
	unsigned tid;
	double from, to;
};

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* The first lane of its siblings in which it overlaps none: what `lane` of struct span promises. */
static uint32_t free_lane(const struct span *spans, uint32_t i)
{
	uint32_t lane = 0;

	for (uint32_t k = 1; k < i; k++)
		if (spans[k].parent == spans[i].parent && spans[k].lane == lane &&
		    spans[k].start < spans[i].end && spans[i].start < spans[k].end) {
			lane++;
			k = 0;
		}
	return lane;
}

/* Any tree whose children are within their parents. */
static void grow(struct span *spans, uint32_t seed)
{
	for (uint32_t i = 0; i < RANDOM_N; i++) {
		struct span *s = &spans[i];
		const struct span *parent;
		nsec length;

		*s = (struct span){ .name = STR("s"), .parent = SPAN_NO_PARENT };
		s->id.bytes[0] = (uint8_t)(i + 1);
		s->start = SPANS_BASE;
		s->end = SPANS_BASE + 1000 * 1000 * 1000;
		if (!i)
			continue;
		s->parent = next(&seed) % i;
		parent = &spans[s->parent];
		length = parent->end - parent->start;
		s->start = parent->start + next(&seed) % (length + 1);
		s->end = s->start + next(&seed) % (parent->end - s->start + 1);
		s->lane = free_lane(spans, i);
	}
}

/* On each track of each random tree any two spans nest or do not touch. */
START_TEST(nested)
{
	static const struct resource resource = { .service = { "s", 1 } };
	struct span spans[RANDOM_N];
	struct trace trace = { .id = { { 1 } },
			       .spans = spans,
			       .n_spans = RANDOM_N,
			       .resources = &resource,
			       .n_resources = 1 };
	struct placed placed[RANDOM_N];
	struct trace_document d = { .base = SPANS_BASE };
	cJSON *tree, *event;
	size_t n = 0, pairs = 0;

	grow(spans, (uint32_t)_i);
	chrome_begin(&d);
	chrome_trace(&d, &trace);
	chrome_end(&d);
	tree = parsed(&d.out);
	cJSON_ArrayForEach(event, cJSON_GetObjectItem(tree, "traceEvents"))
	{
		struct placed p = { (unsigned)number_of(event, "tid"), number_of(event, "ts"), 0 };

		if (!strcmp(text_of(event, "ph"), "M"))
			continue;
		p.to = p.from;
		if (cJSON_GetObjectItem(event, "dur"))
			p.to += number_of(event, "dur");
		placed[n++] = p;
	}
	ck_assert_uint_eq(n, RANDOM_N);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			const struct placed *a = &placed[k], *b = &placed[i];

			if (a->tid != b->tid)
				continue;
			pairs++;
			ck_assert_msg(a->to <= b->from || b->to <= a->from ||
					  (a->from <= b->from && b->to <= a->to) ||
					  (b->from <= a->from && a->to <= b->to),
				      "tree %d: %g-%g and %g-%g on track %u", _i, a->from, a->to,
				      b->from, b->to, a->tid);
		}
	ck_assert_uint_gt(pairs, 0);
	/* A child is on its parent's track, or below. */
	for (size_t i = 1; i < n; i++)
		ck_assert_uint_ge(placed[i].tid, placed[spans[i].parent].tid);
	cJSON_Delete(tree);
	trace_document_free(&d);
}
END_TEST

Suite *suite_chrome(void)
{
	Suite *suite = suite_create("chrome");
	TCase *cases = tcase_create("chrome");

	tcase_add_test(cases, one_of_everything);
	tcase_add_test(cases, processes);
	tcase_add_test(cases, no_trace_and_no_name);
	tcase_add_test(cases, instant);
	tcase_add_loop_test(cases, nested, 1, 101);
	suite_add_tcase(suite, cases);
	return suite;
}
