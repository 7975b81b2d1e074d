/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GKE audit logs: a Cloud Logging LogEntry whose protoPayload is an AuditLog
 * (google/cloud/audit/audit_log.proto), converted to the API server's audit event. The entry has
 * one time instead of two, no requestURI and no level; other fields have other names. Values are
 * copied undecoded.
 */
#include "base/buf.h"
#include "json/fields.h"
#include "wrap/wrapping.h"

/* google/rpc/code.proto, whose comments contain the HTTP status of each. */
static const int16_t http_of[] = { 200, 499, 500, 400, 504, 404, 409, 403, 429,
				   400, 409, 400, 501, 500, 503, 500, 401 };

struct log_entry {
	/* raw */
	struct str service, method, resource_name, insert_id, operation, user, agent, time;
	struct str project, location, cluster, request, response, message, labels;
	bool first, last;
	int64_t status; /* of google.rpc.Status; of the response, if it is a Status: HTTP */
};

/* clang-format off */
#define RAW(name, field) JSON_FIELD(RAW, name, struct log_entry, field)
static const struct json_field status_fields[] = {
	JSON_FIELD(I64, "code", struct log_entry, status),
	RAW("message", message),
};
static const struct json_field user_fields[] = { RAW("principalEmail", user) };
static const struct json_field request_fields[] = { RAW("callerSuppliedUserAgent", agent) };
static const struct json_field payload_fields[] = {
	JSON_INSIDE("authenticationInfo", user_fields),
	RAW("methodName", method),
	RAW("request", request),
	JSON_INSIDE("requestMetadata", request_fields),
	RAW("resourceName", resource_name),
	RAW("response", response),
	RAW("serviceName", service),
	JSON_INSIDE("status", status_fields),
};
static const struct json_field operation_fields[] = {
	JSON_FIELD(BOOL, "first", struct log_entry, first),
	RAW("id", operation),
	JSON_FIELD(BOOL, "last", struct log_entry, last),
};
static const struct json_field label_fields[] = {
	RAW("cluster_name", cluster),
	RAW("location", location),
	RAW("project_id", project),
};
static const struct json_field resource_fields[] = { JSON_INSIDE("labels", label_fields) };
static const struct json_field entry_fields[] = {
	RAW("insertId", insert_id),
	RAW("labels", labels),
	JSON_INSIDE("operation", operation_fields),
	JSON_INSIDE("protoPayload", payload_fields),
	JSON_INSIDE("resource", resource_fields),
	RAW("timestamp", time),
};
#undef RAW
/* clang-format on */

static bool is_object(struct str raw)
{
	return raw.n && raw.p[0] == '{';
}

/* "@type" of a body is its first key if the API server has written it. */
static struct str body_type(struct str raw, struct arena *arena)
{
	struct json j = json_of(raw, arena);
	struct str key, type = { 0 };

	if (!json_object(&j))
		return type;
	while (!type.n && json_key(&j, &key))
		if (str_eq(key, STR("@type")))
			json_text(&j, &type);
		else
			json_skip(&j);
	return type;
}

/* The value with the given text around it; nothing if there is no value. */
static void put_value(struct buf *out, const char *before, struct str value, const char *after)
{
	if (!value.p)
		return;
	buf_add_str(out, str_from(before));
	buf_add_str(out, value);
	buf_add_str(out, str_from(after));
}

/* core/v1/namespaces/NS/pods/NAME/status, core/v1/nodes/NAME, apps/v1/namespaces/NS/deployments */
static void put_object_ref(struct buf *out, struct str path)
{
	struct str part[7] = { 0 }, *at = &part[2], tail = path;
	size_t n = 0;

	while (n < ARRAY_SIZE(part) - 1 && str_cut(tail, '/', &part[n], &tail))
		n++;
	part[n++] = tail;
	if (n < 3)
		return;
	put_value(out, ",\"objectRef\":{\"apiVersion\":\"", part[1], "\"");
	if (!str_eq(part[0], STR("core")))
		put_value(out, ",\"apiGroup\":\"", part[0], "\"");
	if (n > 4 && str_eq(at[0], STR("namespaces"))) {
		put_value(out, ",\"namespace\":\"", at[1], "\"");
		at += 2;
		n -= 2;
	}
	put_value(out, ",\"resource\":\"", at[0], "\"");
	if (n > 3)
		put_value(out, ",\"name\":\"", at[1], "\"");
	if (n > 4)
		put_value(out, ",\"subresource\":\"", at[2], "\"");
	buf_add_char(out, '}');
}

/* A Status in the response has the exact code and is not an object to decode. */
static void put_answer(struct buf *out, const struct log_entry *e, struct str verb,
		       struct arena *arena)
{
	bool known = e->status >= 0 && e->status < (int64_t)ARRAY_SIZE(http_of);
	int code = known ? http_of[e->status] : 500;
	struct log_entry answer = { 0 };
	struct str message = e->message;

	if (e->status == 0 && str_eq(verb, STR("create")))
		code = 201;
	if (str_ends(body_type(e->response, arena), STR("Status"))) {
		struct json j = json_of(e->response, arena);

		json_fields(&j, status_fields, ARRAY_SIZE(status_fields), &answer);
		if (answer.status >= 400 && answer.status < 1000)
			code = (int)answer.status;
		if (raw_word(answer.message).n)
			message = answer.message;
	} else if (is_object(e->response)) {
		put_value(out, ",\"responseObject\":", e->response, "");
	}
	buf_printf(out, ",\"responseStatus\":{\"code\":%d", code);
	put_value(out, ",\"message\":", message, "");
	buf_add_char(out, '}');
}

static void put_event(struct buf *out, const struct log_entry *e, struct arena *arena)
{
	struct str method = raw_word(e->method), head, verb = method;
	struct str operation = raw_word(e->operation);

	/* io.k8s.core.v1.pods.binding.create ends with the verb */
	if (!str_cut_last(method, '.', &head, &verb))
		verb = method;
	put_value(out, "{\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"",
		  is_object(e->response)  ? STR("RequestResponse")
		  : is_object(e->request) ? STR("Request")
					  : STR("Metadata"),
		  "\"");
	put_value(out, ",\"auditID\":\"", operation.n ? operation : raw_word(e->insert_id), "\"");
	/* a long-running request has two entries and has ended only at the second */
	put_value(out, ",\"stage\":\"",
		  e->first && !e->last ? STR("RequestReceived") : STR("ResponseComplete"), "\"");
	put_value(out, ",\"verb\":\"", verb, "\"");
	put_value(out, ",\"user\":{\"username\":", e->user, "}");
	put_value(out, ",\"userAgent\":", e->agent, "");
	put_object_ref(out, raw_word(e->resource_name));
	put_answer(out, e, verb, arena);
	if (is_object(e->request))
		put_value(out, ",\"requestObject\":", e->request, "");
	put_value(out, ",\"requestReceivedTimestamp\":", e->time, "");
	put_value(out, ",\"annotations\":", e->labels, "");
	buf_add_char(out, '}');
}

struct converted convert_gke(struct str raw, struct arena *arena)
{
	struct log_entry e = { 0 };
	struct json j = json_of(raw, arena);
	struct converted made = { 0 };
	struct buf out = { 0 };
	struct str cluster;

	json_fields(&j, entry_fields, ARRAY_SIZE(entry_fields), &e);
	if (!json_end(&j))
		return (struct converted){ .what = j.what, .offset = json_offset(&j) };
	if (!str_eq(raw_word(e.service), STR("k8s.io")))
		return (struct converted){
			.foreign = "an audit log of Google Cloud, not of the Kubernetes API"
		};
	buf_reserve(&out, raw.n + 512);
	put_event(&out, &e, arena);
	made.text = arena_str(arena, buf_str(&out));
	buf_free(&out);
	if (raw_text(e.cluster, arena, &cluster) && cluster.n)
		made.cluster = e.project.n || e.location.n
				   ? arena_printf(arena, STR_FMT "/" STR_FMT "/" STR_FMT,
						  STR_ARG(raw_word(e.project)),
						  STR_ARG(raw_word(e.location)), STR_ARG(cluster))
				   : cluster;
	return made;
}
