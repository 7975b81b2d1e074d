/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/pod_json.h"

#include "page/slo_words.h"

void pod_json_identity(struct json_writer *w, const struct timeline *t)
{
	bool nameless = t->denied && !t->name.n;

	put_str(w, "cluster", t->cluster);
	put_str(w, "namespace", t->namespace);
	put_maybe(w, "name", nameless ? (struct str){ 0 } : t->name);
	put_maybe(w, "generateName", nameless ? t->generate_name : (struct str){ 0 });
	put_maybe(w, "uid", t->uid);
	put_maybe(w, "node", t->node);
	if (!put_object_if(w, "workload", t->workload_kind.p))
		return;
	put_str(w, "kind", t->workload_kind);
	put_str(w, "name", t->workload_name);
	json_end_object(w);
}

void object_json_identity(struct json_writer *w, const struct timeline *t)
{
	put_str(w, "cluster", t->cluster);
	put_str(w, "namespace", t->namespace);
	put_str(w, "name", t->name);
	put_maybe(w, "uid", t->uid);
}

void claim_json_identity(struct json_writer *w, const struct timeline *t)
{
	object_json_identity(w, t);
	claim_json_volume(w, t->claim);
}

void claim_json_volume(struct json_writer *w, const struct claim_object *c)
{
	put_maybe(w, "storageClass", c ? c->storage_class : (struct str){ 0 });
	put_maybe(w, "volume", c ? c->volume : (struct str){ 0 });
	put_known(w, "requestedBytes", c && c->bytes, c ? c->bytes : 0);
}

void pod_json_verdict(struct json_writer *w, const struct timeline *t, const struct delivery *d)
{
	put_str(w, "verdict", verdict_name(d->verdict));
	put_str(w, "reason", exclusion_name(d->exclusion));
	put_str(w, "code", t->denied ? t->refusal : STR(""));
}

void pod_json_seconds(struct json_writer *w, const struct delivery *d)
{
	put_object(w, "seconds");
	put_seconds(w, "total", d->total);
	put_seconds(w, "delivery", d->delivery);
	put_seconds(w, "user", d->user);
	json_end_object(w);
}

void pod_json_stage(struct json_writer *w, const struct stage *s)
{
	bool ended = nsec_known(s->end.at);

	put_str(w, "stage", str_from(lifecycle_rows[s->stage].name));
	put_str(w, "subject", s->subject);
	put_str(w, "owner", owner_name(stage_owner(s)));
	put_time(w, "start", s->start.at);
	put_time(w, "end", s->end.at);
	put_seconds(w, "seconds", ended ? s->end.at - s->start.at : NSEC_NONE);
	put_str(
	    w, "precision",
	    precision_name(ended ? MAX(s->start.precision, s->end.precision) : s->start.precision));
	/* while the end is unknown: the source of the start */
	put_str(w, "source", edge_source_name(ended ? s->end.source : s->start.source));
	if (s->stage != STAGE_IMAGE_PULL)
		return;
	put_seconds(w, "waitSeconds", s->waited);
	put_known(w, "imageBytes", s->bytes, s->bytes);
}

/* Names joined by commas; unknown is null. */
static void put_names(struct json_writer *w, const char *key, struct str joined)
{
	struct str name;

	json_put_key(w, key);
	if (!joined.p) {
		json_put_null(w);
		return;
	}
	json_begin_array(w);
	while (str_cut(joined, ',', &name, &joined))
		json_put_str(w, name);
	if (joined.n)
		json_put_str(w, joined);
	json_end_array(w);
}

static void put_trigger(struct json_writer *w, struct str how, const struct entry *trigger)
{
	put_maybe(w, "how", how);
	put_maybe(w, "by", trigger ? trigger->actor : (struct str){ 0 });
}

void pod_json_deletion(struct json_writer *w, const struct deletion *d)
{
	put_trigger(w, d->request ? d->request->fact.reason : (struct str){ 0 }, d->request);
	put_known(w, "graceSeconds", d->grace >= 0, d->grace);
	put_seconds(w, "overrunSeconds", d->overrun);
	put_names(w, "finalizers", d->finalizers);
}

void pod_json_upgrade(struct json_writer *w, const struct upgrade *u)
{
	static const char *const kinds[] = { "image", "restart", "resize" };

	put_trigger(w, str_from(kinds[u->kind]), u->trigger);
	put_names(w, "containers", u->containers);
	put_maybe(w, "before", u->before);
	put_maybe(w, "after", u->after);
}
