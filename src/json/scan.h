/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: where does a JSON value that arrives in pieces end, and where does it stop
 * being JSON? The scanner knows the grammar of brackets, commas, colons and strings, but not that
 * of numbers, words and escapes. A newline inside a string ends the value as broken, which detects
 * a torn record and protects the records after it.
 */
#pragma once

#include "base/str.h"

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
enum { SCAN_DEPTH_MAX = 64 };
#else
enum { SCAN_DEPTH_MAX = 1024 }; /* a deeper value is broken; the JSON reader stops far earlier */
#endif

enum scan_result {
	SCAN_MORE,   /* everything was used, and the value continues */
	SCAN_DONE,   /* used up to the end of the value */
	SCAN_BROKEN, /* used up to a newline, or to the first byte of the line that does not fit */
};

struct scan {
	enum scan_state {
		SCAN_VALUE,
		SCAN_VALUE_OR_END,
		SCAN_KEY,
		SCAN_KEY_OR_END,
		SCAN_COLON,
		SCAN_AFTER,
		SCAN_STRING,
		SCAN_ESCAPE,
		SCAN_SCALAR,
		SCAN_TAIL, /* it is broken: to the end of the line */
		SCAN_CLOSED,
	} state;
	unsigned depth;
	bool is_key;
	bool one_line;	/* a newline anywhere breaks the value; set after the start */
	bool fresh;	/* only blanks since the last newline */
	uint64_t lines; /* newlines used */
	uint64_t objects[SCAN_DEPTH_MAX / 64]; /* by depth: 1 an object, 0 an array */
};

void scan_start(struct scan *s);	   /* at the first byte of a value */
void scan_start_in_object(struct scan *s); /* after a value of an object */
enum scan_result scan_feed(struct scan *s, struct str in, size_t *ret_used);
