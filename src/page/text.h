/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes text from a log safe to print. Anyone who can name a pod can write into a log, so its text
 * must not move a cursor, change a colour or the writing direction of a terminal. The locale does
 * not matter: text is UTF-8, and invalid bytes are replaced.
 */
#pragma once

#include "base/buf.h"

/*
 * Appends s. Control characters become \xNN (C0, DEL) or \u{NNNN} (C1, line separators, characters
 * that are invisible or set the direction); invalid UTF-8 becomes U+FFFD. With ascii, all other
 * characters become \u{NNNN}, and U+FFFD becomes "?".
 */
void text_add_safe(struct buf *out, struct str s, bool ascii);

/* Width of safe text: East Asian wide characters and emoji are 2, combining marks 0. */
size_t text_width(struct str safe);

/*
 * Appends safe text in at most width columns; the middle of a longer text is replaced by an
 * ellipsis. Returns the columns used. A width below that of the ellipsis gives that many dots.
 */
size_t text_add_shortened(struct buf *out, struct str safe, size_t width, bool ascii);
