/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of dumps. T0 of the times in `records` is 2026-11-22T10:00:00Z. */
#include "suites.h"

#define META                                                                                       \
	"'metadata':{'name':'web','namespace':'shop','uid':'u1','resourceVersion':'7',"            \
	"'creationTimestamp':'2026-11-22T10:00:01Z'}"
#define SPEC "'spec':{'nodeName':'n1','containers':[{'name':'app','image':'i'}]}"
#define STATUS                                                                                     \
	"'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True',"               \
	"'lastTransitionTime':'2026-11-22T10:00:05Z'}]}"
#define REF "{'kind':'Pod','namespace':'shop','name':'web','uid':'u1'}"
#define CLAIM                                                                                      \
	"'metadata':{'name':'data','namespace':'shop','uid':'c1','resourceVersion':'7',"           \
	"'creationTimestamp':'2026-11-22T10:00:01Z','annotations':{"                               \
	"'volume.kubernetes.io/selected-node':'n1'},'managedFields':[{'time':"                     \
	"'2026-11-22T10:00:06Z'}]},'spec':{'volumeName':'v'},'status':{'phase':'Bound'}"
#define CLAIM_RECORD "shop/data uid:c1 0 claim | phase reason:Bound | selected subject:n1"
#define POD_RECORD                                                                                 \
	"shop/web uid:u1 0 object | phase reason:Running | condition+ subject:Ready at:5/s"

static const struct row {
	const char *text, *records, *counters;
	int64_t received; /* seconds after T0 */
} rows[] = {
	{ "{'kind':'Pod','apiVersion':'v1'," META "," SPEC "," STATUS "}", POD_RECORD,
	  "objectPods 1", 5 },
	/* by its shape, by its list, in a watch frame, by eventrouter's neighbours */
	{ "{" META "," SPEC "," STATUS "}", POD_RECORD, "objectPods 1", 5 },
	{ "{'kind':'PodList','items':[{" META "," SPEC "," STATUS "}]}", POD_RECORD, "objectPods 1",
	  5 },
	{ "{'type':'ADDED','object':{'kind':'Pod'," META "," SPEC "," STATUS "}}", POD_RECORD,
	  "objectPods 1", 5 },
	/* claims, in the same ways */
	{ "{'kind':'PersistentVolumeClaim','apiVersion':'v1'," CLAIM "}", CLAIM_RECORD,
	  "objectClaims 1", 6 },
	{ "{'kind':'PersistentVolumeClaimList','items':[{" CLAIM "}]}", CLAIM_RECORD,
	  "objectClaims 1", 6 },
	{ "{'type':'ADDED','object':{'kind':'PersistentVolumeClaim'," CLAIM "}}", CLAIM_RECORD,
	  "objectClaims 1", 6 },
	{ "{'kind':'PersistentVolumeClaim','apiVersion':'v1','metadata':{'name':'data'},"
	  "'spec':{'accessModes':['ReadWriteOnce']}}",
	  "", "objectOthers 1", 0 },
	{ "{'kind':'Event','metadata':{'name':'data.1'},'involvedObject':{'kind':"
	  "'PersistentVolumeClaim','namespace':'shop','name':'data','uid':'c1'},'reason':"
	  "'WaitForFirstConsumer','firstTimestamp':'2026-11-22T10:00:02Z'}",
	  "shop/data uid:c1 0 claim | event! reason:WaitForFirstConsumer count:1 at:2/s begin:2",
	  "objectEvents 1", 2 },
	/* a manifest */
	{ "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'web'}," SPEC "}", "",
	  "objectOthers 1", 0 },
	/* Events of both groups; the name has the nanoseconds: 10:00:02.5 */
	{ "{'kind':'Event','apiVersion':'v1','metadata':{'name':'web.187a50c83d4b1500',"
	  "'uid':'e'},'involvedObject':" REF ",'reason':'Pulled','message':'m','count':1,"
	  "'firstTimestamp':'2026-11-22T10:00:02Z','lastTimestamp':'2026-11-22T10:00:02Z',"
	  "'source':{'component':'kubelet','host':'n1'}}",
	  NULL, "objectEvents 1", -1 },
	{ "{'metadata':{'name':'x'},'regarding':" REF ",'reason':'Scheduled','note':'m',"
	  "'eventTime':'2026-11-22T10:00:03.500000Z','reportingController':'default-scheduler'}",
	  "shop/web uid:u1 0 | event! reason:Scheduled message:m count:1 at:3.5/e begin:3.5 by "
	  "scheduler",
	  "objectEvents 1", -1 },
	/* the names of Go's fields */
	{ "{'ObjectMeta':{'Name':'x'},'InvolvedObject':{'Kind':'Pod','Namespace':'shop',"
	  "'Name':'web','UID':'u1'},'Reason':'Pulled','Message':'The m','Count':1,"
	  "'FirstTimestamp':'2026-11-22T10:00:02Z'}",
	  "shop/web uid:u1 0 | event! reason:Pulled message:The m count:1 at:2/s begin:2",
	  "objectEvents 1", 2 },
	/* not about a pod */
	{ "{'kind':'Event','metadata':{'name':'n'},'involvedObject':{'kind':'Node','name':'n1'},"
	  "'firstTimestamp':'2026-11-22T10:00:02Z'}",
	  "", "objectEvents 1", 0 },
	{ "{'kind':'Node','metadata':{'name':'n1'},'status':{'conditions':[{'type':'Ready',"
	  "'status':'True','lastHeartbeatTime':'2026-11-22T10:00:09Z'}]}}",
	  "", "objectNodes 1", 0 },
	{ "{'kind':'ReplicaSet','metadata':{'name':'r'}}", "", "objectOwners 1", 0 },
	{ "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c'}}", "", "objectOthers 1",
	  0 },
	{ "{'kind':'thing','metadata':{}}", "", "foreign 1", 0 },
	/* bytes that are not UTF-8 are used and counted */
	{ "{'metadata':{'name':'x'},'regarding':" REF ",'reason':'A','note':'\xff',"
	  "'deprecatedFirstTimestamp':'2026-11-22T10:00:02Z'}",
	  NULL, "invalidText 1 objectEvents 1", 2 },
};

START_TEST(test_row)
{
	struct decoded all = { 0 };
	struct buf text = { 0 };

	for (const char *p = rows[_i].text; *p; p++)
		buf_add_char(&text, *p == '\'' ? '"' : *p);
	decoded_text(&all, NULL, buf_str(&text), false);
	if (rows[_i].records)
		ck_assert_str(buf_str(&all.records), str_from(rows[_i].records));
	ck_assert_str(buf_str(&all.counters), str_from(rows[_i].counters));
	if (all.n) {
		ck_assert(all.last.dumped);
		ck_assert_uint_eq(all.last.audit_id.n, 0);
	}
	if (all.n && rows[_i].received >= 0)
		ck_assert_int_eq(all.last.received, T0 + rows[_i].received * SECOND);
	decoded_free(&all);
	buf_free(&text);
}
END_TEST

TCase *object_tests(void)
{
	TCase *tests = tcase_create("object");

	tcase_add_loop_test(tests, test_row, 0, ARRAY_SIZE(rows));
	return tests;
}
