/* SPDX-License-Identifier: Apache-2.0 */
/* Pages for a terminal: wrapped to its width, indented with blanks, with bold titles. */
#include "page/form.h"
#include "page/phrase.h"
#include "page/text.h"

enum { WHEN = 14, MESSAGE_LINES = 3 }; /* of evidence: columns of "10:11:28.396  ", lines */

static void put_bold(struct page *p, struct str text)
{
	buf_printf(p->out, p->style.bold ? "\033[1m" STR_FMT "\033[0m" : STR_FMT, STR_ARG(text));
}

static void put_column(struct page *p, struct str text, size_t indent, unsigned lines)
{
	phrase_add_column(p->out, text,
			  (struct phrase_column){ indent, p->style.width, lines, p->style.ascii });
	buf_add_char(p->out, '\n');
}

static void put_gap(struct page *p)
{
	if (p->out->n)
		buf_add_char(p->out, '\n');
}

/* Escape sequences would count as text when wrapped, so a bold name is not wrapped. */
static void put_head(struct page *p, struct str name, struct str rest, bool sentence)
{
	struct buf line = { 0 };

	if (p->style.bold || !sentence) {
		put_bold(p, name);
		buf_printf(p->out, STR_FMT "\n", STR_ARG(rest));
		return;
	}
	buf_printf(&line, STR_FMT STR_FMT, STR_ARG(name), STR_ARG(rest));
	phrase_add_wrapped(p->out, buf_str(&line), p->style.width);
	buf_free(&line);
}

static void put_title(struct page *p, const char *whose, struct str title)
{
	if (whose)
		buf_printf(p->out, "%s: ", whose);
	else
		put_gap(p);
	put_bold(p, title);
	buf_add_char(p->out, '\n');
}

static void put_subtitle(struct page *p, const char *title)
{
	put_title(p, NULL, str_from(title));
}

static void put_item(struct page *p, struct str text, unsigned level, unsigned lines)
{
	struct buf line = { 0 };

	if (lines) {
		phrase_add_blanks(p->out, 2 * level);
		put_column(p, text, 2 * level + 2, lines);
		return;
	}
	buf_printf(&line, "%*s" STR_FMT "\n", (int)(2 * level), "", STR_ARG(text));
	phrase_add_wrapped(p->out, buf_str(&line), p->unwrapped ? 0 : p->style.width);
	buf_free(&line);
}

static void put_paragraph(struct page *p, struct str text, enum page_place place)
{
	if (place == PAGE_APART)
		put_gap(p);
	put_item(p, text, place == PAGE_INSIDE, 0);
}

/* Whether every word fits into the column, so that none would be shortened. */
static bool fits_column(const struct page *p, struct str text)
{
	struct str word;

	while (str_cut(text, ' ', &word, &text))
		if (p->style.width && p->label + word.n > p->style.width)
			return false;
	return !p->style.width || p->label + text.n <= p->style.width;
}

static void put_value(struct page *p, struct str text, const char *key, enum page_wrap wrap)
{
	struct buf line = { 0 };

	buf_printf(&line, "  %-*s", (int)p->label - 2, key);
	if (wrap == PAGE_UNCUT && !fits_column(p, text)) {
		buf_printf(&line, STR_FMT "\n", STR_ARG(text));
		phrase_add_wrapped(p->out, buf_str(&line), p->style.width);
	} else {
		buf_add_str(p->out, buf_str(&line));
		if (wrap == PAGE_UNBROKEN)
			buf_printf(p->out, STR_FMT "\n", STR_ARG(text));
		else
			put_column(p, text, p->label, 0);
	}
	buf_free(&line);
}

static void put_table(struct page *p, const struct table *t)
{
	table_render(t, p->style, p->out);
}

/* Rows with a time */

struct log_layout {
	size_t widths[PAGE_LOG_COLUMNS]; /* 0: not shown */
	size_t indent;			 /* of the last column */
};

static struct log_layout log_layout_of(struct page *p, const struct page_log *log)
{
	struct log_layout l = { .indent = 2 };

	for (size_t k = 0; k < PAGE_LOG_COLUMNS; k++) {
		const struct page_log_column *c = &log->columns[k];
		size_t width = 0;

		if (p->style.width && p->style.width < c->from)
			continue;
		for (size_t i = 0; i < log->n; i++)
			width = MAX(width, phrase_width(log->rows[i].cells[k], p->style.ascii));
		if (!width && c->sparse)
			continue;
		width = MAX(width, MAX(strlen(c->name), (size_t)c->least));
		l.widths[k] = c->most && p->style.width ? MIN(width, (size_t)c->most) : width;
		l.indent += l.widths[k] + 1;
	}
	return l;
}

static void put_log_cells(struct page *p, const struct page_log *log, const struct log_layout *l,
			  const struct str *cells)
{
	for (size_t k = 0; k < PAGE_LOG_COLUMNS; k++)
		if (l->widths[k])
			phrase_add_cell(p->out, cells[k].n ? cells[k] : STR("-"), l->widths[k],
					log->columns[k].align == TABLE_RIGHT, p->style.ascii);
}

static void put_log_header(struct page *p, const struct page_log *log, const struct log_layout *l)
{
	struct str names[PAGE_LOG_COLUMNS];

	for (size_t k = 0; k < PAGE_LOG_COLUMNS; k++)
		names[k] = str_from(log->columns[k].name);
	buf_printf(p->out, p->style.bold ? "\033[1m" : "");
	put_log_cells(p, log, l, names);
	buf_printf(p->out, p->style.bold ? "  WHAT\033[0m\n" : "  WHAT\n");
}

static void put_log(struct page *p, const struct page_log *log)
{
	struct log_layout l = log_layout_of(p, log);

	put_gap(p);
	if (!p->style.no_headers)
		put_log_header(p, log, &l);
	for (size_t i = 0; i < log->n; i++) {
		const struct page_log_row *row = &log->rows[i];
		bool red = row->error && p->style.bold;

		buf_add_str(p->out, row->before);
		buf_printf(p->out, red ? "\033[31m" : "");
		put_log_cells(p, log, &l, row->cells);
		buf_printf(p->out, row->error ? "! " : "  ");
		buf_reset(&p->safe);
		text_add_safe(&p->safe, row->what, p->style.ascii);
		phrase_add_column(p->out, buf_str(&p->safe),
				  (struct phrase_column){ l.indent, p->style.width, MESSAGE_LINES,
							  p->style.ascii });
		buf_printf(p->out, red ? "\033[0m\n" : "\n");
	}
}

/* Evidence */

/* The date of all times below that show no other one. */
static void put_day(struct page *p, nsec day)
{
	enum { DAY = sizeof("2026-11-22") - 1, SECONDS = sizeof("2026-11-22T10:11:28") - 1 };
	char text[CLOCK_TEXT];
	size_t n;

	if (!nsec_known(day))
		return;
	n = clock_format_in(p->style.zone, day, 0, text);
	if (p->style.zone)
		buf_printf(p->out, "  %.*s %.*s", DAY, text, (int)(n - SECONDS), text + SECONDS);
	else
		buf_printf(p->out, "  %.*s UTC", DAY, text);
}

/* FILE:LINE and auditID; with folders only if there is room for them. */
static void put_where(struct page *p, const struct page_evidence *e)
{
	struct str folder, name = e->file;
	size_t room = p->style.width, id = e->audit_id.n, before;
	char line[24];

	id = id ? sizeof("  auditID ") - 1 + id : 0;
	before =
	    2 + WHEN + (size_t)snprintf(line, sizeof(line), ":%llu", (unsigned long long)e->line);
	if (room && before + e->file.n + id > room)
		str_cut_last(e->file, '/', &folder, &name);
	buf_printf(&p->text, STR_FMT "%s", STR_ARG(name), line);
	buf_add_str(p->out, page_gathered(p));
	if (id) {
		if (room && before + name.n + id > room)
			buf_printf(p->out, "\n%*s", 2 + WHEN, "");
		else
			buf_add_str(p->out, STR("  "));
		phrase_add(&p->text, STR("auditID "), e->audit_id);
		buf_add_str(p->out, page_gathered(p));
	}
	buf_add_char(p->out, '\n');
}

static void put_fact(struct page *p, const struct page_evidence *e, nsec day)
{
	size_t before = p->out->n;

	phrase_add_blanks(p->out, 2);
	phrase_add_time_of_day(p->out, p->style.zone, e->at, day, 3);
	while (p->out->n < before + 2 + WHEN)
		buf_add_char(p->out, ' ');
	buf_printf(&p->text, STR_FMT ": " STR_FMT, STR_ARG(e->actor),
		   STR_ARG(e->again ? STR("the same") : e->fact));
	put_column(p, page_gathered(p), 2 + WHEN, 0);
	if (e->message.n && !e->again) {
		phrase_add_blanks(p->out, 2 + WHEN);
		buf_add_str(&p->text, e->same_message ? STR("with the same message") : e->message);
		put_column(p, page_gathered(p), 2 + WHEN, p->style.width ? MESSAGE_LINES : 0);
	}
	phrase_add_blanks(p->out, 2 + WHEN);
	put_where(p, e);
}

static void put_evidence(struct page *p, const struct page_evidence *list, size_t n, nsec day)
{
	put_gap(p);
	put_bold(p, STR("EVIDENCE"));
	put_day(p, day);
	buf_add_char(p->out, '\n');
	for (size_t i = 0; i < n; i++)
		put_fact(p, &list[i], day);
}

static void put_drawing(struct page *p, struct str lines)
{
	buf_add_str(p->out, lines);
}

const struct page_form page_terminal = {
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
	.hint = put_paragraph,
	.join = put_drawing,
	.gap = put_gap,
};
