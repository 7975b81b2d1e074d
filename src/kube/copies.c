/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/copies.h"

#include "base/hash.h"
#include "base/mem.h"

uint64_t copies_id(struct str cluster, struct str kind, struct str identity)
{
	uint64_t id = hash_str(identity, hash_str(kind, hash_str(cluster, 0)));

	return id ? id : 1;
}

uint64_t copies_version(struct str resource_version)
{
	uint64_t version;

	return str_u64(resource_version, &version) ? version : 0;
}

const struct copy *copies_older(const struct copy *a, const struct copy *b)
{
	if (a->version != b->version && a->version && b->version)
		return a->version < b->version ? a : b;
	return a->at < b->at ? a : b;
}

static size_t slot_of(const struct copies *c, uint64_t id)
{
	size_t at = (size_t)(id * 0x9e3779b97f4a7c15u >> 20) & (c->cap - 1);

	while (c->slots[at].id && c->slots[at].id != id)
		at = (at + 1) & (c->cap - 1);
	return at;
}

static void grow(struct copies *c)
{
	struct copies old = *c;

	c->cap = old.cap ? old.cap * 2 : 256;
	c->slots = mem_zalloc(c->cap * sizeof(*c->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].id)
			c->slots[slot_of(c, old.slots[i].id)] = old.slots[i];
	mem_free(old.slots);
}

bool copies_put(struct copies *c, const struct copy *copy, struct copy *ret_older)
{
	struct copy *slot;

	if (c->n * 4 >= c->cap * 3)
		grow(c);
	slot = &c->slots[slot_of(c, copy->id)];
	if (!slot->id) {
		*slot = *copy;
		c->n++;
		return false;
	}
	*ret_older = *copies_older(slot, copy);
	if (slot->version == copy->version && slot->at == copy->at)
		ret_older->at = NSEC_NONE;
	if (copies_older(slot, copy) == slot)
		*slot = *copy;
	return true;
}

const struct copy *copies_find(const struct copies *c, uint64_t id)
{
	const struct copy *slot = c->cap ? &c->slots[slot_of(c, id)] : NULL;

	return slot && slot->id ? slot : NULL;
}

void copies_free(struct copies *c)
{
	mem_free(c->slots);
	*c = (struct copies){ 0 };
}
