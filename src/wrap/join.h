/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that came in pieces. Container runtimes cut lines at 16 KiB: CRI marks
 * the pieces P and the last one F, Docker's json-file leaves the newline out of "log" until the
 * last one, Fluent Bit adds partial_message or logtag. The pieces of one stream are in order, those
 * of several streams are mixed.
 *
 * Legal order: zero it; for each text of a file join_text, at its end join_end, and after each of
 * them join_next_lost until it is false; free. One record is bounded by record_max, what waits at a
 * time by JOIN_WAITING and twice record_max in all.
 */
#pragma once

#include "base/buf.h"

enum { JOIN_WAITING = 64 }; /* streams with an unfinished record */

/* A record in pieces that is dropped: where it began, and why. */
struct join_lost {
	uint64_t line, offset;
	const char *why; /* NULL: its end is missing */
};

/* A text of a file, and where it begins. */
struct join_line {
	struct str bytes;
	uint64_t line, offset;
};

struct join {
	size_t record_max; /* to be set */
	struct joining *list;
	size_t n;
	struct join_lost lost[JOIN_WAITING + 1]; /* not reported yet */
	size_t n_lost;
	struct buf out; /* of the text that was joined last */
};

enum join_result {
	JOIN_WHOLE,  /* the text is used as it is; nearly all are */
	JOIN_JOINED, /* it was the last piece: the text is now the whole record */
	JOIN_WAITS,  /* a piece; nothing is to be used */
};

/*
 * In JOIN_JOINED line and offset are those of the first piece, and the bytes live until the next
 * call. A text that begins like an audit event of the API server costs one comparison.
 */
enum join_result join_text(struct join *j, struct join_line *text);
void join_end(struct join *j); /* at the end of the file: records that wait are lost */
/* The lost records, one by one: to be called after each call of the two above. */
bool join_next_lost(struct join *j, struct join_lost *ret_lost);
void join_free(struct join *j);
