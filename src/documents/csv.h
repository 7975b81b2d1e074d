/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of fields for other programs. CSV is RFC 4180 with newlines as line ends; TSV writes tabs,
 * newlines, carriage returns and backslashes as \t \n \r \\. Fields are exactly as in the log, even
 * where a spreadsheet would read a formula: see lunettes-slo(1).
 */
#pragma once

#include "page/table.h"

struct csv {
	struct buf *out;
	bool tabs;
	bool inside; /* of a row */
};

struct csv csv_of(struct buf *out, bool tabs);
void csv_put(struct csv *c, struct str field);
#define csv_put_fields(c, ...)                                                                     \
	csv_put_list(c, (const struct str[]){ __VA_ARGS__ },                                       \
		     sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
void csv_put_list(struct csv *c, const struct str *fields, size_t n);
/* Times with all digits, durations in seconds; an empty cell is an empty field. */
void csv_put_cell(struct csv *c, struct table_cell cell);
void csv_put_keys(struct csv *c, const char *const *keys, size_t n); /* a row */
void csv_end_row(struct csv *c);
