/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as API servers write them, and ones that are nearly the same. */
#include "suites.h"

#include "kube/refusal.h"

#define NO "pods \"web\" is forbidden: "

static const struct {
	int32_t status;
	const char *message, *code, *owner;
} rows[] = {
	{ 403, NO "exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5",
	  "QuotaExceeded", "user" },
	{ 403, NO "failed quota: q: must specify limits.cpu for: c", "QuotaMustSpecify", "user" },
	{ 403, NO "status unknown for quota: q, resources: pods", "QuotaNotReady", "platform" },
	{ 403, NO "insufficient quota to consume: cpu", "QuotaNoCovering", "user" },
	{ 403, NO "insufficient quota to match these scopes: [{PriorityClass In [high]}]",
	  "QuotaNoCovering", "user" },
	{ 403,
	  NO "violates PodSecurity \"restricted:latest\": privileged (container \"c\" must not"
	     " set securityContext.privileged=true)",
	  "PodSecurity", "user" },
	{ 500,
	  "Internal error occurred: failed calling webhook \"w.example.com\": failed to call "
	  "webhook: Post \"https://w.svc:443/x?timeout=10s\": context deadline exceeded",
	  "WebhookUnavailable", "platform" },
	{ 403, "admission webhook \"validate.kyverno.svc\" denied the request: policy Pod/shop/web",
	  "WebhookDenied", "user" },
	{ 400, "admission webhook \"v.example.com\" denied the request: no", "WebhookDenied",
	  "user" },
	{ 422, NO "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no latest",
	  "PolicyDenied", "user" },
	{ 403,
	  NO "unable to validate against any security context constraint: [provider "
	     "\"anyuid\": Forbidden: not usable by user or serviceaccount]",
	  "SCCDenied", "user" },
	{ 403, NO "error looking up service account shop/sa: serviceaccount \"sa\" not found",
	  "ServiceAccountMissing", "user" },
	{ 403, NO "no PriorityClass with name high was found", "PriorityClassMissing", "user" },
	{ 403, NO "pod rejected: RuntimeClass \"gvisor\" not found", "RuntimeClassMissing",
	  "user" },
	{ 403,
	  NO "the integer value of priority (7) must not be provided in pod spec; priority "
	     "admission controller computed 0 from the given PriorityClass name",
	  "PriorityMismatch", "user" },
	{ 403, NO "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
	  "RuntimeClassConflict", "user" },
	{ 403,
	  NO "conflict: runtimeClass.scheduling.nodeSelector[disk] = ssd; "
	     "pod.spec.nodeSelector[disk] = hdd",
	  "RuntimeClassConflict", "user" },
	/* a webhook's own words */
	{ 403, "admission webhook \"quota.example.com\" denied the request: exceeded quota: team",
	  "WebhookDenied", "user" },
	{ 422,
	  NO "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: tolerations conflict",
	  "PolicyDenied", "user" },
	{ 403, NO "unable to create new content in namespace shop because it is being terminated",
	  "NamespaceTerminating", "user" },
	{ 404, "namespaces \"shop\" not found", "NamespaceMissing", "user" },
	{ 403, NO "image policy webhook backend denied one or more images: no", "ImagePolicyDenied",
	  "user" },
	{ 403, NO "one or more images rejected by webhook backend", "ImagePolicyDenied", "user" },
	{ 403, NO "pod node label selector conflicts with its namespace node label selector",
	  "NodeSelectorConflict", "user" },
	{ 403,
	  NO "pod tolerations (possibly merged with namespace default tolerations) conflict "
	     "with its namespace whitelist",
	  "TolerationConflict", "user" },
	{ 403, NO "maximum cpu usage per Container is 1, but limit is 2", "LimitRange", "user" },
	{ 403, NO "minimum memory usage per Pod is 1Gi, but request is 1Mi", "LimitRange", "user" },
	{ 403, NO "cpu max limit to request ratio per Container is 2, but provided ratio is 4",
	  "LimitRange", "user" },
	{ 401, "Unauthorized", "Unauthorized", "user" },
	{ 403,
	  NO "User \"alice\" cannot create resource \"pods\" in API group \"\" in the "
	     "namespace \"shop\"",
	  "Forbidden", "user" },
	{ 404, "the server could not find the requested resource", "NotFound", "user" },
	{ 409, "pods \"db-0\" already exists", "AlreadyExists", "user" },
	{ 409,
	  "Operation cannot be fulfilled on resourcequotas \"q\": the object has been modified; "
	  "please "
	  "apply your changes to the latest version and try again",
	  "QuotaConflict", "platform" },
	{ 422, "Pod \"web\" is invalid: spec.containers[0].image: Required value", "InvalidSpec",
	  "user" },
	{ 429, "Too many requests, please try again later.", "APIThrottled", "platform" },
	{ 504, "Timeout: request did not complete within requested timeout", "APIServerTimeout",
	  "platform" },
	{ 500, "etcdserver: request timed out", "APIServerStorage", "platform" },
	{ 503, "etcdserver: leader changed", "APIServerStorage", "platform" },
	{ 500, "Internal error occurred: x", "APIServerError", "platform" },
	{ 502, "", "APIServerError", "platform" },
	{ 503, "apiserver is shutting down", "APIServerError", "platform" },
	{ 400, "Pod in version \"v1\" cannot be handled as a Pod", "BadRequest", "user" },
	{ 418, "", "Refused", "" },
	{ 302, "Found", "Refused", "" },
	/* without a message (Metadata level) the status is all there is */
	{ 403, "", "Forbidden", "user" },
	{ 404, "", "NotFound", "user" },
	{ 500, "", "APIServerError", "platform" },
	/* near misses */
	{ 403, NO "exceeded quotas: q", "Forbidden", "user" },
	{ 403, NO "failed quota: q: something else", "Forbidden", "user" },
	{ 403, "admission webhook \"w\" warned about the request", "Forbidden", "user" },
	{ 403, NO "ValidatingAdmissionPolicy 'p' with binding 'b' warned", "Forbidden", "user" },
	{ 403, NO "RuntimeClass \"gvisor\" has another overhead", "Forbidden", "user" },
	{ 403, "namespaces \"shop\" not found", "Forbidden", "user" },
	{ 404, "pods \"web\" not found", "NotFound", "user" },
	{ 403, NO "pod tolerations are fine", "Forbidden", "user" },
	{ 500, "etcd is away", "APIServerError", "platform" },
	{ 504, "etcdserver: request timed out", "APIServerTimeout", "platform" },
};

START_TEST(test_refusal)
{
	const struct refusal *r = refusal_of(rows[_i].status, str_from(rows[_i].message));

	ck_assert_msg(strcmp(r->code, rows[_i].code) == 0, "%s: %s", rows[_i].message, r->code);
	ck_assert_str_eq(r->owner, rows[_i].owner);
}
END_TEST

/* Every row of the table is reached by a row above: the codes are those of the table. */
START_TEST(test_by_code)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct refusal *r = refusal_by_code(str_from(rows[i].code));

		ck_assert_ptr_nonnull(r);
		ck_assert_str_eq(r->code, rows[i].code);
		ck_assert_str_eq(r->owner, rows[i].owner);
	}
	ck_assert_ptr_null(refusal_by_code(STR("")));
	ck_assert_ptr_null(refusal_by_code(STR("quotaexceeded")));
	ck_assert_str_eq(refusal_of(0, (struct str){ 0 })->code, "Refused");
}
END_TEST

START_TEST(test_final)
{
	static const int32_t final[] = { 400, 401, 403, 404, 422, 500, 502, 503, 504 };
	static const int32_t again[] = { 0, 200, 201, 302, 409, 429 };

	for (size_t i = 0; i < ARRAY_SIZE(final); i++)
		ck_assert(refusal_is_final(final[i]));
	for (size_t i = 0; i < ARRAY_SIZE(again); i++)
		ck_assert(!refusal_is_final(again[i]));
}
END_TEST

TCase *refusal_tests(void)
{
	TCase *t = tcase_create("refusal");

	tcase_add_loop_test(t, test_refusal, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_by_code);
	tcase_add_test(t, test_final);
	return t;
}
