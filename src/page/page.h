/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page for people: titles, paragraphs, lists, values, tables, drawings, evidence. A command
 * writes it once, and a form decides on its appearance: text for a terminal, or GitHub's Markdown.
 *
 * Legal order: page_of; then, repeatedly, the caller collects text in `text`, and one of the calls
 * below writes it and empties `text`; page_free. The text is collected raw, as in the log; the form
 * makes it safe, escapes and wraps it. It contains no newlines.
 */
#pragma once

#include "page/table.h"

struct page {
	struct buf *out;
	const struct page_form *form;
	struct table_style style;
	unsigned label; /* at a terminal, width of the keys of page_value */
	bool unwrapped; /* items are not broken into lines */
	bool in_list;	/* of Markdown: the last block was an item */
	struct buf text, safe;
};

/* The place of a sentence relative to the text above it. */
enum page_place {
	PAGE_APART,
	PAGE_BELOW,
	PAGE_INSIDE, /* indented like an item of a list */
};

/* How page_value wraps a value that is longer than its line. */
enum page_wrap {
	PAGE_SHORTEN,  /* broken at blanks; a longer word is shortened */
	PAGE_UNCUT,    /* broken at blanks, below its key if a word is too long */
	PAGE_UNBROKEN, /* one line */
};

/* Rows with a time whose last column is long text; see page_log. */
struct page_log_column {
	const char *name;
	unsigned least, most; /* columns at a terminal; most: 0: no limit */
	unsigned from;	      /* minimum width of the terminal at which it is shown */
	enum table_align align;
	bool sparse; /* hidden if it is empty in all rows */
};

enum { PAGE_LOG_COLUMNS = 5 };

struct page_log_row {
	struct str before; /* a line of its own above it, such as "-- 3.2s: nothing --" */
	struct str cells[PAGE_LOG_COLUMNS];
	struct str what;
	bool error;
};

struct page_log {
	struct page_log_column columns[PAGE_LOG_COLUMNS];
	const struct page_log_row *rows;
	size_t n;
};

/* One fact that proves a cause, and its record. */
struct page_evidence {
	nsec at;
	struct str actor, fact, message, file, audit_id;
	uint64_t line;
	bool again, same_message; /* fact, message: repeats an earlier one */
};

struct page page_of(struct buf *out, struct table_style style);
void page_free(struct page *p);

/* The heading of one thing: its name and the collected text, which may be a sentence. */
void page_head(struct page *p, struct str name, bool sentence);
/* The heading of a section: title and collected text. whose: "before", or NULL. */
void page_title(struct page *p, const char *whose, const char *title);
void page_subtitle(struct page *p, const char *title);
void page_paragraph(struct page *p, enum page_place place);
/* level: 0 at the margin, 1, 2 ... indented; lines: maximum at a terminal, or 0. */
void page_item(struct page *p, unsigned level, unsigned lines);
/* key: "" continues the value above. */
void page_value(struct page *p, const char *key, enum page_wrap wrap);
/* Renders and frees the table. */
void page_table(struct page *p, struct table *t);
/* The collected text as a cell; without text it is empty. */
void page_put_cell(struct page *p, struct table *t);
/* Adds to the collected text; at a terminal shortened to `most` columns. */
void page_add_shortened(struct page *p, struct str text, size_t most);
/* To what is gathered: "before 3 name", or ", 3 name" behind others. Nothing of 0. */
void page_add_named(struct page *p, const char *before, uint64_t n, struct str name);
/* n rows, or other things, are not shown above: "and 3 more (-o wide shows them)". Nothing if 0. */
void page_more(struct page *p, size_t n, const char *what);
void page_log(struct page *p, const struct page_log *log);
/* day: a time on the day that need not be repeated with each. */
void page_evidence(struct page *p, const struct page_evidence *list, size_t n, nsec day);
/* A drawing made with blanks; its lines are safe already. */
void page_drawing(struct page *p);
/* What a user of a terminal can do next. */
void page_hint(struct page *p, enum page_place place);
/* Separates two things of one kind, unless the form does so itself. */
void page_gap(struct page *p);
/* Adds the output of another page of the same form. */
void page_join(struct page *p, struct str written);
/* The form has no room for the context of a cause. */
bool page_is_brief(const struct page *p);

/* These add to the collected text. */
void page_add_duration(struct page *p, nsec duration);
void page_add_second(struct page *p, nsec at);
void page_add_time(struct page *p, nsec at); /* with milliseconds */
