/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "documents/jaeger.h"
#include "spans.h"

#include <cjson/cJSON.h>

#define TRACE "010000000000000000000000000000ff"
#define IDS(n) "\"traceID\":\"" TRACE "\",\"spanID\":\"a00000000000000" n "\""
#define PARENT(n) "{\"refType\":\"CHILD_OF\"," IDS(n) "}"
#define FOLLOWS(n) "{\"refType\":\"FOLLOWS_FROM\"," IDS(n) "}"
#define ELSEWHERE                                                                                  \
	"{\"refType\":\"FOLLOWS_FROM\",\"traceID\":\"ab0000000000000000000000000000cd\","          \
	"\"spanID\":\"ef00000000000001\"}"
#define TAG(key, type, value) "{\"key\":\"" key "\",\"type\":\"" type "\",\"value\":" value "}"
#define INTERNAL                                                                                   \
	TAG("otel.scope.name", "string", "\"lunettes\"")                                           \
	"," TAG("span.kind", "string", "\"internal\"")
#define POD_NAME TAG("k8s.pod.name", "string", "\"web-1\"")
#define BEGIN(n, name, references)                                                                 \
	"{" IDS(n) ",\"operationName\":\"" name "\",\"references\":[" references "],"
#define TIMES(start, duration) "\"startTime\":" start ",\"duration\":" duration ","
#define NO_LOGS "\"logs\":[],"
#define END(process) "\"processID\":\"" process "\",\"warnings\":null}"

/* clang-format off */
/*
 * Every key, every type. 1500 ns are 1 us, and 4 s + 999 ns are 4 s: all times are cut off alike.
 * The root's link to its own grandchild is left out.
 */
static const char expected[] =
	"{\"data\":[\n{\"traceID\":\"" TRACE "\",\"spans\":["
	BEGIN("0", "pod delivery", ELSEWHERE) TIMES("1763806260000000", "10000000")
	"\"tags\":["
	TAG("lunettes.big", "int64", "\"9007199254740993\"") ","
	TAG("lunettes.list", "string", "\"[\\\"a\\\",\\\"b\\\\\\\"c\\\"]\"") ","
	TAG("lunettes.limit", "float64", "480.5") ","
	INTERNAL ","
	TAG("otel.status_code", "string", "\"ERROR\"") ","
	TAG("otel.status_description", "string", "\"too \\\"slow\\\"\"") ","
	TAG("error", "bool", "true") "]," NO_LOGS END("p1") ","

	BEGIN("1", "schedule", PARENT("0")) TIMES("1763806260000000", "1")
	"\"tags\":["
	TAG("lunettes.sure", "bool", "true") ","
	TAG("lunettes.n", "int64", "-7") ","
	INTERNAL ","
	TAG("otel.status_code", "string", "\"OK\"") "]," NO_LOGS END("p2") ","

	BEGIN("2", "pull image", PARENT("0")) TIMES("1763806260000001", "3999999")
	"\"tags\":[" INTERNAL "]," NO_LOGS END("p3") ","

	BEGIN("3", "pull image", PARENT("0")) TIMES("1763806262000000", "4000000")
	"\"tags\":["
	INTERNAL ","
	TAG("lunettes.open", "bool", "true") ","
	TAG("otel.dropped_events_count", "int64", "12") "],"
	"\"logs\":[{\"timestamp\":1763806262500000,\"fields\":["
	TAG("event", "string", "\"Pulling\"") ","
	TAG("lunettes.by", "string", "\"kubelet\"") "]}]," END("p3") ","

	BEGIN("4", "unpack", PARENT("3")) TIMES("1763806263000000", "3000000")
	"\"tags\":[" INTERNAL "]," NO_LOGS END("p3") ","

	BEGIN("5", "start", PARENT("0") "," ELSEWHERE "," FOLLOWS("4"))
	TIMES("1763806267000000", "1000000")
	"\"tags\":[" INTERNAL "]," NO_LOGS END("p3") "],"

	"\"processes\":{\"p1\":{\"serviceName\":\"pod\",\"tags\":[" POD_NAME "]},"
	"\"p2\":{\"serviceName\":\"kube-scheduler\",\"tags\":[" POD_NAME "]},"
	"\"p3\":{\"serviceName\":\"kubelet\",\"tags\":[" POD_NAME ","
	TAG("k8s.node.name", "string", "\"n1\"") "]}},\"warnings\":null}\n]}\n";
/* clang-format on */

START_TEST(one_of_everything)
{
	struct spans s;
	struct trace_document d = { 0 };

	spans_make(&s);
	ck_assert_ptr_null(trace_invariant(&s.trace));
	jaeger_begin(&d);
	jaeger_trace(&d, &s.trace);
	jaeger_end(&d);
	spans_check_document(&d, expected);
}
END_TEST

static cJSON *parsed(const struct buf *out)
{
	cJSON *tree = cJSON_ParseWithLength(out->p, out->n);

	ck_assert_ptr_nonnull(tree);
	return tree;
}

/* No trace and many are JSON. */
START_TEST(any_number)
{
	struct spans s;
	struct trace_document d = { 0 };
	cJSON *tree;

	spans_make(&s);
	jaeger_begin(&d);
	for (int i = 0; i < _i; i++)
		jaeger_trace(&d, &s.trace);
	jaeger_end(&d);
	tree = parsed(&d.out);
	ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(tree, "data")), _i);
	cJSON_Delete(tree);
	trace_document_free(&d);
}
END_TEST

/* What strangers put into names and messages: quotes, newlines, torn UTF-8, a script's end. */
START_TEST(hostile)
{
	static const struct str list[] = { { "\xff\n", 2 } };
	static const struct attribute attributes[] = {
		{ .key = { "lunettes.list", 13 },
		  .type = ATTRIBUTE_TEXTS,
		  .texts = list,
		  .n_texts = 1 },
	};
	struct spans s;
	struct trace_document d = { 0 };
	cJSON *tree, *span, *tag;

	spans_make(&s);
	s.spans[0].name = STR("a\"b\\\n</script>\xc3");
	s.spans[0].attributes = (struct attributes){ attributes, 1 };
	jaeger_begin(&d);
	jaeger_trace(&d, &s.trace);
	jaeger_end(&d);
	tree = parsed(&d.out);
	span = cJSON_GetArrayItem(
	    cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "data"), 0), "spans"),
	    0);
	ck_assert_str_eq(cJSON_GetObjectItem(span, "operationName")->valuestring,
			 "a\"b\\\n</script>\xef\xbf\xbd");
	tag = cJSON_GetArrayItem(cJSON_GetObjectItem(span, "tags"), 0);
	ck_assert_str_eq(cJSON_GetObjectItem(tag, "value")->valuestring, "[\"\xef\xbf\xbd\\n\"]");
	cJSON_Delete(tree);
	trace_document_free(&d);
}
END_TEST

Suite *suite_jaeger(void)
{
	Suite *suite = suite_create("jaeger");
	TCase *cases = tcase_create("jaeger");

	tcase_add_test(cases, one_of_everything);
	tcase_add_loop_test(cases, any_number, 0, 4);
	tcase_add_test(cases, hostile);
	suite_add_tcase(suite, cases);
	return suite;
}
