/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator whose memory is freed all at once. A zeroed arena is valid and empty, and allocation
 * never returns NULL. Reset keeps the first page, so a loop that resets stops allocating after a
 * while.
 */
#pragma once

#include "base/str.h"

struct arena_page;

struct arena {
	struct arena_page *pages; /* newest first */
	char *cur, *end;
	size_t used; /* bytes handed out since the last reset */
};

void *arena_alloc(struct arena *a, size_t n, size_t size); /* n elements, zeroed, max-aligned */
struct str arena_str(struct arena *a, struct str s);	   /* a copy */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
void arena_reset(struct arena *a);

/* Frees everything that was allocated since the mark was made. */
struct arena_mark {
	struct arena_page *page;
	char *cur;
	size_t used;
};

struct arena_mark arena_mark(const struct arena *a);
void arena_rollback(struct arena *a, struct arena_mark mark);

void arena_free(struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

/* Grows an array in an arena. The old copy is not freed before the reset. */
void *arena_grow(struct arena *a, const void *old, size_t n, size_t cap, size_t size);

/* Makes room for one more element in the array of n at (list, cap) in an arena. */
#define arena_reserve(a, list, n, cap)                                                             \
	((n) < (cap) ? (void)0                                                                     \
		     : (void)((cap) = (cap) ? 2 * (cap) : 8,                                       \
			      (list) = arena_grow((a), (list), (n), (cap), sizeof(*(list)))))
