/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that requests wrote to pods, and facts that they read. */
#include "suites.h"

#define KUBELET .user = "system:node:n1", .agent = "kubelet/v1.36.0 (linux/amd64)"
#define TRUNCATED .more = ",\"annotations\":{\"audit.k8s.io/truncated\":\"true\"}"
#define NOT_READY                                                                                  \
	"{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"ContainersNotReady\","              \
	"\"message\":\"m\",\"lastTransitionTime\":\"2026-11-22T10:00:02Z\"}"
#define POD(rest) "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"uid\":\"u1\"}" rest "}"

/* As a kubelet writes it: the order of all elements, then those that changed. */
static const char merge_patch[] =
    "{\"metadata\":{\"uid\":\"u1\"},\"status\":{\"$setElementOrder/conditions\":[{\"type\":"
    "\"PodReadyToStartContainers\"},{\"type\":\"Ready\"}],\"conditions\":[{\"lastTransitionTime\":"
    "\"2026-11-22T10:00:04Z\",\"reason\":null,\"status\":\"True\",\"type\":\"Ready\"},"
    "{\"$patch\":\"delete\",\"type\":\"Old\"},{\"type\":\"PodHasNetwork\",\"status\":\"True\"}],"
    "\"containerStatuses\":[{\"name\":\"c\",\"ready\":true,\"restartCount\":1,\"started\":true,"
    "\"lastState\":{\"terminated\":{\"exitCode\":137,\"reason\":\"OOMKilled\",\"startedAt\":"
    "\"2026-11-22T10:00:01Z\",\"finishedAt\":\"2026-11-22T10:00:02Z\"}},\"state\":{\"running\":"
    "{\"startedAt\":\"2026-11-22T10:00:03Z\"}}}],\"phase\":\"Running\"}}";
/* In the order of the kinds, whatever the order of the keys. */
#define MERGE_FACTS                                                                                \
	"| phase! reason:Running by kubelet"                                                       \
	" | condition!+ subject:PodReadyToStartContainers by kubelet"                              \
	" | condition!+ subject:Ready at:4/s by kubelet"                                           \
	" | running!+ subject:c code:1 count:1 at:3/s by kubelet"                                  \
	" | terminated! subject:c reason:OOMKilled code:137 count:1 at:2/s begin:1 by kubelet"

struct row {
	struct event event;
	const char *records, *counters;
};

static const struct row writes[] = {
	{ { "patch", "pods", "status", .name = "web", .code = 200, KUBELET,
	    .request = merge_patch },
	  "shop/web uid:u1 node:n1 200 " MERGE_FACTS,
	  "" },
	/* the response is the current object: facts that this request did not write */
	{ { "patch", "pods", "status", .name = "web", .code = 200, KUBELET, .request = merge_patch,
	    .response = POD(",\"status\":{\"conditions\":[" NOT_READY "]}") },
	  "shop/web uid:u1 node:n1 200 object " MERGE_FACTS
	  " | condition subject:Ready reason:ContainersNotReady message:m at:2/s by kubelet",
	  "" },
	/* a JSON patch is an array: what it changes is not read, that it came is known */
	{ { "patch", "pods", "status", .name = "web", .code = 200,
	    .request = "[{\"op\":\"replace\",\"path\":\"/status/phase\",\"value\":\"Failed\"}]" },
	  "shop/web 200 | write code:200 at:5.25/e",
	  "" },
	{ { "update", "pods", "status", .name = "web", .code = 200,
	    .user = "system:kube-controller-manager",
	    .request = POD(",\"status\":{\"conditions\":[" NOT_READY "]}") },
	  "shop/web uid:u1 200 | condition! subject:Ready reason:ContainersNotReady message:m "
	  "at:2/s by controller",
	  "" },
	{ { "patch", "pods", "status", .name = "web", .code = 200, KUBELET, .level = "Metadata" },
	  "shop/web node:n1 200 | write code:200 at:5.25/e by kubelet",
	  "" },
	{ { "patch", "pods", "status", .name = "web", .code = 200, KUBELET, TRUNCATED },
	  "shop/web node:n1 200 | write code:200 at:5.25/e by kubelet",
	  "truncated 1" },
	{ { "patch", "pods", "status", .name = "web", .code = 404, KUBELET,
	    .request = merge_patch },
	  "",
	  "" },
	{ { "patch", "pods", "status", .name = "web", .code = 200, KUBELET, .request = merge_patch,
	    .uri = "/api/v1/x?dryRun=All" },
	  "",
	  "dryRun 1" },
	/* the pod itself: without a body only the fact that a request named it */
	{ { "patch", "pods", .name = "web", .code = 200, .level = "Metadata" },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "patch", "pods", .name = "web", .code = 200, TRUNCATED },
	  "shop/web 200 | write code:200 at:5.25/e",
	  "truncated 1" },
	/* the API server ignores a status that is not written to the subresource */
	{ { "update", "pods", .name = "web", .code = 200,
	    .request = POD(",\"status\":{\"phase\":\"Running\"}"),
	    .response = POD(",\"status\":{\"phase\":\"Running\"}") },
	  "shop/web uid:u1 200 object | phase reason:Running",
	  "" },
	{ { "patch", "pods", .name = "web", .code = 200,
	    .request = "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", .level = "Request" },
	  "shop/web 200 | label! subject:a message:b at:5.25/e",
	  "" },
	{ { "patch", "pods", "ephemeralcontainers", .name = "web", .code = 200,
	    .response = POD("") },
	  "shop/web uid:u1 200 object | seen code:200 at:5.25/e",
	  "" },
	{ { "update", "pods", .code = 200 }, "", "" },
};

static const struct row reads[] = {
	{ { "get", "pods", .name = "web", .code = 200, KUBELET,
	    .response = POD(",\"status\":{\"phase\":\"Pending\"}") },
	  "shop/web uid:u1 node:n1 200 object | phase reason:Pending by kubelet",
	  "" },
	{ { "get", "pods", .name = "web", .code = 200, KUBELET, .level = "Metadata" },
	  "shop/web node:n1 200 | seen code:200 at:5.25/e by kubelet",
	  "" },
	/* it has heard of the pod, though the authorizer has not yet, or no longer */
	{ { "get", "pods", .name = "web", .code = 403, KUBELET },
	  "shop/web node:n1 403 | seen code:403 at:5.25/e by kubelet",
	  "" },
	{ { "get", "pods", .name = "web", .code = 404, KUBELET },
	  "shop/web node:n1 404 | seen code:404 at:5.25/e by kubelet",
	  "" },
	{ { "get", "pods", .name = "web", .code = 404 }, "", "" },
	{ { "get", "pods", .name = "web", .code = 200 },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "get", "pods", "status", .name = "web", .code = 200, .response = POD("") },
	  "shop/web uid:u1 200 object | seen code:200 at:5.25/e",
	  "" },
	{ { "get", "pods", .name = "web", .code = 200,
	    .response = "{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"web\","
			"\"uid\":\"u1\"}}" },
	  "shop/web uid:u1 200 object | seen code:200 at:5.25/e",
	  "" },
	/* the same as kubectl prints it */
	{ { "get", "pods", .name = "web", .code = 200, .response = "{\"kind\":\"Table\"}" },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "get", "pods", "log", .name = "web", .code = 200 },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "create", "pods", "exec", .name = "web", .code = 101 },
	  "shop/web 101 | seen code:101 at:5.25/e",
	  "" },
	{ { "create", "pods", "exec", .name = "web", .code = 403 }, "", "" },
	{ { "get", "pods", "log", .code = 200 }, "", "" },
	{ { "watch", "pods", .code = 200 }, "", "" },
	/* a proxied request has the verbs of its own, and the name may have a scheme and a port */
	{ { "patch", "pods", "proxy", .name = "web:8080", .code = 200,
	    .request = "{\"status\":{\"phase\":\"Failed\"}}" },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "get", "pods", "proxy", .name = "https:web:8443", .code = 200 },
	  "shop/web 200 | seen code:200 at:5.25/e",
	  "" },
	{ { "get", "pods", "proxy", .name = "web", .code = 503 }, "", "" },
};

#define ITEM(name, rest) "{\"metadata\":{\"name\":\"" name "\",\"namespace\":\"n\"}" rest "}"

static const struct row lists[] = {
	{ { "list", "pods", .namespace = "-", .code = 200,
	    .response = "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[" ITEM(
		"a", ",\"status\":{\"phase\":\"Running\"}") "," ITEM("b", "") "]}" },
	  "n/a 200 object | phase reason:Running\nn/b 200 object",
	  "" },
	/* items of a list before its kind, and items that are no pods */
	{ { "list", "pods", .code = 200,
	    .response = "{\"items\":[null,7,{},{\"metadata\":{}},[]," ITEM(
		"a",
		"") ",{\"kind\":\"Node\",\"metadata\":{\"name\":\"x\"}}],\"kind\":\"PodList\"}" },
	  "n/a 200 object",
	  "" },
	{ { "list", "pods", .code = 200,
	    .response =
		"{\"kind\":\"PartialObjectMetadataList\",\"items\":[{\"kind\":"
		"\"PartialObjectMetadata\",\"metadata\":{\"name\":\"a\",\"uid\":\"u\"}}]}" },
	  "shop/a uid:u 200 object",
	  "" },
	{ { "list", "pods", .code = 200,
	    .response =
		"{\"kind\":\"Table\",\"columnDefinitions\":[{\"name\":\"Name\"}],"
		"\"rows\":[{\"cells\":[\"a\"],\"object\":" ITEM(
		    "a", "") "},{\"cells\":[\"b\"],\"object\":null},{\"cells\":[\"c\"]},null]}" },
	  "n/a 200 object",
	  "" },
	{ { "list", "pods", .code = 200, .level = "Metadata" }, "", "" },
	{ { "list", "pods", .code = 200, .response = "{\"items\":null}" }, "", "" },
	{ { "list", "pods", .code = 200, .response = "\"skipped-too-big\"" }, "", "" },
	{ { "list", "pods", .code = 410, .response = "{\"items\":[" ITEM("a", "") "]}" }, "", "" },
};

static const struct {
	const struct row *rows;
	size_t n;
} tables[] = {
	{ writes, ARRAY_SIZE(writes) },
	{ reads, ARRAY_SIZE(reads) },
	{ lists, ARRAY_SIZE(lists) },
};

START_TEST(test_table)
{
	for (size_t i = 0; i < tables[_i].n; i++)
		check_event(&tables[_i].rows[i].event, tables[_i].rows[i].records,
			    tables[_i].rows[i].counters);
}
END_TEST

/* How many status writes there were, and of how many the content is known. */
START_TEST(test_status_writes)
{
	struct decoded all = { 0 };
	const struct cluster *cluster;

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		decoded_event(&all, &writes[i].event);
	cluster = context_find_cluster(decoder_context(all.decoder), STR(""));
	ck_assert_ptr_nonnull(cluster);
	/* refused ones, dry runs and those that are not about the status do not count */
	ck_assert_uint_eq(cluster->status_writes, 6);
	ck_assert_uint_eq(cluster->status_bodies, 3);
	ck_assert_uint_eq(cluster->records, ARRAY_SIZE(writes));
	decoded_free(&all);
}
END_TEST

TCase *writes_tests(void)
{
	TCase *t = tcase_create("writes");

	tcase_add_loop_test(t, test_table, 0, ARRAY_SIZE(tables));
	tcase_add_test(t, test_status_writes);
	return t;
}
