/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: records that came in pieces. Container runtimes cut lines at 16 KiB: CRI marks
 * the pieces P and the last one F, Docker's json-file leaves the newline out of "log" until the
 * last one, Fluent Bit says partial_message or logtag. The pieces of one stream stand in order,
 * those of several between each other.
 *
 * Legal order: zero it; for each text of a file join_text; at its end join_end until it is false;
 * free. One record is bounded by record_max, what waits at a time by JOIN_WAITING and twice
 * record_max in all.
 */
#ifndef LUNETTES_INPUT_JOIN_H
#define LUNETTES_INPUT_JOIN_H

#include "base/buf.h"
#include "input/input.h"

enum { JOIN_WAITING = 64 }; /* streams with an unfinished record */

struct join {
	size_t record_max; /* to be set */
	struct joining *list;
	size_t n;
	struct buf out; /* of the text that was joined last */
};

enum join_result {
	JOIN_WHOLE,   /* the text is used as it is; nearly all are */
	JOIN_JOINED,  /* it was the last piece: the text is now the whole record */
	JOIN_WAITS,   /* a piece; nothing is to be used yet */
	JOIN_DROPPED, /* a piece whose record is too long, or whose first piece is missing */
};

/*
 * In JOIN_JOINED line and offset are those of the first piece, and the bytes live until the next
 * call. A text that begins like an audit event of the API server costs one comparison.
 */
enum join_result join_text(struct join *j, struct text *text);
/* What is left at a file's end, one by one: the text of a record whose end is missing. */
bool join_end(struct join *j, struct text *ret_text);
void join_free(struct join *j);

#endif
