/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables for people. Cells are typed, so every table shows a duration or an unknown value in the
 * same way. The width is applied when the table is rendered.
 *
 * Legal order: table_begin; table_put for every cell, row by row; table_render, any number of
 * times; table_free. Strings are copied and made safe for a terminal (page/text.h).
 *
 * Rendering for a limited width first drops optional columns, the highest `drop` first, then
 * shortens string columns in the middle, always the widest. A table may still be wider than the
 * limit.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

enum table_align { TABLE_LEFT, TABLE_RIGHT };

struct table_column {
	const char *name; /* static, plain ASCII */
	enum table_align align;
	unsigned min_width; /* padded to it, and never shortened below it */
	unsigned drop;	    /* 0: always shown; otherwise the highest is dropped first */
	bool wide_only;	    /* shown only if style.wide */
	bool sparse;	    /* hidden if it is empty in all rows */
};

enum table_cell_kind {
	TABLE_EMPTY, /* unknown or none: a dash */
	TABLE_STR,   /* an empty string is shown as a dash too */
	TABLE_COUNT,
	TABLE_DURATION,
	TABLE_TIME,    /* 2026-11-22T10:11:00.123Z */
	TABLE_PERCENT, /* in parts per ten thousand: 99.95% */
	TABLE_RATIO,   /* 12/340 */
};

struct table_cell {
	enum table_cell_kind kind;
	bool censored; /* of durations: a lower bound, "> 4.20s" */
	union {
		struct str text;
		nsec time;
		uint64_t count;
		struct {
			uint64_t part, whole;
		} ratio;
	} as;
};

struct table_cell cell_empty(void);
struct table_cell cell_str(struct str text);
struct table_cell cell_count(uint64_t count);
struct table_cell cell_duration(nsec duration, bool censored); /* NSEC_NONE: empty */
struct table_cell cell_time(nsec at);			       /* NSEC_NONE: empty */
struct table_cell cell_percent(uint64_t parts_per_ten_thousand);
struct table_cell cell_ratio(uint64_t part, uint64_t whole);
/* part in percent of whole, part <= whole, truncated: only all is 100.00%. Empty if whole is 0. */
struct table_cell cell_share(uint64_t part, uint64_t whole);

struct table {
	const struct table_column *columns; /* must outlive the table */
	size_t n_columns;
	struct table_cell *cells; /* row by row */
	size_t n_cells, cap;
	struct arena arena; /* of the strings */
};

struct table_style {
	unsigned width; /* columns of the terminal; 0: no limit */
	bool wide;	/* with the columns that are wide_only */
	bool no_headers;
	bool bold;	  /* the header line */
	bool ascii;	  /* the terminal shows no UTF-8 */
	bool markdown;	  /* pages are Markdown: see page/page.h */
	bool tabs;	  /* rows of fields have tabs, not commas */
	clock_zone *zone; /* of the times in it; NULL: UTC */
};

void table_begin(struct table *t, const struct table_column *columns, size_t n_columns);
void table_put(struct table *t, struct table_cell cell);
/* Rows must be complete. Lines end with a newline and have no blanks before it. */
void table_render(const struct table *t, struct table_style style, struct buf *out);
void table_free(struct table *t);
/* One cell, safe for a terminal. */
void table_add_cell(struct buf *out, struct table_cell cell, bool ascii, clock_zone *zone);
