/* SPDX-License-Identifier: Apache-2.0 */
/* PersistentVolumeClaims in audit events. */
#include "suites.h"

#include "kube/kinds.h"

#define BINDER .user = "system:serviceaccount:kube-system:persistent-volume-binder"
#define SCHEDULER .user = "system:kube-scheduler"
#define OF "persistentvolumeclaims"
#define CLAIM(meta, rest)                                                                          \
	"{\"kind\":\"PersistentVolumeClaim\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":"        \
	"\"data\",\"uid\":\"c1\",\"creationTimestamp\":\"2026-11-22T10:00:01Z\"" meta "}" rest "}"
#define PHASE(phase) ",\"status\":{\"phase\":\"" phase "\"}"
#define ON_N1 ",\"annotations\":{\"volume.kubernetes.io/selected-node\":\"n1\"}"
#define GONE ",\"deletionTimestamp\":\"2026-11-22T10:00:05Z\",\"deletionGracePeriodSeconds\":0"
#define HELD GONE ",\"finalizers\":[\"kubernetes.io/pvc-protection\"]"
#define PARTIAL                                                                                    \
	"{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"data\",\"uid\":\"c1\"}}"

static const struct {
	struct event event;
	const char *records, *counters;
} rows[] = {
	/* created: by a user, from a template's name, by an apply */
	{ { "create", OF, .name = "data", .code = 201, .request = CLAIM("", PHASE("Pending")),
	    .response = CLAIM("", PHASE("Pending")) },
	  "shop/data uid:c1 201 claim | create code:201 at:5.25/e | phase reason:Pending",
	  "" },
	{ { "create", OF, .code = 201, .request = "{\"metadata\":{\"generateName\":\"d-\"}}",
	    .response = CLAIM("", "") },
	  "shop/data uid:c1 201 claim | create code:201 at:5.25/e",
	  "" },
	{ { "patch", OF, .name = "data", .code = 201, .response = CLAIM("", "") },
	  "shop/data uid:c1 201 claim | create code:201 at:5.25/e",
	  "" },
	{ { "create", OF, .name = "data", .code = 201, .request = CLAIM("", ""),
	    .level = "Request" },
	  "shop/data 201 claim | create code:201 at:5.25/e",
	  "" },
	{ { "create", OF, .name = "data", .code = 201, .level = "Metadata" },
	  "shop/data 201 claim | create code:201 at:5.25/e",
	  "" },
	{ { "create", OF, .code = 201, .level = "Metadata" }, "", "" }, /* the pod is ambiguous */
	{ { "create", OF, .name = "data", .code = 201, .uri = "/x?dryRun=All" }, "", "dryRun 1" },
	{ { "create", OF, .name = "data" }, "", "" }, /* nor how it ended */
	/* refused, and by a code of pods' refusals; it is no pod that was refused */
	{ { "create", OF, .name = "data", .code = 403,
	    .message = "persistentvolumeclaims d is forbidden: exceeded quota: q",
	    .request = CLAIM("", "") },
	  "shop/data 403 claim | create reason:QuotaExceeded message:persistentvolumeclaims d is "
	  "forbidden: exceeded quota: q code:403 at:5.25/e",
	  "" },
	/* the scheduler's choice; the status in an update is ignored */
	{ { "update", OF, .name = "data", .code = 200, SCHEDULER,
	    .request = CLAIM(ON_N1, PHASE("Bound")), .response = CLAIM(ON_N1, PHASE("Pending")) },
	  "shop/data uid:c1 200 claim | selected! subject:n1 by scheduler | phase reason:Pending "
	  "by scheduler | selected subject:n1 by scheduler",
	  "" },
	{ { "patch", OF, .name = "data", .code = 200, SCHEDULER,
	    .request = "{\"metadata\":{\"annotations\":{\"volume.kubernetes.io/selected-node\":"
		       "\"n1\",\"x\":\"y\"}}}" },
	  "shop/data 200 claim | selected! subject:n1 by scheduler",
	  "" },
	{ { "patch", OF, .name = "data", .code = 200, .level = "Metadata" },
	  "shop/data 200 claim | seen code:200 at:5.25/e",
	  "" },
	/* the controller's word that it is bound; the annotation is only repeated */
	{ { "update", OF, "status", .name = "data", .code = 200, BINDER,
	    .request = CLAIM(ON_N1, PHASE("Bound")), .level = "Request" },
	  "shop/data uid:c1 200 claim | phase! reason:Bound | selected subject:n1",
	  "" },
	{ { "patch", OF, "status", .name = "data", .code = 200,
	    .request = "{\"status\":{"
		       "\"phase\":\"Lost\"}}",
	    .response = CLAIM("", PHASE("Lost")) },
	  "shop/data uid:c1 200 claim | phase! reason:Lost | phase reason:Lost",
	  "" },
	{ { "update", OF, "status", .name = "data", .code = 200, BINDER, .level = "Metadata" },
	  "shop/data 200 claim | write code:200 at:5.25/e",
	  "" },
	{ { "update", OF, "status", .name = "data", .code = 409, BINDER,
	    .request = CLAIM("", PHASE("Bound")) },
	  "",
	  "" },
	/* deleted: a pod holds it; nothing does, so that it is shown as it was; the answer is a
	   Status; it is not shown */
	{ { "delete", OF, .name = "data", .code = 200, .response = CLAIM(HELD, "") },
	  "shop/data uid:c1 200 claim | delete reason:delete code:200 at:5.25/e | deleting "
	  "message:kubernetes.io/pvc-protection at:5/s by apiserver",
	  "" },
	{ { "delete", OF, .name = "data", .code = 200, .response = CLAIM("", "") },
	  "shop/data uid:c1 200 claim | delete+ reason:delete code:200 at:5.25/e",
	  "" },
	{ { "delete", OF, .name = "data", .code = 200,
	    .response =
		"{\"kind\":\"Status\",\"metadata\":{\"name\":\"x\"},\"status\":\"Success\"}" },
	  "shop/data 200 claim | delete+ reason:delete code:200 at:5.25/e",
	  "" },
	{ { "delete", OF, .name = "data", .code = 200, .level = "Metadata" },
	  "shop/data 200 claim | delete reason:delete code:200 at:5.25/e",
	  "" },
	{ { "delete", OF, .name = "data", .code = 404 }, "", "" },
	{ { "delete", OF, .name = "data", .code = 200,
	    .request = "{\"kind\":\"DeleteOptions\",\"dryRun\":[\"All\"]}" },
	  "",
	  "dryRun 1" },
	/* the protection is lifted: with this it is gone */
	{ { "update", OF, .name = "data", .code = 200, .request = CLAIM(GONE, ""),
	    .response = CLAIM(GONE, "") },
	  "shop/data uid:c1 200 claim | deleting at:5/s by apiserver | deleting message: at:5/s by "
	  "apiserver",
	  "" },
	/* a list of what was there before the deletion */
	{ { "deletecollection", OF, .code = 200,
	    .response = "{\"kind\":\"PersistentVolumeClaimList\",\"items\":[" CLAIM(
		"", PHASE("Bound")) "," CLAIM(HELD, "") "]}" },
	  "shop/data uid:c1 200 claim | delete reason:deletecollection code:200 at:5.25/e | phase "
	  "reason:Bound\nshop/data uid:c1 200 claim | delete reason:deletecollection code:200 "
	  "at:5.25/e | deleting message:kubernetes.io/pvc-protection at:5/s by apiserver",
	  "" },
	{ { "deletecollection", OF, .code = 200, .level = "Metadata" }, "", "" },
	/* read */
	{ { "get", OF, .name = "data", .code = 200, .response = CLAIM("", PHASE("Bound")),
	    .user = "system:node:n1" },
	  "shop/data uid:c1 node:n1 200 claim | phase reason:Bound by kubelet",
	  "" },
	{ { "get", OF, .name = "data", .code = 200, .level = "Metadata" },
	  "shop/data 200 claim | seen code:200 at:5.25/e",
	  "" },
	{ { "get", OF, .name = "data", .code = 404 }, "", "" },
	{ { "list", OF, .code = 200,
	    .response = "{\"items\":[" PARTIAL ",{\"kind\":\"Pod\","
			"\"metadata\":{\"name\":\"p\"}}]}" },
	  "shop/data uid:c1 200 claim",
	  "" },
	{ { "list", OF, .code = 200, .response = "{\"rows\":[{\"object\":" PARTIAL "}]}" },
	  "shop/data uid:c1 200 claim",
	  "" },
	{ { "list", OF, .code = 403 }, "", "" },
	{ { "watch", OF, .code = 200 }, "", "" },
	/* something else with the same name */
	{ { "create", OF, .name = "data", .code = 201, .group = "example.org",
	    .response = CLAIM("", "") },
	  "",
	  "" },
};

START_TEST(test_row)
{
	check_event(&rows[_i].event, rows[_i].records, rows[_i].counters);
}
END_TEST

static const struct {
	const char *body;
	const char *storage_class, *volume; /* NULL: not shown */
	int64_t bytes;
	nsec created;
} objects[] = {
	{ CLAIM("", ",\"spec\":{\"storageClassName\":\"fast\",\"volumeName\":\"v1\",\"resources\":"
		    "{\"limits\":{\"storage\":\"9\"},\"requests\":{\"storage\":\"1Gi\",\"x\":1}}}"),
	  "fast", "v1", 1 << 30, T0 + SECOND },
	/* of old, an annotation named the class; the field wins */
	{ CLAIM(",\"annotations\":{\"volume.beta.kubernetes.io/storage-class\":\"old\"}",
		",\"spec\":{\"resources\":{\"requests\":{\"storage\":1000}}}"),
	  "old", "", 1000, T0 + SECOND },
	{ CLAIM(",\"annotations\":{\"volume.beta.kubernetes.io/storage-class\":\"old\"}",
		",\"spec\":{\"storageClassName\":\"\"}"),
	  "", "", 0, T0 + SECOND },
	{ CLAIM("", ",\"spec\":{\"resources\":null}"), "", "", 0, T0 + SECOND },
	{ PARTIAL, NULL, NULL, 0, NSEC_NONE },
};

START_TEST(test_object)
{
	struct event e = { "get", OF, .name = "data", .code = 200, .response = objects[_i].body };
	struct decoded all = { 0 };
	const struct claim_object *c;

	decoded_event(&all, &e);
	ck_assert_uint_eq(all.n, 1);
	c = all.last.claim;
	ck_assert_ptr_nonnull(c);
	ck_assert_str(c->uid, STR("c1"));
	ck_assert(!c->storage_class.p == !objects[_i].storage_class);
	ck_assert_str(c->storage_class, str_from(objects[_i].storage_class));
	ck_assert(!c->volume.p == !objects[_i].volume);
	ck_assert_str(c->volume, str_from(objects[_i].volume));
	ck_assert_int_eq(c->bytes, objects[_i].bytes);
	ck_assert_int_eq(c->created, objects[_i].created);
	decoded_free(&all);
}
END_TEST

/* Where no response shows the object, the request replaces it, except for its identity. */
START_TEST(test_asked)
{
	struct event e = { "create",
			   OF,
			   .name = "data",
			   .code = 201,
			   .level = "Request",
			   .request = CLAIM("", ",\"spec\":{\"storageClassName\":\"fast\"}") };
	struct decoded all = { 0 };

	decoded_event(&all, &e);
	ck_assert_ptr_nonnull(all.last.claim);
	ck_assert_str(all.last.claim->storage_class, STR("fast"));
	ck_assert(!all.last.claim->uid.p && !all.last.claim->volume.p);
	ck_assert_int_eq(all.last.claim->created, NSEC_NONE);
	ck_assert_str(all.last.actor, STR("alice"));
	ck_assert_ptr_null(all.last.object);
	decoded_free(&all);
}
END_TEST

/* Writes of the status, with or without a body, show whether Bound can be observed. */
START_TEST(test_claim_writes)
{
	struct decoded all = { 0 };
	const struct cluster *cluster;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		decoded_event(&all, &rows[i].event);
	cluster = context_find_cluster(decoder_context(all.decoder), STR(""));
	ck_assert_ptr_nonnull(cluster);
	ck_assert_uint_eq(cluster->claim_writes, 3);
	ck_assert_uint_eq(cluster->status_writes, 0);
	decoded_free(&all);
}
END_TEST

START_TEST(test_kind_is_complete)
{
	const struct object_row *row = object_row((enum object_kind)_i);

	ck_assert_msg(row->name.n && row->read && row->in_records && row->in_dumps &&
			  row->words.noun && row->words.plural && row->words.column &&
			  row->words.operands[0] && row->words.done && row->words.diagnosis,
		      "kind %d of objects needs a whole row in kube/kinds.c", _i);
}
END_TEST

TCase *claims_tests(void)
{
	TCase *t = tcase_create("claims");

	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, test_object, 0, ARRAY_SIZE(objects));
	tcase_add_test(t, test_asked);
	tcase_add_test(t, test_claim_writes);
	tcase_add_loop_test(t, test_kind_is_complete, 0, OBJECT_KINDS);
	return t;
}
