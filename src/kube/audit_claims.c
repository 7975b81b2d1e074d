/* SPDX-License-Identifier: Apache-2.0 */
/* Audit events about PersistentVolumeClaims and their status, to records. */
#include "kube/audit.h"
#include "kube/refusal.h"

static bool is_claim(const struct object_meta *meta)
{
	return !meta->kind.n || str_eq(meta->kind, STR("PersistentVolumeClaim")) ||
	       str_eq(meta->kind, STR("PartialObjectMetadata"));
}

/* What a body holds; false where it is no claim, and only its kind is filled in. */
static bool claim_body(struct decoder *d, const struct audit *a, struct str raw, bool written,
		       struct facts *facts, struct object_meta *ret_meta,
		       struct claim_object *ret_claim)
{
	struct json j;
	size_t before = facts->n;

	*ret_meta = (struct object_meta){ 0 };
	if (!audit_body(d, raw, &j))
		return false;
	body_claim(&j, facts, written, a->origin, ret_meta, ret_claim);
	if (!json_end(&j))
		audit_bad_body(d, &j);
	if (j.bad || !is_claim(ret_meta)) {
		facts->n = before;
		*ret_meta = (struct object_meta){ .kind = ret_meta->kind };
		return false;
	}
	return true;
}

static int emit(struct decoder *d, const struct audit *a, const struct object_meta *meta,
		const struct claim_object *claim, const struct facts *facts, struct err *err)
{
	struct record r = {
		.kind = OBJECT_CLAIM,
		.namespace = meta->namespace.n ? meta->namespace : a->namespace,
		.name = meta->name.n ? meta->name : a->name,
		.uid = meta->uid.n ? meta->uid : a->uid,
		.about_pod = true,
		.actor = audit_actor(a),
		.claim = claim,
		.facts = facts->list,
		.n_facts = facts->n,
	};

	if (!r.name.n)
		return 0;
	if (!r.uid.n)
		r.uid.p = NULL;
	return audit_emit(d, a, &r, err);
}

/* Also a server-side apply that made it: patch answered with 201. */
static int claim_create(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena }, none = { .arena = &d->arena };
	struct object_meta asked_meta, meta;
	struct claim_object asked, claim;
	bool has_request;
	struct fact *create;

	if (a->dry_run) {
		d->ingest.dryRun++;
		return 0;
	}
	if (!a->success && a->code < 300)
		return 0; /* no status: nobody knows how it ended */
	create = audit_fact(&facts, a, FACT_CREATE);
	has_request = claim_body(d, a, a->request, true, &none, &asked_meta, &asked);
	asked_meta.uid = (struct str){ 0 };
	if (!a->success) {
		create->message = a->message;
		create->reason = str_from(refusal_of(a->code, a->message)->code);
		return emit(d, a, &asked_meta, has_request ? &asked : NULL, &facts, err);
	}
	if (claim_body(d, a, a->response, false, &facts, &meta, &claim))
		return emit(d, a, &meta, &claim, &facts, err);
	asked.uid = (struct str){ 0 };
	asked.created = NSEC_NONE;
	return emit(d, a, &asked_meta, has_request ? &asked : NULL, &facts, err);
}

/*
 * The API server answers with a claim that waits for its finalizers as it now is, with one that is
 * gone as it was, or with a Status.
 */
static bool gone(const struct object_meta *meta, bool has_body)
{
	if (!has_body)
		return str_eq(meta->kind, STR("Status"));
	return !meta->deleting || (meta->grace == 0 && !meta->finalizers.n);
}

static int claim_delete(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta;
	struct claim_object claim;
	bool has_body;

	if (!a->success || audit_delete_dry_run(d, a)) {
		d->ingest.dryRun += a->success;
		return 0;
	}
	audit_fact(&facts, a, FACT_DELETE)->reason = STR("delete");
	has_body = claim_body(d, a, a->response, false, &facts, &meta, &claim);
	facts.list[0].truth = gone(&meta, has_body);
	return emit(d, a, &meta, has_body ? &claim : NULL, &facts, err);
}

/* What was asked for: its status only where the API server takes it, in the subresource. */
static bool claim_asked(struct decoder *d, const struct audit *a, bool is_status,
			struct facts *facts, struct object_meta *ret_meta)
{
	struct claim_object asked;
	bool has_request = claim_body(d, a, a->request, true, facts, ret_meta, &asked);
	size_t n = 0;

	for (size_t i = 0; i < facts->n; i++) {
		struct fact *f = &facts->list[i];

		if (f->kind == FACT_PHASE && !is_status)
			continue;
		/* whoever writes the status repeats what others have written */
		f->written = f->written && (f->kind != FACT_SELECTED || !is_status);
		facts->list[n++] = *f;
	}
	facts->n = n;
	return has_request;
}

static int claim_write(struct decoder *d, const struct audit *a, bool is_status, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta asked_meta, meta;
	struct claim_object claim;
	bool has_request, has_response;

	if (a->dry_run || !a->success) {
		d->ingest.dryRun += a->dry_run;
		return 0;
	}
	has_request = claim_asked(d, a, is_status, &facts, &asked_meta);
	if (is_status)
		context_cluster(&d->context, a->cluster)->claim_writes++;
	has_response = claim_body(d, a, a->response, false, &facts, &meta, &claim);
	if (!has_request && (is_status || a->truncated))
		audit_fact(&facts, a, FACT_WRITE);
	else if (!facts.n)
		audit_fact(&facts, a, FACT_SEEN);
	return emit(d, a, has_response ? &meta : &asked_meta, has_response ? &claim : NULL, &facts,
		    err);
}

/* A claim in a list: what it looked like when it was read, or before it was deleted. */
static int listed_claim(struct decoder *d, const struct audit *a, struct str raw, bool deleted,
			struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta;
	struct claim_object claim;

	if (!claim_body(d, a, raw, false, &facts, &meta, &claim) || !meta.name.n)
		return 0;
	if (deleted) {
		struct fact *f = audit_fact(&facts, a, FACT_DELETE);

		f->reason = STR("deletecollection");
		f->truth = meta.deleting && gone(&meta, true);
	}
	return emit(d, a, &meta, &claim, &facts, err);
}

static int claim_delete_collection(struct decoder *d, const struct audit *a, struct err *err)
{
	if (!a->success || audit_delete_dry_run(d, a)) {
		d->ingest.dryRun += a->success;
		return 0;
	}
	return MIN(audit_list(d, a, listed_claim, true, err), 0);
}

static int claim_get(struct decoder *d, const struct audit *a, struct err *err)
{
	struct facts facts = { .arena = &d->arena };
	struct object_meta meta;
	struct claim_object claim;
	bool has_body;

	if (!a->success)
		return 0;
	has_body = claim_body(d, a, a->response, false, &facts, &meta, &claim);
	if (!facts.n)
		audit_fact(&facts, a, FACT_SEEN);
	return emit(d, a, &meta, has_body ? &claim : NULL, &facts, err);
}

int audit_claims(struct decoder *d, const struct audit *a, struct err *err)
{
	bool own = !a->subresource.n, status = str_eq(a->subresource, STR("status"));

	if (a->api_group.n || (!own && !status))
		return 0;
	if (own &&
	    (str_eq(a->verb, STR("create")) || (str_eq(a->verb, STR("patch")) && a->code == 201)))
		return claim_create(d, a, err);
	if (own && str_eq(a->verb, STR("delete")))
		return claim_delete(d, a, err);
	if (own && str_eq(a->verb, STR("deletecollection")))
		return claim_delete_collection(d, a, err);
	if (own && str_eq(a->verb, STR("list")))
		return a->success ? MIN(audit_list(d, a, listed_claim, false, err), 0) : 0;
	if (!a->name.n)
		return 0;
	if (str_eq(a->verb, STR("patch")) || str_eq(a->verb, STR("update")))
		return claim_write(d, a, status, err);
	return str_eq(a->verb, STR("get")) ? claim_get(d, a, err) : 0;
}
