/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/parts.h"

#include "diagnose/onset.h"

static void put_change(struct json_writer *w, const struct write_change *c)
{
	json_begin_object(w);
	put_str(w, "path", c->path);
	put_maybe(w, "before", c->before);
	put_maybe(w, "after", c->after);
	put_bool(w, "hidden", c->hidden);
	json_end_object(w);
}

static void put_write(struct json_writer *w, const struct onset_write *one,
		      const struct basis *basis)
{
	const struct write *write = one->write;

	json_begin_object(w);
	put_time(w, "time", write->at);
	put_seconds(w, "seconds", one->since - write->at);
	put_time(w, "since", one->since);
	put_u64(w, "pods", one->pods);
	put_str(w, "tie", tie_name(one->tie));
	put_maybe(w, "actor", write->actor);
	put_str(w, "impersonator", write->impersonator);
	put_maybe(w, "userAgent", write->agent);
	put_str(w, "verb", write->verb);
	put_str(w, "group", str_from(write->row->group));
	put_str(w, "resource", str_from(write->row->resource));
	put_str(w, "subresource", write->subresource.p ? write->subresource : STR(""));
	put_str(w, "cluster", write->cluster);
	put_str(w, "namespace", write->namespace);
	put_str(w, "name", write->name);
	put_bool(w, "compared", write->compared);
	put_array(w, "changes");
	for (size_t i = 0; i < write->n_changes; i++)
		put_change(w, &write->changes[i]);
	json_end_array(w);
	put_u64(w, "moreChanges", write->more_changes);
	put_record(w, basis, write->position, write->audit_id);
	json_end_object(w);
}

void onset_json(struct json_writer *w, const struct onset *onset, const struct basis *basis)
{
	const struct writes *writes = basis->writes;

	if (!put_object_if(w, "onset", onset))
		return;
	put_time(w, "time", onset->at);
	put_time(w, "writesFrom", writes->cut ? writes->from : NSEC_NONE);
	put_array(w, "writes");
	for (size_t i = 0; i < onset->n; i++)
		put_write(w, &onset->writes[i], basis);
	json_end_array(w);
	json_end_object(w);
}
