/* SPDX-License-Identifier: Apache-2.0 */
/* The data sources of a result, as a part of our documents. */
#include "base/mem.h"
#include "documents/parts.h"
#include "page/basis.h"

static void put_absent_writers(struct json_writer *w, const struct presence *p, struct str cluster)
{
	size_t n;
	const struct log_writer **list = basis_absent_writers(p, cluster, &n);

	for (size_t i = 0; i < n; i++)
		json_put_str(w, list[i]->name);
	mem_free(list);
}

static void put_clusters(struct json_writer *w, const struct context *c)
{
	put_array(w, "clusters");
	for (size_t n = 0; n < c->cluster_names.n; n++) {
		size_t i = c->by_name[n];

		json_begin_object(w);
		put_str(w, "cluster", c->cluster_names.keys[i]);
		put_u64(w, "records", c->clusters[i].records);
		put_time(w, "first", c->clusters[i].first);
		put_time(w, "last", c->clusters[i].last);
		put_u64(w, "podStatusWrites", c->clusters[i].status_writes);
		put_u64(w, "podStatusBodies", c->clusters[i].status_bodies);
		put_array(w, "gaps");
		for (size_t k = 0; k < c->clusters[i].n_gaps; k++)
			put_gap(w, c->clusters[i].gaps[k]);
		json_end_array(w);
		put_array(w, "absentWriters");
		put_absent_writers(w, &c->presence, c->cluster_names.keys[i]);
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
}

/* The settings in use, not the name of the file. */
static void put_config(struct json_writer *w, const struct settings *s)
{
	put_object(w, "config");
	put_array(w, "classes");
	for (size_t i = CLASS_UNKNOWN + 1; i < s->n_classes; i++) {
		json_begin_object(w);
		put_str(w, "class", s->classes[i].name);
		put_seconds(w, "limitSeconds", s->classes[i].limit);
		json_end_object(w);
	}
	json_end_array(w);
	put_object(w, "deadlineSeconds");
	put_seconds(w, "service", s->deadline_service);
	put_seconds(w, "job", s->deadline_job);
	json_end_object(w);
	put_object(w, "limitSeconds");
	for (size_t i = 0; i < SLO_COUNT; i++) {
		if (nsec_known(s->limits[i]))
			put_seconds(w, slo_names[i], s->limits[i]);
		if (i == SLO_DELETE) {
			put_seconds(w, "stale", s->delete_stale);
			put_seconds(w, "terminating", s->delete_terminating);
		}
	}
	json_end_object(w);
	put_u64(w, "overrides", s->n_overrides);
	put_u64(w, "ignoredNamespaces", s->n_ignored);
	put_u64(w, "objectives", s->n_objectives);
	json_end_object(w);
}

void basis_unread_json(struct json_writer *w, const struct basis *b)
{
	put_array(w, "unread");
	for (size_t i = 0; i < b->n_unread; i++) {
		json_begin_object(w);
		put_str(w, "file", b->unread[i].name);
		put_str(w, "reason", str_from(b->unread[i].reason));
		json_end_object(w);
	}
	json_end_array(w);
}

void basis_json(struct json_writer *w, const struct basis *b)
{
	put_object(w, "basis");
	for (size_t i = 0; i < n_ingest_rows; i++)
		put_u64(w, ingest_rows[i].key, ingest_value(b->ingest, &ingest_rows[i]));
	put_u64(w, "passedOver", b->passed_over);
	basis_unread_json(w, b);
	put_clusters(w, b->context);
	if (b->settings && b->settings->configured)
		put_config(w, b->settings);
	put_array(w, "sources");
	for (size_t i = 0; i < b->n_sources; i++) {
		json_begin_object(w);
		put_str(w, "file", b->sources[i].name);
		put_str(w, "log", b->sources[i].log_set);
		put_str(w, "form", str_from(b->sources[i].form));
		put_u64(w, "bytes", b->sources[i].bytes);
		put_u64(w, "records", b->sources[i].records);
		put_u64(w, "objects", b->sources[i].objects);
		put_cstr(w, "damage", b->sources[i].damage);
		json_end_object(w);
	}
	json_end_array(w);
	json_end_object(w);
}
