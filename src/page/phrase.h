/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, times and sentences as the tables' texts have them. Strings must be safe already. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"

/* Texts one after the other; unlike those of a printf they may hold NUL bytes. */
#define phrase_add(out, ...)                                                                       \
	phrase_add_texts(out, (const struct str[]){ __VA_ARGS__ },                                 \
			 sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
void phrase_add_texts(struct buf *out, const struct str *texts, size_t n);
void phrase_add_blanks(struct buf *out, size_t n);
/* In so many columns and a blank: made safe, shortened, padded on one side. */
void phrase_add_cell(struct buf *out, struct str text, size_t width, bool right, bool ascii);
/* The columns that it takes when it is safe. */
size_t phrase_width(struct str text, bool ascii);
void phrase_add_count(struct buf *out, uint64_t value, const char *one, const char *many);
/* In ASCII: us instead of the micro sign. */
void phrase_add_duration(struct buf *out, nsec duration, bool ascii);
/* 2026-11-22T10:11:00Z: the tables show seconds, the documents show all nine digits. */
void phrase_add_second(struct buf *out, clock_zone *zone, nsec at);
/* The time of day, behind the day if that is not the day of `day`. digits: of the fraction. */
void phrase_add_time_of_day(struct buf *out, clock_zone *zone, nsec at, nsec day, int digits);
/*
 * Lines of at most width columns (0: no limit), broken at blanks; continued lines are indented by
 * two more. A word that is longer than a line stays whole.
 */
void phrase_add_wrapped(struct buf *out, struct str text, unsigned width);

/* Text beside something else: all lines but the first, which has begun, are set in. */
struct phrase_column {
	size_t indent;
	size_t width;	/* of the whole line; 0: no limit, and no line is broken */
	unsigned lines; /* what is left goes into the last one, shortened; 0: no limit */
	bool ascii;
};
/* Broken at blanks; a word that is longer than the column is shortened. No newline at the end. */
void phrase_add_column(struct buf *out, struct str safe, struct phrase_column column);
