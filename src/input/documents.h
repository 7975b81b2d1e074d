/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: a stream of YAML cut into its documents, as bytes that libyaml takes. A line
 * that begins with "---" or "..." always ends a document, wherever it stands, so what is wrong in
 * one document cannot harm the next.
 *
 * Given away are the bytes of the document's value, without the marker and without directives and
 * comments before it. Bytes that YAML does not allow (control characters, what is not UTF-8) come
 * as '_', one each, so that all others stay where they are; so does a '%' at the start of a line,
 * where it can only be a directive in the wrong place.
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
	struct buf in;	    /* what was read, from not far before the cursor on */
	size_t at;	    /* the cursor: in.p[at] is ... */
	uint64_t index;	    /* ... this character of the document ... */
	struct place place; /* ... and is here */
	size_t given;	    /* in.p up to here has been read by the user */
	size_t looked;	    /* in.p up to here belongs to the document and is clean */
	size_t run_max;
	bool line_start; /* looked is the start of a line */
	bool over;	 /* the document ends at looked */
	bool too_long;	 /* read refuses: the cursor stays too far behind */
	bool ended, faulty;
	char last; /* byte of the stream so far */
	struct stream_fault fault;
	bool replaced; /* bytes of this document, of which the first was here */
	struct place replaced_at;
};

/* Between the cursor and what is read may be run_max bytes; it is what bounds the memory. */
void documents_open(struct documents *d, struct stream *from, size_t run_max);
void documents_close(struct documents *d);

bool documents_begin(struct documents *d); /* to the next that has a value; false at the end */
void documents_end(struct documents *d);   /* passes over the rest of it */

/* n bytes, fewer only at the end of the document or when it is too long. */
size_t documents_read(struct documents *d, void *to, size_t n);

/*
 * Where the character of this number (from 0) is. Moves the cursor there; it never goes back,
 * so what is before it gives the cursor's place.
 */
struct place documents_place(struct documents *d, uint64_t index);

/* The cursor is at the end of the stream: what it was moved over may have been cut there. */
bool documents_at_end(const struct documents *d);
