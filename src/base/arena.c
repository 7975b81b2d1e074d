/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/mem.h"

#include <stdarg.h>

enum { PAGE = 16 * 1024, ALIGN = 16 };

struct arena_page {
	struct arena_page *older;
	size_t size;
	_Alignas(ALIGN) char data[];
};

static void page_add(struct arena *a, size_t want)
{
	size_t size = want > PAGE ? want : PAGE;
	struct arena_page *page = mem_alloc(sizeof(*page) + size);

	page->older = a->pages;
	page->size = size;
	a->pages = page;
	a->cur = page->data;
	a->end = page->data + size;
}

/* Not zeroed, for callers that overwrite all of it. */
static char *hand_out(struct arena *a, size_t bytes)
{
	char *p;

	if (bytes > SIZE_MAX / 2)
		mem_exhausted(SIZE_MAX);
	bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
	if (!a->pages || bytes > (size_t)(a->end - a->cur))
		page_add(a, bytes);
	p = a->cur;
	a->cur += bytes;
	a->used += bytes;
	return p;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		mem_exhausted(SIZE_MAX);
	return memset(hand_out(a, bytes), 0, bytes);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p;

	if (s.n == 0)
		return (struct str){ s.p ? "" : NULL, 0 };
	p = hand_out(a, s.n);
	memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char probe[1]; /* not NULL: gcc 12 warns about it under the sanitizers */
	char *p;
	int n;

	assert(fmt); /* without it gcc 12 warns under the sanitizers that it may be NULL */
	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(probe, sizeof(probe), fmt, ap);
	va_end(ap);
	n = n < 0 ? 0 : n;
	p = hand_out(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}

void *arena_grow(struct arena *a, const void *old, size_t n, size_t cap, size_t size)
{
	size_t bytes;
	char *p;

	assert(n <= cap);
	if (__builtin_mul_overflow(cap, size, &bytes))
		mem_exhausted(SIZE_MAX);
	p = hand_out(a, bytes);
	if (n)
		memcpy(p, old, n * size);
	memset(p + n * size, 0, bytes - n * size);
	return p;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->pages, a->cur, a->used };
}

void arena_rollback(struct arena *a, struct arena_mark mark)
{
	if (!mark.page) {
		arena_reset(a);
		return;
	}
	while (a->pages != mark.page) {
		struct arena_page *page = a->pages;

		a->pages = page->older;
		mem_free(page);
	}
	a->cur = mark.cur;
	a->end = a->pages->data + a->pages->size;
	a->used = mark.used;
}

void arena_reset(struct arena *a)
{
	while (a->pages && a->pages->older) {
		struct arena_page *page = a->pages;

		a->pages = page->older;
		mem_free(page);
	}
	a->used = 0;
	if (a->pages) {
		a->cur = a->pages->data;
		a->end = a->pages->data + a->pages->size;
	}
}

void arena_free(struct arena *a)
{
	arena_reset(a);
	mem_free(a->pages);
	*a = (struct arena){ 0 };
}
