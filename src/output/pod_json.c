/* SPDX-License-Identifier: Apache-2.0 */
#include "output/pod_json.h"

void pod_json_identity(struct json_writer *w, const struct timeline *t)
{
	bool nameless = t->denied && !t->name.n;

	put_str(w, "cluster", t->cluster);
	put_str(w, "namespace", t->namespace);
	put_maybe(w, "name", nameless ? (struct str){ 0 } : t->name);
	put_maybe(w, "generateName", nameless ? t->generate_name : (struct str){ 0 });
	put_maybe(w, "uid", t->uid);
	put_maybe(w, "node", t->node);
	json_put_key(w, "workload");
	if (!t->workload_kind.p) {
		json_put_null(w);
		return;
	}
	json_begin_object(w);
	put_str(w, "kind", t->workload_kind);
	put_str(w, "name", t->workload_name);
	json_end_object(w);
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
