/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/fleet.h"

#include "base/mem.h"

struct fleet *fleet_new(void)
{
	return mem_zalloc(sizeof(struct fleet));
}

void fleet_free(struct fleet *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		for (unsigned k = 0; k < TRAIT_COUNT; k++)
			trait_counts_free(&f->groups[i].counts[k]);
		mem_free(f->groups[i].names);
	}
	for (unsigned k = 0; k < TRAIT_COUNT; k++)
		trait_counts_free(&f->counts[k]);
	mem_free(f->groups);
	mem_free(f->classes);
	mem_free(f->claimants);
	map_free(&f->claim_names);
	map_free(&f->keys);
	arena_free(&f->arena);
	mem_free(f);
}

/* Claims */

static uint32_t claim_of(struct fleet *f, struct str cluster, struct str namespace, struct str name)
{
	struct buf key = { 0 };
	bool is_new;
	uint32_t i;

	buf_printf(&key, STR_FMT "%c" STR_FMT "%c" STR_FMT, STR_ARG(cluster), 0, STR_ARG(namespace),
		   0, STR_ARG(name));
	i = map_put(&f->claim_names, buf_str(&key), &is_new);
	buf_free(&key);
	array_reserve(f->classes, f->classes_cap, (size_t)i + 1);
	if (is_new)
		f->classes[i] = (struct str){ 0 };
	return i;
}

void fleet_know_claim(struct fleet *f, const struct timeline *t)
{
	uint32_t i;

	if (!t->claim || !t->claim->storage_class.n)
		return;
	i = claim_of(f, t->cluster, t->namespace, t->name);
	if (!f->classes[i].p)
		f->classes[i] = arena_str(&f->arena, t->claim->storage_class);
}

/* Uses only the first of its PVCs. */
static void add_claimant(struct fleet *f, const struct timeline *t, const struct fleet_group *g)
{
	struct str name, rest;

	if (!t->object || !str_cut(t->object->claims, 0, &name, &rest))
		return;
	array_reserve(f->claimants, f->claimants_cap, f->n_claimants + 1);
	f->claimants[f->n_claimants++] = (struct fleet_claim){
		.claim = claim_of(f, t->cluster, t->namespace, name),
		.group = g ? (uint32_t)(g - f->groups) : FLEET_NO_GROUP,
	};
}

static void count_classes(struct fleet *f)
{
	for (size_t i = 0; i < f->n_claimants; i++) {
		const struct fleet_claim *c = &f->claimants[i];

		trait_count(&f->counts[TRAIT_STORAGE_CLASS], f->classes[c->claim]);
		if (c->group != FLEET_NO_GROUP)
			trait_count(&f->groups[c->group].counts[TRAIT_STORAGE_CLASS],
				    f->classes[c->claim]);
	}
}

/* Groups */

static struct fleet_group *group_of(struct fleet *f, const struct cause *c)
{
	bool is_new;
	uint32_t i = map_put(&f->keys, CAUSE_KEY(c->rule, c->scope), &is_new);

	if (is_new) {
		array_reserve(f->groups, f->cap, f->n + 1);
		f->groups[f->n++] = (struct fleet_group){ .rule = c->rule,
							  .scope = c->scope,
							  .first = NSEC_NONE,
							  .last = NSEC_NONE,
							  .example_at = NSEC_NONE };
	}
	return &f->groups[i];
}

static struct str name_of(struct fleet *f, const struct timeline *t)
{
	struct str name = t->name.n || !t->generate_name.p ? t->name : t->generate_name;

	return arena_printf(&f->arena, STR_FMT "/" STR_FMT, STR_ARG(t->namespace), STR_ARG(name));
}

/* The earliest one is the example; of equal or unknown times the first added. */
static void set_example(struct fleet *f, struct fleet_group *g, const struct timeline *t,
			const struct cause *c)
{
	if (g->example.p &&
	    (!nsec_known(c->first) || (nsec_known(g->example_at) && c->first >= g->example_at)))
		return;
	g->example = name_of(f, t);
	g->summary = arena_str(&f->arena, c->summary);
	g->example_at = c->first;
}

/* Counts the owner, and updates time and example. */
static void add_cause(struct fleet *f, struct fleet_group *g, const struct timeline *t,
		      const struct cause *c)
{
	g->owners[c->owner]++;
	g->first = clock_earlier(g->first, c->first);
	g->last = clock_later(g->last, nsec_known(c->last) ? c->last : c->first);
	set_example(f, g, t, c);
}

static void add_pod(struct fleet *f, struct fleet_group *g, const struct timeline *t,
		    const struct cause *c)
{
	struct buf room = { 0 };

	g->pods++;
	add_cause(f, g, t, c);
	for (unsigned k = 0; k < TRAIT_COUNT; k++)
		trait_count(&g->counts[k], trait_value(t, c, f->context, (enum trait)k, &room));
	if (f->names) {
		array_reserve(g->names, g->names_cap, g->n_names + 1);
		g->names[g->n_names++] = name_of(f, t);
	}
	buf_free(&room);
}

static void count_pod(struct fleet *f, const struct delivery *d, const struct cause *c)
{
	bool unmet = d->verdict == VERDICT_DENIED || d->verdict == VERDICT_FAILED ||
		     d->verdict == VERDICT_SLOW;

	f->pods++;
	f->verdicts[d->verdict]++;
	f->unjudged += d->verdict == VERDICT_EXCLUDED;
	f->unmet += unmet;
	f->unmet_known += unmet && c && !str_eq(c->rule->code, STR("Unknown"));
	if (c)
		f->owners[c->owner]++;
	else
		f->healthy++;
}

void fleet_add_claim(struct fleet *f, const struct timeline *t, const struct delivery *d,
		     const struct diagnosis *diagnosis)
{
	struct fleet_group *g;

	f->claims++;
	f->claim_verdicts[d->verdict]++;
	f->healthy_claims += !diagnosis->primary;
	if (!diagnosis->primary)
		return;
	g = group_of(f, diagnosis->primary);
	g->claims++;
	add_cause(f, g, t, diagnosis->primary);
}

void fleet_add(struct fleet *f, const struct timeline *t, const struct delivery *d,
	       const struct diagnosis *diagnosis, bool wanted)
{
	struct buf room = { 0 };
	const struct cause *c = diagnosis ? diagnosis->primary : NULL;
	struct fleet_group *g;

	if (!diagnosis) {
		f->exclusions[d->exclusion] += wanted;
		f->verdicts[VERDICT_EXCLUDED] += wanted;
		return;
	}
	f->offered++;
	for (unsigned k = 0; k < TRAIT_COUNT; k++)
		trait_count(&f->counts[k], trait_value(t, c, f->context, (enum trait)k, &room));
	buf_free(&room);
	g = wanted && c ? group_of(f, c) : NULL;
	add_claimant(f, t, g);
	if (wanted)
		count_pod(f, d, c);
	if (g)
		add_pod(f, g, t, c);
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
	count_classes(f);
	for (size_t i = 0; i < f->n; i++)
		for (unsigned k = 0; k < TRAIT_COUNT; k++)
			f->groups[i].traits[k] =
			    trait_share_of((enum trait)k, &f->groups[i].counts[k],
					   f->groups[i].pods, &f->counts[k], f->offered);
	if (f->n)
		qsort(f->groups, f->n, sizeof(*f->groups), by_pods);
}
