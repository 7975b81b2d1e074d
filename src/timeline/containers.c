/* SPDX-License-Identifier: Apache-2.0 */
/* Derives the lives of containers from specs, states and Events. */
#include "base/map.h"
#include "timeline/about.h"
#include "timeline/incarnation.h"

/* Limits names that are in no spec, because records may contain anything. */
enum { CONTAINERS_UNKNOWN_MAX = 256 };

enum { CONTAINERS_MANY = 16 }; /* fewer are searched without an index */

struct lives {
	struct container_life *list;
	size_t n, cap;
	struct map names; /* of a longer list: with its indexes */
};

static bool listed(const struct lives *l, struct str name)
{
	if (l->n >= CONTAINERS_MANY)
		return map_find(&l->names, name) != MAP_NONE;
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->list[i].name, name))
			return true;
	return false;
}

static void add_life(struct lives *l, struct arena *arena, struct str name,
		     const struct container_spec *spec)
{
	if (!name.n || listed(l, name))
		return;
	arena_reserve(arena, l->list, l->n, l->cap);
	l->list[l->n++] = (struct container_life){
		.name = name, .spec = spec, .started = mark_unreached, .ended = mark_unreached
	};
	while (l->n >= CONTAINERS_MANY && l->names.n < l->n)
		map_put(&l->names, l->list[l->names.n].name, NULL);
}

static int by_name(const void *a, const void *b)
{
	const struct container_life *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

static void index_names(struct timeline *t, struct arena *arena)
{
	struct str *list;

	if (t->n_containers < CONTAINERS_MANY)
		return;
	list = arena_array(arena, struct str, t->n_containers);
	for (size_t i = 0; i < t->n_containers; i++)
		list[i] = t->containers[i].name;
	t->container_names = names_new(arena, list, t->n_containers);
}

struct container_life *timeline_containers(struct timeline *t, const struct incarnation *in,
					   struct arena *arena)
{
	struct lives l = { 0 };
	size_t known;

	specs_each(c, t)
		add_life(&l, arena, c->name, c);
	for (size_t i = 0; i < in->n_ephemerals; i++)
		add_life(&l, arena, in->ephemerals[i].name, &in->ephemerals[i]);
	known = l.n;
	entries_each(e, t)
		if (l.n - known < CONTAINERS_UNKNOWN_MAX &&
		    (fact_is_state(&e->fact) || e->fact.kind == FACT_EVENT))
			add_life(&l, arena, e->fact.subject, NULL);
	if (l.n > known)
		qsort(l.list + known, l.n - known, sizeof(*l.list), by_name);
	map_free(&l.names);
	t->containers = l.list;
	t->n_containers = l.n;
	index_names(t, arena);
	return l.list;
}

const struct container_spec *timeline_container(const struct timeline *t, struct str name)
{
	size_t i = 0;

	if (t->container_names)
		i = names_find(t->container_names, name);
	else
		while (i < t->n_containers && !str_eq(t->containers[i].name, name))
			i++;
	return i < t->n_containers ? t->containers[i].spec : NULL;
}

bool timeline_ephemeral(const struct timeline *t, struct str name)
{
	const struct container_spec *spec = timeline_container(t, name);

	return spec && spec->kind == CONTAINER_EPHEMERAL;
}

/* When it ended. An end that was not observed has no time, but was before the report. */
static nsec end_of(const struct entry *e)
{
	return nsec_known(e->fact.at) ? e->fact.at : e->received;
}

/* Is this end later? Of two reports of one end the last is used, because it may have a message. */
static bool ends_later(const struct entry *e, const struct entry *than)
{
	return !than || end_of(e) >= end_of(than);
}

static void end_life(struct container_life *c, const struct entry *e)
{
	c->exit_code = e->fact.code;
	c->reason = e->fact.reason;
	c->message = e->fact.message;
	c->ended = mark_at(e->fact.at, PRECISION_SECOND, SOURCE_STATUS, e);
	if (!mark_known(&c->ended))
		c->ended.until = e->received;
	c->ended = mark_not_before(c->ended, &c->started); /* in the second in which it started */
}

/* The last state is reported together with the current one, and the two may be equal. The latest
 * report is used, and of one status the state that is not a termination. */
static void live(const struct timeline *t, struct container_life *c)
{
	const struct entry *end = NULL, *waits = NULL, *e;
	struct about a = about(t, c->name, ABOUT_STATES);
	nsec other = NSEC_NONE;

	while ((e = about_next(&a)) != NULL) {
		const struct fact *f = &e->fact;

		c->restarts = MAX(c->restarts, f->count);
		if (f->kind == FACT_TERMINATED && ends_later(e, end))
			end = e;
		if (f->kind != FACT_WAITING)
			other = clock_later(other, e->last);
		else if (!waits || e->last >= waits->last)
			waits = e;
	}
	c->started = timeline_container_started(t, c->name);
	if (end)
		end_life(c, end);
	if (waits && waits->last >= other)
		c->waiting = waits->fact.reason;
}

void timeline_containers_live(const struct timeline *t, struct container_life *list)
{
	for (size_t i = 0; i < t->n_containers; i++)
		live(t, &list[i]);
}
