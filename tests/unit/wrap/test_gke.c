/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GKE's entries of Cloud Logging: converted, they give what the API server's own record would. To
 * be readable the texts here have ' for ". Their shape is that of GoogleCloudPlatform/khi,
 * test/logs.
 */
#include "suites.h"

#include "wrap/wrapper.h"

#define AT "'timestamp':'2026-11-22T10:00:05.25Z'"
#define OPERATION "'operation':{'first':true,'id':'a1','last':true,'producer':'k8s.io'}"
#define RESOURCE                                                                                   \
	"'resource':{'type':'k8s_cluster','labels':{'project_id':'p1','location':'us-central1-a'," \
	"'cluster_name':'c1'}}"
#define PAYLOAD(method, resource, status, more)                                                    \
	"{'insertId':'i1','logName':'projects/p1/logs/cloudaudit.googleapis.com%2Factivity',"      \
	"'protoPayload':{'@type':'type.googleapis.com/google.cloud.audit.AuditLog',"               \
	"'authenticationInfo':{'principalEmail':'system:node:n1'},'authorizationInfo':[{}],"       \
	"'methodName':'io.k8s." method "','requestMetadata':{'callerSuppliedUserAgent':"           \
	"'kubelet/v1.28.14'},'resourceName':'" resource                                            \
	"','serviceName':'k8s.io','status':{" status "}" more "},"
#define ENTRY(method, resource, status, more)                                                      \
	PAYLOAD(method, resource, status, more) AT "," OPERATION "," RESOURCE "}"

#define STATUS_PATCH                                                                               \
	"{'@type':'k8s.io/Patch','metadata':{'uid':'u1'},'status':{'$setElementOrder/conditions'"  \
	":[{'type':'Ready'}],'conditions':[{'type':'Ready','status':'True','lastTransitionTime':"  \
	"'2026-11-22T10:00:04Z'}]}}"
#define STATUS_NAME "core/v1/namespaces/shop/pods/web/status"
#define READY "shop/web uid:u1 node:n1 200 | condition!+ subject:Ready at:4/s by kubelet"

static struct decoded all;

static void teardown(void)
{
	decoded_free(&all);
}

static struct str quoted(const char *s)
{
	static struct buf text;

	buf_reset(&text);
	for (; *s; s++)
		buf_add_char(&text, *s == '\'' ? '"' : *s);
	return buf_str(&text);
}

static const struct {
	const char *entry, *records, *counters;
} rows[] = {
	{ ENTRY("core.v1.pods.status.patch", STATUS_NAME, "'code':0", ",'request':" STATUS_PATCH),
	  READY, "" },
	{ ENTRY("core.v1.pods.status.patch", STATUS_NAME, "", ",'request':" STATUS_PATCH), READY,
	  "" },
	{ "{'protoPayload':{'serviceName':'k8s.io'}}", "", "untimed 1" },
	{ ENTRY("core.v1.pods.create", "core/v1/namespaces/shop/pods/web-1", "'code':0",
		",'request':{'@type':'core.k8s.io/v1.Pod','kind':'Pod','metadata':{'generateName':"
		"'web-'}},'response':{'@type':'core.k8s.io/v1.Pod','kind':'Pod','metadata':{'name':"
		"'web-1','namespace':'shop','uid':'u1'}}"),
	  "shop/web-1 uid:u1 node:n1 201 object | create code:201 at:5.25/e by kubelet", "" },
	{ ENTRY(
	      "core.v1.pods.binding.create", "core/v1/namespaces/shop/pods/web/binding", "",
	      ",'request':{'@type':'core.k8s.io/v1.Binding','target':{'kind':'Node','name':'n2'}},"
	      "'response':{'@type':'core.k8s.io/v1.Status','status':'Success'}"),
	  "shop/web node:n1 201 | bind subject:n2 code:201 at:5.25/e by kubelet", "" },
	{ ENTRY("core.v1.pods.delete", "core/v1/namespaces/shop/pods/web", "", ""),
	  "shop/web node:n1 200 | delete+ reason:delete code:200 at:5.25/e by kubelet", "" },
	/* refused: by google.rpc.Code, exactly where the answer is there */
	{ ENTRY("core.v1.pods.create", "core/v1/namespaces/shop/pods/web",
		"'code':7,'message':'exceeded quota: q'", ""),
	  "shop/web node:n1 403 | create reason:QuotaExceeded message:exceeded quota: q code:403 "
	  "at:5.25/e by kubelet",
	  "refusedCreates 1" },
	{ ENTRY("core.v1.pods.create", "core/v1/namespaces/shop/pods/web", "'code':3,'message':'m'",
		",'response':{'@type':'core.k8s.io/v1.Status','code':422,'message':'is invalid'}"),
	  "shop/web node:n1 422 | create reason:InvalidSpec message:is invalid code:422 at:5.25/e "
	  "by "
	  "kubelet",
	  "refusedCreates 1" },
	/* other resources, of the core group and of others */
	{ ENTRY("core.v1.nodes.status.patch", "core/v1/nodes/n1/status", "", ""), "", "" },
	{ ENTRY("apps.v1.deployments.create", "apps/v1/namespaces/shop/deployments/web", "", ""),
	  "", "" },
	{ ENTRY("metrics.v1beta1.pods.get", "metrics.k8s.io/v1beta1/namespaces/shop/pods/web", "",
		""),
	  "", "" },
	{ ENTRY("core.v1.namespaces.create", "core/v1/namespaces/shop", "", ""), "", "" },
	{ ENTRY("x", "", "", ""), "", "" },
	{ ENTRY("x", "////////////", "'code':99", ""), "", "" },
	/* a long request: at its first entry it has not ended */
	{ PAYLOAD("core.v1.pods.exec.create", "core/v1/namespaces/shop/pods/web/exec", "", "") AT
	  ",'operation':{'id':'a1','first':true}}",
	  "", "stageRequestReceived 1" },
	{ PAYLOAD("core.v1.pods.exec.create", "core/v1/namespaces/shop/pods/web/exec", "", "") AT
	  ",'operation':{'id':'a1','last':true}}",
	  "shop/web node:n1 201 | seen code:201 at:5.25/e by kubelet", "" },
	/* other services of Google */
	{ "{'protoPayload':{'serviceName':'container.googleapis.com','methodName':"
	  "'google.container.v1.ClusterManager.DeleteCluster'}," AT "}",
	  "", "foreign 1" },
	{ "{'protoPayload':7," AT "}", "", "foreign 1" },
	{ "{'protoPayload':{'serviceName':'k8s.io','status':{'code':x}}," AT "}", "",
	  "malformed 1" },
};

START_TEST(test_row)
{
	decoded_text(&all, NULL, quoted(rows[_i].entry), false);
	ck_assert_str(buf_str(&all.records), str_from(rows[_i].records));
	ck_assert_str(buf_str(&all.counters), str_from(rows[_i].counters));
}
END_TEST

START_TEST(test_envelope)
{
	const struct wrapper_seen *wrappers;

	decoded_text(&all, NULL, quoted(rows[0].entry), false);
	ck_assert_str(all.last.audit_id, STR("a1"));
	ck_assert_str(all.last.audit_stage, STR("ResponseComplete"));
	ck_assert_str(all.last.verb, STR("patch"));
	ck_assert_int_eq(all.last.received, T0 + 5250 * (SECOND / 1000));
	ck_assert_int_eq(all.last.completed, all.last.received);
	ck_assert_str(all.last.cluster, STR("")); /* the wrapper's name is only shown */
	ck_assert_uint_eq(decoded_counter(&all, "levelRequest"), 1);
	wrappers = decoder_wrappers(all.decoder);
	ck_assert_uint_eq(wrappers->n_clusters, 1);
	ck_assert_str(((struct str){ wrappers->clusters[0].name, wrappers->clusters[0].n }),
		      STR("p1/us-central1-a/c1"));
	ck_assert_str_eq(wrapper_name(wrappers->clusters[0].row), "gke");
	ck_assert_uint_eq(wrappers->records[wrappers->clusters[0].row], 1);
	decoded_text(&all, NULL,
		     quoted(PAYLOAD("core.v1.pods.get", "core/v1/namespaces/shop/pods/web", "", "")
				AT ",'labels':{'cluster':'east'}}"),
		     false);
	ck_assert_str(all.last.audit_id, STR("i1"));
	ck_assert_str(all.last.cluster, STR("east")); /* an annotation of the record itself */
}
END_TEST

TCase *gke_tests(void)
{
	TCase *t = tcase_create("gke");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_envelope);
	return t;
}
