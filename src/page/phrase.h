/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, times and sentences in the format of tables. Strings must be safe already. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"

/* Texts one after the other; unlike those of a printf they may contain NUL bytes. */
#define phrase_add(out, ...)                                                                       \
	phrase_add_texts(out, (const struct str[]){ __VA_ARGS__ },                                 \
			 sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
void phrase_add_texts(struct buf *out, const struct str *texts, size_t n);
void phrase_add_blanks(struct buf *out, size_t n);
/* Made safe, shortened and padded on one side to that many columns, plus a blank. */
void phrase_add_cell(struct buf *out, struct str text, size_t width, bool right, bool ascii);
/* The width of the text once it is safe. */
size_t phrase_width(struct str text, bool ascii);
void phrase_add_count(struct buf *out, uint64_t value, const char *one, const char *many);
/* In ASCII: us instead of the micro sign. */
void phrase_add_duration(struct buf *out, nsec duration, bool ascii);
/* 2026-11-22T10:11:00Z. Tables show seconds, documents all nine digits. */
void phrase_add_second(struct buf *out, clock_zone *zone, nsec at);
/* The time of day, after the date unless it is the date of `day`. digits: of the fraction. */
void phrase_add_time_of_day(struct buf *out, clock_zone *zone, nsec at, nsec day, int digits);
/*
 * Lines of at most width columns (0: no limit), broken at blanks; continued lines are indented by
 * two more. A word that is longer than a line is not broken.
 */
void phrase_add_wrapped(struct buf *out, struct str text, unsigned width);

/* Text beside something else: every line is indented but the first, which has already begun. */
struct phrase_column {
	size_t indent;
	size_t width;	/* of the whole line; 0: no limit, and no line is broken */
	unsigned lines; /* the rest goes into the last line, shortened; 0: no limit */
	bool ascii;
};
/* Broken at blanks; a word that is longer than the column is shortened. No newline at the end. */
void phrase_add_column(struct buf *out, struct str safe, struct phrase_column column);
