/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: values that are not a single line: multi-line values, and items of arrays and
 * envelopes.
 */
#pragma once

#include "input/window.h"
#include "json/scan.h"

enum given {
	GIVEN_TEXT,
	GIVEN_NOTHING,	 /* there may be more */
	GIVEN_SKIP_LINE, /* the rest of this line is skipped */
	GIVEN_END,	 /* of the file */
};

/* The container of the array whose items are returned. */
enum envelope { ENVELOPE_NONE, ENVELOPE_LINE, ENVELOPE_VALUE };

struct items {
	struct window *window;
	bool open;   /* inside of `levels` arrays, or ... */
	bool behind; /* ... after the items of a multi-line envelope, until its end */
	unsigned levels;
	bool one_line; /* the items end with the line */
	enum { WANT_ITEM, WANT_COMMA } want;
	enum envelope envelope;
	struct scan rest;
	struct buf value; /* a value that spans blocks or lines */
};

/* Does a line that begins with '[' contain an array, complete or up to its end? */
bool items_is_array(struct str line, bool terminated);
/* The array "items" among the top-level keys of the object that begins; false if not reached. */
bool items_find(struct str object, size_t *ret_at);
/* The window is at '['. From now on call items_next, while it is open. */
void items_begin(struct items *it, enum envelope envelope, bool one_line);
enum given items_next(struct items *it, struct text *ret_text);
/* The window is at the first byte of a value; top: it is no item of an array. */
enum given items_value(struct items *it, bool top, struct text *ret_text);
