/* SPDX-License-Identifier: Apache-2.0 */
/* What requests for pods and for claims have in common: who writes, dry runs, lists. */
#include "kube/audit.h"

struct str audit_actor(const struct audit *a)
{
	static const struct str writes[] = {
		{ "patch", 5 },
		{ "create", 6 },
		{ "update", 6 },
		{ "delete", 6 },
		{ "deletecollection", 16 },
	};
	struct str name = a->impersonated.n ? a->impersonated : a->username;

	if (a->origin == ORIGIN_KUBELET || !name.n)
		return (struct str){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		if (str_eq(a->verb, writes[i]))
			return name;
	return (struct str){ 0 };
}

struct fact *audit_fact(struct facts *facts, const struct audit *a, enum fact_kind kind)
{
	struct fact *f = facts_add(facts, kind);

	f->origin = a->origin;
	f->code = a->code;
	f->at = a->received;
	f->precision = PRECISION_EXACT;
	return f;
}

bool audit_options_dry_run(struct json *j)
{
	struct str key;
	bool dry = false;

	if (!json_object(j))
		return false;
	while (json_key(j, &key)) {
		if (!str_eq(key, STR("dryRun")) || json_peek(j) != JSON_ARRAY) {
			json_skip(j);
			continue;
		}
		json_array(j);
		for (; json_item(j); dry = true)
			json_skip(j);
	}
	return dry;
}

bool audit_delete_dry_run(struct decoder *d, const struct audit *a)
{
	struct json j;

	return a->dry_run || (audit_body(d, a->request, &j) && audit_options_dry_run(&j));
}

/* Whose silence means something: who schedules, who starts pods, who controls. */
static struct str writer_of(const struct audit *a)
{
	if (a->node.n)
		return a->username;
	if (a->origin == ORIGIN_KUBELET)
		return WRITER_KUBELET;
	if (a->origin == ORIGIN_SCHEDULER || str_eq(a->subresource, STR("binding")))
		return WRITER_SCHEDULER;
	if (str_starts(a->username, WRITER_ACCOUNT))
		return a->username;
	return a->origin == ORIGIN_CONTROLLER ? WRITER_CONTROLLERS : STR("");
}

static enum writing writing_of(const struct audit *a)
{
	if (str_eq(a->resource, STR("leases")))
		return WRITING_LEASE;
	return str_eq(a->resource, STR("events")) ? WRITING_EVENT : WRITING_OTHER;
}

void audit_presence(struct decoder *d, const struct audit *a)
{
	struct presence *p = &d->context.presence;
	enum writing what = writing_of(a);
	struct str writer = writer_of(a);

	/* the API server's own lease says nothing of the others: it is no beat of everybody */
	context_record(&d->context, a->cluster, a->completed,
		       writer.n || what != WRITING_LEASE ? what : WRITING_OTHER);
	if (writer.n)
		presence_add(p, a->cluster, writer, a->completed, what);
	/* its controllers have accounts of their own, and one connection to an API server */
	if (a->origin == ORIGIN_CONTROLLER && str_starts(writer, WRITER_ACCOUNT))
		presence_add(p, a->cluster, WRITER_CONTROLLERS, a->completed, what);
}

/* One row of a Table: the object stands under "object". */
static bool row_object(struct json *j, struct str *ret_raw)
{
	struct str key;

	*ret_raw = (struct str){ 0 };
	if (!json_object(j))
		return false;
	while (json_key(j, &key))
		if (str_eq(key, STR("object")))
			json_raw(j, ret_raw);
		else
			json_skip(j);
	return ret_raw->n > 0;
}

int audit_list(struct decoder *d, const struct audit *a, audit_item *item, bool deleted,
	       struct err *err)
{
	struct json j;
	struct str key, raw;
	bool is_list = false;

	if (!audit_body(d, a->response, &j))
		return 0;
	json_object(&j);
	while (json_key(&j, &key)) {
		bool rows = str_eq(key, STR("rows")), items = str_eq(key, STR("items"));

		is_list = is_list || rows || items; /* null is an empty one */
		if ((!rows && !items) || json_peek(&j) != JSON_ARRAY) {
			json_skip(&j);
			continue;
		}
		json_array(&j);
		while (json_item(&j)) {
			if (rows ? !row_object(&j, &raw) : !json_raw(&j, &raw))
				continue;
			if (item(d, a, raw, deleted, err) < 0)
				return -1;
		}
	}
	return is_list;
}

void audit_node_clock(struct decoder *d, const struct record *r)
{
	const struct pod_object *o = r->object;
	nsec at = NSEC_NONE;

	if (!o || o->created == NSEC_NONE || !o->node.n)
		return;
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];

		if (f->kind == FACT_CONDITION && f->truth && str_eq(f->subject, STR("Ready")))
			at = f->at;
	}
	if (at != NSEC_NONE && at < o->created)
		context_node_behind(&d->context, r->cluster, o->node, o->created - at);
}
