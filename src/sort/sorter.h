/* SPDX-License-Identifier: Apache-2.0 */
/*
 * (key, value) bytes in, the same bytes out in order, within a memory budget. It knows nothing of
 * Kubernetes. Order: key by memcmp (a prefix first), then value likewise; so equal output for equal
 * input whatever the order of arrival, the budget and the number of lanes.
 *
 * Legal order of calls: new, add*, finish, next*, free. A lane belongs to one thread at a time;
 * different lanes may add at the same time. finish and next are called by one thread after all adds.
 *
 * In memory while everything fits the budget (divided among the lanes); else each full lane is
 * sorted and written as a run, compressed with zstd, into an unlinked private file under tmpdir.
 * Runs are merged with at most fan_in at a time; the last merge is never written.
 */
#ifndef LUNETTES_SORT_SORTER_H
#define LUNETTES_SORT_SORTER_H

#include "base/err.h"
#include "base/str.h"

enum {
	SORTER_FAN_IN = 64,       /* default: 64 readers of 128 KiB or so stay below 16 MiB */
	SORTER_ITEM_MAX = 1 << 30 /* bytes of one key and value together */
};

struct sorter_config {
	size_t memory;      /* bytes for everything held in memory, all lanes together; at least 64 KiB is used */
	const char *tmpdir; /* directory for runs; must outlive the sorter */
	unsigned fan_in;    /* 0: SORTER_FAN_IN; at least 2 */
	unsigned lanes;     /* 0: one */
};

struct sorter_stats {
	uint64_t items, bytes;       /* added: keys and values */
	uint64_t runs, spilled_bytes; /* runs written, compressed bytes written */
	uint64_t passes;             /* extra merge passes */
};

struct sorter;

struct sorter *sorter_new(const struct sorter_config *config);
int sorter_add(struct sorter *s, unsigned lane, struct str key, struct str value, struct err *err);
int sorter_finish(struct sorter *s, struct err *err);
/* > 0 an item, 0 the end, < 0 an error. The slices live until the next call. */
int sorter_next(struct sorter *s, struct str *ret_key, struct str *ret_value, struct err *err);
struct sorter_stats sorter_stats(const struct sorter *s);
void sorter_free(struct sorter *s);

#endif
