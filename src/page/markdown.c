/* SPDX-License-Identifier: Apache-2.0 */
#include "page/markdown.h"

void markdown_add_text(struct buf *out, struct str safe)
{
	static const char special[] = "\\`*_{}[]<>|~#&";

	for (size_t i = 0; i < safe.n; i++) {
		if (memchr(special, safe.p[i], sizeof(special) - 1))
			buf_add_char(out, '\\');
		buf_add_char(out, safe.p[i]);
	}
}

void markdown_add_title(struct buf *out, struct str title)
{
	buf_printf(out, "%s## ", out->n ? "\n" : "");
	markdown_add_text(out, title);
	buf_add_str(out, STR("\n\n"));
}

void markdown_add_paragraph(struct buf *out, struct str text)
{
	buf_add_char(out, '\n');
	markdown_add_text(out, str_trim(text));
	buf_add_char(out, '\n');
}

void markdown_add_list(struct buf *out, struct str lines)
{
	struct str line;

	if (!str_cut(lines, '\n', &line, &lines))
		return;
	markdown_add_title(out, line);
	while (str_cut(lines, '\n', &line, &lines)) {
		buf_add_str(out, str_starts(line, STR("    ")) ? STR("  - ") : STR("- "));
		markdown_add_text(out, str_trim(line));
		buf_add_char(out, '\n');
	}
}

static bool shown(const struct table_column *c, struct table_style style)
{
	return !c->wide_only || style.wide;
}

static void add_header(struct buf *out, const struct table *t, struct table_style style)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (shown(&t->columns[i], style)) {
			buf_add_str(out, STR("| "));
			markdown_add_text(out, str_from(t->columns[i].name));
			buf_add_char(out, ' ');
		}
	buf_add_str(out, STR("|\n"));
	for (size_t i = 0; i < t->n_columns; i++)
		if (shown(&t->columns[i], style))
			buf_add_str(out, t->columns[i].align == TABLE_RIGHT ? STR("| ---: ")
									    : STR("| --- "));
	buf_add_str(out, STR("|\n"));
}

/* Without a header line it would be no table: no_headers holds for nothing here. */
void markdown_add_table(struct buf *out, const struct table *t, struct table_style style)
{
	struct buf text = { 0 };

	add_header(out, t, style);
	for (size_t i = 0; i < t->n_cells; i++) {
		if (shown(&t->columns[i % t->n_columns], style)) {
			buf_reset(&text);
			table_add_cell(&text, t->cells[i], false, style.zone);
			buf_add_str(out, STR("| "));
			markdown_add_text(out, buf_str(&text));
			buf_add_char(out, ' ');
		}
		if ((i + 1) % t->n_columns == 0)
			buf_add_str(out, STR("|\n"));
	}
	buf_free(&text);
}
