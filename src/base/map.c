/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/hash.h"
#include "base/mem.h"

static size_t slot_of(const struct map *m, struct str key)
{
	size_t at = (size_t)hash_str(key, 0) & (m->n_slots - 1);

	while (m->slots[at] && !str_eq(m->keys[m->slots[at] - 1], key))
		at = (at + 1) & (m->n_slots - 1);
	return at;
}

uint32_t map_find(const struct map *m, struct str key)
{
	uint32_t slot = m->n_slots ? m->slots[slot_of(m, key)] : 0;

	return slot ? slot - 1 : MAP_NONE;
}

static void rehash(struct map *m)
{
	m->n_slots = m->n_slots ? m->n_slots * 2 : 64;
	mem_free(m->slots);
	m->slots = mem_zalloc(m->n_slots * sizeof(*m->slots));
	for (size_t i = 0; i < m->n; i++)
		m->slots[slot_of(m, m->keys[i])] = (uint32_t)(i + 1);
}

uint32_t map_put(struct map *m, struct str key, bool *ret_is_new)
{
	size_t at;

	if (m->n * 4 >= m->n_slots * 3)
		rehash(m);
	at = slot_of(m, key);
	if (ret_is_new)
		*ret_is_new = !m->slots[at];
	if (!m->slots[at]) {
		assert(m->n < MAP_NONE - 1);
		array_reserve(m->keys, m->keys_cap, m->n + 1);
		m->keys[m->n] = arena_str(&m->keys_arena, key);
		m->slots[at] = (uint32_t)++m->n;
	}
	return m->slots[at] - 1;
}

void map_reset(struct map *m)
{
	arena_reset(&m->keys_arena);
	if (m->n_slots)
		memset(m->slots, 0, m->n_slots * sizeof(*m->slots));
	m->n = 0;
}

void map_free(struct map *m)
{
	arena_free(&m->keys_arena);
	mem_free(m->keys);
	mem_free(m->slots);
	*m = (struct map){ 0 };
}
