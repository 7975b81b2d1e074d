/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GKE's audit log: a LogEntry of Cloud Logging, whose protoPayload is an AuditLog
 * (google/cloud/audit/audit_log.proto), to the audit event that the API server has written. It has
 * one time instead of two, no requestURI and no level; the rest is there under other names.
 */
#include "wrap/wrapping.h"

/* google/rpc/code.proto, whose comments give the HTTP status of each. */
static const int16_t http_of[] = { 200, 499, 500, 400, 504, 404, 409, 403, 429,
				   400, 409, 400, 501, 500, 503, 500, 401 };

struct entry {
	struct audit a;
	struct str service, method, resource_name, insert_id, operation;
	struct str project, location, cluster_name;
	bool first, last;
	int64_t status; /* of google.rpc.Status */
};

/* One row a key: what is taken from it. Objects are walked by the rows of their own. */
enum take { TAKE_TEXT, TAKE_TIME, TAKE_RAW, TAKE_BOOL, TAKE_NUMBER, TAKE_OBJECT, TAKE_LABELS };

struct take_row {
	struct str key;
	enum take take;
	size_t offset;
	const struct take_row *object; /* ends with an empty key */
};

#define ROW(name, kind, field)                                                                     \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, kind, offsetof(struct entry, field), NULL              \
	}
#define OBJECT(name, rows)                                                                         \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, TAKE_OBJECT, 0, rows                                   \
	}
static const struct take_row authentication_rows[] = {
	ROW("principalEmail", TAKE_TEXT, a.username),
	{ { 0 } },
};
static const struct take_row request_rows[] = {
	ROW("callerSuppliedUserAgent", TAKE_TEXT, a.user_agent),
	{ { 0 } },
};
static const struct take_row status_rows[] = {
	ROW("code", TAKE_NUMBER, status),
	ROW("message", TAKE_TEXT, a.message),
	{ { 0 } },
};
static const struct take_row payload_rows[] = {
	ROW("serviceName", TAKE_TEXT, service),
	ROW("methodName", TAKE_TEXT, method),
	ROW("resourceName", TAKE_TEXT, resource_name),
	ROW("request", TAKE_RAW, a.request),
	ROW("response", TAKE_RAW, a.response),
	OBJECT("status", status_rows),
	OBJECT("authenticationInfo", authentication_rows),
	OBJECT("requestMetadata", request_rows),
	{ { 0 } },
};
static const struct take_row operation_rows[] = {
	ROW("id", TAKE_TEXT, operation),
	ROW("first", TAKE_BOOL, first),
	ROW("last", TAKE_BOOL, last),
	{ { 0 } },
};
static const struct take_row label_rows[] = {
	ROW("project_id", TAKE_TEXT, project),
	ROW("location", TAKE_TEXT, location),
	ROW("cluster_name", TAKE_TEXT, cluster_name),
	{ { 0 } },
};
static const struct take_row resource_rows[] = {
	OBJECT("labels", label_rows),
	{ { 0 } },
};
static const struct take_row entry_rows[] = {
	OBJECT("protoPayload", payload_rows),
	OBJECT("operation", operation_rows),
	OBJECT("resource", resource_rows),
	ROW("insertId", TAKE_TEXT, insert_id),
	ROW("timestamp", TAKE_TIME, a.received),
	ROW("labels", TAKE_LABELS, a),
	{ { 0 } },
};
#undef ROW
#undef OBJECT

static void take(struct json *j, const struct take_row *row, struct entry *e)
{
	void *field = (char *)e + row->offset;
	struct str text;

	switch (row->take) {
	case TAKE_TEXT:
		json_text(j, (struct str *)field);
		break;
	case TAKE_TIME:
		if (json_text(j, &text))
			clock_parse(text, (nsec *)field);
		break;
	case TAKE_RAW:
		if (json_peek(j) == JSON_OBJECT)
			json_raw(j, (struct str *)field);
		else
			json_skip(j);
		break;
	case TAKE_BOOL:
		json_bool(j, (bool *)field);
		break;
	case TAKE_NUMBER:
		json_i64(j, (int64_t *)field);
		break;
	case TAKE_LABELS:
		audit_annotations(j, &e->a);
		break;
	case TAKE_OBJECT:
		break; /* by its caller */
	}
}

/* Recursion ends with the tables: they are four deep. */
static void walk(struct json *j, const struct take_row *rows, struct entry *e)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		const struct take_row *row = rows;

		while (row->key.n && !str_eq(row->key, key))
			row++;
		if (!row->key.n)
			json_skip(j);
		else if (row->take == TAKE_OBJECT)
			walk(j, row->object, e);
		else
			take(j, row, e);
	}
}

/* "@type" says what a body is: the first key where the API server has written it. */
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

/* core/v1/namespaces/NS/pods/NAME/status, core/v1/nodes/NAME, apps/v1/namespaces/NS/deployments */
static void resource_name(struct str path, struct audit *a)
{
	struct str part[7] = { 0 }, *at = &part[2], tail = path;
	size_t n = 0;

	while (n < ARRAY_SIZE(part) - 1 && str_cut(tail, '/', &part[n], &tail))
		n++;
	part[n++] = tail;
	if (n < 3)
		return;
	a->has_ref = true;
	a->api_group = str_eq(part[0], STR("core")) ? (struct str){ 0 } : part[0];
	if (n > 4 && str_eq(at[0], STR("namespaces"))) {
		a->namespace = at[1];
		at += 2;
		n -= 2;
	}
	a->resource = at[0];
	if (n > 3)
		a->name = at[1];
	if (n > 4)
		a->subresource = at[2];
}

/* io.k8s.core.v1.pods.binding.create ends with the verb. */
static struct str verb_of(struct str method)
{
	struct str head, verb;

	return str_cut_last(method, '.', &head, &verb) ? verb : method;
}

static void status(struct decoder *d, struct entry *e)
{
	struct audit *a = &e->a, answer = { 0 };
	struct json j;

	if (e->status >= 0 && e->status < (int64_t)ARRAY_SIZE(http_of))
		a->code = http_of[e->status];
	else
		a->code = 500;
	if (e->status == 0 && str_eq(a->verb, STR("create")))
		a->code = 201;
	/* a Status in the answer knows the code exactly, and is no object to be looked into */
	if (!str_ends(body_type(a->response, &d->arena), STR("Status")))
		return;
	j = json_of(a->response, &d->arena);
	audit_status(&j, &answer);
	if (answer.code >= 400)
		a->code = answer.code;
	if (answer.message.n)
		a->message = answer.message;
	a->response = (struct str){ 0 };
}

static void name_cluster(struct decoder *d, const struct entry *e, size_t row)
{
	struct str name = e->cluster_name;

	if (name.n && (e->project.n || e->location.n))
		name = arena_printf(&d->arena, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(e->project),
				    STR_ARG(e->location), STR_ARG(name));
	wrapper_seen_cluster(&d->wrappers, row, name);
}

int gke_entry(struct decoder *d, struct str raw, size_t row, struct err *err)
{
	struct entry e = { .a = { .received = NSEC_NONE,
				  .completed = NSEC_NONE,
				  .timestamp = NSEC_NONE,
				  .created = NSEC_NONE } };
	struct audit *a = &e.a;
	struct json j = json_of(raw, &d->arena);

	walk(&j, entry_rows, &e);
	if (!json_end(&j)) {
		audit_malformed(d, j.what, json_offset(&j));
		return 1;
	}
	if (!str_eq(e.service, STR("k8s.io"))) {
		audit_foreign(d, "an audit log of Google Cloud, not of the Kubernetes API");
		return 1;
	}
	a->audit_id = e.operation.n ? e.operation : e.insert_id;
	/* a request that takes long has two entries: only at the second one has it ended */
	a->stage = e.first && !e.last ? STR("RequestReceived") : STR("ResponseComplete");
	a->verb = verb_of(e.method);
	a->level = a->response.n  ? STR("RequestResponse")
		   : a->request.n ? STR("Request")
				  : STR("Metadata");
	resource_name(e.resource_name, a);
	status(d, &e);
	d->wrappers.records[row]++;
	name_cluster(d, &e, row);
	return audit_dispatch(d, a, err) < 0 ? -1 : 1;
}
