/* SPDX-License-Identifier: Apache-2.0 */
#include "page/phrase.h"
#include "page/pod_story.h"
#include "page/text.h"

enum {
	BAR_UNLIMITED = 48, /* cells without a limit of the width */
	BAR_LEAST = 10,
	SUBJECT_MOST = 24, /* for a terminal narrower than ROOMY */
	ROOMY = 120,
	START_WIDTH = 9,
	TIME_WIDTH = 9,
};

struct marks {
	const char *platform, *user, *thin, *open, *second, *inferred;
};

static const struct marks utf8 = { "\xE2\x96\x88", "\xE2\x96\x92", "\xE2\x96\x8F",
				   "\xE2\x96\xB6", "\xC2\xB1",	   "~" };
static const struct marks plain = { "#", "=", "|", ">", "+-", "~" };

static const struct marks *marks_of(struct table_style style)
{
	return style.ascii ? &plain : &utf8;
}

struct drawing {
	const struct story_part *part;
	struct table_style style;
	size_t name, subject, bar; /* widths */
	struct buf *out, cell;
};

static void put_left(struct drawing *l, struct str text, size_t width)
{
	phrase_add_cell(l->out, text, width, false, l->style.ascii);
}

/* The text collected in `cell`. */
static void put_right(struct drawing *l, size_t width)
{
	phrase_add_cell(l->out, buf_str(&l->cell), width, true, l->style.ascii);
	buf_reset(&l->cell);
}

static void measure(struct drawing *l)
{
	size_t most = l->style.width && l->style.width < ROOMY ? SUBJECT_MOST : SIZE_MAX, used;

	l->name = sizeof("STAGE") - 1;
	for (size_t i = 0; i < l->part->n; i++) {
		const struct stage *s = &l->part->stages[i];

		l->name = MAX(l->name, strlen(lifecycle_rows[s->stage].name));
		l->subject = MAX(l->subject, MIN(phrase_width(s->subject, l->style.ascii), most));
	}
	if (l->subject)
		l->subject = MAX(l->subject, sizeof("OF") - 1);
	used =
	    2 + l->name + 1 + (l->subject ? l->subject + 1 : 0) + START_WIDTH + 1 + TIME_WIDTH + 2;
	l->bar = BAR_UNLIMITED;
	if (l->style.width)
		l->bar = l->style.width > used + BAR_LEAST ? l->style.width - used - 1 : BAR_LEAST;
}

/* The duration's precision is that of its coarser edge. */
static void put_time(struct drawing *l, const struct stage *s)
{
	const struct marks *marks = marks_of(l->style);
	enum precision precision = s->start.precision;

	if (!nsec_known(s->end.at) && !s->open) {
		buf_add_char(&l->cell, '?');
	} else if (s->open) {
		buf_add_str(&l->cell, STR("> "));
		phrase_add_duration(&l->cell, MAX(l->part->to - s->start.at, 0), l->style.ascii);
	} else {
		precision = MAX(precision, s->end.precision);
		if (precision != PRECISION_EXACT)
			buf_printf(&l->cell, "%s",
				   precision == PRECISION_SECOND ? marks->second : marks->inferred);
		phrase_add_duration(&l->cell, s->end.at - s->start.at, l->style.ascii);
	}
	put_right(l, TIME_WIDTH);
}

/* The cell of a moment, from 0. The differences of a run's times fit 63 bits. */
static size_t cell_of(const struct drawing *l, nsec at, bool round)
{
	long double range = (long double)(l->part->to - l->part->from);
	long double cells =
	    range > 0 ? (long double)(at - l->part->from) * (long double)l->bar / range : 0;

	if (round)
		cells += 0.5L;
	return cells > 0 ? MIN((size_t)cells, l->bar) : 0;
}

/* From cell to cell, each end rounded. A bar shorter than one cell is a thin mark. */
static void put_bar(struct drawing *l, const struct stage *s, bool critical)
{
	const struct marks *marks = marks_of(l->style);
	bool user = stage_owner(s) == OWNER_USER;
	nsec end = s->open ? l->part->to : s->end.at, range = l->part->to - l->part->from;
	size_t from, to;

	if (!nsec_known(end) || (end - s->start.at) < range / (nsec)l->bar || range <= 0) {
		phrase_add_blanks(l->out, MIN(cell_of(l, s->start.at, false), l->bar - 1));
		buf_printf(l->out, "%s", s->open ? marks->open : marks->thin);
		return;
	}
	from = MIN(cell_of(l, s->start.at, true), l->bar - 1);
	to = MAX(cell_of(l, end, true), from + 1);
	phrase_add_blanks(l->out, from);
	if (l->style.bold && (user || critical))
		buf_printf(l->out, "\033[%sm", !user ? "1" : critical ? "1;36" : "36");
	for (size_t i = from; i < to; i++)
		buf_printf(l->out, "%s",
			   s->open && i + 1 == to ? marks->open
			   : user		  ? marks->user
						  : marks->platform);
	if (l->style.bold && (user || critical))
		buf_add_str(l->out, STR("\033[0m"));
}

static void put_header(struct drawing *l)
{
	if (l->style.no_headers)
		return;
	if (l->style.bold)
		buf_add_str(l->out, STR("\033[1m"));
	phrase_add_blanks(l->out, 2);
	put_left(l, STR("STAGE"), l->name);
	if (l->subject)
		put_left(l, STR("OF"), l->subject);
	phrase_add_cell(l->out, STR("START"), START_WIDTH, true, l->style.ascii);
	phrase_add_cell(l->out, STR("TIME"), TIME_WIDTH, true, l->style.ascii);
	buf_add_str(l->out, STR(" 0"));
	phrase_add_duration(&l->cell, MAX(l->part->to - l->part->from, 0), l->style.ascii);
	phrase_add_blanks(l->out, l->bar - 1 - MIN(text_width(buf_str(&l->cell)), l->bar - 1));
	buf_add_str(l->out, buf_str(&l->cell));
	buf_reset(&l->cell);
	if (l->style.bold)
		buf_add_str(l->out, STR("\033[0m"));
	buf_add_char(l->out, '\n');
}

void waterfall_add(struct page *p, const struct story_part *part)
{
	struct drawing l = { .part = part, .style = p->style, .out = &p->text };

	measure(&l);
	put_header(&l);
	for (size_t i = 0; i < part->n; i++) {
		const struct stage *s = &part->stages[i];

		buf_add_str(l.out, part->critical[i] ? STR("* ") : STR("  "));
		put_left(&l, str_from(lifecycle_rows[s->stage].name), l.name);
		if (l.subject)
			put_left(&l, s->subject, l.subject);
		buf_add_char(&l.cell, s->start.at < part->from ? '-' : '+');
		phrase_add_duration(&l.cell,
				    s->start.at < part->from ? part->from - s->start.at
							     : s->start.at - part->from,
				    p->style.ascii);
		put_right(&l, START_WIDTH);
		put_time(&l, s);
		buf_add_char(l.out, ' ');
		put_bar(&l, s, part->critical[i]);
		buf_add_char(l.out, '\n');
	}
	page_drawing(p);
	buf_free(&l.cell);
}

void waterfall_legend(struct page *p)
{
	const struct marks *m = marks_of(p->style);

	buf_printf(&p->text,
		   "* decides the end, %s platform, %s user, %s shorter than a cell, %s goes on, "
		   "%s whole seconds, %s inferred, ? not known",
		   m->platform, m->user, m->thin, m->open, m->second, m->inferred);
	page_paragraph(p, PAGE_BELOW);
}
