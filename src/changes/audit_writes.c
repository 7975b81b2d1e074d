/* SPDX-License-Identifier: Apache-2.0 */
/* Turns audit events into writes (changes/writes.h): which of them count, and their authors. */
#include "base/hash.h"
#include "changes/leaves.h"
#include "json/fields.h"
#include "kube/body.h"
#include "kube/envelope.h"

/* clang-format off */
/*
 * Controllers of kube-controller-manager that write these resources. Their service accounts
 * identify them even if a log shipper drops the user agent. Other accounts in kube-system, for
 * example of an autoscaler, are reported.
 */
static const char *const controllers[] = {
	"clusterrole-aggregation-controller", "cronjob-controller", "daemon-set-controller",
	"deployment-controller", "disruption-controller", "expand-controller",
	"generic-garbage-collector", "horizontal-pod-autoscaler", "job-controller",
	"namespace-controller", "node-controller", "persistent-volume-binder",
	"pv-protection-controller", "pvc-protection-controller", "replicaset-controller",
	"resourcequota-controller", "root-ca-cert-publisher", "service-account-controller",
	"statefulset-controller", "taint-eviction-controller", "token-cleaner",
	"ttl-after-finished-controller", "ttl-controller",
	"validatingadmissionpolicy-status-controller", NULL,
};
/* clang-format on */

static bool is_controller(const struct audit *a)
{
	static const struct str accounts = { "system:serviceaccount:kube-system:", 34 };

	return a->origin == ORIGIN_CONTROLLER ||
	       (str_starts(a->username, accounts) &&
		str_is_one_of(str_after(a->username, accounts.n), controllers));
}

/*
 * Controllers only carry out what others requested, with two exceptions: changes of nodes, and an
 * autoscaler's number of replicas, which is kept so that the next difference is correct. A kubelet
 * creates its node with the first taints.
 */
static bool is_of_use(const struct audit *a, const struct write_row *row, bool controller)
{
	bool node = strcmp(row->resource, "nodes") == 0;

	if (a->origin == ORIGIN_APISERVER || a->origin == ORIGIN_SCHEDULER)
		return false;
	if (a->origin == ORIGIN_KUBELET)
		return node && str_eq(a->verb, STR("create"));
	return !controller || node || str_eq(a->subresource, STR("scale"));
}

static bool read_body(struct str raw, struct arena *arena, struct json *ret_reader)
{
	if (!raw.n || raw.p[0] != '{')
		return false;
	*ret_reader = json_of(raw, arena);
	return true;
}

struct type_meta {
	struct str kind, api_version;
};

static struct type_meta type_of(struct str raw, struct arena *arena)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "kind", struct type_meta, kind),
		JSON_FIELD(TEXT, "apiVersion", struct type_meta, api_version),
	};
	struct type_meta type = { 0 };
	struct json j;

	if (read_body(raw, arena, &j))
		json_fields(&j, fields, ARRAY_SIZE(fields), &type);
	return type;
}

/* A server-side apply contains the object's type; other patches do not. */
static bool is_apply(struct str raw, struct arena *arena)
{
	struct type_meta type = type_of(raw, arena);

	return type.kind.p && type.api_version.p;
}

/* An object of the resource, not a Status or a list. */
static bool is_object(struct str raw, const struct write_row *row, struct arena *arena)
{
	struct str kind = type_of(raw, arena).kind;

	return raw.n && raw.p[0] == '{' && (!kind.n || str_eq(kind, str_from(row->kind)));
}

static void keep_values(struct leaves *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].kind == LEAF_VALUE)
			l->list[n++] = l->list[i];
	l->n = n;
}

/* For an update or apply the response is preferred, because it is complete and has all defaults. */
static void keep_body(const struct audit *a, struct write *w, struct arena *arena)
{
	struct leaves l = { .arena = arena, .row = w->row };
	bool is_patch = str_eq(a->verb, STR("patch")), scale = str_eq(a->subresource, STR("scale"));
	bool apply = is_patch && is_apply(a->request, arena), patch = is_patch && !apply;

	if (!is_patch && !str_eq(a->verb, STR("create")) && !str_eq(a->verb, STR("update")))
		return;
	if (patch && a->request.n && a->request.p[0] == '[') {
		leaves_json_patch(&l, a->request);
		w->body = WRITE_PATCH;
	} else if (!scale && !patch && is_object(a->response, w->row, arena)) {
		leaves_object(&l, a->response);
		w->body = WRITE_WHOLE;
	} else if (a->request.n && a->request.p[0] == '{') {
		leaves_object(&l, a->request);
		w->body = apply ? WRITE_APPLY : patch || scale ? WRITE_PATCH : WRITE_WHOLE;
	}
	leaves_finish(&l);
	if (!patch)
		keep_values(&l);
	if (l.bad)
		w->body = WRITE_BARE;
	if (w->body == WRITE_BARE)
		return;
	w->leaves = l.list;
	w->n_leaves = l.n;
	w->cut = l.cut;
}

/* The name of a created object may be in the body only. */
static struct str name_of(const struct audit *a, struct arena *arena)
{
	struct object_meta meta = OBJECT_META_NONE;
	struct json j;

	if (a->name.n || !str_eq(a->verb, STR("create")) ||
	    (!read_body(a->response, arena, &j) && !read_body(a->request, arena, &j)))
		return a->name;
	body_meta(&j, &meta);
	return meta.name.p ? meta.name : a->name;
}

static bool is_dry_delete(const struct audit *a, struct arena *arena)
{
	struct json j;

	return str_starts(a->verb, STR("delete")) && read_body(a->request, arena, &j) &&
	       audit_options_dry_run(&j);
}

void writes_observe(void *ctx, const struct audit *a, const struct position *position,
		    struct arena *line)
{
	const struct write_row *row;
	struct write w = { 0 };

	if (!a->success || a->dry_run || !audit_is_write(a) ||
	    (a->subresource.n && !str_eq(a->subresource, STR("scale"))))
		return;
	row = write_row_of(a->resource, a->api_group);
	if (!row)
		return;
	w.by_controller = is_controller(a) || a->origin == ORIGIN_KUBELET;
	if (!is_of_use(a, row, w.by_controller) || is_dry_delete(a, line))
		return;
	w.row = row;
	w.cluster = a->cluster;
	w.namespace = strcmp(row->resource, "namespaces") == 0 ? STR("") : a->namespace;
	w.name = name_of(a, line);
	w.subresource = a->subresource;
	w.at = a->received;
	w.verb = a->verb;
	w.actor = a->impersonated.n ? a->impersonated : a->username;
	w.impersonator = a->impersonated.n ? a->username : STR("");
	w.agent = a->user_agent;
	w.audit_id = a->audit_id;
	w.uri_hash = hash_str(a->uri, 0);
	w.status = a->code;
	w.position = *position;
	keep_body(a, &w, line);
	writes_add(ctx, &w);
}
