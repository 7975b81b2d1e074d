/* SPDX-License-Identifier: Apache-2.0 */
/* A shipper may write the keys of a record in another order: its records stay the same bytes. */
#include "suites.h"

enum { KEYS = 15, SHUFFLES = 300 };

static const char *const creates[KEYS] = {
	"\"kind\":\"Event\"",
	"\"apiVersion\":\"audit.k8s.io/v1\"",
	"\"level\":\"RequestResponse\"",
	"\"auditID\":\"a1\"",
	"\"stage\":\"ResponseComplete\"",
	"\"requestURI\":\"/api/v1/namespaces/shop/pods?fieldManager=a\\u0026x=y\"",
	"\"verb\":\"create\"",
	"\"user\":{\"username\":\"alice\"}",
	"\"userAgent\":\"kubectl\"",
	"\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\"}",
	"\"responseStatus\":{\"code\":201}",
	"\"requestObject\":{\"metadata\":{\"generateName\":\"web-\"}}",
	"\"responseObject\":{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web-1\",\"uid\":\"u1\"},"
	"\"spec\":{\"restartPolicy\":\"Never\"},\"status\":{\"phase\":\"Pending\"}}",
	"\"requestReceivedTimestamp\":\"2026-11-22T10:00:05.250000Z\",\"stageTimestamp\":"
	"\"2026-11-22T10:00:05.300000Z\"",
	"\"annotations\":{\"cluster\":\"east\",\"authorization.k8s.io/decision\":\"allow\"}",
};

static const char *const patches[KEYS] = {
	"\"kind\":\"Event\"",
	"\"apiVersion\":\"audit.k8s.io/v1beta1\"",
	"\"metadata\":{\"creationTimestamp\":null}",
	"\"timestamp\":\"2026-11-22T10:00:05Z\"",
	"\"level\":\"Request\",\"auditID\":\"a1\"",
	"\"stage\":\"ResponseComplete\"",
	"\"unknown\":[{\"kind\":\"x\"}]",
	"\"requestURI\":\"/api/v1/namespaces/shop/pods/web/status\"",
	"\"verb\":\"patch\"",
	"\"user\":{\"username\":\"system:node:n1\"}",
	"\"userAgent\":\"kubelet\"",
	("\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"web\","
	 "\"subresource\":\"status\"}"),
	"\"responseStatus\":{\"code\":200}",
	"\"requestObject\":{\"status\":{\"phase\":\"Running\"}}",
	"\"requestReceivedTimestamp\":null",
};

static void encode(const char *const *keys, const size_t *order, struct buf *out)
{
	struct decoded all = { 0 };
	struct buf text = { 0 };

	for (size_t i = 0; i < KEYS; i++)
		buf_printf(&text, "%c%s", i ? ',' : '{', keys[order[i]]);
	buf_add_char(&text, '}');
	decoded_text(&all, NULL, buf_str(&text), false);
	ck_assert_msg(all.n == 1, "%.*s", (int)text.n, text.p);
	buf_reset(out);
	record_key(&all.last, out);
	buf_add_str(out, buf_str(&all.bytes));
	buf_free(&text);
	decoded_free(&all);
}

START_TEST(test_top_level)
{
	const char *const *keys = _i ? patches : creates;
	struct buf first = { 0 }, other = { 0 };
	size_t order[KEYS];
	uint64_t seed = 1;

	for (size_t i = 0; i < KEYS; i++)
		order[i] = i;
	encode(keys, order, &first);
	for (int n = 0; n < SHUFFLES; n++) {
		for (size_t i = KEYS; i > 1; i--) {
			size_t k = test_random(&seed) % i, last = order[i - 1];

			order[i - 1] = order[k];
			order[k] = last;
		}
		encode(keys, order, &other);
		ck_assert(str_eq(buf_str(&first), buf_str(&other)));
	}
	buf_free(&first);
	buf_free(&other);
}
END_TEST

/* The same bodies as the API server writes them and with all keys sorted. */
static const struct {
	const char *resource, *written, *sorted;
} bodies[] = {
	{ "pods",
	  "{\"metadata\":{\"name\":\"web\",\"generateName\":\"w-\",\"namespace\":\"shop\",\"uid\":"
	  "\"u1\",\"labels\":{\"b\":\"2\",\"a\":\"1\"},\"deletionTimestamp\":"
	  "\"2026-11-22T10:00:35Z\",\"deletionGracePeriodSeconds\":30},\"status\":{\"phase\":"
	  "\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
	  "\"lastTransitionTime\":\"2026-11-22T10:00:04Z\"}],\"reason\":\"r\"}}",
	  "{\"metadata\":{\"deletionGracePeriodSeconds\":30,\"deletionTimestamp\":"
	  "\"2026-11-22T10:00:35Z\",\"generateName\":\"w-\",\"labels\":{\"a\":\"1\",\"b\":\"2\"},"
	  "\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u1\"},\"status\":{\"conditions\":["
	  "{\"lastTransitionTime\":\"2026-11-22T10:00:04Z\",\"status\":\"True\",\"type\":"
	  "\"Ready\"}],\"phase\":\"Running\",\"reason\":\"r\"}}" },
	{ "pods",
	  "{\"spec\":{\"volumes\":[{\"name\":\"v\"}],\"initContainers\":[{\"name\":\"i\"}],"
	  "\"containers\":[{\"name\":\"c\",\"image\":\"x\"}],\"restartPolicy\":\"Never\","
	  "\"nodeName\":\"n1\"},\"status\":{\"initContainerStatuses\":[{\"name\":\"i\",\"state\":"
	  "{\"running\":{}}}],\"containerStatuses\":[{\"name\":\"c\",\"state\":{\"running\":{}},"
	  "\"lastState\":{\"running\":{}}}]}}",
	  "{\"spec\":{\"containers\":[{\"image\":\"x\",\"name\":\"c\"}],\"initContainers\":["
	  "{\"name\":\"i\"}],\"nodeName\":\"n1\",\"restartPolicy\":\"Never\",\"volumes\":["
	  "{\"name\":\"v\"}]},\"status\":{\"containerStatuses\":[{\"lastState\":{\"running\":{}},"
	  "\"name\":\"c\",\"state\":{\"running\":{}}}],\"initContainerStatuses\":[{\"name\":\"i\","
	  "\"state\":{\"running\":{}}}]}}" },
	{ "events",
	  "{\"metadata\":{\"name\":\"web.x\"},\"involvedObject\":{\"kind\":\"Pod\",\"name\":"
	  "\"web\"},\"reason\":\"r\",\"source\":{\"component\":\"a\",\"host\":\"h\"},"
	  "\"lastTimestamp\":\"2026-11-22T10:00:01Z\",\"count\":1,\"series\":{\"count\":4,"
	  "\"lastObservedTime\":\"2026-11-22T10:00:03Z\"},\"reportingComponent\":\"kubelet\"}",
	  "{\"count\":1,\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"web\"},\"lastTimestamp\":"
	  "\"2026-11-22T10:00:01Z\",\"metadata\":{\"name\":\"web.x\"},\"reason\":\"r\","
	  "\"reportingComponent\":\"kubelet\",\"series\":{\"count\":4,\"lastObservedTime\":"
	  "\"2026-11-22T10:00:03Z\"},\"source\":{\"component\":\"a\",\"host\":\"h\"}}" },
};

START_TEST(test_bodies)
{
	struct event e = { "update", bodies[_i].resource, .name = "web", .code = 200 };
	struct decoded written = { 0 }, sorted = { 0 };

	e.request = e.response = bodies[_i].written;
	decoded_event(&written, &e);
	e.request = e.response = bodies[_i].sorted;
	decoded_event(&sorted, &e);
	ck_assert_uint_eq(written.n, 1);
	ck_assert_str(buf_str(&sorted.records), buf_str(&written.records));
	ck_assert(str_eq(buf_str(&sorted.bytes), buf_str(&written.bytes)));
	decoded_free(&written);
	decoded_free(&sorted);
}
END_TEST

TCase *order_tests(void)
{
	TCase *t = tcase_create("order");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_top_level, 0, 2);
	tcase_add_loop_test(t, test_bodies, 0, ARRAY_SIZE(bodies));
	return t;
}
