/* SPDX-License-Identifier: Apache-2.0 */
#include "page/inspection.h"

#include "base/mem.h"
#include "page/phrase.h"

enum {
	FILES_SHOWN = 30,     /* without wide; the same number of damaged ones follows */
	RESOURCES_SHOWN = 20, /* without wide: the most frequent ones */
};

/* Files */

static void put_content(struct page *p, struct table *t, const struct basis_source *s)
{
	for (size_t row = 0; wrapper_name(row); row++)
		if (s->wrappers >> row & 1)
			buf_printf(&p->text, "%s%s", p->text.n ? ", " : "", wrapper_name(row));
	if (!p->text.n)
		buf_printf(&p->text, "%s%s%s", s->records ? "audit" : "",
			   s->records && s->objects ? ", " : "", s->objects ? "objects" : "");
	page_put_cell(p, t);
}

static bool shown(const struct basis_source *s)
{
	return s->records || s->objects || s->damage || !s->member;
}

static void put_file(struct page *p, struct table *t, const struct inspection *i,
		     const struct basis_source *s)
{
	const struct survey_run *run = inspection_run(i, s);

	table_put(t, cell_str(s->name));
	table_put(t, cell_str(str_from(s->form)));
	put_content(p, t, s);
	table_put(t, cell_count(s->records));
	table_put(t, cell_count(s->objects));
	table_put(t, cell_time(run ? run->least : NSEC_NONE));
	table_put(t, cell_time(run ? run->most : NSEC_NONE));
	table_put(t, run ? cell_count(run->disorder) : cell_empty());
	table_put(t, cell_duration(run && run->disorder ? run->worst : NSEC_NONE, false));
	table_put(t, cell_str(str_from(s->damage)));
}

static void add_files(struct page *p, const struct inspection *i)
{
	static const struct table_column columns[] = {
		{ .name = "FILE", .min_width = 16 },
		{ .name = "FORM", .drop = 3 },
		{ .name = "HOLDS", .min_width = 6 },
		{ .name = "RECORDS", .align = TABLE_RIGHT },
		{ .name = "OBJECTS", .align = TABLE_RIGHT, .drop = 5 },
		{ .name = "FROM", .drop = 1 },
		{ .name = "TO", .drop = 2 },
		{ .name = "BEHIND", .align = TABLE_RIGHT, .drop = 4 },
		{ .name = "BY", .align = TABLE_RIGHT, .drop = 6 },
		{ .name = "DAMAGE" },
	};
	uint64_t more = 0, n = 0, n_damaged = 0;
	struct table t;

	page_title(p, NULL, "FILES");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < i->basis->n_sources; k++) {
		const struct basis_source *s = &i->basis->sources[k];

		if (!shown(s))
			continue;
		if (p->style.wide || n < FILES_SHOWN) {
			n++;
		} else if (s->damage && n_damaged < FILES_SHOWN) {
			n_damaged++;
		} else {
			more++;
			continue;
		}
		put_file(p, &t, i, s);
	}
	page_table(p, &t);
	if (more) {
		buf_printf(&p->text, "and ");
		phrase_add_count(&p->text, more, "file more (-o wide shows it)",
				 "files more (-o wide shows them)");
		page_paragraph(p, PAGE_BELOW);
	}
	if (i->basis->passed_over) {
		phrase_add_count(&p->text, i->basis->passed_over,
				 "other file was passed over (-v names it)",
				 "other files were passed over (-v names them)");
		page_paragraph(p, PAGE_BELOW);
	}
}

/* Wrappers */

static bool any_wrapper(const struct wrapper_seen *seen)
{
	for (size_t row = 0; wrapper_name(row); row++)
		if (seen->records[row])
			return true;
	return false;
}

/* The clusters named in the rows of one wrapper. */
static void put_clusters(struct page *p, struct table *t, const struct wrapper_seen *seen,
			 size_t row)
{
	for (size_t k = 0; k < seen->n_clusters; k++) {
		const struct wrapper_cluster *c = &seen->clusters[k];

		if (c->row == row)
			phrase_add(&p->text, p->text.n ? STR(", ") : STR(""),
				   (struct str){ c->name, c->n });
	}
	page_put_cell(p, t);
}

static void add_wrappers(struct page *p, const struct inspection *i)
{
	static const struct table_column columns[] = {
		{ .name = "WRAPPER" },
		{ .name = "RECORDS", .align = TABLE_RIGHT },
		{ .name = "CLUSTERS IT NAMES (shown only; --cluster names them)" },
	};
	struct table t;

	if (!any_wrapper(i->wrappers))
		return;
	page_title(p, NULL, "WHAT IS AROUND THE RECORDS");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t row = 0; wrapper_name(row); row++) {
		if (!i->wrappers->records[row])
			continue;
		table_put(&t, cell_str(str_from(wrapper_name(row))));
		table_put(&t, cell_count(i->wrappers->records[row]));
		put_clusters(p, &t, i->wrappers, row);
	}
	page_table(p, &t);
}

/* Levels */

static void add_resources(struct page *p, const struct inspection *i)
{
	static const struct table_column columns[] = {
		{ .name = "RESOURCE", .min_width = 16 },
		{ .name = "METADATA", .align = TABLE_RIGHT },
		{ .name = "REQUEST", .align = TABLE_RIGHT },
		{ .name = "REQUESTRESPONSE", .align = TABLE_RIGHT },
		{ .name = "OTHER", .align = TABLE_RIGHT, .wide_only = true },
	};
	const struct survey *s = i->survey;
	uint32_t *order = inspection_resources(i);
	size_t n = p->style.wide ? s->resources.n : MIN(s->resources.n, (size_t)RESOURCES_SHOWN);
	struct table t;

	if (s->resources.n) {
		page_title(p, NULL, "WHAT IS LOGGED AT WHICH LEVEL, BY RECORDS");
		table_begin(&t, columns, ARRAY_SIZE(columns));
		for (size_t k = 0; k < n; k++) {
			table_put(&t, cell_str(s->resources.keys[order[k]]));
			for (size_t level = 0; level < LEVEL_N; level++)
				table_put(&t, cell_count(s->levels[order[k]][level]));
		}
		page_table(p, &t);
	}
	page_more(p, s->resources.n - n, " (-o wide shows them)");
	mem_free(order);
}

static void add_agents(struct page *p, const struct inspection *i)
{
	static const struct table_column columns[] = {
		{ .name = "COMPONENT" },
		{ .name = "VERSION" },
		{ .name = "RECORDS", .align = TABLE_RIGHT },
	};
	const struct survey *s = i->survey;
	uint32_t *order = inspection_agents(i);
	struct str component, version;
	struct table t;

	if (s->agents.n) {
		page_title(p, NULL, "WHO WROTE THEM");
		table_begin(&t, columns, ARRAY_SIZE(columns));
		for (size_t k = 0; k < s->agents.n; k++) {
			component = s->agents.keys[order[k]];
			version = (struct str){ 0 };
			str_cut(component, 0, &component, &version);
			table_put(&t, cell_str(component));
			table_put(&t, cell_str(version));
			table_put(&t, cell_count(s->agent_records[order[k]]));
		}
		page_table(p, &t);
	}
	mem_free(order);
}

static void add_writers(struct page *p, const struct inspection *i)
{
	if (!inspect_has_writers(i))
		return;
	page_title(p, NULL, "WRITERS: HOW LATE THEIR EVENTS WERE, AND WHAT IS MISSING");
	inspect_writers_text(p, i);
}

/* Pods */

static void add_coverage(struct page *p, const struct inspection *i)
{
	static const struct table_column columns[] = {
		{ .name = "OF THE PODS" },
		{ .name = "PODS", .align = TABLE_RIGHT },
		{ .name = "SHARE", .align = TABLE_RIGHT },
	};
	struct table t;

	page_title(p, NULL,
		   "HOW MUCH OF THE PODS' LIVES IS THERE (without mirror pods and refused ones)");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < n_coverage_rows; k++) {
		uint64_t n = coverage_value(i->coverage, &coverage_rows[k]);

		table_put(&t, cell_str(str_from(coverage_rows[k].what)));
		table_put(&t, cell_count(n));
		table_put(&t, cell_share(n, i->coverage->pods));
	}
	page_table(p, &t);
}

/* Findings */

static void add_finding(struct page *p, const struct finding_row *row, uint64_t n, uint64_t of)
{
	char count[STR_GROUPED];

	buf_printf(&p->text, "%s ", str_grouped(n, count).p);
	if (of)
		buf_printf(&p->text, "of %s ", str_grouped(of, count).p);
	buf_printf(&p->text, "%s", n == 1 && !of && row->one ? row->one : row->what);
	page_item(p, 1, 0);
	buf_printf(&p->text, "costs: %s", row->cost);
	page_item(p, 2, 0);
	if (!row->change)
		return;
	buf_printf(&p->text, "better: %s", row->change);
	page_item(p, 2, 0);
}

static void add_findings(struct page *p, const struct inspection *i)
{
	const struct findings_ground ground = inspection_ground(i);
	bool any = false;

	page_title(p, NULL, "WHAT IS MISSING, AND WHAT THAT COSTS");
	for (size_t k = 0; k < n_finding_rows; k++) {
		uint64_t n = 0, of = 0;

		finding_rows[k].count(&ground, &n, &of);
		if (!n)
			continue;
		any = true;
		add_finding(p, &finding_rows[k], n, of);
	}
	if (any) {
		buf_printf(&p->text, "('lunettes policy' prints the smallest audit policy that "
				     "gives full results)");
		page_hint(p, PAGE_INSIDE);
		return;
	}
	buf_printf(&p->text, i->coverage->pods ? "nothing: these logs give full results"
					       : "nothing can be said: no pod was created or seen");
	page_paragraph(p, PAGE_INSIDE);
}

void inspect_text(struct buf *out, const struct inspection *i, struct table_style style)
{
	struct page p = page_of(out, style);

	p.unwrapped = true;
	basis_page(&p, i->basis, NULL);
	p.unwrapped = false;
	add_files(&p, i);
	add_wrappers(&p, i);
	add_resources(&p, i);
	add_agents(&p, i);
	add_writers(&p, i);
	add_coverage(&p, i);
	add_findings(&p, i);
	page_free(&p);
}
