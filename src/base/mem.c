/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

_Noreturn void mem_exhausted(size_t wanted)
{
	fprintf(stderr, "lunettes: out of memory (%zu bytes wanted)\n", wanted);
	abort();
}

static void *checked(void *p, size_t size)
{
	if (!p)
		mem_exhausted(size);
	return p;
}

void *mem_alloc(size_t size)
{
	return checked(malloc(size ? size : 1), size);
}

void *mem_alloc_pages(size_t size)
{
	enum { PAGE = 4096 };

	if (size > SIZE_MAX - PAGE)
		mem_exhausted(size);
	return checked(aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE), size);
}

void *mem_zalloc(size_t size)
{
	return checked(calloc(1, size ? size : 1), size);
}

void *mem_realloc(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		mem_exhausted(SIZE_MAX);
	return checked(realloc(p, bytes ? bytes : 1), bytes);
}

void mem_free(void *p)
{
	free(p);
}

size_t mem_grown(size_t cap, size_t want)
{
	size_t grown = cap + cap / 2;

	if (grown < 16)
		grown = 16;
	return grown > want ? grown : want;
}
