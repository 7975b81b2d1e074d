/* SPDX-License-Identifier: Apache-2.0 */
/* Pages as GitHub's Markdown. Text from a log is escaped, so Markdown never interprets it. */
#include "page/form.h"
#include "page/phrase.h"
#include "page/text.h"

static void put_escaped(struct buf *out, struct str safe)
{
	static const char special[] = "\\`*_{}[]<>|~#&";

	for (size_t i = 0; i < safe.n; i++) {
		if (memchr(special, safe.p[i], sizeof(special) - 1))
			buf_add_char(out, '\\');
		buf_add_char(out, safe.p[i]);
	}
}

/* A block begins after an empty line; items of one list follow each other. */
static void begin_block(struct page *p)
{
	if (p->out->n && !str_ends(buf_str(p->out), STR("\n\n")))
		buf_add_char(p->out, '\n');
	p->in_list = false;
}

static void begin_item(struct page *p)
{
	if (!p->in_list)
		begin_block(p);
	p->in_list = true;
}

static void put_head(struct page *p, struct str name, struct str rest, bool sentence)
{
	begin_block(p);
	buf_add_str(p->out, STR("## "));
	put_escaped(p->out, name);
	put_escaped(p->out, rest);
	buf_add_str(p->out, STR("\n\n"));
}

static void put_title(struct page *p, const char *whose, struct str title)
{
	begin_block(p);
	buf_printf(p->out, "## %s%s", whose ? whose : "", whose ? ": " : "");
	put_escaped(p->out, title);
	buf_add_str(p->out, STR("\n\n"));
}

/* ALSO becomes "Also:". */
static void put_subtitle(struct page *p, const char *title)
{
	begin_block(p);
	for (size_t i = 0; title[i]; i++)
		buf_add_char(p->out,
			     (char)(i && title[i] >= 'A' && title[i] <= 'Z' ? title[i] - 'A' + 'a'
									    : title[i]));
	buf_add_str(p->out, STR(":\n\n"));
}

static void put_paragraph(struct page *p, struct str text, enum page_place place)
{
	begin_block(p);
	put_escaped(p->out, str_trim(text));
	buf_add_char(p->out, '\n');
}

static void put_item(struct page *p, struct str text, unsigned level, unsigned lines)
{
	begin_item(p);
	buf_printf(p->out, "%*s- ", level ? (int)(2 * level - 2) : 0, "");
	put_escaped(p->out, text);
	buf_add_char(p->out, '\n');
}

static void put_value(struct page *p, struct str text, const char *key, enum page_wrap wrap)
{
	if (!*key) {
		put_item(p, text, 2, 0);
		return;
	}
	begin_item(p);
	buf_printf(p->out, "- **%s**: ", key);
	put_escaped(p->out, text);
	buf_add_char(p->out, '\n');
}

/* Tables: all columns except those that are wide_only. Markdown needs a header line for a table. */

static void put_cell(struct page *p, struct str safe)
{
	buf_add_str(p->out, STR("| "));
	put_escaped(p->out, safe);
	buf_add_char(p->out, ' ');
}

static void put_rule(struct page *p, enum table_align align)
{
	buf_add_str(p->out, align == TABLE_RIGHT ? STR("| ---: ") : STR("| --- "));
}

static void end_row(struct page *p)
{
	buf_add_str(p->out, STR("|\n"));
}

static void put_table(struct page *p, const struct table *t)
{
	size_t n = t->n_columns;

	begin_block(p);
	for (size_t i = 0; i < 2 * n + t->n_cells; i++) {
		const struct table_column *c = &t->columns[i % n];

		if (c->wide_only && !p->style.wide) {
		} else if (i < n) {
			put_cell(p, str_from(c->name));
		} else if (i < 2 * n) {
			put_rule(p, c->align);
		} else {
			buf_reset(&p->safe);
			table_add_cell(&p->safe, t->cells[i - 2 * n], false, p->style.zone);
			put_cell(p, buf_str(&p->safe));
		}
		if ((i + 1) % n == 0)
			end_row(p);
	}
}

static void put_text_cell(struct page *p, struct str text)
{
	buf_reset(&p->safe);
	text_add_safe(&p->safe, text, false);
	put_cell(p, p->safe.n ? buf_str(&p->safe) : STR("-"));
}

static void put_log(struct page *p, const struct page_log *log)
{
	begin_block(p);
	for (size_t k = 0; k < PAGE_LOG_COLUMNS; k++)
		put_cell(p, str_from(log->columns[k].name));
	put_cell(p, STR("WHAT"));
	end_row(p);
	for (size_t k = 0; k <= PAGE_LOG_COLUMNS; k++)
		put_rule(p, k < PAGE_LOG_COLUMNS ? log->columns[k].align : TABLE_LEFT);
	end_row(p);
	for (size_t i = 0; i < log->n; i++) {
		const struct page_log_row *row = &log->rows[i];
		struct str line, lines = row->before;

		while (str_cut(lines, '\n', &line, &lines)) {
			for (size_t k = 0; k < PAGE_LOG_COLUMNS; k++)
				buf_add_str(p->out, STR("| "));
			put_cell(p, line);
			end_row(p);
		}
		for (size_t k = 0; k < PAGE_LOG_COLUMNS; k++)
			put_text_cell(p, row->cells[k]);
		phrase_add(&p->text, row->error ? STR("! ") : STR(""), row->what);
		put_cell(p, page_gathered(p));
		end_row(p);
	}
}

static void put_evidence(struct page *p, const struct page_evidence *list, size_t n, nsec day)
{
	static const struct table_column columns[] = { { .name = "TIME" },
						       { .name = "ACTOR" },
						       { .name = "FACT" },
						       { .name = "WHERE" },
						       { .name = "AUDIT ID" } };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++) {
		const struct page_evidence *e = &list[i];
		bool message = e->message.n && !e->again;

		table_put(&t, cell_time(e->at));
		table_put(&t, cell_str(e->actor));
		phrase_add(&p->text, e->again ? STR("the same") : e->fact,
			   message ? STR(": ") : STR(""),
			   !message	     ? STR("")
			   : e->same_message ? STR("the same message")
					     : e->message);
		page_put_cell(p, &t);
		buf_printf(&p->text, STR_FMT ":%llu", STR_ARG(e->file),
			   (unsigned long long)e->line);
		page_put_cell(p, &t);
		table_put(&t, cell_str(e->audit_id));
	}
	put_table(p, &t);
	table_free(&t);
}

/* The fence is longer than any in the drawing, which may contain names from a log. */
static void put_drawing(struct page *p, struct str lines)
{
	char fence[64];
	size_t longest = 2, run = 0;

	for (size_t i = 0; i < lines.n; i++) {
		run = lines.p[i] == '`' ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	longest = MIN(longest + 1, sizeof(fence) - 1);
	memset(fence, '`', longest);
	begin_block(p);
	buf_printf(p->out, "%.*s\n" STR_FMT "%.*s\n", (int)longest, fence, STR_ARG(lines),
		   (int)longest, fence);
}

static void put_join(struct page *p, struct str written)
{
	begin_block(p);
	buf_add_str(p->out, written);
}

static void put_nothing(struct page *p, struct str text, enum page_place place)
{
}

const struct page_form page_markdown = {
	.head = put_head,
	.title = put_title,
	.subtitle = put_subtitle,
	.paragraph = put_paragraph,
	.item = put_item,
	.value = put_value,
	.table = put_table,
	.log = put_log,
	.evidence = put_evidence,
	.drawing = put_drawing,
	.hint = put_nothing,
	.join = put_join,
	.gap = begin_block,
	.brief = true,
};
