/* SPDX-License-Identifier: Apache-2.0 */
/* What the numbers rest on, for people. */
#include "page/basis_writers.h"
#include "page/markdown.h"
#include "page/phrase.h"
#include "page/text.h"

enum { GAPS_SHOWN = 3, CLUSTER_WIDTH = 40, UNREAD_SHOWN = 10 };

static void add_cluster_name(struct buf *out, const struct context *c, size_t i,
			     struct table_style style)
{
	struct buf name = { 0 };

	if (c->cluster_names.n == 1 && !c->cluster_names.keys[i].n)
		return;
	buf_add(out, "cluster ", 8);
	text_add_safe(&name,
		      c->cluster_names.keys[i].n ? c->cluster_names.keys[i] : STR("(unnamed)"),
		      style.ascii);
	if (style.width)
		text_add_shortened(out, buf_str(&name), CLUSTER_WIDTH, style.ascii);
	else
		buf_add_str(out, buf_str(&name));
	buf_free(&name);
	buf_add(out, ": ", 2);
}

static void add_gaps(struct buf *out, const struct cluster *cluster, struct table_style style)
{
	nsec sum = 0;

	if (!cluster->n_gaps) {
		buf_printf(out, "  no gap of a minute or more\n");
		return;
	}
	buf_printf(out, "  GAPS, no record from .. to:");
	for (size_t i = 0; i < cluster->n_gaps; i++) {
		sum += cluster->gaps[i].to - cluster->gaps[i].from;
		if (i >= GAPS_SHOWN)
			continue;
		buf_printf(out, "\n    ");
		phrase_add_second(out, style.zone, cluster->gaps[i].from);
		buf_printf(out, " .. ");
		phrase_add_second(out, style.zone, cluster->gaps[i].to);
		buf_printf(out, " (");
		phrase_add_duration(out, cluster->gaps[i].to - cluster->gaps[i].from);
		buf_add_char(out, ')');
	}
	if (cluster->n_gaps > GAPS_SHOWN)
		buf_printf(out, "\n    and %zu more", cluster->n_gaps - GAPS_SHOWN);
	if (cluster->n_gaps > 1) {
		buf_printf(out, ", together ");
		phrase_add_duration(out, sum);
	}
	buf_add_char(out, '\n');
}

static void add_clusters(struct buf *out, const struct context *c, struct table_style style)
{
	for (size_t n = 0; n < c->cluster_names.n; n++) {
		size_t i = c->by_name[n];
		const struct cluster *cl = &c->clusters[i];

		if (!nsec_known(cl->first))
			continue;
		buf_add(out, "  ", 2);
		add_cluster_name(out, c, i, style);
		phrase_add_second(out, style.zone, cl->first);
		buf_printf(out, " to ");
		phrase_add_second(out, style.zone, cl->last);
		buf_printf(out, " (");
		phrase_add_duration(out, cl->last - cl->first);
		buf_printf(out, ")\n");
		add_gaps(out, cl, style);
		basis_writers_text(out, &c->presence, c->cluster_names.keys[i], style);
		if (!cl->status_writes)
			buf_printf(
			    out,
			    "  no pods/status writes: when pods became ready is known only from "
			    "read-back objects\n");
		else if (cl->status_bodies < cl->status_writes) {
			buf_printf(out, "  ");
			phrase_add_count(out, cl->status_writes - cl->status_bodies, "", "");
			buf_printf(out, "of ");
			phrase_add_count(out, cl->status_writes, "pods/status write",
					 "pods/status writes");
			buf_printf(out, " without a body: their content is unknown\n");
		}
	}
}

static void add_levels(struct buf *out, const struct ingest *in)
{
	const struct {
		const char *name;
		uint64_t n;
	} levels[] = { { "RequestResponse", in->levelRequestResponse },
		       { "Request", in->levelRequest },
		       { "Metadata", in->levelMetadata } };
	const char *sep = "  levels: ";
	char text[STR_GROUPED];

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		if (!levels[i].n)
			continue;
		buf_printf(out, "%s%s %s", sep, levels[i].name, str_grouped(levels[i].n, text).p);
		sep = ", ";
	}
	if (sep[0] == ',')
		buf_add_char(out, '\n');
}

/* What could not be used, or not fully; only what is there. */
static void add_unused(struct buf *out, const struct ingest *in)
{
	const struct {
		uint64_t n;
		const char *what;
	} rows[] = {
		{ in->malformed, "malformed lines" },
		{ in->invalidText, "records that are not UTF-8" },
		{ in->foreign, "other JSON" },
		{ in->otherLines, "lines of other programs" },
		{ in->untimed, "audit events without a time" },
		{ in->truncated, "truncated bodies" },
		{ in->unattributed, "pod creates without a name" },
		{ in->unnamedDeletes, "collection deletes without names" },
		{ in->dryRun, "dry runs" },
		{ in->duplicates, "duplicates" },
	};
	const char *sep = "  not used, or only in part: ";
	char text[STR_GROUPED];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].n)
			continue;
		buf_printf(out, "%s%s %s", sep, rows[i].what, str_grouped(rows[i].n, text).p);
		sep = ", ";
	}
	if (sep[0] == ',')
		buf_add_char(out, '\n');
}

static size_t files_with(const struct basis *b, bool objects)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_sources; i++)
		n += (objects ? b->sources[i].objects : b->sources[i].records) > 0;
	return n;
}

/* Archives count as what is in them. */
static size_t files_read(const struct basis *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_sources; i++)
		n += b->sources[i].member > 0 || i + 1 == b->n_sources ||
		     b->sources[i + 1].source != b->sources[i].source;
	return n;
}

static void add_files(struct buf *out, size_t used, size_t read)
{
	buf_printf(out, " in ");
	if (used < read)
		buf_printf(out, "%zu of ", used);
	phrase_add_count(out, read, "file", "files");
}

static void add_audit(struct buf *out, const struct basis *b)
{
	phrase_add_count(out, b->ingest->records, "audit event", "audit events");
	add_files(out, files_with(b, false), files_read(b));
	if (b->ingest->records) {
		buf_printf(out, ", which make ");
		phrase_add_count(out, basis_n_log_sets(b), "log", "logs");
		buf_printf(out, " (each API server writes one)");
	}
}

/* Of one kind of thing, with its name in singular and plural. */
struct counted {
	uint64_t n;
	const char *one, *many;
};

/* "2 Pods, 1 Node": what there is none of is left out. */
static void add_counted(struct buf *out, const struct counted *rows, size_t n, const char *before)
{
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].n)
			continue;
		buf_printf(out, "%s", before);
		phrase_add_count(out, rows[i].n, rows[i].one, rows[i].many);
		before = ", ";
	}
}

/* "5,373 Events, 239 Pods and 6 Nodes from dumps in 120 files, the latest time in them ..." */
static void add_dumps(struct buf *out, const struct basis *b, clock_zone *zone)
{
	const struct counted rows[] = {
		{ b->ingest->objectEvents, "Event", "Events" },
		{ b->ingest->objectPods, "Pod", "Pods" },
		{ b->ingest->objectClaims, "PersistentVolumeClaim", "PersistentVolumeClaims" },
		{ b->ingest->objectNodes, "Node", "Nodes" },
		{ b->ingest->objectOwners, "ReplicaSet or Job", "ReplicaSets and Jobs" }
	};
	nsec last = NSEC_NONE;

	add_counted(out, rows, ARRAY_SIZE(rows), "");
	buf_printf(out, " from dumps");
	add_files(out, files_with(b, true), files_read(b));
	for (size_t i = 0; i < b->context->cluster_names.n; i++)
		last = MAX(last, b->context->clusters[i].dumped_last);
	if (nsec_known(last)) {
		buf_printf(out, ", the latest time in them ");
		phrase_add_second(out, zone, last);
	}
}

static void add_config(struct buf *out, const struct settings *s)
{
	const struct counted rows[] = { { s->n_classes - 1, "class", "classes" },
					{ s->n_overrides, "override", "overrides" },
					{ s->n_ignored, "ignored namespace", "ignored namespaces" },
					{ s->n_objectives, "objective", "objectives" } };

	add_counted(out, rows, ARRAY_SIZE(rows), "  judged by a configuration: ");
	buf_add_char(out, '\n');
}

/* Before all else: whatever follows may lack records. indent: two blanks, or none. */
static void add_unread(struct buf *out, const struct basis *b, const char *indent, bool ascii)
{
	if (!b->n_unread)
		return;
	buf_printf(out, "%sINCOMPLETE: ", indent);
	phrase_add_count(out, b->n_unread, "file or directory", "files or directories");
	buf_printf(out, " could not be read, or not to the end; records may be missing:\n");
	for (size_t i = 0; i < b->n_unread && i < UNREAD_SHOWN; i++) {
		buf_printf(out, "%s  ", indent);
		text_add_safe(out, b->unread[i].name, ascii);
		buf_printf(out, ": %s\n", b->unread[i].reason);
	}
	if (b->n_unread > UNREAD_SHOWN)
		buf_printf(out, "%s  and %zu more\n", indent, b->n_unread - UNREAD_SHOWN);
}

void basis_unread_text(struct buf *out, const struct basis *b, struct table_style style)
{
	struct buf text = { 0 };
	struct str line, rest;

	add_unread(&text, b, "", style.ascii);
	if (!style.markdown) {
		phrase_add_wrapped(out, buf_str(&text), style.width);
	} else if (str_cut(buf_str(&text), '\n', &line, &rest)) {
		markdown_add_paragraph(out, line);
		for (; str_cut(rest, '\n', &line, &rest); buf_add_char(out, '\n')) {
			buf_add_str(out, STR("- "));
			markdown_add_text(out, str_trim(line));
		}
	}
	if (text.n)
		buf_add_char(out, '\n');
	buf_free(&text);
}

void basis_text(struct buf *out, const struct basis *b, struct table_style style)
{
	bool dumps = ingest_objects(b->ingest) > 0;

	buf_printf(out, style.bold ? "\033[1mRESTS ON\033[0m\n" : "RESTS ON\n");
	add_unread(out, b, "  ", style.ascii);
	buf_printf(out, "  ");
	if (b->ingest->records || !dumps)
		add_audit(out, b);
	if (b->ingest->records && dumps)
		buf_printf(out, "\n  ");
	if (dumps)
		add_dumps(out, b, style.zone);
	buf_printf(out, "\n  ");
	phrase_add_count(out, b->ingest->podRecords - b->ingest->duplicates, "record", "records");
	buf_printf(out, " about pods were taken from them\n");
	add_clusters(out, b->context, style);
	add_levels(out, b->ingest);
	add_unused(out, b->ingest);
	basis_clocks(out, b->context, "  ");
	if (b->settings && b->settings->configured)
		add_config(out, b->settings);
}
