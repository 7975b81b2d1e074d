/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Joins records that were split. Container runtimes split lines at 16 KiB: CRI marks pieces with
 * P and the last one with F, Docker's json-file omits the newline in "log" except in the last
 * one, Fluent Bit adds partial_message or logtag. Pieces of one stream are in order; streams may
 * be interleaved.
 *
 * Legal order: zero it; join_text for each text of a file, join_end at its end, and after each
 * of these join_next_lost until it returns false; free. Memory: record_max per record, at most
 * JOIN_WAITING unfinished records and twice record_max in total.
 */
#pragma once

#include "base/buf.h"

enum { JOIN_WAITING = 64 }; /* streams with an unfinished record */

/* A record that is dropped before it is complete: its start, and the reason. */
struct join_lost {
	uint64_t line, offset;
	const char *why; /* NULL: its end is missing */
};

/* A text of a file, and its position. */
struct join_line {
	struct str bytes;
	uint64_t line, offset;
};

struct join {
	size_t record_max; /* input */
	struct joining *list;
	size_t n;
	struct join_lost lost[JOIN_WAITING + 1]; /* not reported yet */
	size_t n_lost;
	struct buf out; /* the last joined text */
};

enum join_result {
	JOIN_WHOLE,  /* not a piece, as nearly all texts: use it as it is */
	JOIN_JOINED, /* the last piece: the text is now the complete record */
	JOIN_WAITS,  /* a piece: nothing to use yet */
};

/* For JOIN_JOINED, line and offset are those of the first piece, and the bytes live until the next
 * call. Texts that begin like an audit event cost one comparison. */
enum join_result join_text(struct join *j, struct join_line *text);
void join_end(struct join *j); /* end of the file: unfinished records are lost */
/* Returns the lost records one by one; call it after each call of the two above. */
bool join_next_lost(struct join *j, struct join_lost *ret_lost);
void join_free(struct join *j);
