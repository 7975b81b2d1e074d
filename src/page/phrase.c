/* SPDX-License-Identifier: Apache-2.0 */
#include "page/phrase.h"

#include "page/text.h"

enum { DAY = sizeof("2026-11-22") - 1, SHORT_DAY = sizeof("2026-") - 1 };

void phrase_add_texts(struct buf *out, const struct str *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add_str(out, texts[i]);
}

void phrase_add_blanks(struct buf *out, size_t n)
{
	buf_printf(out, "%*s", (int)n, "");
}

void phrase_add_cell(struct buf *out, struct str text, size_t width, bool right, bool ascii)
{
	struct buf safe = { 0 }, cell = { 0 };
	size_t used;

	text_add_safe(&safe, text, ascii);
	used = text_add_shortened(&cell, buf_str(&safe), width, ascii);
	phrase_add_blanks(out, right ? width - MIN(used, width) : 0);
	buf_add_str(out, buf_str(&cell));
	phrase_add_blanks(out, right ? 1 : width - MIN(used, width) + 1);
	buf_free(&safe);
	buf_free(&cell);
}

size_t phrase_width(struct str text, bool ascii)
{
	struct buf safe = { 0 };
	size_t width;

	text_add_safe(&safe, text, ascii);
	width = text_width(buf_str(&safe));
	buf_free(&safe);
	return width;
}

void phrase_add_count(struct buf *out, uint64_t value, const char *one, const char *many)
{
	char text[STR_GROUPED];

	buf_add_str(out, str_grouped(value, text));
	buf_printf(out, " %s", value == 1 ? one : many);
}

/* The micro sign is the only non-ASCII character that the program's own texts contain. */
void phrase_add_duration(struct buf *out, nsec duration, bool ascii)
{
	char text[DURATION_TEXT];
	struct str whole = { text, duration_format(duration, text) }, head, tail;

	if (ascii && str_cut(whole, '\xC2', &head, &tail))
		buf_printf(out, STR_FMT "us", STR_ARG(head));
	else
		buf_add_str(out, whole);
}

void phrase_add_second(struct buf *out, clock_zone *zone, nsec at)
{
	char text[CLOCK_TEXT];

	buf_add(out, text, clock_format_in(zone, at, 0, text));
}

void phrase_add_time_of_day(struct buf *out, clock_zone *zone, nsec at, nsec day, int digits)
{
	char text[CLOCK_TEXT], other[CLOCK_TEXT];
	size_t n = sizeof("10:11:28") - 1 + (digits ? 1 + (size_t)digits : 0);

	if (!nsec_known(at)) {
		buf_add_char(out, '-');
		return;
	}
	clock_format_in(zone, at, digits, text);
	clock_format_in(zone, nsec_known(day) ? day : at, 0, other);
	if (memcmp(text, other, DAY) != 0)
		buf_printf(out, "%.*s ", DAY - SHORT_DAY, text + SHORT_DAY);
	buf_add(out, text + DAY + 1, n);
}

void phrase_add_wrapped(struct buf *out, struct str text, unsigned width)
{
	struct str line, word;

	while (text.n) {
		size_t indent = 0, at;

		if (!str_cut(text, '\n', &line, &text)) {
			line = text;
			text = str_after(text, text.n);
		}
		while (indent < line.n && line.p[indent] == ' ')
			indent++;
		buf_add(out, line.p, indent);
		at = indent;
		line = str_after(line, indent);
		for (bool first = true; line.n; first = false) {
			if (!str_cut(line, ' ', &word, &line)) {
				word = line;
				line = str_after(line, line.n);
			}
			if (!first && width && at + 1 + text_width(word) > width) {
				buf_printf(out, "\n%*s", (int)indent + 2, "");
				at = indent + 2;
			} else if (!first) {
				buf_add_char(out, ' ');
				at++;
			}
			buf_add_str(out, word);
			at += text_width(word);
		}
		buf_add_char(out, '\n');
	}
}

enum { COLUMN_LEAST = 20 }; /* a narrower text is unreadable */

void phrase_add_column(struct buf *out, struct str safe, struct phrase_column column)
{
	size_t width = column.width > column.indent + COLUMN_LEAST ? column.width - column.indent
								   : COLUMN_LEAST;
	size_t used = 0;
	unsigned line = 1;
	struct str word, rest;

	if (!column.width) {
		buf_add_str(out, safe);
		return;
	}
	for (; safe.n; safe = rest) {
		if (!str_cut(safe, ' ', &word, &rest)) {
			word = safe;
			rest = (struct str){ 0 };
		}
		if (used && used + 1 + text_width(word) > width) {
			buf_printf(out, "\n%*s", (int)column.indent, "");
			used = 0;
			line++;
		}
		if (!used && line == column.lines) {
			text_add_shortened(out, safe, width, column.ascii);
			return;
		}
		if (used)
			buf_add_char(out, ' ');
		used += !!used + text_add_shortened(out, word, width, column.ascii);
	}
}
