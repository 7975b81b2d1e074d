/* SPDX-License-Identifier: Apache-2.0 */
/* Audit events to writes (changes/writes.h): which of them count, and whose. */
#include "base/hash.h"
#include "changes/leaves.h"
#include "kube/audit.h"

/*
 * kube-controller-manager's controllers that write what is told of here. Where the user agent does
 * not say so (a shipper may drop it), the service account does. Others in kube-system, an
 * autoscaler for one, are news.
 */
static const char *const controllers[] = {
	"clusterrole-aggregation-controller",
	"cronjob-controller",
	"daemon-set-controller",
	"deployment-controller",
	"disruption-controller",
	"expand-controller",
	"generic-garbage-collector",
	"horizontal-pod-autoscaler",
	"job-controller",
	"namespace-controller",
	"node-controller",
	"persistent-volume-binder",
	"pv-protection-controller",
	"pvc-protection-controller",
	"replicaset-controller",
	"resourcequota-controller",
	"root-ca-cert-publisher",
	"service-account-controller",
	"statefulset-controller",
	"taint-eviction-controller",
	"token-cleaner",
	"ttl-after-finished-controller",
	"ttl-controller",
	"validatingadmissionpolicy-status-controller",
};

static bool is_controller(const struct audit *a)
{
	static const struct str accounts = { "system:serviceaccount:kube-system:", 34 };

	if (a->origin == ORIGIN_CONTROLLER)
		return true;
	if (!str_starts(a->username, accounts))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++)
		if (str_eq(str_after(a->username, accounts.n), str_from(controllers[i])))
			return true;
	return false;
}

static bool is_write(struct str verb)
{
	static const struct str verbs[] = {
		{ "create", 6 },
		{ "update", 6 },
		{ "patch", 5 },
		{ "delete", 6 },
		{ "deletecollection", 16 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (str_eq(verb, verbs[i]))
			return true;
	return false;
}

/*
 * What controllers write is the echo of what somebody asked for. Two things are not: what becomes
 * of nodes, and how many replicas an autoscaler wants, which is kept so that the next difference is
 * right. A kubelet creates its node with the taints that it has at first.
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

/* A server-side apply says what it applies; a patch does not. */
static bool names_itself(struct str raw, struct arena *arena)
{
	struct json j;
	struct str key;
	unsigned found = 0;

	if (!read_body(raw, arena, &j))
		return false;
	json_object(&j);
	while (json_key(&j, &key)) {
		found |= str_eq(key, STR("kind")) ? 1u : str_eq(key, STR("apiVersion")) ? 2u : 0u;
		json_skip(&j);
	}
	return found == 3;
}

/* kind Status, or a list: not the object. */
static bool is_object(struct str raw, const struct write_row *row, struct arena *arena)
{
	struct json j;
	struct str key, kind = { 0 };

	if (!read_body(raw, arena, &j))
		return false;
	json_object(&j);
	while (json_key(&j, &key))
		if (str_eq(key, STR("kind")))
			json_text(&j, &kind);
		else
			json_skip(&j);
	return !kind.n || str_eq(kind, str_from(row->kind));
}

static void take_whole(struct write *w, struct leaves *l, struct str raw)
{
	size_t n = 0;

	leaves_object(l, raw);
	leaves_finish(l);
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].kind == LEAF_VALUE)
			l->list[n++] = l->list[i];
	l->n = n;
	w->body = WRITE_WHOLE;
}

/* An update and an apply are best known by the answer, which is whole and has all defaults. */
static void take_body(const struct audit *a, struct write *w, struct arena *arena)
{
	struct leaves l = { .arena = arena, .row = w->row };
	bool patch = str_eq(a->verb, STR("patch"));
	bool apply = patch && names_itself(a->request, arena);
	bool scale = str_eq(a->subresource, STR("scale"));
	bool bodied = patch || str_eq(a->verb, STR("create")) || str_eq(a->verb, STR("update"));

	if (!bodied)
		return;
	if (patch && a->request.n && a->request.p[0] == '[') {
		leaves_json_patch(&l, a->request);
		leaves_finish(&l);
		w->body = WRITE_PATCH;
	} else if (!scale && (!patch || apply) && is_object(a->response, w->row, arena)) {
		take_whole(w, &l, a->response);
	} else if (!a->request.n || a->request.p[0] != '{') {
		return;
	} else if (patch && !apply) {
		leaves_object(&l, a->request);
		leaves_finish(&l);
		w->body = WRITE_PATCH;
	} else {
		take_whole(w, &l, a->request);
		w->body = apply ? WRITE_APPLY : scale ? WRITE_PATCH : WRITE_WHOLE;
	}
	if (l.bad) {
		w->body = WRITE_BARE;
		return;
	}
	w->leaves = l.list;
	w->n_leaves = l.n;
	w->cut = l.cut;
}

/* A create may say its name in the body alone. */
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

	if (!a->success || a->dry_run || !is_write(a->verb) ||
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
	take_body(a, &w, line);
	writes_add(ctx, &w);
}
