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
#include "wrap/join.h"
#include "input/members.h"
#include "json/scan.h"
#include "input/peel.h"
#include "input/yaml.h"

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

enum { NEST_MAX = 64 }; /* what --max-depth may ask for */

/* An archive that the files at hand stand in. */
struct nest {
	struct members *members;
	size_t name_n; /* of its name, in the buffer of names */
	uint64_t entries;
	uint32_t member; /* its own */
	char form[64];
};

/* What the array whose items are given stands in. */
enum envelope { ENVELOPE_NONE, ENVELOPE_LINE, ENVELOPE_VALUE };

struct texts {
	struct source source;
	struct input_config config; /* defaults filled in */
	struct peel_config peel;
	size_t block_size;
	bool begun;
	struct stream *base; /* the source's own bytes; what lies on it closes it */
	uint64_t consumed;   /* of a base that is closed */
	struct nest nests[NEST_MAX];
	unsigned n_nests;
	uint32_t n_members;

	/* The file at hand: the source itself, or one in the innermost archive. */
	struct buf name;
	uint32_t member;
	enum { TEXTS_NO_FILE, TEXTS_OPEN, TEXTS_OVER } life; /* over: nothing more to read */
	struct stream *top;
	struct buf head; /* its first bytes, which were looked at, and are given from head_at on */
	size_t head_at;
	struct stream_fault head_fault;
	bool head_ended, head_faulty; /* the file has no more than the head */
	struct yaml *yaml;	      /* NULL: it is read as lines */
	struct stream *yaml_from;
	char form[64];
	struct stream_fault fault; /* told after the last text */
	bool faulty;
	struct join join;

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

void texts_note_lost(struct texts *t); /* records in pieces */

static inline size_t texts_left(const struct texts *t)
{
	return (size_t)(t->in.end - t->in.p);
}

static inline void texts_advance(struct texts *t, size_t n)
{
	t->in.p += n;
	t->offset += n;
}

/* files.c: the file at hand, and the archives that it stands in. */

/* Opens the next file; false when there is none left. */
bool files_next(struct texts *t);
/* Closes it, tells what has to be told of it. */
void files_end(struct texts *t);
/* Bytes of the file at hand, as stream_read. */
ssize_t files_read(struct texts *t, void *to, size_t n, struct stream_fault *fault);
void files_close(struct texts *t);

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
