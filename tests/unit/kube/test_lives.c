/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about pods besides their delivery: deletion, labels, resizes, claims, actors. */
#include "suites.h"

#define NODE .user = "system:node:n1", .agent = "kubelet/v1.36.0"
#define DELETING ",\"deletionTimestamp\":\"2026-11-22T10:00:35Z\""
#define GRACE DELETING ",\"deletionGracePeriodSeconds\":30"
#define META(rest) "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"uid\":\"u1\"" rest "}}"
#define POD(rest) "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"uid\":\"u1\"}" rest "}"
#define GET .name = "web", .code = 200

struct row {
	struct event event;
	const char *records, *counters;
};

static const struct row rows[] = {
	/* a deletion: how long it may take and what holds it */
	{ { "get", "pods", GET, .response = META(GRACE) },
	  "shop/web uid:u1 200 object | deleting message: code:30 at:5/s by apiserver",
	  "" },
	{ { "get", "pods", GET, .response = META(",\"finalizers\":[\"a/b\",\"c\"]" GRACE) },
	  "shop/web uid:u1 200 object | deleting message:a/b,c code:30 at:5/s by apiserver",
	  "" },
	{ { "get", "pods", GET, .response = META(GRACE ",\"finalizers\":[null,\"\\u0061\",7]") },
	  "shop/web uid:u1 200 object | deleting message:a code:30 at:5/s by apiserver",
	  "" },
	{ { "get", "pods", GET, .response = META(GRACE ",\"finalizers\":[]") },
	  "shop/web uid:u1 200 object | deleting message: code:30 at:5/s by apiserver",
	  "" },
	/* without the grace period the request is only known to be no later */
	{ { "get", "pods", GET, .response = META(DELETING) },
	  "shop/web uid:u1 200 object | deleting message: code:-1 at:35/i by apiserver",
	  "" },
	{ { "get", "pods", GET, .response = META(DELETING ",\"deletionGracePeriodSeconds\":null") },
	  "shop/web uid:u1 200 object | deleting message: code:-1 at:35/i by apiserver",
	  "" },
	/* what holds it is shown while it is deleted only */
	{ { "get", "pods", GET, .response = META(",\"finalizers\":[\"a\"]") },
	  "shop/web uid:u1 200 object | seen code:200 at:5.25/e",
	  "" },
	/* a patch does not show what else there is, an update is whole */
	{ { "patch", "pods", "status", GET, NODE, .request = META(GRACE) },
	  "shop/web uid:u1 node:n1 200 | deleting code:30 at:5/s by apiserver",
	  "" },
	{ { "update", "pods", "status", GET, NODE,
	    .request = META(GRACE ",\"resourceVersion\":\"7\"") },
	  "shop/web uid:u1 node:n1 200 | deleting message: code:30 at:5/s by apiserver",
	  "" },
	/* it needs no finalizers and no time left; unknown is not 0 */
	{ { "delete", "pods", GET, .response = META(DELETING) },
	  "shop/web uid:u1 200 object | delete reason:delete code:200 at:5.25/e | deleting "
	  "message: code:-1 at:35/i by apiserver",
	  "" },
	/* preemption */
	{ { "patch", "pods", "status", GET, .user = "system:kube-scheduler",
	    .request = "{\"status\":{\"nominatedNodeName\":\"n2\"}}" },
	  "shop/web 200 | nominated! subject:n2 by scheduler",
	  "" },
	{ { "get", "pods", GET, .response = POD(",\"status\":{\"nominatedNodeName\":\"n2\"}") },
	  "shop/web uid:u1 200 object | nominated subject:n2",
	  "" },
	{ { "get", "pods", GET, .response = POD(",\"status\":{\"nominatedNodeName\":\"\"}") },
	  "shop/web uid:u1 200 object | seen code:200 at:5.25/e",
	  "" },
	/* debug containers, and how often a container was restarted */
	{ { "get", "pods", GET,
	    .response = POD(",\"status\":{\"ephemeralContainerStatuses\":[{\"name\":\"dbg\","
			    "\"restartCount\":2,\"state\":{\"running\":{\"startedAt\":"
			    "\"2026-11-22T10:00:03Z\"}}}]}") },
	  "shop/web uid:u1 200 object | running subject:dbg count:2 at:3/s",
	  "" },
	/* subresources that answer with the pod; what they were asked for is no label of it */
	{ { "patch", "pods", "resize", GET,
	    .request = "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[]}}",
	    .response = POD(",\"status\":{\"phase\":\"Running\"}") },
	  "shop/web uid:u1 200 object | phase reason:Running",
	  "" },
	{ { "update", "pods", "ephemeralcontainers", GET, .request = POD(""),
	    .response = POD(",\"status\":{\"phase\":\"Running\"}") },
	  "shop/web uid:u1 200 object | phase reason:Running",
	  "" },
};

static const struct row labels[] = {
	{ { "patch", "pods", GET,
	    .request = "{\"metadata\":{\"labels\":{\"x/y\":\"1\",\"b\":\"\",\"c\":null,"
		       "\"$patch\":\"merge\",\"d\":7}}}" },
	  "shop/web 200 | label! subject:b message: at:5.25/e | label! subject:c at:5.25/e"
	  " | label! subject:x/y message:1 at:5.25/e",
	  "" },
	{ { "patch", "pods", GET,
	    .request = "[{\"op\":\"add\",\"path\":\"/metadata/labels/x~1y~0z~01\",\"value\":\"1\"},"
		       "{\"value\":\"2\",\"path\":\"/metadata/labels/b\",\"op\":\"replace\"},"
		       "{\"op\":\"remove\",\"path\":\"/metadata/labels/c\"},"
		       "{\"op\":\"test\",\"path\":\"/metadata/labels/t\",\"value\":\"1\"},"
		       "{\"op\":\"add\",\"path\":\"/metadata/labelsX\",\"value\":\"1\"},"
		       "{\"op\":\"add\",\"path\":\"/metadata/annotations/a\",\"value\":\"1\"},"
		       "{\"op\":\"add\",\"path\":\"/metadata/labels/n\",\"value\":1},7]" },
	  "shop/web 200 | label! subject:b message:2 at:5.25/e | label! subject:c at:5.25/e"
	  " | label! subject:x/y~z~1 message:1 at:5.25/e",
	  "" },
	{ { "patch", "pods", GET,
	    .request = "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"a\":\"1\"}},"
		       "{\"op\":\"remove\",\"path\":\"/metadata/labels\"}]" },
	  "shop/web 200 | label! subject:a message:1 at:5.25/e",
	  "" },
	/* not of what creates or replaces it, nor what was refused */
	{ { "update", "pods", GET, .request = META(",\"labels\":{\"a\":\"b\"}") },
	  "shop/web uid:u1 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "patch", "pods", .name = "web", .code = 201,
	    .request = META(",\"labels\":{\"a\":\"b\"}") },
	  "shop/web 201 object | create code:201 at:5.25/e",
	  "" },
	{ { "patch", "pods", .name = "web", .code = 409,
	    .request = "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}" },
	  "",
	  "" },
	{ { "patch", "pods", GET, .request = "{\"metadata\":null}" },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
};

START_TEST(test_row)
{
	check_event(&rows[_i].event, rows[_i].records, rows[_i].counters);
}
END_TEST

START_TEST(test_label)
{
	check_event(&labels[_i].event, labels[_i].records, labels[_i].counters);
}
END_TEST

/* Only a malicious writer sets more at once. */
START_TEST(test_many_labels)
{
	struct event e = { "patch", "pods", GET };
	struct decoded all = { 0 };
	struct buf body = { 0 };

	buf_printf(&body, "{\"metadata\":{\"labels\":{\"a\":\"\"");
	for (int i = 0; i < 100; i++)
		buf_printf(&body, ",\"k%d\":\"v\"", i);
	buf_add(&body, "}}}", 4);
	e.request = body.p;
	decoded_event(&all, &e);
	ck_assert_uint_eq(all.n, 1);
	ck_assert_uint_eq(all.last.n_facts, 64);
	decoded_free(&all);
	buf_free(&body);
}
END_TEST

#define AS_BOB .more = ",\"impersonatedUser\":{\"username\":\"bob\",\"groups\":[\"g\"]}"
#define BIND .request = "{\"metadata\":{\"name\":\"web\"},\"target\":{\"name\":\"n1\"}}"

static const struct {
	struct event event;
	const char *actor; /* NULL: unknown */
} actors[] = {
	{ { "create", "pods", .name = "web", .code = 201, .response = POD("") }, "alice" },
	{ { "create", "pods", .name = "web", .code = 403 }, "alice" },
	{ { "update", "pods", GET }, "alice" },
	{ { "patch", "pods", "status", GET }, "alice" },
	{ { "delete", "pods", GET }, "alice" },
	{ { "deletecollection", "pods", .code = 200,
	    .response = "{\"items\":[{\"metadata\":{\"name\":\"web\"}}]}" },
	  "alice" },
	{ { "create", "pods", "binding", .name = "web", .code = 201,
	    .user = "system:kube-scheduler", BIND },
	  "system:kube-scheduler" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201 }, "alice" },
	{ { "delete", "pods", GET, AS_BOB }, "bob" },
	{ { "delete", "pods", GET, .more = ",\"impersonatedUser\":{\"username\":\"\"}" }, "alice" },
	{ { "delete", "pods", GET, .user = "" }, NULL },
	{ { "patch", "pods", "status", GET, NODE }, NULL },
	{ { "get", "pods", GET, AS_BOB }, NULL },
	{ { "list", "pods", .code = 200,
	    .response = "{\"items\":[{\"metadata\":{\"name\":\"web\"}}]}" },
	  NULL },
};

START_TEST(test_actor)
{
	struct decoded all = { 0 };

	decoded_event(&all, &actors[_i].event);
	ck_assert_uint_eq(all.n, 1);
	ck_assert(!all.last.actor.p == !actors[_i].actor);
	ck_assert_str(all.last.actor, str_from(actors[_i].actor));
	decoded_free(&all);
}
END_TEST

#define VOLUMES                                                                                    \
	"\"volumes\":[{\"name\":\"v\",\"persistentVolumeClaim\":{\"claimName\":\"data-db-0\"}},"   \
	"{\"ephemeral\":{\"volumeClaimTemplate\":{}},\"name\":\"scratch\"},{\"name\":\"e\","       \
	"\"ephemeral\":null,\"emptyDir\":{}},{\"name\":\"p\",\"persistentVolumeClaim\":{}},"       \
	"{\"name\":\"w\",\"persistentVolumeClaim\":{\"readOnly\":true,\"claimName\":\"w\"}}]"

static const struct {
	const char *body;
	struct str claims; /* a slash for each NUL */
	bool known;
} volumes[] = {
	{ POD(",\"spec\":{" VOLUMES ",\"restartPolicy\":\"Never\"}"),
	  { "data-db-0/web-scratch/w/", 24 },
	  true },
	/* in any order of the keys; without a name what is named after it is left out */
	{ "{\"spec\":{" VOLUMES "},\"metadata\":{\"name\":\"web\"}}",
	  { "data-db-0/web-scratch/w/", 24 },
	  true },
	{ "{\"spec\":{" VOLUMES "}}", { "data-db-0/w/", 12 }, true },
	{ POD(",\"spec\":{\"restartPolicy\":\"Never\"}"), { "", 0 }, true },
	{ POD(""), { "", 0 }, false },
};

START_TEST(test_volumes)
{
	struct event e = { "get", "pods", GET, .response = volumes[_i].body };
	struct decoded all = { 0 };
	struct str claims;

	decoded_event(&all, &e);
	claims = all.last.object->claims;
	ck_assert(!claims.p == !volumes[_i].known);
	ck_assert_uint_eq(claims.n, volumes[_i].claims.n);
	for (size_t i = 0; i < claims.n; i++)
		ck_assert_int_eq(claims.p[i] ? claims.p[i] : '/', volumes[_i].claims.p[i]);
	decoded_free(&all);
}
END_TEST

static const struct {
	const char *spec;
	int64_t grace;
	const char *scheduler;
	bool host_network, gpu;
	uint32_t gates;
} specs[] = {
	{ "", -1, NULL, false, false, 0 },
	{ "\"terminationGracePeriodSeconds\":0,\"schedulerName\":\"s\",\"hostNetwork\":true,"
	  "\"schedulingGates\":[{\"name\":\"a\"},{\"name\":\"b\"}]",
	  0, "s", true, false, 2 },
	{ "\"terminationGracePeriodSeconds\":-5,\"hostNetwork\":false", 1, NULL, false, false, 0 },
	{ "\"terminationGracePeriodSeconds\":null,\"containers\":[{\"name\":\"c\",\"resources\":"
	  "{\"limits\":{\"nvidia.com/gpu\":\"1\"}}}]",
	  -1, NULL, false, true, 0 },
	{ "\"containers\":[{\"name\":\"c\",\"resources\":{\"requests\":{\"nvidia.com/gpu\":2}}},"
	  "{\"name\":\"d\",\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"0\"}}}]",
	  -1, NULL, false, true, 0 },
	{ "\"initContainers\":[{\"name\":\"i\",\"resources\":{\"limits\":{\"nvidia.com/gpu\":1}}}],"
	  "\"containers\":[{\"name\":\"c\",\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"0\"}}}]",
	  -1, NULL, false, false, 0 },
};

START_TEST(test_spec)
{
	char body[600];
	struct event e = { "get", "pods", GET, .response = body };
	struct decoded all = { 0 };
	const struct pod_object *o;

	snprintf(body, sizeof(body), "{\"metadata\":{\"name\":\"web\"},\"spec\":{%s}}",
		 specs[_i].spec);
	decoded_event(&all, &e);
	o = all.last.object;
	ck_assert_int_eq(o->grace, specs[_i].grace);
	ck_assert(!o->scheduler.p == !specs[_i].scheduler);
	ck_assert_str(o->scheduler, str_from(specs[_i].scheduler));
	ck_assert_int_eq(o->host_network, specs[_i].host_network);
	ck_assert_int_eq(o->gpu, specs[_i].gpu);
	ck_assert_uint_eq(o->n_scheduling_gates, specs[_i].gates);
	decoded_free(&all);
}
END_TEST

TCase *lives_tests(void)
{
	TCase *t = tcase_create("lives");

	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, test_label, 0, ARRAY_SIZE(labels));
	tcase_add_test(t, test_many_labels);
	tcase_add_loop_test(t, test_actor, 0, ARRAY_SIZE(actors));
	tcase_add_loop_test(t, test_volumes, 0, ARRAY_SIZE(volumes));
	tcase_add_loop_test(t, test_spec, 0, ARRAY_SIZE(specs));
	return t;
}
