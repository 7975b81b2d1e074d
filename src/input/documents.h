/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: splits a stream of YAML into its documents, as bytes that libyaml accepts. A
 * line that begins with "---" or "..." always ends a document, even inside a quoted string, so
 * damage in one document cannot harm the next.
 *
 * The reader gets the bytes of the document's value, without the marker and without directives and
 * comments before it. Bytes that YAML does not allow (control characters, invalid UTF-8) become
 * '_', one each, so all others keep their offset. So does a '%' at the start of a line, where it
 * could only be a misplaced directive.
 *
 * Legal order: open, then for each document begin, read* and place*, end; close.
 */
#pragma once

#include "base/buf.h"
#include "input/stream.h"

struct place {
	uint64_t line, offset; /* in the stream: from 1, from 0, in bytes */
};

struct documents {
	struct stream *from;
	struct buf in;	    /* the bytes read so far, from shortly before the cursor */
	size_t at;	    /* the cursor: in.p[at] is ... */
	uint64_t index;	    /* ... this character of the document ... */
	struct place place; /* ... and is here */
	size_t given;	    /* in.p up to here has been read by the caller */
	size_t looked;	    /* in.p up to here belongs to the document and is clean */
	size_t run_max;
	bool line_start; /* looked is the start of a line */
	bool over;	 /* the document ends at looked */
	bool too_long;	 /* read fails: the cursor is too far behind */
	bool ended, faulty;
	char last; /* bytes of the stream so far */
	struct stream_fault fault;
	bool replaced; /* bytes of this document that were replaced, and where the first one was */
	struct place replaced_at;
};

/* run_max bytes may be between the cursor and the read position, which bounds the memory. */
void documents_open(struct documents *d, struct stream *from, size_t run_max);
void documents_close(struct documents *d);

bool documents_begin(struct documents *d); /* to the next one that has a value; false at the end */
void documents_end(struct documents *d);   /* skips the rest of it */

/* n bytes, fewer only at the end of the document or when it is too long. */
size_t documents_read(struct documents *d, void *to, size_t n);

/*
 * The position of the character with this number (from 0). Moves the cursor there, which never
 * moves back: for an earlier number the result is the cursor's position.
 */
struct place documents_place(struct documents *d, uint64_t index);

/* The cursor is at the end of the stream: the text before it may be truncated. */
bool documents_at_end(const struct documents *d);
