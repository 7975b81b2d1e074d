/* SPDX-License-Identifier: Apache-2.0 */
/* A PersistentVolumeClaim: its spec becomes a claim_object, its status becomes facts. */
#include "json/fields.h"
#include "kube/body.h"
#include "kube/quantity.h"

struct claim_request {
	struct str storage;
};

static void read_requests(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(SCALAR, "storage", struct claim_request, storage),
	};
	struct claim_request request = { 0 };

	json_fields(j, fields, ARRAY_SIZE(fields), &request);
	quantity_value(request.storage, &((struct body *)object)->claim.bytes);
}

static const struct json_field resource_fields[] = {
	JSON_OTHER("requests", read_requests),
};

static const struct json_field spec_fields[] = {
	JSON_INSIDE("resources", resource_fields),
	JSON_FIELD(TEXT, "volumeName", struct body, claim.volume),
	JSON_FIELD(TEXT, "storageClassName", struct body, claim.storage_class),
};

static void read_spec(struct json *j, void *object)
{
	struct body *b = object;

	b->has_spec = json_fields(j, spec_fields, ARRAY_SIZE(spec_fields), b) || b->has_spec;
}

static void read_metadata(struct json *j, void *object)
{
	body_metadata(j, &((struct body *)object)->meta);
}

static void add_inferred(struct body *b, enum fact_kind kind, struct str reason, struct str subject)
{
	struct fact *f = body_fact(b, kind);

	f->precision = PRECISION_INFERRED;
	f->reason = reason;
	f->subject = subject;
}

struct claim_status {
	struct str phase;
};

static void read_status(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "phase", struct claim_status, phase),
	};
	struct claim_status status = { 0 };

	json_fields(j, fields, ARRAY_SIZE(fields), &status);
	if (status.phase.n)
		add_inferred(object, FACT_PHASE, status.phase, (struct str){ 0 });
}

static const struct json_field claim_fields[] = {
	JSON_FIELD(TEXT, "kind", struct body, meta.kind),
	JSON_OTHER("metadata", read_metadata),
	JSON_OTHER("spec", read_spec),
	JSON_OTHER("status", read_status),
};

void body_claim(struct json *j, struct body *b)
{
	struct claim_object *c = &b->claim;
	const struct object_meta *meta = &b->meta;

	*c = (struct claim_object){ .created = NSEC_NONE };
	if (!json_fields(j, claim_fields, ARRAY_SIZE(claim_fields), b))
		return;
	body_deletion(b);
	if (!b->written) { /* clients do not decide these */
		c->uid = meta->uid;
		c->created = meta->created;
	}
	if (!c->storage_class.p)
		c->storage_class = meta->old_class;
	/* a complete PVC without these has none; a patch only does not mention them */
	if (b->has_spec && !b->written) {
		if (!c->storage_class.p)
			c->storage_class = STR("");
		if (!c->volume.p)
			c->volume = STR("");
	}
	if (meta->selected_node.n)
		add_inferred(b, FACT_SELECTED, (struct str){ 0 }, meta->selected_node);
}
