/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/traits.h"

#include "base/mem.h"
#include "base/significance.h"
#include "slo/dimension.h"

#define CHANCE 0.01 /* the maximum probability of a coincidence */

const struct trait_row trait_rows[] = {
	{ "webhook", "by" },	    { "node", "on" },	    { "zone", "in" },
	{ "storageClass", "with" }, { "registry", "from" }, { "image", "with" },
	{ "workload", "of" },	    { "namespace", "in" },
};
_Static_assert(ARRAY_SIZE(trait_rows) == TRAIT_COUNT, "a row for every trait");

/* The image of the container that the cause is about, otherwise the first one's. */
static struct str image_of(const struct timeline *t, const struct cause *c)
{
	for (size_t i = 0; t->object && i < t->object->n_containers; i++)
		if (!c || !c->subject.n || str_eq(c->subject, t->object->containers[i].name))
			return t->object->containers[i].image;
	return t->object && t->object->n_containers ? t->object->containers[0].image : STR("");
}

struct str trait_value(const struct timeline *t, const struct cause *c,
		       const struct context *context, enum trait trait, struct buf *room)
{
	buf_reset(room);
	switch (trait) {
	case TRAIT_WEBHOOK:
		return c && c->webhook.n ? c->webhook : STR("");
	case TRAIT_NODE:
		return t->node.n ? t->node : STR("");
	case TRAIT_ZONE:
		return t->node.n ? context_zone(context, t->cluster, t->node) : STR("");
	case TRAIT_REGISTRY:
		return image_of(t, c).n ? image_registry(image_of(t, c)) : STR("");
	case TRAIT_IMAGE:
		return image_of(t, c);
	case TRAIT_WORKLOAD:
		if (!t->workload_name.n)
			return STR("");
		buf_printf(room, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(t->namespace),
			   STR_ARG(t->workload_kind), STR_ARG(t->workload_name));
		return buf_str(room);
	case TRAIT_NAMESPACE:
		return t->namespace;
	case TRAIT_STORAGE_CLASS: /* fleet.c looks up the PVCs */
	case TRAIT_COUNT:
		break;
	}
	return STR("");
}

void trait_count(struct trait_counts *c, struct str value)
{
	bool is_new;
	uint32_t i;

	if (!value.n)
		return;
	i = map_put(&c->values, value, &is_new);
	array_reserve(c->counts, c->cap, (size_t)i + 1);
	c->counts[i] = is_new ? 1 : c->counts[i] + 1;
	c->pods++;
}

void trait_counts_free(struct trait_counts *c)
{
	map_free(&c->values);
	mem_free(c->counts);
}

/* No webhook or volume is a value, too; an unknown one is not. */
static bool none_counts(enum trait trait)
{
	return trait == TRAIT_WEBHOOK || trait == TRAIT_STORAGE_CLASS;
}

struct trait_share trait_share_of(enum trait trait, const struct trait_counts *group,
				  uint64_t group_pods, const struct trait_counts *all,
				  uint64_t all_pods)
{
	struct trait_share s = { .p = 1 };
	uint32_t whole;

	/* the most frequent value; of equals the first by name */
	for (uint32_t i = 0; i < group->values.n; i++) {
		if (s.value.p &&
		    (group->counts[i] < s.pods ||
		     (group->counts[i] == s.pods && str_cmp(group->values.keys[i], s.value) > 0)))
			continue;
		s.value = group->values.keys[i];
		s.pods = group->counts[i];
	}
	if (!s.value.p)
		return s;
	/* a pod with a cause uses its container's image, which no other pod may have */
	whole = map_find(&all->values, s.value);
	if (whole != MAP_NONE && all->counts[whole] > s.pods)
		s.others = all->counts[whole] - s.pods;
	s.known =
	    none_counts(trait) ? all_pods - group_pods : all->pods - MIN(all->pods, group->pods);
	s.others = MIN(s.others, s.known);
	if (!s.known || s.pods < 2 || s.pods * 5 < group_pods * 4)
		return s;
	s.p = fisher_test((const uint64_t[2]){ s.pods, s.others },
			  (const uint64_t[2]){ group_pods, s.known });
	s.tells = s.p < CHANCE && s.others * group_pods * 2 <= s.pods * s.known;
	return s;
}
