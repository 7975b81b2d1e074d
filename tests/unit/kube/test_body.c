/* SPDX-License-Identifier: Apache-2.0 */
/* One Pod's metadata, spec and status. */
#include "suites.h"

static struct decoded all;

static void teardown(void)
{
	decoded_free(&all);
}

static const struct pod_object *object_of(const char *body)
{
	struct event e = { "get", "pods", .name = "web", .code = 200, .response = body };

	decoded_free(&all);
	decoded_event(&all, &e);
	ck_assert_uint_eq(all.n, 1);
	return all.last.object;
}

START_TEST(test_metadata)
{
	const struct pod_object *o = object_of(
	    "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"generateName\":\"we-\",\"uid\":"
	    "\"u1\","
	    "\"creationTimestamp\":\"2026-11-22T10:00:01Z\",\"labels\":{\"b\":\"2\",\"a\":\"\","
	    "\"n\":null},\"annotations\":{\"kubernetes.io/config.mirror\":\"s1\",\"x\":\"y\","
	    "\"resource.opentelemetry.io/service.name\":\"checkout\"},"
	    "\"ownerReferences\":[{\"kind\":\"Node\",\"name\":\"n1\"},{\"kind\":\"ReplicaSet\","
	    "\"name\":\"web-6d4\",\"controller\":true},{\"kind\":\"X\",\"name\":\"x\"}],"
	    "\"managedFields\":[{\"fieldsV1\":{\"f:metadata\":{}}}]}}");

	ck_assert_str(o->uid, STR("u1"));
	ck_assert_str(o->generate_name, STR("we-"));
	ck_assert_int_eq(o->created, T0 + SECOND);
	ck_assert_str(o->labels, ((struct str){ "a\0\0b\0"
						"2\0",
						7 }));
	ck_assert_str(o->mirror, STR("s1"));
	ck_assert_str(o->service, STR("checkout"));
	ck_assert_str(o->owner_kind, STR("ReplicaSet"));
	ck_assert_str(o->owner_name, STR("web-6d4"));
	ck_assert(!o->has_spec && !o->node.p);
}
END_TEST

/* Known to have none, or not shown: p distinguishes them. */
START_TEST(test_unknown)
{
	const struct pod_object *o = object_of("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\"},"
					       "\"spec\":{\"restartPolicy\":\"Always\"}}");

	ck_assert(o->owner_kind.p && !o->owner_kind.n && o->node.p && !o->node.n);
	ck_assert(!o->mirror.p && !o->service.p && !o->labels.p && !o->generate_name.p);
	ck_assert(o->created == NSEC_NONE && o->has_spec && !o->job && !o->stateful);
	/* no controller among the owners: the first is taken */
	o = object_of("{\"metadata\":{\"ownerReferences\":[{\"kind\":\"A\",\"name\":\"a\"},"
		      "{\"kind\":\"B\",\"name\":\"b\",\"controller\":false}]}}");
	ck_assert_str(o->owner_kind, STR("A"));
	o = object_of("{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"web\"}}");
	ck_assert(!o->owner_kind.p && !o->node.p && !o->has_spec);
}
END_TEST

START_TEST(test_spec)
{
	const struct pod_object *o = object_of(
	    "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"restartPolicy\":"
	    "\"OnFailure\",\"nodeName\":\"n1\",\"readinessGates\":[{\"conditionType\":\"a\"},"
	    "{\"conditionType\":\"b\"}],\"initContainers\":[{\"name\":\"i\",\"image\":\"init\","
	    "\"resources\":{\"requests\":{\"cpu\":\"8\",\"memory\":\"5\"}}},{\"name\":\"s\","
	    "\"restartPolicy\":"
	    "\"Always\"}],\"containers\":[{\"name\":\"c\",\"image\":\"app:1\",\"lifecycle\":"
	    "{\"preStop\":{},\"postStart\":{\"exec\":{}}},\"readinessProbe\":{\"httpGet\":{}},"
	    "\"livenessProbe\":{},"
	    "\"resources\":{\"limits\":{\"cpu\":\"9\"},\"requests\":{\"cpu\":\"250m\",\"memory\":"
	    "\"1Gi\",\"nvidia.com/"
	    "gpu\":\"1\"}}},{\"name\":\"d\",\"lifecycle\":{\"postStart\":null,\"preStop\":"
	    "null},\"startupProbe\":{},"
	    "\"readinessProbe\":null,\"resources\":{\"requests\":{\"cpu\":1,\"memory\":1000}}}],"
	    "\"ephemeralContainers\":[{\"name\":\"debug\"}],\"volumes\":[{\"name\":\"v\","
	    "\"emptyDir\":{}},{\"name\":\"w\",\"projected\":{},\"hostPath\":null}]}}");
	static const struct container_spec expected[] = {
		{ CONTAINER_INIT, .name = { "i", 1 }, .image = { "init", 4 }, .cpu_milli = 8000,
		  .memory = 5 },
		{ CONTAINER_SIDECAR, .name = { "s", 1 } },
		{ CONTAINER_APP, .post_start = true, .readiness_probe = true, .name = { "c", 1 },
		  .image = { "app:1", 5 }, .pre_stop = true, .liveness_probe = true,
		  .cpu_milli = 250, .memory = 1 << 30 },
		{ CONTAINER_APP, .name = { "d", 1 }, .startup_probe = true, .cpu_milli = 1000,
		  .memory = 1000 },
		{ CONTAINER_EPHEMERAL, .name = { "debug", 5 } },
	};

	ck_assert(o->has_spec && o->job && !o->stateful);
	ck_assert_str(o->node, STR("n1"));
	ck_assert_uint_eq(o->n_readiness_gates, 2);
	ck_assert_uint_eq(o->n_volumes, 2);
	ck_assert_int_eq(o->cpu_milli, 1250);
	ck_assert_int_eq(o->memory, (1 << 30) + 1000);
	ck_assert_uint_eq(o->n_containers, ARRAY_SIZE(expected));
	for (size_t i = 0; i < o->n_containers; i++) {
		const struct container_spec *c = &o->containers[i], *x = &expected[i];

		ck_assert(c->kind == x->kind && c->post_start == x->post_start &&
			  c->readiness_probe == x->readiness_probe);
		ck_assert(c->pre_stop == x->pre_stop && c->liveness_probe == x->liveness_probe &&
			  c->startup_probe == x->startup_probe);
		ck_assert(c->cpu_milli == x->cpu_milli && c->memory == x->memory);
		ck_assert_str(c->name, x->name);
		ck_assert_str(c->image, x->image);
	}
}
END_TEST

/* The official startup SLI's "stateless": nothing outlives the pod. */
static const struct {
	const char *type;
	bool stateful;
} volumes[] = {
	{ "emptyDir", false },
	{ "secret", false },
	{ "configMap", false },
	{ "downwardAPI", false },
	{ "projected", false },
	{ "hostPath", true },
	{ "persistentVolumeClaim", true },
	{ "csi", true },
	{ "ephemeral", true },
	{ "nfs", true },
	{ "image", true },
};

START_TEST(test_volume)
{
	char body[300];

	snprintf(
	    body, sizeof(body),
	    "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"volumes\":[{\"name\":\"v\",\"%s\":{}}]}}",
	    volumes[_i].type);
	ck_assert_int_eq(object_of(body)->stateful, volumes[_i].stateful);
}
END_TEST

#define STATE(name, states) "{\"name\":\"" name "\"," states "}"

static const struct {
	const char *status, *facts;
} statuses[] = {
	{ "\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"low on memory\"",
	  "phase subject:Evicted reason:Failed message:low on memory" },
	{ "\"containerStatuses\":[" STATE(
	      "c",
	      "\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\",\"message\":\"m\"}}") "]",
	  "waiting subject:c reason:ImagePullBackOff message:m" },
	{ "\"initContainerStatuses\":[" STATE(
	      "i", "\"state\":{\"terminated\":{\"exitCode\":0,\"reason\":\"Completed\","
		   "\"startedAt\":\"2026-11-22T10:00:01Z\",\"finishedAt\":"
		   "\"2026-11-22T10:00:02Z\"}},\"restartCount\":0") "]",
	  "terminated subject:i reason:Completed at:2/s begin:1" },
	/* what never started has times of 1970 or null */
	{ "\"containerStatuses\":[" STATE(
	      "c", "\"state\":{\"terminated\":{\"exitCode\":137,\"startedAt\":null,"
		   "\"finishedAt\":\"1970-01-01T00:00:00Z\"}}") "]",
	  "terminated subject:c code:137" },
	{ "\"containerStatuses\":[" STATE("c", "\"state\":{\"running\":{\"startedAt\":"
					       "\"2026-11-22T10:00:03Z\"}},\"started\":false") "]",
	  "running subject:c at:3/s" },
	/* no state, no name, not an object: nothing is known */
	{ "\"containerStatuses\":[" STATE(
	      "c", "\"state\":{},\"lastState\":{}") ",{\"state\":"
						    "{\"running\":{}}},null,7]",
	  "seen code:200 at:5.25/e" },
	{ "\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":"
	  "\"Unschedulable\",\"message\":\"0/3 nodes\",\"lastTransitionTime\":null}]",
	  "condition subject:PodScheduled reason:Unschedulable message:0/3 nodes" },
	{ "\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"},{\"type\":\"X\"},"
	  "{\"status\":\"True\"}]",
	  "condition subject:Ready" },
	{ "\"conditions\":null,\"containerStatuses\":null,\"phase\":null",
	  "seen code:200 at:5.25/e" },
};

START_TEST(test_status)
{
	char body[700], expected[300];

	snprintf(body, sizeof(body), "{\"metadata\":{\"name\":\"web\"},\"status\":{%s}}",
		 statuses[_i].status);
	snprintf(expected, sizeof(expected), "shop/web 200 object | %s", statuses[_i].facts);
	object_of(body);
	ck_assert_str(buf_str(&all.records), str_from(expected));
}
END_TEST

/* A very long message is cut, a very long reason, name or label is not. */
START_TEST(test_long)
{
	struct buf body = { 0 };
	const struct fact *f;

	buf_printf(&body,
		   "{\"metadata\":{\"name\":\"web\"},\"status\":{\"phase\":\"Failed\","
		   "\"reason\":\"%02000d\",\"message\":\"%0100000d\"}}",
		   1, 2);
	buf_add_char(&body, 0);
	object_of(body.p);
	ck_assert_uint_eq(all.last.n_facts, 1);
	f = &all.last.facts[0];
	ck_assert_uint_eq(f->message.n, DECODE_MESSAGE_MAX);
	ck_assert_uint_eq(f->subject.n, 2000);
	buf_free(&body);
}
END_TEST

TCase *body_tests(void)
{
	TCase *t = tcase_create("body");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, test_metadata);
	tcase_add_test(t, test_unknown);
	tcase_add_test(t, test_spec);
	tcase_add_loop_test(t, test_volume, 0, ARRAY_SIZE(volumes));
	tcase_add_loop_test(t, test_status, 0, ARRAY_SIZE(statuses));
	tcase_add_test(t, test_long);
	return t;
}
