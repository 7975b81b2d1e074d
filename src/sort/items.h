/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of an item in memory, and the sort of an array of items.
 *
 * A record is the lengths of key and value (two uint32_t, unaligned), the key and the value,
 * without gaps. An entry has 16 bytes: the pointer to the record and a word of its bytes. So most
 * comparisons are one integer comparison and never touch the record.
 */
#pragma once

#include "base/str.h"

enum { ITEM_HEAD = 2 * sizeof(uint32_t) };

struct item {
	uint64_t word; /* scratch of the sort; meaningless before and after */
	const char *record;
};

static inline struct str item_key(const char *record)
{
	uint32_t n;

	memcpy(&n, record, sizeof(n));
	return (struct str){ record + ITEM_HEAD, n };
}

static inline struct str item_value(const char *record)
{
	uint32_t n[2];

	memcpy(n, record, sizeof(n));
	return (struct str){ record + ITEM_HEAD + n[0], n[1] };
}

static inline void item_put(char *record, struct str key, struct str value)
{
	uint32_t n[2] = { (uint32_t)key.n, (uint32_t)value.n };

	memcpy(record, n, sizeof(n));
	if (key.n)
		memcpy(record + ITEM_HEAD, key.p, key.n);
	if (value.n)
		memcpy(record + ITEM_HEAD + key.n, value.p, value.n);
}

void items_sort(struct item *items, size_t n);
/* For tests: heapsort takes over after the given number of bad pivots. */
void items_sort_limited(struct item *items, size_t n, unsigned bad_pivots);
