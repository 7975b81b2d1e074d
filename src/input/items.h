/* SPDX-License-Identifier: Apache-2.0 */
/* Private to input/: values that are not one line: of several, or items of arrays and envelopes. */
#pragma once

#include "input/window.h"
#include "json/scan.h"

enum given {
	GIVEN_TEXT,
	GIVEN_NOTHING,	 /* more may come */
	GIVEN_SKIP_LINE, /* the rest of this line is not used */
	GIVEN_END,	 /* of the file */
};

/* What the array whose items are given is in. */
enum envelope { ENVELOPE_NONE, ENVELOPE_LINE, ENVELOPE_VALUE };

struct items {
	struct window *window;
	bool open;   /* inside of `levels` arrays, or ... */
	bool behind; /* ... behind the items of a multi-line envelope, up to its end */
	unsigned levels;
	bool one_line; /* items do not go on behind the line */
	enum { WANT_ITEM, WANT_COMMA } want;
	enum envelope envelope;
	struct scan rest;
	struct buf value; /* a value that spans blocks or lines */
};

/* Does a line that begins with '[' hold an array, whole or up to its end? */
bool items_is_array(struct str line, bool terminated);
/* The array "items" among the top-level keys of the object that begins; false if not reached. */
bool items_find(struct str object, size_t *ret_at);
/* The window is at '['. From now on items_next, while it is open. */
void items_begin(struct items *it, enum envelope envelope, bool one_line);
enum given items_next(struct items *it, struct text *ret_text);
/* The window is at the first byte of a value; top: it is no item of an array. */
enum given items_value(struct items *it, bool top, struct text *ret_text);
