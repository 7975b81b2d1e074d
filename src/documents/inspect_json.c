/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/inspect_json.h"

#include "base/mem.h"
#include "documents/parts.h"
#include "page/inspection.h"

static void put_files(struct json_writer *w, const struct inspection *i)
{
	put_array(w, "files");
	for (size_t k = 0; k < i->basis->n_sources; k++) {
		const struct basis_source *s = &i->basis->sources[k];
		const struct survey_run *run = inspection_run(i, s);

		json_begin_object(w);
		put_str(w, "file", s->name);
		put_str(w, "log", s->log_set);
		put_str(w, "form", str_from(s->form));
		put_array(w, "wrappers");
		for (size_t row = 0; wrapper_name(row); row++)
			if (s->wrappers >> row & 1)
				json_put_text(w, wrapper_name(row));
		json_end_array(w);
		put_u64(w, "bytes", s->bytes);
		put_u64(w, "records", s->records);
		put_u64(w, "objects", s->objects);
		put_time(w, "first", run ? run->least : NSEC_NONE);
		put_time(w, "last", run ? run->most : NSEC_NONE);
		put_u64(w, "behindLaterOnes", run ? run->disorder : 0);
		put_seconds(w, "behindSeconds", run && run->disorder ? run->worst : NSEC_NONE);
		put_u64(w, "clockJumps", run ? run->jumps : 0);
		put_cstr(w, "damage", s->damage);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_wrappers(struct json_writer *w, const struct inspection *i)
{
	const struct wrapper_seen *seen = i->wrappers;

	put_array(w, "wrappers");
	for (size_t row = 0; wrapper_name(row); row++) {
		if (!seen->records[row])
			continue;
		json_begin_object(w);
		put_str(w, "wrapper", str_from(wrapper_name(row)));
		put_u64(w, "records", seen->records[row]);
		put_array(w, "clusterNames");
		for (size_t k = 0; k < seen->n_clusters; k++)
			if (seen->clusters[k].row == row)
				json_put_str(
				    w, (struct str){ seen->clusters[k].name, seen->clusters[k].n });
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_resources(struct json_writer *w, const struct inspection *i)
{
	static const char *const levels[LEVEL_N] = { "Metadata", "Request", "RequestResponse",
						     "other" };
	const struct survey *s = i->survey;
	uint32_t *order = inspection_resources(i);

	put_array(w, "resources");
	for (size_t k = 0; k < s->resources.n; k++) {
		json_begin_object(w);
		put_str(w, "resource", s->resources.keys[order[k]]);
		put_object(w, "levels");
		for (size_t level = 0; level < LEVEL_N; level++)
			put_u64(w, levels[level], s->levels[order[k]][level]);
		json_end_object(w);
		json_end_object(w);
	}
	json_end_array(w);
	mem_free(order);
}

static void put_agents(struct json_writer *w, const struct inspection *i)
{
	const struct survey *s = i->survey;
	uint32_t *order = inspection_agents(i);

	put_array(w, "components");
	for (size_t k = 0; k < s->agents.n; k++) {
		struct str component = s->agents.keys[order[k]], version = { 0 };

		str_cut(component, 0, &component, &version);
		json_begin_object(w);
		put_str(w, "component", component);
		put_str(w, "version", version);
		put_u64(w, "records", s->agent_records[order[k]]);
		json_end_object(w);
	}
	json_end_array(w);
	mem_free(order);
}

static void put_coverage(struct json_writer *w, const struct coverage *c)
{
	put_object(w, "pods");
	for (size_t k = 0; k < n_coverage_rows; k++)
		put_u64(w, coverage_rows[k].key, coverage_value(c, &coverage_rows[k]));
	json_end_object(w);
}

static void put_findings(struct json_writer *w, const struct inspection *i)
{
	const struct findings_ground ground = inspection_ground(i);

	put_array(w, "findings");
	for (size_t k = 0; k < n_finding_rows; k++) {
		const struct finding_row *row = &finding_rows[k];
		uint64_t n = 0, of = 0;

		row->count(&ground, &n, &of);
		if (!n)
			continue;
		json_begin_object(w);
		put_str(w, "finding", str_from(row->finding));
		put_u64(w, "count", n);
		put_known(w, "of", of, (int64_t)of);
		put_str(w, "what", str_from(row->what));
		put_str(w, "cost", str_from(row->cost));
		put_cstr(w, "change", row->change);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_holes(struct json_writer *w, const char *key, const struct holes *holes)
{
	put_array(w, key);
	for (size_t i = 0; i < holes->n; i++)
		put_gap(w, holes->list[i]);
	json_end_array(w);
}

static void put_late(struct json_writer *w, const struct inspection *i,
		     const struct log_writer *writer)
{
	const struct delays *d = writer_delays(i->basis->context, writer);
	const struct node_starts *starts =
	    coverage_starts(i->coverage, writer->cluster, writer_node(writer));

	put_u64(w, "events", d ? d->n : 0);
	put_object(w, "lateSeconds");
	put_seconds(w, "p50", d ? delays_quantile(d, 50) : NSEC_NONE);
	put_seconds(w, "p95", d ? delays_quantile(d, 95) : NSEC_NONE);
	put_seconds(w, "max", d ? d->most : NSEC_NONE);
	json_end_object(w);
	put_u64(w, "starts", starts ? starts->starts : 0);
	put_u64(w, "startsWithoutEvent", starts ? starts->lost : 0);
}

static void put_writers(struct json_writer *w, const struct inspection *i)
{
	size_t n;
	const struct log_writer **list = inspect_writers(i->basis->context, &n);

	put_array(w, "writers");
	for (size_t k = 0; k < n; k++) {
		json_begin_object(w);
		put_str(w, "cluster", list[k]->cluster);
		put_str(w, "writer", list[k]->name);
		put_str(w, "node", writer_node(list[k]));
		put_u64(w, "records", list[k]->chart.records);
		put_time(w, "first", list[k]->first);
		put_time(w, "last", list[k]->last);
		put_str(w, "status",
			writer_is_absent(list[k]) ? STR("absent")
			: list[k]->rare		  ? STR("rare")
						  : STR("present"));
		put_holes(w, "holes", &list[k]->holes);
		if (writer_node(list[k]).n)
			put_late(w, i, list[k]);
		json_end_object(w);
	}
	json_end_array(w);
	mem_free(list);
}

void inspect_json(struct buf *out, const struct inspection *i, struct table_style style)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "Inspection");
	basis_json(&w, i->basis);
	put_u64(&w, "apiServers", basis_n_log_sets(i->basis));
	put_files(&w, i);
	put_wrappers(&w, i);
	put_resources(&w, i);
	put_agents(&w, i);
	put_writers(&w, i);
	put_coverage(&w, i->coverage);
	put_findings(&w, i);
	end_line(&w);
}
