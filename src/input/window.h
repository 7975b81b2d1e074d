/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: the bytes of a file through a window: the rest of the current block or, for a
 * while, collected bytes that are read again.
 */
#pragma once

#include "input/files.h"

struct window {
	const char *p, *end;
	const char *later, *later_end; /* the rest of the block; NULL: p is in it */
	uint64_t offset, line;	       /* of p */
	struct files *files;
	size_t record_max;
	char *block;
	size_t block_size;
	struct buf carry; /* a line that spans blocks; or the memory of p */
	bool over;	  /* the file has no more to read */
	bool faulty;	  /* ... because of: */
	struct stream_fault fault;
};

/* block_size: 0 is the default. */
void window_open(struct window *w, struct files *files, size_t block_size);
void window_begin(struct window *w); /* another file */
void window_close(struct window *w);

/* Makes an empty window non-empty; false at the end of the file. Call it only when it is empty. */
bool window_more(struct window *w);

/*
 * Reads again the bytes from `to`, which end where the window begins. collected: they are in memory
 * of their own, which is kept until p has passed it; otherwise in the block.
 */
void window_back(struct window *w, struct str bytes, const char *to, bool collected);

static inline size_t window_left(const struct window *w)
{
	return (size_t)(w->end - w->p);
}

static inline void window_advance(struct window *w, size_t n)
{
	w->p += n;
	w->offset += n;
}

/* There is a byte at p. */
static inline bool window_any(struct window *w)
{
	return w->p < w->end || window_more(w);
}
