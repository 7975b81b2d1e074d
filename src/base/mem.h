/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Allocation that cannot fail. Memory is bounded by design (--memory), so running out of it is not
 * an error to recover from: the process prints a message and aborts. Sizes are checked for
 * overflow.
 */
#pragma once

#include "base/prelude.h"

_Noreturn void mem_exhausted(size_t wanted);
void *mem_alloc(size_t size); /* uninitialised; size 0 gives one byte */
/* Aligned to a page, because the kernel copies a file there several times as fast. */
void *mem_alloc_pages(size_t size);
void *mem_zalloc(size_t size);			   /* zeroed */
void *mem_realloc(void *p, size_t n, size_t size); /* n elements of size bytes */
void mem_free(void *p);				   /* NULL is fine */

/* Makes room for at least `want` elements in the array at (ptr, cap); it never shrinks. */
#define array_reserve(ptr, cap, want)                                                              \
	((want) <= (cap) ? (void)0                                                                 \
			 : (void)((cap) = mem_grown((cap), (want)),                                \
				  (ptr) = mem_realloc((ptr), (cap), sizeof(*(ptr)))))

size_t mem_grown(size_t cap, size_t want);
