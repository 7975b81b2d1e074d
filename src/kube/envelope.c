/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys of an audit event are read, and how. */
#include "kube/envelope.h"

#include "json/fields.h"

static const struct json_field old_metadata_fields[] = {
	JSON_FIELD(TIME, "creationTimestamp", struct audit, created),
};

static const struct json_field user_fields[] = {
	JSON_FIELD(TEXT, "username", struct audit, username),
	JSON_FIELD(TEXT, "uid", struct audit, user_uid),
};

static const struct json_field impersonated_fields[] = {
	JSON_FIELD(TEXT, "username", struct audit, impersonated),
};

static const struct json_field ref_fields[] = {
	JSON_FIELD(TEXT, "resource", struct audit, resource),
	JSON_FIELD(TEXT, "namespace", struct audit, namespace),
	JSON_FIELD(TEXT, "name", struct audit, name),
	JSON_FIELD(TEXT, "uid", struct audit, uid),
	JSON_FIELD(TEXT, "apiGroup", struct audit, api_group),
	JSON_FIELD(TEXT, "subresource", struct audit, subresource),
};

static void read_ref(struct json *j, void *object)
{
	struct audit *a = object;

	a->has_ref = json_fields(j, ref_fields, ARRAY_SIZE(ref_fields), a) || a->has_ref;
}

/* responseStatus */

static const struct json_field cause_fields[] = {
	JSON_FIELD(TEXT, "message", struct audit, cause),
};

/* The first cause is used: evictions have one, others repeat the message. */
static void read_cause(struct json *j, void *object)
{
	if (((struct audit *)object)->cause.n)
		json_skip(j);
	else
		json_fields(j, cause_fields, ARRAY_SIZE(cause_fields), object);
}

static const struct json_field details_fields[] = {
	JSON_EACH("causes", read_cause),
};

static void read_code(struct json *j, void *object)
{
	int64_t code;

	if (json_i64(j, &code) && code > 0 && code < 1000)
		((struct audit *)object)->code = (int32_t)code;
}

static const struct json_field status_fields[] = {
	JSON_FIELD(TEXT, "message", struct audit, message),
	JSON_INSIDE("details", details_fields),
	JSON_OTHER("code", read_code),
};

/* annotations */

static void read_truncated(struct json *j, void *object)
{
	struct str value;

	((struct audit *)object)->truncated = json_text(j, &value) && str_eq(value, STR("true"));
}

static const struct json_field annotation_fields[] = {
	JSON_FIELD(TEXT, "cluster", struct audit, cluster),
	JSON_OTHER("audit.k8s.io/truncated", read_truncated),
};

static void read_annotations(struct json *j, void *object)
{
	struct audit *a = object;
	const char *begin;

	json_peek(j);
	begin = j->p;
	if (json_fields(j, annotation_fields, ARRAY_SIZE(annotation_fields), a))
		a->annotations = str_from_to(begin, j->p);
}

/* In the order in which the API server writes them. A body may be null, a string
 * ("skipped-too-big-size-object"), an array (a JSON patch) or an object. */
static const struct json_field audit_fields[] = {
	JSON_FIELD(TEXT, "kind", struct audit, kind),
	JSON_FIELD(TEXT, "apiVersion", struct audit, api_version),
	JSON_INSIDE("metadata", old_metadata_fields),
	JSON_FIELD(TEXT, "level", struct audit, level),
	JSON_FIELD(TIME, "timestamp", struct audit, timestamp),
	JSON_FIELD(TEXT, "auditID", struct audit, audit_id),
	JSON_FIELD(TEXT, "stage", struct audit, stage),
	JSON_FIELD(TEXT, "requestURI", struct audit, uri),
	JSON_FIELD(TEXT, "verb", struct audit, verb),
	JSON_INSIDE("user", user_fields),
	JSON_INSIDE("impersonatedUser", impersonated_fields),
	JSON_FIELD(TEXT, "userAgent", struct audit, user_agent),
	JSON_OTHER("objectRef", read_ref),
	JSON_INSIDE("responseStatus", status_fields),
	JSON_FIELD(RAW, "requestObject", struct audit, request),
	JSON_FIELD(RAW, "responseObject", struct audit, response),
	JSON_FIELD(TIME, "requestReceivedTimestamp", struct audit, received),
	JSON_FIELD(TIME, "stageTimestamp", struct audit, completed),
	JSON_OTHER("annotations", read_annotations),
	JSON_FIELD(RAW, "items", struct audit, items),
	/* OpenShift's collector overwrites `level` with a severity and keeps the audit level
	 * here */
	JSON_FIELD(TEXT, "k8s_audit_level", struct audit, real_level),
	JSON_FIELD(TEXT, "openshift_audit_level", struct audit, real_level),
	JSON_FIELD(RAW, "openshift", struct audit, openshift),
};

bool audit_envelope(struct json *j, struct audit *a)
{
	return json_fields(j, audit_fields, ARRAY_SIZE(audit_fields), a);
}

struct delete_options {
	uint32_t dry_runs;
};

bool audit_options_dry_run(struct json *j)
{
	static const struct json_field fields[] = {
		JSON_FIELD(ITEMS, "dryRun", struct delete_options, dry_runs),
	};
	struct delete_options options = { 0 };

	json_fields(j, fields, ARRAY_SIZE(fields), &options);
	return options.dry_runs > 0;
}

bool audit_is_write(const struct audit *a)
{
	static const char *const verbs[] = { "patch",  "create",	   "update",
					     "delete", "deletecollection", NULL };

	return str_is_one_of(a->verb, verbs);
}
