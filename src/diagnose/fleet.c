/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/fleet.h"

#include "base/buf.h"
#include "base/mem.h"

struct str trait_name(enum trait trait)
{
	static const char *const names[] = { "node", "image", "workload", "namespace" };

	_Static_assert(ARRAY_SIZE(names) == TRAIT_COUNT, "a name for every trait");
	return str_from(names[trait]);
}

struct fleet *fleet_new(void)
{
	return mem_zalloc(sizeof(struct fleet));
}

void fleet_free(struct fleet *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		for (unsigned k = 0; k < TRAIT_COUNT; k++) {
			map_free(&f->groups[i].values[k]);
			mem_free(f->groups[i].counts[k]);
		}
	for (unsigned k = 0; k < TRAIT_COUNT; k++) {
		map_free(&f->values[k]);
		mem_free(f->counts[k]);
	}
	mem_free(f->groups);
	map_free(&f->keys);
	arena_free(&f->arena);
	mem_free(f);
}

static void count(struct map *values, uint64_t **counts, size_t *cap, struct str value)
{
	bool is_new;
	uint32_t i = map_put(values, value, &is_new);

	array_reserve(*counts, *cap, (size_t)i + 1);
	(*counts)[i] = is_new ? 1 : (*counts)[i] + 1;
}

/* What the pod has of the trait; of images the subject's, if the cause is about a container. */
static struct str value_of(const struct timeline *t, const struct cause *c, enum trait trait,
			   struct buf *room)
{
	buf_reset(room);
	switch (trait) {
	case TRAIT_NODE:
		return t->node.p ? t->node : STR("");
	case TRAIT_NAMESPACE:
		return t->namespace;
	case TRAIT_WORKLOAD:
		if (!t->workload_name.n)
			return STR("");
		buf_printf(room, STR_FMT "/" STR_FMT, STR_ARG(t->workload_kind),
			   STR_ARG(t->workload_name));
		return buf_str(room);
	default:
		break;
	}
	for (size_t i = 0; t->object && i < t->object->n_containers; i++)
		if (!c || !c->subject.n || str_eq(c->subject, t->object->containers[i].name))
			return t->object->containers[i].image;
	return STR("");
}

static struct fleet_group *group_of(struct fleet *f, const struct cause *c)
{
	struct buf key = { 0 };
	bool is_new;
	uint32_t i;

	buf_printf(&key, STR_FMT "/%u", STR_ARG(c->rule->id), (unsigned)c->scope);
	i = map_put(&f->keys, buf_str(&key), &is_new);
	buf_free(&key);
	if (is_new) {
		array_reserve(f->groups, f->cap, f->n + 1);
		f->groups[f->n++] = (struct fleet_group){
			.rule = c->rule, .scope = c->scope, .first = NSEC_NONE, .last = NSEC_NONE
		};
	}
	return &f->groups[i];
}

/* The time of the cause, and who had it first. */
static void add_times(struct fleet *f, struct fleet_group *g, const struct timeline *t,
		      const struct cause *c)
{
	if (c->first != NSEC_NONE && (g->first == NSEC_NONE || c->first < g->first)) {
		g->first = c->first;
		g->example = arena_printf(&f->arena, STR_FMT "/" STR_FMT, STR_ARG(t->namespace),
					  STR_ARG(t->name));
	}
	g->last = clock_later(g->last, c->last);
}

static void add_to(struct fleet *f, struct fleet_group *g, const struct timeline *t,
		   const struct cause *c)
{
	struct buf room = { 0 };

	g->pods++;
	add_times(f, g, t, c);
	for (unsigned k = 0; k < TRAIT_COUNT; k++) {
		struct str value = value_of(t, c, (enum trait)k, &room);

		if (value.n)
			count(&g->values[k], &g->counts[k], &g->caps[k], value);
	}
	buf_free(&room);
}

void fleet_add(struct fleet *f, const struct timeline *t, const struct delivery *d,
	       const struct diagnosis *diagnosis)
{
	struct buf room = { 0 };

	f->pods++;
	f->verdicts[d->verdict]++;
	for (unsigned k = 0; k < TRAIT_COUNT; k++) {
		struct str value = value_of(t, NULL, (enum trait)k, &room);

		if (value.n)
			count(&f->values[k], &f->counts[k], &f->caps[k], value);
	}
	buf_free(&room);
	if (diagnosis->primary)
		add_to(f, group_of(f, diagnosis->primary), t, diagnosis->primary);
	else
		f->healthy++;
}

void fleet_add_claim(struct fleet *f, const struct timeline *t, const struct delivery *d,
		     const struct diagnosis *diagnosis)
{
	struct fleet_group *g;

	f->claims++;
	f->claim_verdicts[d->verdict]++;
	if (!diagnosis->primary) {
		f->healthy_claims++;
		return;
	}
	g = group_of(f, diagnosis->primary);
	g->claims++;
	add_times(f, g, t, diagnosis->primary);
}

/* The value that most have; of equal ones the first by name. */
static void most(const struct fleet *f, struct fleet_group *g, enum trait k)
{
	struct trait_share *s = &g->traits[k];
	uint32_t whole;

	for (uint32_t i = 0; i < g->values[k].n; i++) {
		if (s->value.p &&
		    (g->counts[k][i] < s->pods ||
		     (g->counts[k][i] == s->pods && str_cmp(g->values[k].keys[i], s->value) > 0)))
			continue;
		s->value = g->values[k].keys[i];
		s->pods = g->counts[k][i];
	}
	whole = s->value.p ? map_find(&f->values[k], s->value) : MAP_NONE;
	s->all = whole == MAP_NONE ? s->pods : MAX(f->counts[k][whole], s->pods);
}

static int by_pods(const void *a, const void *b)
{
	const struct fleet_group *x = a, *y = b;
	int c;

	if (x->pods != y->pods)
		return x->pods > y->pods ? -1 : 1;
	if (x->claims != y->claims)
		return x->claims > y->claims ? -1 : 1;
	c = str_cmp(x->rule->id, y->rule->id);
	return c ? c : (int)x->scope - (int)y->scope;
}

void fleet_finish(struct fleet *f)
{
	for (size_t i = 0; i < f->n; i++)
		for (unsigned k = 0; k < TRAIT_COUNT; k++)
			most(f, &f->groups[i], (enum trait)k);
	if (f->n)
		qsort(f->groups, f->n, sizeof(*f->groups), by_pods);
}
