/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: the machine behind texts_next. It is always in one mode, at one place: `in` is
 * what is left of the current window, offset and line belong to in.p. A window is a block, or, for
 * a while, bytes that were collected before and are read once more; the rest of the block is in
 * `later` then.
 */
#ifndef LUNETTES_INPUT_TEXTS_H
#define LUNETTES_INPUT_TEXTS_H

#include "base/buf.h"
#include "input/input.h"
#include "input/scan.h"
#include "input/stream.h"

struct window {
	const char *p, *end;
};

enum texts_mode {
	TEXTS_LINES,
	TEXTS_SKIP_LINE, /* the rest of this line is not used */
	TEXTS_ITEMS,	 /* inside of `levels` arrays */
	TEXTS_REST,	 /* behind the items of a multi-line envelope, to its end */
};

enum texts_step { TEXTS_END, TEXTS_TEXT, TEXTS_AGAIN };

/* What the array whose items are given stands in. */
enum envelope { ENVELOPE_NONE, ENVELOPE_LINE, ENVELOPE_VALUE };

struct texts {
	struct source source;
	struct input_config config; /* defaults filled in */
	struct peel_config peel;
	size_t block_size;
	enum { TEXTS_UNOPENED, TEXTS_OPEN, TEXTS_OVER } life;
	struct stream *base, *top; /* base is below top */
	char form[64];
	struct stream_fault fault; /* told after the last text */
	bool faulty;

	enum texts_mode mode;
	char *block;
	struct window in, later; /* later.p is NULL when in is the block */
	uint64_t offset, line;
	struct buf carry; /* a line that spans blocks; or the memory of a window */
	struct buf value; /* a value that spans blocks or lines */

	unsigned levels;
	bool one_line; /* items do not go on behind the line */
	enum { WANT_ITEM, WANT_COMMA } want;
	enum envelope envelope;
	struct scan rest;
};

/* For tests: any stream (taken over), any block size. config's and peel's zeros are the defaults.
 */
struct texts *texts_of_stream(struct stream *base, const struct source *source,
			      const struct input_config *config, const struct peel_config *peel,
			      size_t block_size);

/* Makes the window non-empty; false at the end of the stream. Only when it is empty. */
bool texts_more(struct texts *t);
void texts_note(struct texts *t, enum input_note_kind kind, uint64_t line, uint64_t offset,
		const char *detail);

static inline size_t texts_left(const struct texts *t)
{
	return (size_t)(t->in.end - t->in.p);
}

static inline void texts_advance(struct texts *t, size_t n)
{
	t->in.p += n;
	t->offset += n;
}

/* items.c: everything about values that are not one line. */

/* Does a line that begins with '[' hold an array, whole or up to its end? */
bool items_is_array(struct str line, bool terminated);
/* The array "items" among the top-level keys of the object that begins; false if not reached. */
bool items_find(struct str object, size_t *ret_at);
/* The window stands on '['. */
void items_begin(struct texts *t, enum envelope envelope);
enum texts_step items_next(struct texts *t, struct text *ret_text);
enum texts_step items_rest(struct texts *t);
/* The window stands on the first byte of a value; top: it is no item of an array. */
enum texts_step items_value(struct texts *t, bool top, struct text *ret_text);

#endif
