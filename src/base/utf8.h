/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#pragma once

#include "base/str.h"

enum { UTF8_REPLACEMENT = 0xfffd };

/* The first character of a text. */
struct utf8 {
	uint32_t c; /* the character; UTF8_REPLACEMENT if the bytes are invalid */
	uint8_t n;  /* its bytes; of invalid ones those that could begin a character, at least 1 */
	bool good;
	bool cut; /* invalid because the text ends within the character */
};

/* s is not empty. */
struct utf8 utf8_first(struct str s);
bool utf8_valid(struct str s);

static inline bool utf8_continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}
