/* SPDX-License-Identifier: Apache-2.0 */
/* What requests for pods and for claims have in common: who writes, dry runs, lists. */
#include "json/fields.h"
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

/* Lists */

struct list_walk {
	audit_item *item;
	void *ctx;
	struct err *err;
	bool is_list;
	int r;
};

static void read_items(struct json *j, void *object)
{
	struct list_walk *w = object;
	struct str raw;

	w->is_list = true; /* null is an empty one */
	if (!json_array(j))
		return;
	while (json_item(j))
		if (json_raw(j, &raw) && w->r >= 0)
			w->r = w->item(w->ctx, raw, w->err);
}

struct table_row {
	struct str object;
};

/* Of a Table: the object is under "object". */
static void read_rows(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(RAW, "object", struct table_row, object),
	};
	struct list_walk *w = object;

	w->is_list = true;
	if (!json_array(j))
		return;
	while (json_item(j)) {
		struct table_row row = { 0 };

		json_fields(j, fields, ARRAY_SIZE(fields), &row);
		if (row.object.n && w->r >= 0)
			w->r = w->item(w->ctx, row.object, w->err);
	}
}

int audit_list(struct decoder *d, struct str response, audit_item *item, void *ctx, struct err *err)
{
	static const struct json_field fields[] = {
		JSON_OTHER("items", read_items),
		JSON_OTHER("rows", read_rows),
	};
	struct list_walk w = { item, ctx, err };
	struct json j;

	if (audit_body(d, response, &j))
		json_fields(&j, fields, ARRAY_SIZE(fields), &w);
	return w.r < 0 ? -1 : w.is_list;
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
