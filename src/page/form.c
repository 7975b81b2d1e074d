/* SPDX-License-Identifier: Apache-2.0 */
#include "page/form.h"
#include "page/phrase.h"
#include "page/text.h"

enum { LABEL = 13 };

struct page page_of(struct buf *out, struct table_style style)
{
	struct page p = { .out = out, .form = &page_terminal, .style = style, .label = LABEL };

	if (style.markdown) {
		p.form = &page_markdown;
		p.style.ascii = p.style.bold = false;
		p.style.width = 0;
	}
	return p;
}

void page_free(struct page *p)
{
	buf_free(&p->text);
	buf_free(&p->safe);
}

struct str page_gathered(struct page *p)
{
	buf_reset(&p->safe);
	text_add_safe(&p->safe, buf_str(&p->text), p->style.ascii);
	buf_reset(&p->text);
	return buf_str(&p->safe);
}

void page_head(struct page *p, struct str name, bool sentence)
{
	struct buf safe = { 0 };

	text_add_safe(&safe, name, p->style.ascii);
	p->form->head(p, buf_str(&safe), page_gathered(p), sentence);
	buf_free(&safe);
}

void page_title(struct page *p, const char *whose, const char *title)
{
	struct str rest = page_gathered(p);
	struct buf whole = { 0 };

	phrase_add(&whole, str_from(title), rest);
	p->form->title(p, whose, buf_str(&whole));
	buf_free(&whole);
}

void page_subtitle(struct page *p, const char *title)
{
	p->form->subtitle(p, title);
}

void page_paragraph(struct page *p, enum page_place place)
{
	p->form->paragraph(p, page_gathered(p), place);
}

void page_item(struct page *p, unsigned level, unsigned lines)
{
	p->form->item(p, page_gathered(p), level, lines);
}

void page_value(struct page *p, const char *key, enum page_wrap wrap)
{
	p->form->value(p, page_gathered(p), key, wrap);
}

void page_table(struct page *p, struct table *t)
{
	p->form->table(p, t);
	table_free(t);
}

void page_put_cell(struct page *p, struct table *t)
{
	table_put(t, cell_str(buf_str(&p->text)));
	buf_reset(&p->text);
}

void page_add_shortened(struct page *p, struct str text, size_t most)
{
	struct buf safe = { 0 };

	text_add_safe(&safe, text, p->style.ascii);
	text_add_shortened(&p->text, buf_str(&safe), p->style.width ? most : SIZE_MAX,
			   p->style.ascii);
	buf_free(&safe);
}

void page_add_named(struct page *p, const char *before, uint64_t n, struct str name)
{
	char text[STR_GROUPED];

	if (n)
		buf_printf(&p->text, "%s%s " STR_FMT, p->text.n ? ", " : before,
			   str_grouped(n, text).p, STR_ARG(name));
}

void page_more(struct page *p, size_t n, const char *what)
{
	if (!n)
		return;
	buf_printf(&p->text, "and %zu more%s", n, what);
	page_paragraph(p, PAGE_BELOW);
}

void page_log(struct page *p, const struct page_log *log)
{
	p->form->log(p, log);
}

void page_evidence(struct page *p, const struct page_evidence *list, size_t n, nsec day)
{
	if (!n)
		return;
	p->form->evidence(p, list, n, day);
}

void page_drawing(struct page *p)
{
	p->form->drawing(p, buf_str(&p->text));
	buf_reset(&p->text);
}

void page_hint(struct page *p, enum page_place place)
{
	p->form->hint(p, page_gathered(p), place);
}

void page_gap(struct page *p)
{
	p->form->gap(p);
}

void page_join(struct page *p, struct str written)
{
	if (written.n)
		p->form->join(p, written);
}

bool page_is_brief(const struct page *p)
{
	return p->form->brief;
}

void page_add_duration(struct page *p, nsec duration)
{
	phrase_add_duration(&p->text, duration, p->style.ascii);
}

void page_add_second(struct page *p, nsec at)
{
	phrase_add_second(&p->text, p->style.zone, at);
}

void page_add_time(struct page *p, nsec at)
{
	char text[CLOCK_TEXT];

	buf_add(&p->text, text, clock_format_in(p->style.zone, at, 3, text));
}
