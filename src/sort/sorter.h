/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An external sort: (key, value) bytes in, the same bytes out in order, within a memory budget. It
 * knows nothing of Kubernetes. Order: key by memcmp (a prefix first), then value likewise, so the
 * output does not depend on the order of arrival, the budget or the number of lanes. Duplicates are
 * kept.
 *
 * Legal order: new, add*, finish, next*, free. A lane belongs to one thread at a time; different
 * lanes may add concurrently. One thread calls finish and next after all adds, and stats while no
 * add is running. After an error only stats and free may follow.
 *
 *   lane 0  [run]  -- full: sorted, written -->  (run) (run) (run)  -.
 *   lane 1  [run]  -- full: sorted, written -->  (run) (run)        -+-> merge -> next
 *             `------ the rest, sorted, stays in memory ------------'
 *
 * - Each lane copies its items into one run (run.h) with its share of the memory. If no lane ever
 *   gets full, the disk is not used: finish sorts the runs (items.c: multikey quicksort) and next
 *   merges them; a single run is read without a merge.
 * - A full run is sorted, compressed with zstd and written to the lane's file (spill.h), which has
 *   no name in tmpdir. There is one file per lane, not one per run. A lane that gets no file
 *   descriptor appends to another lane's file.
 * - finish writes the runs in memory only if the readers would not fit beside them. When there are
 *   more runs on disk than can be read at a time (fan_in, fewer in small memory), the smallest are
 *   merged into new runs, as few as needed; their space is returned to the file system.
 * - next runs the last merge (merge.c: a tournament tree); its result is never written.
 *
 * Memory counts records with 8 bytes of lengths, 4 of offset and 16 of struct item each. A quarter,
 * at most 512 KiB, of each lane's share is reserved for its writer (456 KiB with blocks of 64 KiB,
 * 325 of them zstd's). Readers use one block of 4 to 64 KiB each, and together up to 256 KiB more
 * (140 measured). So the minimum, below which a small budget is exceeded while runs are written or
 * merged, is 2 MiB per lane; with less, the peak is the budget plus about 512 KiB per lane. An item
 * larger than a block is held up to four times while it is merged. Not counted: 48 bytes for each
 * run on disk.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum {
	SORTER_FAN_IN = 64,	  /* readers of at most 64 KiB: 4 MiB; runs in memory are extra */
	SORTER_ITEM_MAX = 1 << 30 /* bytes of one key and value together */
};

struct sorter_config {
	size_t memory;	    /* bytes for the records of all lanes; at least 64 KiB is used */
	const char *tmpdir; /* directory for runs; must outlive the sorter */
	unsigned fan_in;    /* 0: SORTER_FAN_IN; at least 2 */
	unsigned lanes;	    /* 0: one */
};

struct sorter_stats {
	uint64_t items, bytes;	      /* added: keys and values */
	uint64_t runs, spilled_bytes; /* runs written, compressed bytes written */
	uint64_t passes;	      /* merges that were written, because fan_in was too small */
};

struct sorter;

struct sorter *sorter_new(const struct sorter_config *config);
int sorter_add(struct sorter *s, unsigned lane, struct str key, struct str value, struct err *err);
int sorter_finish(struct sorter *s, struct err *err);
/* > 0 an item, 0 the end, < 0 an error. The slices are valid until the next call. */
int sorter_next(struct sorter *s, struct str *ret_key, struct str *ret_value, struct err *err);
struct sorter_stats sorter_stats(const struct sorter *s);
void sorter_free(struct sorter *s);
