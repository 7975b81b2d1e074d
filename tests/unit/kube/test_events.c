/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes Events of both API groups. */
#include "suites.h"

/* 10:00:02.5 as client-go's recorders write it: nanoseconds since 1970 in hexadecimal */
#define NANOS "18ea55ace37e3900"
#define KUBELET .user = "system:node:n1", .agent = "kubelet/v1.36.0"
#define POD "\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"web\",\"uid\":\"u1\""
#define CORE(name, more)                                                                           \
	"{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" name "\","           \
	"\"namespace\":\"shop\"},\"involvedObject\":{" POD                                         \
	",\"fieldPath\":\"spec.containers{c}\"},\"reason\":\"Pulled\",\"message\":\"m\","          \
	"\"source\":{\"component\":\"kubelet\",\"host\":\"n1\"}," more                             \
	"\"type\":\"Normal\",\"reportingComponent\":\"kubelet\",\"reportingInstance\":\"n1\"}"
#define FIRST                                                                                      \
	"\"firstTimestamp\":\"2026-11-22T10:00:02Z\",\"lastTimestamp\":\"2026-11-22T10:00:02Z\","  \
	"\"count\":1,"
#define AGAIN                                                                                      \
	"\"firstTimestamp\":\"2026-11-22T10:00:02Z\",\"lastTimestamp\":\"2026-11-22T10:00:04Z\","  \
	"\"count\":3,"
#define PULLED "event! subject:c reason:Pulled message:m count:"
#define NEW(name, more)                                                                            \
	"{\"kind\":\"Event\",\"apiVersion\":\"events.k8s.io/v1\",\"metadata\":{\"name\":\"" name   \
	"\"},\"eventTime\":\"2026-11-22T10:00:03.000123Z\"," more "\"reportingController\":"       \
	"\"default-scheduler\",\"reason\":\"FailedScheduling\",\"regarding\":{" POD "},"           \
	"\"note\":\"0/3\",\"type\":\"Warning\",\"deprecatedSource\":{},"                           \
	"\"deprecatedFirstTimestamp\":null,\"deprecatedLastTimestamp\":null}"
#define SCHEDULER .user = "system:kube-scheduler", .group = "events.k8s.io"
#define UNSCHEDULED "event!+ reason:FailedScheduling message:0/3 count:"

static const struct row {
	struct event event;
	const char *records;
} rows[] = {
	{ { "create", "events", .name = "web." NANOS, .code = 201, KUBELET,
	    .request = CORE("web." NANOS, FIRST), .response = CORE("web." NANOS, FIRST) },
	  "shop/web uid:u1 node:n1 201 | " PULLED "1 at:2.5/e begin:2.5 by kubelet" },
	{ { "create", "events", .name = "web." NANOS, .code = 201, KUBELET,
	    .request = CORE("web." NANOS, FIRST), .level = "Request" },
	  "shop/web uid:u1 node:n1 201 | " PULLED "1 at:2.5/e begin:2.5 by kubelet" },
	/* claims have Events of their own */
	{ { "create", "events", .name = "data.1", .code = 201,
	    .user = "system:serviceaccount:kube-system:persistent-volume-binder",
	    .request = "{\"metadata\":{\"name\":\"data.1\"},\"involvedObject\":{\"kind\":"
		       "\"PersistentVolumeClaim\",\"namespace\":\"shop\",\"name\":\"data\","
		       "\"uid\":\"c1\"},\"reason\":\"ProvisioningFailed\",\"type\":\"Warning\","
		       "\"source\":{\"component\":\"persistentvolume-controller\"},"
		       "\"firstTimestamp\":\"2026-11-22T10:00:02Z\"}" },
	  "shop/data uid:c1 201 claim | event!+ reason:ProvisioningFailed count:1 at:2/s begin:2 "
	  "by controller" },
	/* it came again: the name has the first time, lastTimestamp the last */
	{ { "patch", "events", .name = "web." NANOS, .code = 200, KUBELET,
	    .request = "{\"count\":3,\"lastTimestamp\":\"2026-11-22T10:00:04Z\"}",
	    .response = CORE("web." NANOS, AGAIN) },
	  "shop/web uid:u1 node:n1 200 | " PULLED "3 at:4/s begin:2.5 by kubelet" },
	{ { "update", "events", .name = "web." NANOS, .code = 200, KUBELET,
	    .request = CORE("web." NANOS, AGAIN) },
	  "shop/web uid:u1 node:n1 200 | " PULLED "3 at:4/s begin:2.5 by kubelet" },
	/* a patch alone does not name its object */
	{ { "patch", "events", .name = "web." NANOS, .code = 200, KUBELET,
	    .request = "{\"count\":3,\"lastTimestamp\":\"2026-11-22T10:00:04Z\"}" },
	  "" },
	/* names without a time: a UUID (1.33 and later), something of an operator's */
	{ { "create", "events", .name = "web.0e7bb2a7-93a5-4f1e-8c0b-6d4c5e1a2b3c", .code = 201,
	    KUBELET, .request = CORE("web.0e7bb2a7-93a5-4f1e-8c0b-6d4c5e1a2b3c", FIRST) },
	  "shop/web uid:u1 node:n1 201 | " PULLED "1 at:2/s begin:2 by kubelet" },
	{ { "create", "events", .name = "x", .code = 201, KUBELET,
	    .request = CORE("x", "\"count\":0,") },
	  "shop/web uid:u1 node:n1 201 | " PULLED "1 at:5.25/i begin:5.25 by kubelet" },
	{ { "create", "events", .name = "x", .code = 201, KUBELET,
	    .request = CORE("x", "\"eventTime\":\"2026-11-22T10:00:01.5Z\",") },
	  "shop/web uid:u1 node:n1 201 | " PULLED "1 at:1.5/e begin:1.5 by kubelet" },
	/* the other group, whose times are microseconds */
	{ { "create", "events", .name = "web." NANOS, .code = 201, SCHEDULER,
	    .response = NEW("web." NANOS, "") },
	  "shop/web uid:u1 201 | " UNSCHEDULED "1 at:2.5/e begin:2.5 by scheduler" },
	{ { "create", "events", .name = "web.x", .code = 201, SCHEDULER,
	    .response = NEW("web.x", "") },
	  "shop/web uid:u1 201 | " UNSCHEDULED "1 at:3.000123/e begin:3.000123 by scheduler" },
	{ { "patch", "events", .name = "web." NANOS, .code = 200, SCHEDULER,
	    .response = NEW("web." NANOS, "\"deprecatedCount\":1,\"series\":{\"count\":5,"
					  "\"lastObservedTime\":\"2026-11-22T10:00:04.5Z\"},") },
	  "shop/web uid:u1 200 | " UNSCHEDULED "5 at:4.5/s begin:2.5 by scheduler" },
	/* the series wins, wherever it is */
	{ { "patch", "events", .name = "web." NANOS, .code = 200, SCHEDULER,
	    .response = NEW("web." NANOS, "\"series\":{\"count\":5,\"lastObservedTime\":"
					  "\"2026-11-22T10:00:04.5Z\"},\"deprecatedCount\":1,") },
	  "shop/web uid:u1 200 | " UNSCHEDULED "5 at:4.5/s begin:2.5 by scheduler" },
	/* about other things, or about nothing */
	{ { "create", "events", .name = "n1." NANOS, .code = 201, KUBELET,
	    .request = "{\"metadata\":{\"name\":\"n1." NANOS
		       "\"},\"involvedObject\":{\"kind\":\"Node\",\"name\":\"n1\"}}" },
	  "" },
	{ { "create", "events", .name = "web." NANOS, .code = 201, KUBELET,
	    .request = "{\"involvedObject\":{\"kind\":\"Pod\"},\"reason\":\"Pulled\"}" },
	  "" },
	{ { "create", "events", .name = "web." NANOS, .code = 409, KUBELET,
	    .request = CORE("web." NANOS, FIRST) },
	  "" },
	{ { "delete", "events", .name = "web." NANOS, .code = 200,
	    .response = CORE("web." NANOS, FIRST) },
	  "" },
	{ { "create", "events", .name = "web." NANOS, .code = 201, KUBELET,
	    .request = CORE("web." NANOS, FIRST), .uri = "/x?dryRun=All" },
	  "" },
	/* Metadata: the name alone, of a pod or of a node; only these two write it so */
	{ { "create", "events", .name = "web.v1." NANOS, .code = 201, KUBELET,
	    .level = "Metadata" },
	  "shop/web.v1 node:n1 201 maybe | event! count:1 at:2.5/e begin:2.5 by kubelet" },
	{ { "create", "events", .name = "web." NANOS, .code = 201, SCHEDULER, .level = "Metadata" },
	  "shop/web 201 maybe | event! count:1 at:2.5/e begin:2.5 by scheduler" },
	{ { "create", "events", .name = "web." NANOS, .code = 201, .level = "Metadata" }, "" },
	{ { "patch", "events", .name = "web." NANOS, .code = 200, KUBELET, .level = "Metadata" },
	  "" },
	{ { "create", "events", .name = "web.0e7bb2a7-93a5-4f1e-8c0b-6d4c5e1a2b3c", .code = 201,
	    KUBELET, .level = "Metadata" },
	  "" },
};

START_TEST(test_event)
{
	check_event(&rows[_i].event, rows[_i].records, "");
}
END_TEST

/* 1e18 nanoseconds were in 2001, 2^63 in 2262: 15 or 16 digits; nothing else is a time. */
static const struct {
	const char *name;
	bool ok;
} names[] = {
	{ "web." NANOS, true },
	{ "a.b.c." NANOS, true },
	{ "web.de0b6b3a7640000", true },  /* 1e18 */
	{ "web.de0b6b3a763ffff", false }, /* 1 less */
	{ "web.7fffffffffffffff", true }, /* 2^63 - 1 */
	{ "web.8000000000000000", false },
	{ "web." NANOS "0", false },
	{ "web.18ea55ace37e39", false },
	{ "web.18ea55ace37e390g", false },
	{ "web." NANOS ".", false },
	{ "." NANOS, false },
	{ NANOS, false },
	{ "", false },
};

START_TEST(test_name)
{
	struct event e = { "create",	"events", .name = names[_i].name,
			   .code = 201, KUBELET,  .level = "Metadata" };
	struct decoded all = { 0 };

	decoded_event(&all, &e);
	ck_assert_uint_eq(all.n, names[_i].ok);
	decoded_free(&all);
}
END_TEST

static const struct {
	const char *path, *container;
} paths[] = {
	{ "spec.containers{web}", "web" },
	{ "spec.initContainers{init-1}", "init-1" },
	{ "spec.ephemeralContainers{debug}", "debug" },
	{ "spec.containers{w}", "w" },
	{ "spec.containers{}", NULL },
	{ "spec.containers{web", NULL },
	{ "spec.containers", NULL },
	{ "metadata.containers{web}", NULL },
	{ "", NULL },
};

START_TEST(test_field_path)
{
	char body[400];
	struct event e = { "create", "events", .name = "x", .code = 201, .request = body };
	struct decoded all = { 0 };

	snprintf(body, sizeof(body), "{\"involvedObject\":{" POD ",\"fieldPath\":\"%s\"}}",
		 paths[_i].path);
	decoded_event(&all, &e);
	ck_assert_uint_eq(all.n, 1);
	ck_assert_str(all.last.facts[0].subject, str_from(paths[_i].container));
	ck_assert_int_eq(all.last.facts[0].code,
			 !strncmp(paths[_i].path, "spec.initContainers{", 20));
	decoded_free(&all);
}
END_TEST

/* The Event names its reporter; only if it does not, the request counts. */
static const struct {
	const char *reporter;
	enum origin origin;
} reporters[] = {
	{ "\"source\":{\"component\":\"kubelet\"}", ORIGIN_KUBELET },
	{ "\"reportingComponent\":\"kubelet\"", ORIGIN_KUBELET },
	{ "\"reportingComponent\":\"kubelet\",\"source\":{\"component\":\"\"}", ORIGIN_KUBELET },
	{ "\"source\":{\"component\":\"default-scheduler\"}", ORIGIN_SCHEDULER },
	{ "\"reportingController\":\"my-scheduler\"", ORIGIN_SCHEDULER },
	{ "\"source\":{\"component\":\"replicaset-controller\"}", ORIGIN_CONTROLLER },
	{ "\"source\":{\"component\":\"controllermanager\"}", ORIGIN_CONTROLLER },
	{ "\"source\":{\"component\":\"cluster-autoscaler\"}", ORIGIN_OTHER },
	{ "\"source\":{}", ORIGIN_KUBELET },
};

START_TEST(test_reporter)
{
	char body[400];
	struct event e = { "create", "events", .name = "x", .code = 201, KUBELET, .request = body };
	struct decoded all = { 0 };

	snprintf(body, sizeof(body), "{\"involvedObject\":{" POD "},%s}", reporters[_i].reporter);
	decoded_event(&all, &e);
	ck_assert_uint_eq(all.n, 1);
	ck_assert_int_eq(all.last.facts[0].origin, reporters[_i].origin);
	decoded_free(&all);
}
END_TEST

/* An Event's way to the API server: received minus the time in its name, the least of all. */
START_TEST(test_delay)
{
	struct event e = { "create",	"events", .name = "web." NANOS,
			   .code = 201, KUBELET,  .request = CORE("web." NANOS, FIRST) };
	struct decoded all = { 0 };
	struct node *node;

	decoded_event(&all, &e);
	e.request = NULL; /* Metadata: the node is the writer's */
	decoded_event(&all, &e);
	e.request = CORE("web." NANOS, AGAIN); /* its repetition proves nothing about the clock */
	decoded_event(&all, &e);
	e.user = "alice"; /* only Events of the node's own kubelet count */
	e.request =
	    "{\"involvedObject\":{" POD "},\"source\":{\"component\":\"x\",\"host\":\"n1\"}}";
	decoded_event(&all, &e);
	node = context_node(decoder_context(all.decoder), STR(""), STR("n1"));
	ck_assert_uint_eq(node->delays.n, 2);
	ck_assert_int_eq(node->delays.least, 2750 * (SECOND / 1000));
	decoded_free(&all);
}
END_TEST

TCase *events_tests(void)
{
	TCase *t = tcase_create("events");

	tcase_add_loop_test(t, test_event, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, test_name, 0, ARRAY_SIZE(names));
	tcase_add_loop_test(t, test_field_path, 0, ARRAY_SIZE(paths));
	tcase_add_loop_test(t, test_reporter, 0, ARRAY_SIZE(reporters));
	tcase_add_test(t, test_delay);
	return t;
}
