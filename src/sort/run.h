/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run in memory: a batch of items that is filled up to a budget, sorted once and read by index.
 *
 * The budget counts every byte of the run, including those that sorting will need: the chunks with
 * the records, their list, and one struct item per record. Chunks are allocated one at a time,
 * because fresh pages cost more than writing to them, and a reset keeps them for the next batch.
 * The offsets of a chunk's records grow from its end, so sorting need not hop from length to length
 * to find them.
 *
 * Legal order: init, add*, sort, record*, reset (and again) or free. A zeroed run may be freed.
 */
#pragma once

#include "sort/items.h"

struct run_chunk {
	char *p;
	size_t size; /* all of it */
	size_t used; /* by records, from the start */
	uint32_t n;  /* records; their offsets are at the end, the first one last */
};

struct run {
	struct run_chunk *chunks;
	size_t n_chunks, chunks_cap;
	size_t filling; /* the chunk that small records go to */
	size_t chunk_size, budget;
	size_t chunk_bytes; /* of all chunks */
	struct item *items; /* made by run_sort */
	size_t n, items_cap;
};

void run_init(struct run *r, size_t budget);
/* False when the item does not fit; an empty run accepts any item, even above its budget. */
bool run_add(struct run *r, struct str key, struct str value);
void run_sort(struct run *r);
void run_reset(struct run *r);
void run_free(struct run *r);
size_t run_memory(const struct run *r); /* compared with the budget */

/* The i-th record in order. */
static inline const char *run_record(const struct run *r, size_t i)
{
	if (i + 8 < r->n) /* they are all over the memory */
		__builtin_prefetch(r->items[i + 8].record);
	return r->items[i].record;
}
