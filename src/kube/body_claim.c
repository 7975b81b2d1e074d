/* SPDX-License-Identifier: Apache-2.0 */
/* A PersistentVolumeClaim: what it asks for, and its status, read into facts. */
#include "kube/body.h"
#include "kube/quantity.h"

/* The storage in spec.resources.requests. */
static void storage(struct json *j, struct claim_object *claim)
{
	struct str key, inner, text;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (!str_eq(key, STR("requests")) || json_peek(j) != JSON_OBJECT) {
			json_skip(j);
			continue;
		}
		json_object(j);
		while (json_key(j, &inner))
			if (!str_eq(inner, STR("storage")))
				json_skip(j);
			else if (json_peek(j) == JSON_NUMBER ? json_number(j, &text)
							     : json_text(j, &text))
				quantity_value(text, &claim->bytes);
	}
}

static bool spec(struct json *j, struct claim_object *claim)
{
	struct str key;

	if (!json_object(j))
		return false;
	while (json_key(j, &key))
		if (str_eq(key, STR("storageClassName")))
			json_text(j, &claim->storage_class);
		else if (str_eq(key, STR("volumeName")))
			json_text(j, &claim->volume);
		else if (str_eq(key, STR("resources")))
			storage(j, claim);
		else
			json_skip(j);
	return true;
}

static struct str phase(struct json *j)
{
	struct str key, phase = { 0 };

	if (!json_object(j))
		return phase;
	while (json_key(j, &key))
		if (str_eq(key, STR("phase")))
			json_text(j, &phase);
		else
			json_skip(j);
	return phase;
}

static struct fact *add(struct facts *facts, enum fact_kind kind, bool written, enum origin origin)
{
	struct fact *f = facts_add(facts, kind);

	f->written = written;
	f->origin = origin;
	f->precision = PRECISION_INFERRED;
	return f;
}

void body_claim(struct json *j, struct facts *facts, bool written, enum origin origin,
		struct object_meta *ret_meta, struct claim_object *ret_claim)
{
	struct str key, now = { 0 };
	bool has_spec = false;

	*ret_claim = (struct claim_object){ .created = NSEC_NONE };
	ret_meta->claim = ret_claim;
	ret_meta->patch = written;
	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("kind")))
			json_text(j, &ret_meta->kind);
		else if (str_eq(key, STR("metadata")))
			body_metadata(j, facts, ret_meta, NULL);
		else if (str_eq(key, STR("spec")))
			has_spec = spec(j, ret_claim) || has_spec;
		else if (str_eq(key, STR("status")))
			now = phase(j);
		else
			json_skip(j);
	ret_claim->uid = ret_meta->uid;
	if (!ret_claim->storage_class.p)
		ret_claim->storage_class = ret_meta->old_class;
	/* a whole claim without these has none; in a patch they are only not mentioned */
	if (has_spec && !written) {
		if (!ret_claim->storage_class.p)
			ret_claim->storage_class = STR("");
		if (!ret_claim->volume.p)
			ret_claim->volume = STR("");
	}
	if (now.n)
		add(facts, FACT_PHASE, written, origin)->reason = now;
	if (ret_meta->selected_node.n)
		add(facts, FACT_SELECTED, written, origin)->subject = ret_meta->selected_node;
}
