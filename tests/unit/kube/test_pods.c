/* SPDX-License-Identifier: Apache-2.0 */
/* The lifecycle of pods: create, binding, eviction, delete, deletecollection. */
#include "suites.h"

#define POD_REQUEST                                                                                \
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\"},"                 \
	"\"spec\":{\"restartPolicy\":\"Always\",\"containers\":[{\"name\":\"c\"}]}}"
#define GENERATE_REQUEST                                                                           \
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"generateName\":\"web-\"},"        \
	"\"spec\":{\"restartPolicy\":\"Always\"}}"
#define POD_RESPONSE(name)                                                                         \
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" name "\","             \
	"\"namespace\":\"shop\",\"uid\":\"u1\",\"creationTimestamp\":\"2026-11-22T10:00:05Z\"},"   \
	"\"spec\":{\"restartPolicy\":\"Always\"},\"status\":{\"phase\":\"Pending\"}}"
#define STATUS_BODY "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"code\":201}"
#define CREATED "| create code:201 at:5.25/e"
#define URI "/api/v1/namespaces/shop/pods?fieldManager=x\\u0026dryRun=All"

struct row {
	struct event event;
	const char *records, *counters;
};

static const struct row creates[] = {
	{ { "create", "pods", .name = "web", .code = 201, .request = POD_REQUEST,
	    .response = POD_RESPONSE("web") },
	  "shop/web uid:u1 201 object " CREATED " | phase reason:Pending",
	  "" },
	/* the name is only in the response */
	{ { "create", "pods", .code = 201, .request = GENERATE_REQUEST,
	    .response = POD_RESPONSE("web-x2x4z") },
	  "shop/web-x2x4z uid:u1 201 object " CREATED " | phase reason:Pending",
	  "" },
	{ { "create", "pods", .code = 201, .request = GENERATE_REQUEST, .level = "Request" },
	  "",
	  "unattributed 1" },
	{ { "create", "pods", .code = 201, .level = "Metadata" }, "", "unattributed 1" },
	/* of a damaged answer only the name is used */
	{ { "create", "pods", .code = 201, .request = GENERATE_REQUEST,
	    .response = "{\"metadata\":{\"name\":\"web-x2x4z\",\"uid\":\"u1\","
			"\"labels\":\"\x1b\"}}" },
	  "shop/web-x2x4z 201 object " CREATED,
	  "malformed 1" },
	/* at Metadata level objectRef has the name that the body gave */
	{ { "create", "pods", .name = "web", .code = 201, .level = "Metadata" },
	  "shop/web 201 " CREATED,
	  "" },
	/* level Request: what was asked for is all there is, its UID is not known */
	{ { "create", "pods", .name = "web", .code = 201, .request = POD_REQUEST,
	    .level = "Request" },
	  "shop/web 201 object " CREATED,
	  "" },
	/* a response that is no pod: a Status, a string instead of a large body */
	{ { "create", "pods", .name = "web", .code = 201, .response = STATUS_BODY },
	  "shop/web 201 " CREATED,
	  "" },
	{ { "create", "pods", .name = "web", .code = 201, .request = "\"skipped-too-big\"",
	    .response = "\"skipped-too-big\"" },
	  "shop/web 201 " CREATED,
	  "" },
	{ { "create", "pods", .name = "web", .code = 201,
	    .more = ",\"annotations\":{\"audit.k8s.io/truncated\":\"true\"}" },
	  "shop/web 201 " CREATED,
	  "truncated 1" },
	/* a mirror pod is created by its kubelet */
	{ { "create", "pods", .name = "etcd-n1", .code = 201, .user = "system:node:n1",
	    .level = "Metadata" },
	  "shop/etcd-n1 node:n1 201 " CREATED " by kubelet",
	  "" },
	{ { "create", "pods", .name = "web", .code = 201, .uri = URI, .request = POD_REQUEST,
	    .response = POD_RESPONSE("web") },
	  "",
	  "dryRun 1" },
	{ { "create", "pods", .name = "web", .code = 403, .uri = URI, .message = "x" },
	  "",
	  "dryRun 1" },
	/* the UID in a request is that of a static pod, not of its mirror */
	{ { "create", "pods", .name = "etcd-n1", .uid = "static", .code = 201,
	    .user = "system:node:n1", .level = "Metadata" },
	  "shop/etcd-n1 node:n1 201 " CREATED " by kubelet",
	  "" },
	/* it is unknown how it ended */
	{ { "create", "pods", .name = "web", .request = POD_REQUEST }, "", "" },
	/* server-side apply makes a pod without any create */
	{ { "patch", "pods", .name = "web", .code = 201, .request = POD_REQUEST,
	    .response = POD_RESPONSE("web") },
	  "shop/web uid:u1 201 object " CREATED " | phase reason:Pending",
	  "" },
	/* other groups have pods too */
	{ { "create", "pods", .name = "web", .code = 201, .group = "metrics.k8s.io" }, "", "" },
	{ { "create", "pods", "attach", .name = "web", .code = 101 },
	  "shop/web 101 | seen code:101 at:5.25/e",
	  "" },
};

/* Every class of refusal: each is a fact, whether it is final is the timeline's question. */
static const struct row refused[] = {
	{ { "create", "pods", .name = "web", .code = 403, .request = POD_REQUEST,
	    .message = "pods web is forbidden: exceeded quota: q, requested: pods=1" },
	  "shop/web 403 object | create reason:QuotaExceeded message:pods web is forbidden: "
	  "exceeded quota: q, requested: pods=1 code:403 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .code = 403, .request = GENERATE_REQUEST, .message = "no" },
	  "shop/ 403 object | create reason:Forbidden message:no code:403 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .code = 403, .level = "Metadata" },
	  "shop/ 403 | create reason:Forbidden code:403 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 400 },
	  "shop/web 400 | create reason:BadRequest code:400 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 401 },
	  "shop/web 401 | create reason:Unauthorized code:401 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 404,
	    .message = "namespaces \\\"shop\\\" not found" },
	  "shop/web 404 | create reason:NamespaceMissing message:namespaces \"shop\" not found "
	  "code:404 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 409 },
	  "shop/web 409 | create reason:AlreadyExists code:409 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 422 },
	  "shop/web 422 | create reason:InvalidSpec code:422 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 429 },
	  "shop/web 429 | create reason:APIThrottled code:429 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 500,
	    .message = "failed calling webhook \\\"w\\\": EOF" },
	  "shop/web 500 | create reason:WebhookUnavailable message:failed calling webhook "
	  "\"w\": EOF code:500 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 503 },
	  "shop/web 503 | create reason:APIServerError code:503 at:5.25/e",
	  "refusedCreates 1" },
	{ { "create", "pods", .name = "web", .code = 504 },
	  "shop/web 504 | create reason:APIServerTimeout code:504 at:5.25/e",
	  "refusedCreates 1" },
	/* a handler that panics answers 500 */
	{ { "create", "pods", .name = "web", .code = 500, .stage = "Panic" },
	  "shop/web 500 | create reason:APIServerError code:500 at:5.25/e",
	  "stagePanic 1 refusedCreates 1" },
	/* a name that only the body gives */
	{ { "create", "pods", .code = 403, .request = POD_REQUEST },
	  "shop/web 403 object | create reason:Forbidden code:403 at:5.25/e",
	  "refusedCreates 1" },
};

#define BINDING                                                                                    \
	"{\"kind\":\"Binding\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\","              \
	"\"namespace\":\"shop\",\"uid\":\"u1\"},\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}"
#define SCHEDULER .user = "system:kube-scheduler", .agent = "kube-scheduler/v1.36.0"

static const struct row bindings[] = {
	{ { "create", "pods", "binding", .name = "web", .code = 201, SCHEDULER, .request = BINDING,
	    .response = STATUS_BODY },
	  "shop/web uid:u1 201 | bind subject:n1 code:201 at:5.25/e by scheduler",
	  "" },
	/* the old path: POST to namespaces/shop/bindings */
	{ { "create", "bindings", .code = 201, SCHEDULER, .request = BINDING },
	  "shop/web uid:u1 201 | bind subject:n1 code:201 at:5.25/e by scheduler",
	  "" },
	{ { "create", "bindings", .namespace = "-", .code = 201, SCHEDULER, .request = BINDING },
	  "shop/web uid:u1 201 | bind subject:n1 code:201 at:5.25/e by scheduler",
	  "" },
	/* at Metadata level the node cannot be known */
	{ { "create", "pods", "binding", .name = "web", .uid = "u1", .code = 201, SCHEDULER,
	    .level = "Metadata" },
	  "shop/web uid:u1 201 | bind code:201 at:5.25/e by scheduler",
	  "" },
	{ { "create", "pods", "binding", .name = "web", .code = 409, SCHEDULER,
	    .request = BINDING },
	  "shop/web uid:u1 409 | bind subject:n1 code:409 at:5.25/e by scheduler",
	  "" },
	{ { "create", "pods", "binding", .name = "web", .code = 201, SCHEDULER, .uri = URI,
	    .request = BINDING },
	  "",
	  "dryRun 1" },
	/* a scheduler of the cluster's own is no kube-scheduler */
	{ { "create", "pods", "binding", .name = "web", .code = 201,
	    .user = "system:serviceaccount:a:b", .agent = "volcano/1", .request = BINDING },
	  "shop/web uid:u1 201 | bind subject:n1 code:201 at:5.25/e",
	  "" },
};

#define EVICTION(options)                                                                          \
	"{\"kind\":\"Eviction\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"}" options "}"
#define PDB "Cannot evict pod as it would violate the pod's disruption budget."

static const struct row evictions[] = {
	{ { "create", "pods", "eviction", .name = "web", .code = 201, .request = EVICTION(""),
	    .response = STATUS_BODY },
	  "shop/web 201 | delete reason:eviction code:201 at:5.25/e",
	  "" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201, .level = "Metadata" },
	  "shop/web 201 | delete reason:eviction code:201 at:5.25/e",
	  "" },
	{ { "create", "pods", "eviction", .name = "web", .code = 429, .message = PDB,
	    .request = EVICTION("") },
	  "shop/web 429 | delete reason:eviction message:" PDB " code:429 at:5.25/e",
	  "" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201, .uri = URI },
	  "",
	  "dryRun 1" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201,
	    .request = EVICTION(",\"deleteOptions\":{\"dryRun\":[\"All\"]}") },
	  "",
	  "dryRun 1" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201,
	    .request = EVICTION(",\"deleteOptions\":{\"gracePeriodSeconds\":30}") },
	  "shop/web 201 | delete reason:eviction code:201 at:5.25/e",
	  "" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201,
	    .request = EVICTION(",\"deleteOptions\":null") },
	  "shop/web 201 | delete reason:eviction code:201 at:5.25/e",
	  "" },
	{ { "create", "pods", "eviction", .name = "web", .code = 201,
	    .request = EVICTION(",\"deleteOptions\":{\"dryRun\":null}") },
	  "shop/web 201 | delete reason:eviction code:201 at:5.25/e",
	  "" },
};

#define DELETED(meta)                                                                              \
	"{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u1\","  \
	"\"deletionTimestamp\":\"2026-11-22T10:00:35Z\"," meta "}}"

/*
 * What upstream takes for its own test: a kubelet's last DELETE, in whose answer the grace period
 * is 0, nothing holds the pod any more, and its container has ended with 137. The names are
 * upstream's.
 */
#define LITERAL                                                                                    \
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"busy-b6f7b6db6-c2szh\"," \
	"\"namespace\":\"kube-system\",\"uid\":\"u1\","                                            \
	"\"creationTimestamp\":\"2026-11-22T09:59:38Z\","                                          \
	"\"deletionTimestamp\":\"2026-11-22T10:00:04Z\",\"deletionGracePeriodSeconds\":0,"         \
	"\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"busy-b6f7b6db6\","               \
	"\"controller\":true}]},\"spec\":{\"containers\":[{\"name\":\"busy\"}]},"                  \
	"\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"busy\",\"state\":"   \
	"{\"terminated\":{\"exitCode\":137,\"reason\":\"Error\","                                  \
	"\"startedAt\":\"2026-11-22T09:59:40Z\",\"finishedAt\":\"2026-11-22T10:00:03Z\"}}}]}}"

#define DRY_OPTIONS "{\"kind\":\"DeleteOptions\",\"dryRun\":[\"All\"]}"

static const struct row deletes[] = {
	/* asked at 5, with 30 seconds of grace */
	{ { "delete", "pods", .name = "web", .code = 200,
	    .response = DELETED("\"deletionGracePeriodSeconds\":30") },
	  "shop/web uid:u1 200 object | delete reason:delete code:200 at:5.25/e | deleting "
	  "message: code:30 at:5/s by apiserver",
	  "" },
	/* no grace, nothing that holds it: gone at once */
	{ { "delete", "pods", .name = "web", .code = 200,
	    .response = DELETED("\"deletionGracePeriodSeconds\":0") },
	  "shop/web uid:u1 200 object | delete+ reason:delete code:200 at:5.25/e | deleting "
	  "message: at:35/s by apiserver",
	  "" },
	{ { "delete", "pods", .name = "web", .code = 200,
	    .response = DELETED("\"deletionGracePeriodSeconds\":0,\"finalizers\":[\"f\"]") },
	  "shop/web uid:u1 200 object | delete reason:delete code:200 at:5.25/e | deleting "
	  "message:f at:35/s by apiserver",
	  "" },
	{ { "delete", "pods", .name = "web", .code = 200,
	    .response = DELETED("\"deletionGracePeriodSeconds\":0,\"finalizers\":[]") },
	  "shop/web uid:u1 200 object | delete+ reason:delete code:200 at:5.25/e | deleting "
	  "message: at:35/s by apiserver",
	  "" },
	/* a kubelet deletes what it has stopped; others may have asked for grace */
	{ { "delete", "pods", .name = "web", .code = 200, .user = "system:node:n1",
	    .level = "Metadata" },
	  "shop/web node:n1 200 | delete+ reason:delete code:200 at:5.25/e by kubelet",
	  "" },
	{ { "delete", "pods", .name = "web", .code = 200, .level = "Metadata" },
	  "shop/web 200 | delete reason:delete code:200 at:5.25/e",
	  "" },
	{ { "delete", "pods", .name = "busy-b6f7b6db6-c2szh", .code = 200, .user = "system:node:n1",
	    .namespace = "kube-system",
	    .request = "{\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0}", .response = LITERAL,
	    .more = ",\"@timestamp\":\"2026-11-22T10:00:41Z\",\"annotations\":{\"cluster\":"
		    "\"staging\"},"
		    "\"agent\":{\"type\":\"filebeat\"},\"host\":{\"name\":\"h\"}" },
	  "kube-system/busy-b6f7b6db6-c2szh uid:u1 node:n1 cluster:staging 200 object | delete+ "
	  "reason:delete code:200 at:5.25/e by kubelet | deleting message: at:4/s by apiserver | "
	  "phase reason:Running by kubelet | terminated subject:busy reason:Error code:137 at:3/s "
	  "begin:-20 by kubelet",
	  "" },
	{ { "delete", "pods", .name = "web", .code = 404 }, "", "" },
	{ { "delete", "pods", .name = "web", .code = 200, .request = DRY_OPTIONS },
	  "",
	  "dryRun 1" },
	{ { "delete", "pods", .name = "web", .code = 200,
	    .request = "{\"kind\":\"DeleteOptions\",\"dryRun\":[]}" },
	  "shop/web 200 | delete reason:delete code:200 at:5.25/e",
	  "" },
	{ { "delete", "pods", .name = "web", .code = 200, .uri = URI }, "", "dryRun 1" },
};

#define ITEM(name, uid)                                                                            \
	"{\"metadata\":{\"name\":\"" name "\",\"namespace\":\"shop\",\"uid\":\"" uid "\"}}"
#define GONE "| delete reason:deletecollection code:200 at:5.25/e"

static const struct row collections[] = {
	{ { "deletecollection", "pods", .code = 200,
	    .response =
		"{\"kind\":\"PodList\",\"items\":[" ITEM("a", "u1") "," ITEM("b", "u2") "]}" },
	  "shop/a uid:u1 200 object " GONE "\nshop/b uid:u2 200 object " GONE,
	  "" },
	{ { "deletecollection", "pods", .code = 200, .level = "Metadata" },
	  "",
	  "unnamedDeletes 1" },
	{ { "deletecollection", "pods", .code = 200, .request = "{\"kind\":\"DeleteOptions\"}",
	    .level = "Request" },
	  "",
	  "unnamedDeletes 1" },
	/* nothing matched: nothing is hidden */
	{ { "deletecollection", "pods", .code = 200,
	    .response = "{\"kind\":\"PodList\",\"items\":[]}" },
	  "",
	  "" },
	{ { "deletecollection", "pods", .code = 200,
	    .response = "{\"kind\":\"PodList\",\"items\":null}" },
	  "",
	  "" },
	/* a response without the identity */
	{ { "deletecollection", "pods", .code = 200, .response = STATUS_BODY },
	  "",
	  "unnamedDeletes 1" },
	{ { "deletecollection", "pods", .code = 200, .response = "\"skipped-too-big\"" },
	  "",
	  "unnamedDeletes 1" },
	{ { "deletecollection", "pods", .code = 403 }, "", "" },
	{ { "deletecollection", "pods", .code = 200, .request = DRY_OPTIONS }, "", "dryRun 1" },
	{ { "deletecollection", "pods", .code = 200, .uri = URI }, "", "dryRun 1" },
};

static const struct {
	const struct row *rows;
	size_t n;
} tables[] = {
	{ creates, ARRAY_SIZE(creates) },   { refused, ARRAY_SIZE(refused) },
	{ bindings, ARRAY_SIZE(bindings) }, { evictions, ARRAY_SIZE(evictions) },
	{ deletes, ARRAY_SIZE(deletes) },   { collections, ARRAY_SIZE(collections) },
};

START_TEST(test_table)
{
	for (size_t i = 0; i < tables[_i].n; i++)
		check_event(&tables[_i].rows[i].event, tables[_i].rows[i].records,
			    tables[_i].rows[i].counters);
}
END_TEST

/* The other stages of the same requests add nothing to the final one. */
START_TEST(test_other_stages)
{
	for (size_t i = 0; i < tables[_i].n; i++) {
		struct event e = tables[_i].rows[i].event;

		if (e.more)
			continue;
		e.stage = "RequestReceived";
		check_event(&e, "", "stageRequestReceived 1");
		e.stage = "ResponseStarted";
		check_event(&e, "", "stageResponseStarted 1");
	}
}
END_TEST

TCase *pods_tests(void)
{
	TCase *t = tcase_create("pods");

	tcase_add_loop_test(t, test_table, 0, ARRAY_SIZE(tables));
	tcase_add_loop_test(t, test_other_stages, 0, ARRAY_SIZE(tables));
	return t;
}
