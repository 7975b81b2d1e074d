/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/refusal.h"

/* The first match is used: special messages come before general statuses. */
static const struct refusal refusals[] = {
	/* webhooks and policies write their own messages, which may quote messages of Kubernetes */
	{ 0, "admission webhook \"", "denied the request", "WebhookDenied", "user" },
	{ 0, "ValidatingAdmissionPolicy '", "denied request", "PolicyDenied", "user" },
	{ 0, "exceeded quota:", NULL, "QuotaExceeded", "user" },
	{ 0, "failed quota:", "must specify", "QuotaMustSpecify", "user" },
	{ 0, "status unknown for quota:", NULL, "QuotaNotReady", "platform" },
	{ 0, "insufficient quota to consume:", NULL, "QuotaNoCovering", "user" },
	{ 0, "insufficient quota to match these scopes:", NULL, "QuotaNoCovering", "user" },
	{ 0, "violates PodSecurity", NULL, "PodSecurity", "user" },
	{ 0, "failed calling webhook", NULL, "WebhookUnavailable", "platform" },
	{ 0, "unable to validate against any security context constraint", NULL, "SCCDenied",
	  "user" },
	{ 0, "error looking up service account", NULL, "ServiceAccountMissing", "user" },
	{ 0, "no PriorityClass with name", NULL, "PriorityClassMissing", "user" },
	{ 0, "integer value of priority", "must not be provided in pod spec", "PriorityMismatch",
	  "user" },
	{ 0, "pod rejected: RuntimeClass", "not found", "RuntimeClassMissing", "user" },
	{ 0, "Overhead doesn't match RuntimeClass", NULL, "RuntimeClassConflict", "user" },
	{ 0, "conflict: runtimeClass.scheduling.nodeSelector", NULL, "RuntimeClassConflict",
	  "user" },
	{ 0, "because it is being terminated", NULL, "NamespaceTerminating", "user" },
	{ 404, "namespaces \"", "not found", "NamespaceMissing", "user" },
	{ 0, "image policy webhook backend denied", NULL, "ImagePolicyDenied", "user" },
	{ 0, "rejected by webhook backend", NULL, "ImagePolicyDenied", "user" },
	{ 0, "pod node label selector conflicts", NULL, "NodeSelectorConflict", "user" },
	{ 0, "tolerations", "conflict", "TolerationConflict", "user" },
	{ 0, "usage per ", NULL, "LimitRange", "user" },
	{ 0, "max limit to request ratio per ", NULL, "LimitRange", "user" },
	{ 401, NULL, NULL, "Unauthorized", "user" },
	{ 403, NULL, NULL, "Forbidden", "user" },
	{ 404, NULL, NULL, "NotFound", "user" },
	{ 409, "annot be fulfilled on resourcequotas", NULL, "QuotaConflict", "platform" },
	{ 409, NULL, NULL, "AlreadyExists", "user" },
	{ 422, NULL, NULL, "InvalidSpec", "user" },
	{ 429, NULL, NULL, "APIThrottled", "platform" },
	{ 504, NULL, NULL, "APIServerTimeout", "platform" },
	{ 0, "etcdserver:", NULL, "APIServerStorage", "platform" },
	{ 500, NULL, NULL, "APIServerError", "platform" },
	{ 502, NULL, NULL, "APIServerError", "platform" },
	{ 503, NULL, NULL, "APIServerError", "platform" },
	{ 400, NULL, NULL, "BadRequest", "user" },
	{ 0, NULL, NULL, "Refused", "" },
};

static bool matches(const struct refusal *row, int32_t status, struct str message)
{
	return (row->status == 0 || row->status == status) &&
	       (!row->text || str_contains(message, str_from(row->text))) &&
	       (!row->also || str_contains(message, str_from(row->also)));
}

const struct refusal *refusal_of(int32_t status, struct str message)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(refusals) && !matches(&refusals[i], status, message))
		i++;
	return &refusals[i];
}

const struct refusal *refusal_by_code(struct str code)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (str_eq(code, str_from(refusals[i].code)))
			return &refusals[i];
	return NULL;
}

bool refusal_is_final(int32_t status)
{
	return status >= 400 && status != 409 && status != 429;
}
