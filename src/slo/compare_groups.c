/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what only appears on the side after, and whether it is slow; and the change of each
 * group. */
#include "base/mem.h"
#include "slo/comparing.h"
#include "slo/dimension.h"

struct str thing_name(enum thing thing)
{
	static const char *const names[] = { "image", "registry", "node", "workload kind" };

	_Static_assert(ARRAY_SIZE(names) == THING_COUNT, "a name for every kind of thing");
	return str_from(names[thing]);
}

/* The i-th text of a pod for the current kind of thing; MAP_NONE after the last. */
static uint32_t image_of(const struct compare_pod *p, size_t i)
{
	return i < p->n_images ? p->images[i] : MAP_NONE;
}

/* For each text that is an image, the text of its registry. */
static uint32_t *registries_of(struct compare *c)
{
	size_t n = c->texts.n; /* grows below, because registries are texts too */
	uint32_t *registries = mem_alloc((n + 1) * sizeof(*registries));
	bool *is_image = mem_zalloc((n + 1) * sizeof(*is_image));

	for (unsigned side = 0; side < SIDES; side++)
		for (size_t i = 0; i < c->sides[side].n; i++)
			for (size_t k = 0; k < c->sides[side].pods[i].n_images; k++)
				is_image[c->sides[side].pods[i].images[k]] = true;
	for (size_t i = 0; i < n; i++)
		registries[i] = is_image[i]
				    ? map_put(&c->texts, image_registry(c->texts.keys[i]), NULL)
				    : MAP_NONE;
	mem_free(is_image);
	return registries;
}

struct looking {
	struct compare *c;
	enum thing thing;
	const uint32_t *registries;
};

/* Several images of a pod may share a registry: callers count it once. */
static uint32_t thing_of(const struct looking *l, const struct compare_pod *p, size_t i)
{
	uint32_t found = l->thing == THING_IMAGE || l->thing == THING_REGISTRY ? image_of(p, i)
			 : i > 0					       ? MAP_NONE
			 : l->thing == THING_NODE			       ? p->node
									       : p->workload_kind;

	if (l->thing == THING_REGISTRY && found != MAP_NONE)
		found = l->registries[found];
	return found;
}

static bool has_thing(const struct looking *l, const struct compare_pod *p, uint32_t text)
{
	uint32_t found;

	for (size_t i = 0; (found = thing_of(l, p, i)) != MAP_NONE; i++)
		if (found == text)
			return true;
	return false;
}

static bool is_first(const struct looking *l, const struct compare_pod *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (thing_of(l, p, k) == thing_of(l, p, i))
			return false;
	return true;
}

struct counted_thing {
	struct str name;
	uint32_t text;
	uint64_t pods;
};

static int by_pods(const void *a, const void *b)
{
	const struct counted_thing *x = a, *y = b;

	if (x->pods != y->pods)
		return x->pods < y->pods ? 1 : -1;
	return str_cmp(x->name, y->name);
}

/* The new ones, the most frequent first. */
static struct counted_thing *count_new(const struct looking *l, size_t *ret_n)
{
	struct compare *c = l->c;
	uint64_t *pods = mem_zalloc((c->texts.n + 1) * sizeof(*pods));
	bool *old = mem_zalloc((c->texts.n + 1) * sizeof(*old));
	struct counted_thing *list = mem_alloc((c->texts.n + 1) * sizeof(*list));
	uint32_t found;

	for (unsigned side = 0; side < SIDES; side++) {
		for (size_t i = 0; i < c->sides[side].n; i++) {
			const struct compare_pod *p = &c->sides[side].pods[i];

			for (size_t k = 0; (found = thing_of(l, p, k)) != MAP_NONE; k++) {
				old[found] |= side == SIDE_BEFORE;
				pods[found] += side == SIDE_AFTER && is_first(l, p, k);
			}
		}
	}
	*ret_n = 0;
	for (uint32_t i = 0; i < c->texts.n; i++)
		if (pods[i] && !old[i])
			list[(*ret_n)++] = (struct counted_thing){ c->texts.keys[i], i, pods[i] };
	if (*ret_n)
		qsort(list, *ret_n, sizeof(*list), by_pods);
	mem_free(pods);
	mem_free(old);
	return list;
}

static nsec median_of(struct quantile *q)
{
	struct quantile_value v;

	return quantile_at(q, 500, &v) && !v.censored ? v.value : NSEC_NONE;
}

/* On the side after: pods with it count as after, those without it as before. */
static struct compare_new make_new(const struct looking *l, const struct counted_thing *found,
				   struct compare_sample *sample)
{
	const struct compare_side *after = &l->c->sides[SIDE_AFTER];
	const struct compare_values *v = &after->measures[SLI_DELIVERY];
	struct compare_new row = { .thing = l->thing, .name = found->name, .pods = found->pods };
	struct quantile values[SIDES] = { 0 };

	for (size_t i = 0; i < v->n; i++) {
		bool with = has_thing(l, &after->pods[v->list[i].pod], found->text);

		quantile_add(&values[with], v->list[i].value, v->list[i].censored);
		sample_add(sample, with ? SIDE_AFTER : SIDE_BEFORE, &v->list[i]);
	}
	row.without = median_of(&values[false]);
	row.with = median_of(&values[true]);
	row.test = sample_test(sample);
	quantile_free(&values[false]);
	quantile_free(&values[true]);
	return row;
}

void compare_make_news(struct compare *c)
{
	struct comparison *r = &c->result;
	uint32_t *registries = registries_of(c);
	struct compare_sample sample = { 0 };
	struct compare_test *tests[THING_COUNT * COMPARE_NEWS];

	r->news = mem_alloc(THING_COUNT * COMPARE_NEWS * sizeof(*r->news));
	for (unsigned thing = 0; thing < THING_COUNT; thing++) {
		struct looking l = { c, (enum thing)thing, registries };
		struct counted_thing *found;

		/* nodes of two clusters are never the same */
		if (thing == THING_NODE && r->order == ORDER_CLUSTERS)
			continue;
		found = count_new(&l, &r->n_things[thing]);
		for (size_t i = 0; i < MIN(r->n_things[thing], (size_t)COMPARE_NEWS); i++)
			r->news[r->n_news++] = make_new(&l, &found[i], &sample);
		mem_free(found);
	}
	for (size_t i = 0; i < r->n_news; i++)
		tests[i] = &r->news[i].test;
	compare_correct(tests, r->n_news);
	sample_free(&sample);
	mem_free(registries);
}

/* Groups */

struct in_group {
	uint32_t text;
	enum side side;
	const struct compare_value *value;
};

struct group_members {
	struct in_group *list;
	size_t n, cap;
};

static int by_text(const void *a, const void *b)
{
	const struct in_group *x = a, *y = b;

	return (x->text > y->text) - (x->text < y->text);
}

static uint32_t group_of(const struct compare *c, const struct compare_pod *p, size_t i)
{
	if (c->by == COMPARE_BY_IMAGE)
		return image_of(p, i);
	if (i > 0)
		return MAP_NONE;
	return c->by == COMPARE_BY_NAMESPACE ? p->namespace_at
	       : c->by == COMPARE_BY_NODE    ? p->node
					     : p->workload;
}

static void find_members(const struct compare *c, struct group_members *m)
{
	uint32_t text;

	for (unsigned side = 0; side < SIDES; side++) {
		const struct compare_values *v = &c->sides[side].measures[SLI_DELIVERY];

		for (size_t i = 0; i < v->n; i++) {
			const struct compare_pod *p = &c->sides[side].pods[v->list[i].pod];

			for (size_t k = 0; (text = group_of(c, p, k)) != MAP_NONE; k++) {
				array_reserve(m->list, m->cap, m->n + 1);
				m->list[m->n++] =
				    (struct in_group){ text, (enum side)side, &v->list[i] };
			}
		}
	}
	if (m->n)
		qsort(m->list, m->n, sizeof(*m->list), by_text);
}

static struct compare_group make_group(const struct compare *c, const struct in_group *members,
				       size_t n, struct compare_sample *sample)
{
	struct compare_group g = { .name = c->texts.keys[members->text] };
	struct quantile values[SIDES] = { 0 };
	bool known[SIDES];

	for (size_t i = 0; i < n; i++) {
		quantile_add(&values[members[i].side], members[i].value->value,
			     members[i].value->censored);
		sample_add(sample, members[i].side, members[i].value);
		g.n[members[i].side]++;
	}
	for (unsigned side = 0; side < SIDES; side++) {
		known[side] = quantile_at(&values[side], 500, &g.median[side]);
		quantile_free(&values[side]);
	}
	g.change = median_change(g.median, known);
	g.test = sample_test(sample);
	return g;
}

/* Changed groups first, then unchanged, then unknown. */
static unsigned weight(const struct compare_group *g)
{
	return g->test.tendency > TENDENCY_NONE ? 2 : g->test.tendency == TENDENCY_NONE;
}

/* An unknown change has failing pods on one side, so it is the largest. */
static uint64_t size_of_change(const struct compare_group *g)
{
	if (!nsec_known(g->change))
		return UINT64_MAX;
	return (uint64_t)(g->change < 0 ? -g->change : g->change);
}

static int by_change(const void *a, const void *b)
{
	const struct compare_group *x = a, *y = b;

	if (weight(x) != weight(y))
		return weight(x) < weight(y) ? 1 : -1;
	if (size_of_change(x) != size_of_change(y))
		return size_of_change(x) < size_of_change(y) ? 1 : -1;
	return str_cmp(x->name, y->name);
}

static void correct_groups(struct comparison *r)
{
	struct compare_test **tests = mem_alloc((r->n_groups + 1) * sizeof(struct compare_test *));

	for (size_t i = 0; i < r->n_groups; i++)
		tests[i] = &r->groups[i].test;
	compare_correct(tests, r->n_groups);
	mem_free(tests);
	if (r->n_groups)
		qsort(r->groups, r->n_groups, sizeof(*r->groups), by_change);
}

void compare_make_groups(struct compare *c)
{
	struct comparison *r = &c->result;
	struct compare_sample sample = { 0 };
	struct group_members m = { 0 };
	size_t cap = 0;

	if (c->by == COMPARE_BY_NOTHING)
		return;
	find_members(c, &m);
	for (size_t i = 0, end; i < m.n; i = end) {
		struct compare_group g;

		for (end = i; end < m.n && m.list[end].text == m.list[i].text; end++)
			;
		g = make_group(c, &m.list[i], end - i, &sample);
		r->n_alone[SIDE_BEFORE] += !g.n[SIDE_AFTER];
		r->n_alone[SIDE_AFTER] += !g.n[SIDE_BEFORE];
		if (!g.n[SIDE_BEFORE] || !g.n[SIDE_AFTER])
			continue;
		array_reserve(r->groups, cap, r->n_groups + 1);
		r->groups[r->n_groups++] = g;
	}
	sample_free(&sample);
	mem_free(m.list);
	correct_groups(r);
}
