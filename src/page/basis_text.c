/* SPDX-License-Identifier: Apache-2.0 */
/* The data sources of a result: files, periods, gaps, levels, skipped records. */
#include "page/basis.h"
#include "page/phrase.h"

enum { GAPS_SHOWN = 3, CLUSTER_WIDTH = 40, UNREAD_SHOWN = 10 };

static void add_cluster_name(struct page *p, const struct context *c, size_t i)
{
	struct str key = c->cluster_names.keys[i];

	if (c->cluster_names.n == 1 && !key.n)
		return;
	buf_add_str(&p->text, STR("cluster "));
	page_add_shortened(p, key.n ? key : STR("(unnamed)"), CLUSTER_WIDTH);
	buf_add_str(&p->text, STR(": "));
}

static void add_gaps(struct page *p, const struct cluster *cluster)
{
	nsec sum = 0;

	buf_printf(&p->text,
		   cluster->n_gaps ? "GAPS, no record from .. to:" : "no gap of a minute or more");
	for (size_t i = 0; i < cluster->n_gaps; i++) {
		const struct gap *gap = &cluster->gaps[i];

		sum += gap->to - gap->from;
		if (i >= GAPS_SHOWN)
			continue;
		page_item(p, i ? 2 : 1, 0);
		page_add_second(p, gap->from);
		buf_printf(&p->text, " .. ");
		page_add_second(p, gap->to);
		buf_printf(&p->text, " (");
		page_add_duration(p, gap->to - gap->from);
		buf_add_char(&p->text, ')');
	}
	if (cluster->n_gaps > GAPS_SHOWN) {
		page_item(p, 2, 0);
		buf_printf(&p->text, "and %zu more", cluster->n_gaps - GAPS_SHOWN);
	}
	if (cluster->n_gaps > 1) {
		buf_printf(&p->text, ", together ");
		page_add_duration(p, sum);
	}
	page_item(p, cluster->n_gaps ? 2 : 1, 0);
}

static void add_bodies(struct page *p, const struct cluster *cl)
{
	if (!cl->status_writes) {
		buf_printf(&p->text, "no pods/status writes: when pods became ready is known only "
				     "from read-back objects");
	} else if (cl->status_bodies < cl->status_writes) {
		phrase_add_count(&p->text, cl->status_writes - cl->status_bodies, "", "");
		buf_printf(&p->text, "of ");
		phrase_add_count(&p->text, cl->status_writes, "pods/status write",
				 "pods/status writes");
		buf_printf(&p->text, " without a body: their content is unknown");
	}
	if (p->text.n)
		page_item(p, 1, 0);
}

static void add_clusters(struct page *p, const struct context *c)
{
	for (size_t n = 0; n < c->cluster_names.n; n++) {
		size_t i = c->by_name[n];
		const struct cluster *cl = &c->clusters[i];

		if (!nsec_known(cl->first))
			continue;
		add_cluster_name(p, c, i);
		page_add_second(p, cl->first);
		buf_printf(&p->text, " to ");
		page_add_second(p, cl->last);
		buf_printf(&p->text, " (");
		page_add_duration(p, cl->last - cl->first);
		buf_add_char(&p->text, ')');
		page_item(p, 1, 0);
		add_gaps(p, cl);
		basis_writers_text(p, &c->presence, c->cluster_names.keys[i]);
		add_bodies(p, cl);
	}
}

/* The counts of each kind: "levels: RequestResponse 223, Metadata 2". */
struct named_count {
	const char *name;
	uint64_t n;
};

static void add_named_counts(struct page *p, const char *before, const struct named_count *rows,
			     size_t n)
{
	char text[STR_GROUPED];

	for (size_t i = 0; i < n; i++)
		if (rows[i].n)
			buf_printf(&p->text, "%s%s %s", p->text.n ? ", " : before, rows[i].name,
				   str_grouped(rows[i].n, text).p);
	if (p->text.n)
		page_item(p, 1, 0);
}

static void add_levels(struct page *p, const struct ingest *in)
{
	const struct named_count rows[] = { { "RequestResponse", in->levelRequestResponse },
					    { "Request", in->levelRequest },
					    { "Metadata", in->levelMetadata } };

	add_named_counts(p, "levels: ", rows, ARRAY_SIZE(rows));
}

/* Records that were skipped or only partly used. */
static void add_unused(struct page *p, const struct ingest *in)
{
	const struct named_count rows[] = {
		{ "malformed lines", in->malformed },
		{ "records that are not UTF-8", in->invalidText },
		{ "other JSON", in->foreign },
		{ "lines of other programs", in->otherLines },
		{ "audit events without a time", in->untimed },
		{ "truncated bodies", in->truncated },
		{ "pod creates without a name", in->unattributed },
		{ "collection deletes without names", in->unnamedDeletes },
		{ "dry runs", in->dryRun },
		{ "duplicates", in->duplicates },
	};

	add_named_counts(p, "not used, or only in part: ", rows, ARRAY_SIZE(rows));
}

static size_t files_with(const struct basis *b, bool objects)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_sources; i++)
		n += (objects ? b->sources[i].objects : b->sources[i].records) > 0;
	return n;
}

/* An archive counts as its members. */
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

/* A count with its noun in singular or plural. */
struct countable {
	uint64_t n;
	const char *one, *many;
};

/* "2 Pods, 1 Node"; kinds without objects are omitted. */
static void add_counted(struct buf *out, const struct countable *rows, size_t n, const char *before)
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
static void add_dumps(struct page *p, const struct basis *b)
{
	const struct countable rows[] = {
		{ b->ingest->objectEvents, "Event", "Events" },
		{ b->ingest->objectPods, "Pod", "Pods" },
		{ b->ingest->objectClaims, "PersistentVolumeClaim", "PersistentVolumeClaims" },
		{ b->ingest->objectNodes, "Node", "Nodes" },
		{ b->ingest->objectOwners, "ReplicaSet or Job", "ReplicaSets and Jobs" }
	};
	nsec last = NSEC_NONE;

	add_counted(&p->text, rows, ARRAY_SIZE(rows), "");
	buf_printf(&p->text, " from dumps");
	add_files(&p->text, files_with(b, true), files_read(b));
	for (size_t i = 0; i < b->context->cluster_names.n; i++)
		last = MAX(last, b->context->clusters[i].dumped_last);
	if (nsec_known(last)) {
		buf_printf(&p->text, ", the latest time in them ");
		page_add_second(p, last);
	}
}

static void add_config(struct page *p, const struct settings *s)
{
	const struct countable rows[] = { { s->n_classes - 1, "class", "classes" },
					  { s->n_overrides, "override", "overrides" },
					  { s->n_ignored, "ignored namespace",
					    "ignored namespaces" },
					  { s->n_objectives, "objective", "objectives" } };

	add_counted(&p->text, rows, ARRAY_SIZE(rows), "judged by a configuration: ");
	page_item(p, 1, 0);
}

/* First of all, because the results below may lack records. */
static void add_unread_head(struct page *p, const struct basis *b)
{
	buf_printf(&p->text, "INCOMPLETE: ");
	phrase_add_count(&p->text, b->n_unread, "file or directory", "files or directories");
	buf_printf(&p->text, " could not be read, or not to the end; records may be missing:");
}

static void add_unread_files(struct page *p, const struct basis *b, unsigned level)
{
	for (size_t i = 0; i < b->n_unread && i < UNREAD_SHOWN; i++) {
		buf_printf(&p->text, STR_FMT ": %s", STR_ARG(b->unread[i].name),
			   b->unread[i].reason);
		page_item(p, level, 0);
	}
	if (b->n_unread > UNREAD_SHOWN) {
		buf_printf(&p->text, "and %zu more", b->n_unread - UNREAD_SHOWN);
		page_item(p, level, 0);
	}
}

void basis_unread_text(struct buf *out, const struct basis *b, struct table_style style)
{
	struct page p = page_of(out, style);

	if (b->n_unread) {
		add_unread_head(&p, b);
		page_paragraph(&p, PAGE_BELOW);
		add_unread_files(&p, b, 1);
		page_gap(&p);
	}
	page_free(&p);
}

static void add_clocks(struct page *p, const struct context *c)
{
	struct buf lines = { 0 };
	struct str rest, line;

	basis_clocks(&lines, c, "");
	for (rest = buf_str(&lines); str_cut(rest, '\n', &line, &rest);) {
		buf_add_str(&p->text, line);
		page_item(p, 1, 0);
	}
	buf_free(&lines);
}

void basis_page(struct page *p, const struct basis *b, const char *side)
{
	bool dumps = ingest_objects(b->ingest) > 0;

	page_title(p, side, "RESTS ON");
	if (b->n_unread) {
		add_unread_head(p, b);
		page_item(p, 1, 0);
		add_unread_files(p, b, 2);
	}
	if (b->ingest->records || !dumps) {
		add_audit(&p->text, b);
		page_item(p, 1, 0);
	}
	if (dumps) {
		add_dumps(p, b);
		page_item(p, 1, 0);
	}
	phrase_add_count(&p->text, b->ingest->podRecords - b->ingest->duplicates, "record",
			 "records");
	buf_printf(&p->text, " about pods were taken from them");
	page_item(p, 1, 0);
	add_clusters(p, b->context);
	add_levels(p, b->ingest);
	add_unused(p, b->ingest);
	add_clocks(p, b->context);
	if (b->settings && b->settings->configured)
		add_config(p, b->settings);
}
