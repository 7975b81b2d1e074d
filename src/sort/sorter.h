/* SPDX-License-Identifier: Apache-2.0 */
/*
 * (key, value) bytes in, the same bytes out in order, within a memory budget. It knows nothing of
 * Kubernetes. Order: key by memcmp (a prefix first), then value likewise; so equal output for equal
 * input whatever the order of arrival, the budget and the number of lanes. Equal pairs all come
 * out.
 *
 * Legal order of calls: new, add*, finish, next*, free. A lane belongs to one thread at a time;
 * different lanes may add at the same time. finish and next are called by one thread after all
 * adds, stats when no add is under way. After an error only stats and free may follow.
 *
 * From memory to disk and back:
 *
 *   lane 0  [run]  -- full: sorted, written -->  (run) (run) (run)  -.
 *   lane 1  [run]  -- full: sorted, written -->  (run) (run)        -+-> merge -> next
 *             `------ the rest, sorted, stays in memory ------------'
 *
 * - Each lane copies its items into one run (run.h) with its share of the memory. If no lane ever
 *   gets full, there is no disk: finish sorts the runs (items.c: multikey quicksort) and next
 *   merges them; a single run is read without a merge.
 * - A full run is sorted and written, compressed with zstd, to the lane's file (spill.h), which
 *   never has a name in tmpdir; then the lane begins anew. There is one file a lane, not one a run.
 *   A lane that gets no file descriptor appends to another lane's file.
 * - finish writes what is still in memory only if the readers would not fit beside it. When there
 *   are more runs on disk than can be read at a time (fan_in, less in small memory), the smallest
 *   are merged into new runs, as few as needed; their space is given back to the file system.
 * - next runs the last merge (merge.c: a tournament tree); its result is never written.
 *
 * What counts as memory: records with 8 bytes of lengths, 4 of offset and 16 of struct item each. A
 * quarter, at most 512 KiB, of each lane's share is set aside for its writer (456 KiB with blocks
 * of 64 KiB, 325 of them zstd's). Readers take one block of 4 to 64 KiB each, and together up to
 * 256 KiB (140 measured). So the floor, below which a small budget is exceeded while runs are
 * written or merged, is 2 MiB a lane; with less, the peak is the budget and about 512 KiB for each
 * lane. An item larger than a block is held up to four times while it is merged. Not counted: 48
 * bytes for each run on disk.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum {
	SORTER_FAN_IN = 64,	  /* readers of at most 64 KiB: 4 MiB; runs in memory come on top */
	SORTER_ITEM_MAX = 1 << 30 /* bytes of one key and value together */
};

struct sorter_config {
	size_t memory;	    /* bytes for all that is held, by all lanes; at least 64 KiB is used */
	const char *tmpdir; /* directory for runs; must outlive the sorter */
	unsigned fan_in;    /* 0: SORTER_FAN_IN; at least 2 */
	unsigned lanes;	    /* 0: one */
};

struct sorter_stats {
	uint64_t items, bytes;	      /* added: keys and values */
	uint64_t runs, spilled_bytes; /* runs written, compressed bytes written */
	uint64_t passes;	      /* merges that had to be written, for want of fan_in */
};

struct sorter;

struct sorter *sorter_new(const struct sorter_config *config);
int sorter_add(struct sorter *s, unsigned lane, struct str key, struct str value, struct err *err);
int sorter_finish(struct sorter *s, struct err *err);
/* > 0 an item, 0 the end, < 0 an error. The slices live until the next call. */
int sorter_next(struct sorter *s, struct str *ret_key, struct str *ret_value, struct err *err);
struct sorter_stats sorter_stats(const struct sorter *s);
void sorter_free(struct sorter *s);
