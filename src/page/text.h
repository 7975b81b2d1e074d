/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from a log, made safe to print: everyone who can name a pod can write into a log, so
 * nothing in it may move a cursor, change a colour or turn the writing direction of a terminal.
 * No locale is asked: the text is UTF-8 or it is mended.
 */
#pragma once

#include "base/buf.h"

/*
 * Appends s. Control characters become \xNN (C0, DEL) or \u{NNNN} (C1, line separators, everything
 * that steers direction or hides), bytes that are not UTF-8 become U+FFFD. With ascii, what lies
 * beyond it becomes \u{NNNN} and "?" stands for U+FFFD.
 */
void text_add_safe(struct buf *out, struct str s, bool ascii);

/* Columns that safe text takes: East Asian wide characters and emoji two, combining marks none. */
size_t text_width(struct str safe);

/*
 * Appends safe text in at most width columns, its middle replaced by an ellipsis if it is longer.
 * Returns the columns used. A width below the ellipsis' own gives just as many dots.
 */
size_t text_add_shortened(struct buf *out, struct str safe, size_t width, bool ascii);
