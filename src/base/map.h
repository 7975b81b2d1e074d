/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map from strings to small numbers in order of insertion: the i-th key that was put has number
 * i. Callers keep their values in an array of their own, indexed by that number. Keys are copied.
 */
#pragma once

#include "base/arena.h"

struct map {
	struct arena keys_arena;
	struct str *keys;
	size_t n, keys_cap;
	uint32_t *slots; /* 0: empty; otherwise the entry's number + 1 */
	size_t n_slots;
};

#define MAP_NONE UINT32_MAX

uint32_t map_find(const struct map *m, struct str key);		   /* MAP_NONE if absent */
uint32_t map_put(struct map *m, struct str key, bool *ret_is_new); /* ret_is_new may be NULL */
void map_reset(struct map *m);					   /* keeps memory */
void map_free(struct map *m);
