/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes and owners: they make no records, they go into the cluster context. */
#include "suites.h"

static struct decoded all;

static void teardown(void)
{
	decoded_free(&all);
}

#define COND(type, status, at)                                                                     \
	"{\"type\":\"" type "\",\"status\":\"" status "\",\"lastTransitionTime\":"                 \
	"\"2026-11-22T10:00:0" at "Z\"}"

static const struct {
	struct event event;
	const char *changes; /* "subject[+]@seconds ..." in order */
} nodes[] = {
	{ { "patch", "nodes", "status", .name = "n1", .code = 200,
	    .request = "{\"status\":{\"conditions\":[" COND("Ready", "True", "3") "," COND(
		"MemoryPressure", "False", "2") ",{\"type\":\"Ready\"}]}}" },
	  "MemoryPressure@2 Ready+@3" },
	{ { "update", "nodes", "status", .name = "n1", .code = 200,
	    .request = "{\"status\":{\"conditions\":[" COND("Ready", "Unknown", "1") "]}}" },
	  "Ready@1" },
	{ { "patch", "nodes", .name = "n1", .code = 200,
	    .request = "{\"spec\":{\"unschedulable\":true,\"taints\":[{\"effect\":\"NoSchedule\","
		       "\"key\":\"node.kubernetes.io/unschedulable\"},{\"key\":\"k\"}]}}" },
	  "k:+@5.25 node.kubernetes.io/unschedulable:NoSchedule+@5.25 unschedulable+@5.25" },
	/* null in a patch takes it back */
	{ { "patch", "nodes", .name = "n1", .code = 200,
	    .request = "{\"spec\":{\"unschedulable\":null}}" },
	  "unschedulable@5.25" },
	{ { "patch", "nodes", .name = "n1", .code = 200,
	    .request = "[{\"op\":\"add\",\"path\":\"/spec/unschedulable\",\"value\":true}]" },
	  "" },
	{ { "patch", "nodes", .name = "n1", .code = 403,
	    .request = "{\"spec\":{\"unschedulable\":true}}" },
	  "" },
	{ { "patch", "nodes", .name = "n1", .code = 200, .uri = "/x?dryRun=All",
	    .request = "{\"spec\":{\"unschedulable\":true}}" },
	  "" },
	{ { "patch", "nodes", .name = "n1", .code = 200, .group = "metrics.k8s.io",
	    .request = "{\"spec\":{\"unschedulable\":true}}" },
	  "" },
	{ { "get", "nodes", .name = "n1", .code = 200,
	    .response = "{\"spec\":{\"unschedulable\":true}}" },
	  "" },
	{ { "patch", "nodes", .name = "n1", .code = 200,
	    .request = "{\"spec\":null,\"status\":{\"conditions\":null}}" },
	  "" },
};

START_TEST(test_node)
{
	struct context *context;
	struct buf text = { 0 };
	struct node *node;

	decoded_event(&all, &nodes[_i].event);
	ck_assert_uint_eq(all.n, 0);
	context = decoder_context(all.decoder);
	context_finish(context);
	node = context_node(context, STR(""), STR("n1"));
	for (size_t i = 0; i < node->n_changes; i++) {
		char seconds[DURATION_TEXT];

		duration_format_seconds(node->changes[i].at - T0, seconds);
		buf_printf(&text, "%s" STR_FMT "%s@%s", i ? " " : "",
			   STR_ARG(node->changes[i].subject), node->changes[i].truth ? "+" : "",
			   seconds);
	}
	ck_assert_str(buf_str(&text), str_from(nodes[_i].changes));
	buf_free(&text);
}
END_TEST

#define OWNED(name, kind, owner)                                                                   \
	"{\"metadata\":{\"name\":\"" name "\",\"namespace\":\"shop\","                             \
	"\"creationTimestamp\":\"2026-11-22T10:00:00Z\",\"ownerReferences\":["                     \
	"{\"kind\":\"" kind "\",\"name\":\"" owner "\",\"controller\":true}]}}"

static void check_workload(const char *kind, const char *name, const char *expected)
{
	struct str k = str_from(kind), n = str_from(name);
	char text[100];

	if (!context_workload(decoder_context(all.decoder), STR(""), STR("shop"), &k, &n)) {
		ck_assert_msg(!*expected, "%s %s has no owner", kind, name);
		return;
	}
	snprintf(text, sizeof(text), STR_FMT " " STR_FMT, STR_ARG(k), STR_ARG(n));
	ck_assert_str_eq(text, expected);
}

static void check_created(const char *name, nsec expected)
{
	ck_assert_int_eq(context_created(decoder_context(all.decoder), STR(""), STR("shop"),
					 STR("ReplicaSet"), str_from(name)),
			 expected);
}

START_TEST(test_owners)
{
	static const struct event events[] = {
		{ "create", "replicasets", .group = "apps", .name = "web-6d4", .code = 201,
		  .response = OWNED("web-6d4", "Deployment", "web") },
		{ "update", "jobs", "status", .group = "batch", .name = "night-1", .code = 200,
		  .response = OWNED("night-1", "CronJob", "night") },
		{ "list", "replicasets", .group = "apps", .namespace = "-", .code = 200,
		  .response = "{\"items\":[" OWNED("a", "Deployment", "A") ",null,{}," OWNED(
		      "b", "Rollout", "B") "]}" },
		{ "get", "replicasets", .group = "apps", .name = "no", .code = 404,
		  .response = OWNED("no", "Deployment", "x") },
		{ "create", "replicasets", .group = "apps", .name = "dry", .code = 201,
		  .uri = "/x?dryRun=All", .response = OWNED("dry", "Deployment", "x") },
		{ "create", "replicasets", .group = "apps", .name = "bare", .code = 201,
		  .response = "{\"metadata\":{\"name\":\"bare\"}}" },
		{ "create", "replicasets", .group = "apps", .name = "metadata", .code = 201 },
		{ "create", "statefulsets", .group = "apps", .name = "db", .code = 201,
		  .response = OWNED("db", "Operator", "x") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		decoded_event(&all, &events[i]);
	ck_assert_uint_eq(all.n, 0);
	check_workload("ReplicaSet", "web-6d4", "Deployment web");
	check_workload("Job", "night-1", "CronJob night");
	check_workload("ReplicaSet", "a", "Deployment A");
	check_workload("ReplicaSet", "b", "Rollout B");
	check_workload("ReplicaSet", "no", "");
	check_workload("ReplicaSet", "dry", "");
	check_workload("ReplicaSet", "bare", "");
	check_workload("Job", "web-6d4", "");
	check_workload("ReplicaSet", "metadata", "");
	check_created("web-6d4", T0);
	check_created("a", T0); /* from the list */
	check_created("metadata", T0 + 5250 * (SECOND / 1000));
	check_created("no", NSEC_NONE);
	check_created("dry", NSEC_NONE);
}
END_TEST

static const struct {
	struct event event;
	const char *zone;
} zones[] = {
	{ { "patch", "nodes", .name = "n1", .code = 200,
	    .request =
		"{\"metadata\":{\"labels\":{\"failure-domain.beta.kubernetes.io/zone\":\"old\","
		"\"topology.kubernetes.io/zone\":\"a\",\"topology.kubernetes.io/"
		"region\":\"r\"}}}" },
	  "a" },
	{ { "update", "nodes", .name = "n1", .code = 200,
	    .request = "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":\"a\","
		       "\"failure-domain.beta.kubernetes.io/zone\":\"old\"}}}" },
	  "a" },
	{ { "update", "nodes", .name = "n1", .code = 200,
	    .request =
		"{\"metadata\":{\"labels\":{\"failure-domain.beta.kubernetes.io/zone\":\"b\"}}}" },
	  "b" },
	{ { "patch", "nodes", .name = "n1", .code = 200,
	    .request = "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":null}}}" },
	  "" },
	{ { "patch", "nodes", .name = "n1", .code = 403,
	    .request = "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":\"a\"}}}" },
	  "" },
};

START_TEST(test_zone)
{
	struct context sum = { 0 };

	decoded_event(&all, &zones[_i].event);
	context_merge(&sum, decoder_context(all.decoder));
	ck_assert_str(context_zone(&sum, STR(""), STR("n1")), str_from(zones[_i].zone));
	ck_assert_str(context_zone(&sum, STR(""), STR("n2")), STR(""));
	context_free(&sum);
}
END_TEST

TCase *others_tests(void)
{
	TCase *t = tcase_create("others");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, test_node, 0, ARRAY_SIZE(nodes));
	tcase_add_loop_test(t, test_zone, 0, ARRAY_SIZE(zones));
	tcase_add_test(t, test_owners);
	return t;
}
