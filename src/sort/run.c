/* SPDX-License-Identifier: Apache-2.0 */
#include "sort/run.h"

#include "base/mem.h"

#include <sys/mman.h>

enum {
	CHUNK_MAX = 1 << 20,
	CHUNK_MIN = 1 << 10,
	CHUNKS_A_RUN = 16, /* of a small budget, of which the rest of one chunk is lost */
	MALLOC_HEAD = 16,  /* so that a chunk and malloc's header fill whole pages */
};

void run_init(struct run *r, size_t budget)
{
	size_t chunk = budget / CHUNKS_A_RUN;

	*r = (struct run){ .budget = budget };
	r->chunk_size = MIN(MAX(chunk, (size_t)CHUNK_MIN), (size_t)CHUNK_MAX) & ~(size_t)0xfff;
	if (r->chunk_size == 0)
		r->chunk_size = CHUNK_MIN;
	r->chunk_size -= MALLOC_HEAD;
}

static size_t memory_for(const struct run *r, size_t n, size_t chunk_bytes)
{
	return chunk_bytes + r->n_chunks * MALLOC_HEAD + r->chunks_cap * sizeof(struct run_chunk) +
	       MAX(n, r->items_cap) * sizeof(struct item);
}

size_t run_memory(const struct run *r)
{
	return memory_for(r, r->n, r->chunk_bytes);
}

static bool chunk_fits(const struct run_chunk *c, size_t record)
{
	return record + sizeof(uint32_t) <= c->size - c->used - c->n * sizeof(uint32_t);
}

static void chunk_put(struct run_chunk *c, size_t record, struct str key, struct str value)
{
	uint32_t offset = (uint32_t)c->used;

	item_put(c->p + c->used, key, value);
	c->used += record;
	c->n++;
	memcpy(c->p + c->size - c->n * sizeof(offset), &offset, sizeof(offset));
}

/*
 * One call instead of a fault for each page makes adding a third faster. Where the kernel does not
 * support it (before 5.14, or with larger pages), the pages are faulted in one by one.
 */
static void populate(char *p, size_t size)
{
#ifdef MADV_POPULATE_WRITE
	enum { PAGE = 4096 };
	size_t before = (uintptr_t)p % PAGE;

	if (size >= CHUNK_MAX - MALLOC_HEAD)
		(void)madvise(p - before, before + size, MADV_POPULATE_WRITE);
#endif
}

static struct run_chunk *chunk_new(struct run *r, size_t size)
{
	struct run_chunk *c;

	array_reserve(r->chunks, r->chunks_cap, r->n_chunks + 1);
	c = &r->chunks[r->n_chunks++];
	*c = (struct run_chunk){ .p = mem_alloc(size), .size = size };
	if (r->n_chunks > 1) /* a first one may stay nearly empty */
		populate(c->p, size);
	r->chunk_bytes += size;
	return c;
}

/* Frees the chunks without records, or with `all` every one that does not have the usual size. */
static void chunks_drop(struct run *r, bool odd_sizes)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n_chunks; i++) {
		struct run_chunk *c = &r->chunks[i];

		if (odd_sizes ? c->size == r->chunk_size : c->n > 0) {
			r->chunks[kept++] = *c;
			continue;
		}
		r->chunk_bytes -= c->size;
		mem_free(c->p);
	}
	r->n_chunks = kept;
	r->filling = 0;
}

/* A chunk with room for the record, or NULL when the budget does not allow one. */
static struct run_chunk *chunk_for(struct run *r, size_t record)
{
	bool large = record + sizeof(uint32_t) > r->chunk_size;
	size_t size = large ? record + sizeof(uint32_t) : r->chunk_size;

	for (; !large && r->filling < r->n_chunks; r->filling++) {
		if (chunk_fits(&r->chunks[r->filling], record))
			return &r->chunks[r->filling];
	}
	if (memory_for(r, r->n + 1, r->chunk_bytes + size + MALLOC_HEAD) > r->budget) {
		if (r->n > 0)
			return NULL;
		chunks_drop(r, false);
	}
	return chunk_new(r, size);
}

bool run_add(struct run *r, struct str key, struct str value)
{
	size_t record = ITEM_HEAD + key.n + value.n;
	struct run_chunk *c = r->filling < r->n_chunks ? &r->chunks[r->filling] : NULL;

	if (r->n > 0 && memory_for(r, r->n + 1, r->chunk_bytes) > r->budget)
		return false;
	if (!c || UNLIKELY(!chunk_fits(c, record)))
		c = chunk_for(r, record);
	if (!c)
		return false;
	chunk_put(c, record, key, value);
	r->n++;
	return true;
}

void run_sort(struct run *r)
{
	struct item *item;

	if (r->items_cap < r->n) {
		mem_free(r->items);
		r->items = mem_alloc(r->n * sizeof(struct item));
		r->items_cap = r->n;
	}
	item = r->items;
	for (size_t i = 0; i < r->n_chunks; i++) {
		const struct run_chunk *c = &r->chunks[i];
		const char *offsets = c->p + c->size;

		for (uint32_t k = 0; k < c->n; k++) {
			uint32_t offset;

			offsets -= sizeof(offset);
			memcpy(&offset, offsets, sizeof(offset));
			(item++)->record = c->p + offset;
		}
	}
	items_sort(r->items, r->n);
}

void run_reset(struct run *r)
{
	chunks_drop(r, true);
	for (size_t i = 0; i < r->n_chunks; i++)
		r->chunks[i].used = r->chunks[i].n = 0;
	r->n = 0;
}

void run_free(struct run *r)
{
	for (size_t i = 0; i < r->n_chunks; i++)
		mem_free(r->chunks[i].p);
	mem_free(r->chunks);
	mem_free(r->items);
	*r = (struct run){ 0 };
}
