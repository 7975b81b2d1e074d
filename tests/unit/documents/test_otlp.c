/* SPDX-License-Identifier: Apache-2.0 */
/* OTLP JSON, to the byte: the keys and types are those of the protocol's own documents. */
#include "suites.h"

#include "documents/otlp.h"

#define TRACE "0102030405060708090a0b0c0d0e0fff"
#define TEXT(key, text) "{\"key\":\"" key "\",\"value\":{\"stringValue\":\"" text "\"}}"

/* clang-format off */
static const char expected[] =
	"{\"resourceSpans\":["
	"{\"resource\":{\"attributes\":[" TEXT("service.name", "web") ","
	TEXT("k8s.pod.name", "web-0") "]},"
	"\"scopeSpans\":[{\"scope\":{\"name\":\"lunettes\"},\"spans\":["
	"{\"traceId\":\"" TRACE "\",\"spanId\":\"00000000000000a0\",\"name\":\"pod create\","
	"\"kind\":1,"
	"\"startTimeUnixNano\":\"1763806260000000001\",\"endTimeUnixNano\":\"1763806261000000000\","
	"\"attributes\":["
	TEXT("text", "a \\\"b\\\"\\n\\u0001\xef\xbf\xbd") ","
	"{\"key\":\"number\",\"value\":{\"intValue\":\"-9223372036854775808\"}},"
	"{\"key\":\"truth\",\"value\":{\"boolValue\":true}},"
	"{\"key\":\"texts\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"x\"},"
	"{\"stringValue\":\"y\"}]}}},"
	"{\"key\":\"seconds\",\"value\":{\"doubleValue\":1.000000001}}],"
	"\"events\":[{\"timeUnixNano\":\"1763806260000000002\",\"name\":\"Pulling\","
	"\"attributes\":[" TEXT("k", "v") "]},"
	"{\"timeUnixNano\":\"1763806260000000003\",\"name\":\"Pulled\"}],\"droppedEventsCount\":7,"
	"\"links\":[{\"traceId\":\"" TRACE "\",\"spanId\":\"00000000000000b0\","
	"\"attributes\":[" TEXT("k", "v") "]}],"
	"\"status\":{\"code\":2,\"message\":\"no\"}}]}]},"
	"{\"resource\":{\"attributes\":[" TEXT("service.name", "kubelet") "]},"
	"\"scopeSpans\":[{\"scope\":{\"name\":\"lunettes\"},\"spans\":["
	"{\"traceId\":\"" TRACE "\",\"spanId\":\"00000000000000b0\","
	"\"parentSpanId\":\"00000000000000a0\","
	"\"name\":\"start\",\"kind\":1,"
	"\"startTimeUnixNano\":\"1763806260000000001\",\"endTimeUnixNano\":\"1763806260000000001\","
	"\"attributes\":[{\"key\":\"lunettes.open\",\"value\":{\"boolValue\":true}}],"
	"\"status\":{\"code\":1}}]}]}]}\n";
/* clang-format on */

START_TEST(one_of_everything)
{
	static const struct str texts[] = { { "x", 1 }, { "y", 1 } };
	const struct attribute all[] = {
		{ .key = STR("text"), .type = ATTRIBUTE_TEXT, .text = STR("a \"b\"\n\x01\xff") },
		{ .key = STR("number"), .type = ATTRIBUTE_NUMBER, .number = INT64_MIN },
		{ .key = STR("truth"), .type = ATTRIBUTE_TRUTH, .number = 1 },
		{ .key = STR("texts"), .type = ATTRIBUTE_TEXTS, .texts = texts, .n_texts = 2 },
		{ .key = STR("seconds"), .type = ATTRIBUTE_SECONDS, .number = SECOND + 1 },
	};
	const struct attribute kv = { .key = STR("k"), .type = ATTRIBUTE_TEXT, .text = STR("v") };
	const struct attribute pod = { .key = STR("k8s.pod.name"),
				       .type = ATTRIBUTE_TEXT,
				       .text = STR("web-0") };
	const nsec at = (nsec)1763806260 * SECOND;
	const struct span_event events[] = {
		{ .at = at + 2, .name = STR("Pulling"), .attributes = { &kv, 1 } },
		{ .at = at + 3, .name = STR("Pulled") },
	};
	struct trace trace = { .id = {
				   { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255 } } };
	struct span_link link = { .trace = trace.id,
				  .span = { { [7] = 0xb0 } },
				  .attributes = { &kv, 1 } };
	struct span spans[] = {
		{ .id = { { [7] = 0xa0 } },
		  .parent = SPAN_NO_PARENT,
		  .name = STR("pod create"),
		  .start = at + 1,
		  .end = at + SECOND,
		  .attributes = { all, ARRAY_SIZE(all) },
		  .events = events,
		  .n_events = 2,
		  .dropped_events = 7,
		  .links = &link,
		  .n_links = 1,
		  .status = SPAN_ERROR,
		  .message = STR("no") },
		{ .id = { { [7] = 0xb0 } },
		  .resource = 1,
		  .name = STR("start"),
		  .start = at + 1,
		  .end = at + 1,
		  .open = true,
		  .status = SPAN_OK },
	};
	const struct resource resources[] = {
		{ .service = STR("web"), .attributes = { &pod, 1 } },
		{ .service = STR("kubelet") },
	};
	struct trace_document d = { 0 };

	trace.spans = spans;
	trace.n_spans = 2;
	trace.resources = resources;
	trace.n_resources = 2;
	otlp_trace(&d, &trace);
	buf_add_char(&d.out, 0);
	ck_assert_str_eq(d.out.p, expected);
	trace_document_free(&d);
}
END_TEST

Suite *suite_otlp(void)
{
	Suite *s = suite_create("otlp");
	TCase *t = tcase_create("otlp");

	tcase_add_test(t, one_of_everything);
	suite_add_tcase(s, t);
	return s;
}
