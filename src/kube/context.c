/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/context.h"

#include "base/mem.h"

/*
 * The name of a kubelet's Event contains the node's time. The API server receives it after 2 ms in
 * the median, in bursts seconds later. So the smallest delay of many Events is the clock difference
 * plus a network delay: negative if the node's clock is fast, large if it is slow. Between 0 and
 * SKEW_MIN the reason is unclear, and nothing is corrected.
 */
enum { SKEW_EVENTS = 8 };
#define SKEW_MIN SECOND

/* Joins names with NUL, in a buffer that is reused. */
static struct str joined(struct context *c, const struct str *parts, size_t n)
{
	size_t size = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		size += parts[i].n + 1;
	array_reserve(c->key.p, c->key.cap, size);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n)
			memcpy(c->key.p + at, parts[i].p, parts[i].n);
		at += parts[i].n;
		c->key.p[at++] = 0;
	}
	return (struct str){ c->key.p, size };
}

struct cluster *context_cluster(struct context *c, struct str cluster)
{
	bool is_new;
	uint32_t i;

	/* most logs are of one cluster */
	if (c->cluster_names.n == 1 && str_eq(c->cluster_names.keys[0], cluster))
		return &c->clusters[0];
	i = map_put(&c->cluster_names, cluster, &is_new);
	if (is_new) {
		array_reserve(c->clusters, c->clusters_cap, (size_t)i + 1);
		c->clusters[i] = (struct cluster){ .first = NSEC_NONE,
						   .last = NSEC_NONE,
						   .dumped_first = NSEC_NONE,
						   .dumped_last = NSEC_NONE,
						   .dumped_older = NSEC_NONE };
	}
	return &c->clusters[i];
}

static void widen(nsec *first, nsec *last, nsec from, nsec to)
{
	if (!nsec_known(*first) || from < *first)
		*first = from;
	if (!nsec_known(*last) || to > *last)
		*last = to;
}

static size_t minute_slot(const struct cluster *cl, int64_t minute)
{
	size_t at = (size_t)((uint64_t)minute * 0x9e3779b97f4a7c15u >> 20) & (cl->minutes_cap - 1);

	while (nsec_known(cl->minutes[at].first) && cl->minutes[at].minute != minute)
		at = (at + 1) & (cl->minutes_cap - 1);
	return at;
}

static void minutes_grow(struct cluster *cl)
{
	struct minute *old = cl->minutes;
	size_t n = cl->minutes_cap;

	cl->minutes_cap = n ? n * 2 : 64;
	cl->minutes = mem_realloc(NULL, cl->minutes_cap, sizeof(*cl->minutes));
	for (size_t i = 0; i < cl->minutes_cap; i++)
		cl->minutes[i].first = NSEC_NONE;
	for (size_t i = 0; i < n; i++)
		if (nsec_known(old[i].first))
			cl->minutes[minute_slot(cl, old[i].minute)] = old[i];
	mem_free(old);
}

static void minute_add(struct cluster *cl, int64_t minute, nsec first, nsec last)
{
	struct minute *m;

	if (cl->n_minutes * 4 >= cl->minutes_cap * 3)
		minutes_grow(cl);
	m = &cl->minutes[minute_slot(cl, minute)];
	if (!nsec_known(m->first)) {
		if (cl->n_minutes == CONTEXT_MINUTES_MAX)
			return;
		cl->n_minutes++;
		*m = (struct minute){ minute, first, last };
		return;
	}
	widen(&m->first, &m->last, first, last);
}

void context_record(struct context *c, struct str cluster, nsec at, enum writing what)
{
	struct cluster *cl = context_cluster(c, cluster);

	cl->records++;
	widen(&cl->first, &cl->last, at, at);
	minute_add(cl, at / MINUTE, at, at);
	presence_add(&c->presence, cluster, WRITER_ALL, at, what);
}

void context_bound(struct context *c, struct str cluster, struct str node, nsec at)
{
	context_cluster(c, cluster)->bindings++;
	presence_ask_kubelet(&c->presence, cluster, node, at, true);
}

struct node *context_node(struct context *c, struct str cluster, struct str node)
{
	bool is_new;
	uint32_t i =
	    map_put(&c->node_names, joined(c, (struct str[]){ cluster, node }, 2), &is_new);

	if (is_new) {
		array_reserve(c->nodes, c->nodes_cap, (size_t)i + 1);
		c->nodes[i] = (struct node){ .created = NSEC_NONE };
	}
	return &c->nodes[i];
}

void context_delay(struct context *c, struct str cluster, struct str node, nsec delay)
{
	delays_add(&context_node(c, cluster, node)->delays, delay);
}

static void change_add(struct context *c, struct node *node, const struct node_change *change)
{
	if (node->n_changes == CONTEXT_NODE_CHANGES_MAX)
		return;
	for (size_t i = 0; i < node->n_changes; i++)
		if (node->changes[i].at == change->at && node->changes[i].truth == change->truth &&
		    str_eq(node->changes[i].subject, change->subject))
			return;
	array_reserve(node->changes, node->changes_cap, node->n_changes + 1);
	node->changes[node->n_changes++] = (struct node_change){
		change->at,
		arena_str(&c->arena, change->subject),
		change->truth,
	};
}

void context_node_change(struct context *c, struct str cluster, struct str node,
			 const struct node_change *change)
{
	change_add(c, context_node(c, cluster, node), change);
}

void context_dumped(struct context *c, struct str cluster, nsec at)
{
	struct cluster *cl = context_cluster(c, cluster);

	if (nsec_known(at))
		widen(&cl->dumped_first, &cl->dumped_last, at, at);
}

static void note_copy(struct context *c, struct cluster *cl, const struct copy *copy)
{
	struct copy older;

	if (!copies_put(&c->copies, copy, &older))
		return;
	cl->pods_twice = cl->pods_twice || copy->pod;
	cl->dumped_older = clock_later(cl->dumped_older, older.at);
}

void context_copy(struct context *c, const struct dumped_copy *dumped)
{
	struct cluster *cl = context_cluster(c, dumped->cluster);
	const struct copy copy = {
		.id = copies_id(dumped->cluster, dumped->kind, dumped->identity),
		.version = copies_version(dumped->version),
		.at = dumped->at,
		.cluster = (uint32_t)(cl - c->clusters),
		.pod = str_eq(dumped->kind, STR("Pod")),
	};

	note_copy(c, cl, &copy);
}

bool context_outdated(const struct context *c, const struct dumped_copy *dumped)
{
	const struct copy own = { .version = copies_version(dumped->version), .at = dumped->at };
	const struct copy *newest =
	    copies_find(&c->copies, copies_id(dumped->cluster, dumped->kind, dumped->identity));

	return newest && (newest->version != own.version || newest->at != own.at) &&
	       copies_older(newest, &own) == &own && newest->at <= own.at;
}

/* A node's zone does not change. If there are two, the first by name is used, so that the reading
 * order does not matter. */
void context_node_zone(struct context *c, struct str cluster, struct str node, struct str zone)
{
	struct node *n = context_node(c, cluster, node);

	if (zone.n && (!n->zone.p || str_cmp(zone, n->zone) < 0))
		n->zone = arena_str(&c->arena, zone);
}

void context_node_created(struct context *c, struct str cluster, struct str node, nsec created)
{
	struct node *n = context_node(c, cluster, node);

	n->created = clock_earlier(n->created, created);
}

void context_node_behind(struct context *c, struct str cluster, struct str node, nsec behind)
{
	struct node *n = context_node(c, cluster, node);

	n->behind = MAX(n->behind, behind);
}

static void owner_put(struct context *c, struct str key, struct str owner, nsec created)
{
	bool is_new;
	uint32_t i = map_put(&c->owner_names, key, &is_new);

	if (is_new) {
		array_reserve(c->owners, c->owners_cap, (size_t)i + 1);
		c->owners[i] = (struct owned){ arena_str(&c->arena, owner), NSEC_NONE };
	} else if (owner.n && (!c->owners[i].owner.n || str_cmp(owner, c->owners[i].owner) < 0)) {
		/* the object was recreated with another owner: any choice will do if it is always
		 * the same */
		c->owners[i].owner = arena_str(&c->arena, owner);
	}
	if (created > 0 && (!nsec_known(c->owners[i].created) || created < c->owners[i].created))
		c->owners[i].created = created;
}

void context_owner(struct context *c, const struct ownership *o)
{
	struct str key = joined(c, (struct str[]){ o->cluster, o->namespace, o->kind, o->name }, 4);
	char owner[512];
	size_t n = o->owner_kind.n;

	if (n + o->owner_name.n + 1 > sizeof(owner))
		return;
	if (!n) {
		if (o->created > 0)
			owner_put(c, key, (struct str){ 0 }, o->created);
		return;
	}
	memcpy(owner, o->owner_kind.p, n);
	owner[n] = 0;
	if (o->owner_name.n)
		memcpy(owner + n + 1, o->owner_name.p, o->owner_name.n);
	owner_put(c, key, (struct str){ owner, n + o->owner_name.n + 1 }, o->created);
}

static void cluster_merge(struct cluster *to, const struct cluster *from)
{
	to->records += from->records;
	to->status_writes += from->status_writes;
	to->status_bodies += from->status_bodies;
	to->claim_writes += from->claim_writes;
	to->bindings += from->bindings;
	if (nsec_known(from->dumped_first))
		widen(&to->dumped_first, &to->dumped_last, from->dumped_first, from->dumped_last);
	to->dumped_older = clock_later(to->dumped_older, from->dumped_older);
	to->pods_twice = to->pods_twice || from->pods_twice;
	if (nsec_known(from->first))
		widen(&to->first, &to->last, from->first, from->last);
	for (size_t i = 0; i < from->minutes_cap; i++)
		if (nsec_known(from->minutes[i].first))
			minute_add(to, from->minutes[i].minute, from->minutes[i].first,
				   from->minutes[i].last);
}

static void copies_merge(struct context *sum, const struct context *more)
{
	for (size_t i = 0; i < more->copies.cap; i++) {
		struct copy copy = more->copies.slots[i];
		struct cluster *cl;

		if (!copy.id)
			continue;
		cl = context_cluster(sum, more->cluster_names.keys[copy.cluster]);
		copy.cluster = (uint32_t)(cl - sum->clusters);
		note_copy(sum, cl, &copy);
	}
}

void context_merge(struct context *sum, const struct context *more)
{
	for (size_t i = 0; i < more->cluster_names.n; i++)
		cluster_merge(context_cluster(sum, more->cluster_names.keys[i]),
			      &more->clusters[i]);
	for (size_t i = 0; i < more->node_names.n; i++) {
		const struct node *from = &more->nodes[i];
		struct str cluster, node;
		struct node *to;

		str_cut(more->node_names.keys[i], 0, &cluster, &node);
		to = context_node(sum, cluster, (struct str){ node.p, node.n - 1 });
		delays_join(&to->delays, &from->delays);
		for (size_t k = 0; k < from->n_changes; k++)
			change_add(sum, to, &from->changes[k]);
		context_node_zone(sum, cluster, (struct str){ node.p, node.n - 1 }, from->zone);
		to = context_node(sum, cluster, (struct str){ node.p, node.n - 1 });
		to->created = clock_earlier(to->created, from->created);
		to->behind = MAX(to->behind, from->behind);
	}
	for (size_t i = 0; i < more->owner_names.n; i++)
		owner_put(sum, more->owner_names.keys[i], more->owners[i].owner,
			  more->owners[i].created);
	copies_merge(sum, more);
	presence_merge(&sum->presence, &more->presence);
}

static void find_gaps(struct cluster *cl)
{
	for (size_t i = 1; i < cl->n_minutes; i++) {
		struct gap gap = { cl->minutes[i - 1].last, cl->minutes[i].first };

		if (gap.to - gap.from < MINUTE)
			continue;
		array_reserve(cl->gaps, cl->gaps_cap, cl->n_gaps + 1);
		cl->gaps[cl->n_gaps++] = gap;
	}
}

static int by_from(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Adds unusual silences that are shorter than the gaps; their edges are whole slots. */
static void add_holes(struct cluster *cl, const struct holes *holes)
{
	size_t long_ones = cl->n_gaps;

	for (size_t i = 0; i < holes->n; i++) {
		struct gap gap = holes->list[i];
		bool known = false;

		for (size_t k = 0; k < long_ones; k++)
			known = known || (cl->gaps[k].from < gap.to && cl->gaps[k].to > gap.from);
		if (known)
			continue;
		array_reserve(cl->gaps, cl->gaps_cap, cl->n_gaps + 1);
		cl->gaps[cl->n_gaps++] = gap;
	}
	if (cl->n_gaps > long_ones)
		qsort(cl->gaps, cl->n_gaps, sizeof(*cl->gaps), by_from);
}

static int by_minute(const void *a, const void *b)
{
	const struct minute *x = a, *y = b;

	return (x->minute > y->minute) - (x->minute < y->minute);
}

static int by_time(const void *a, const void *b)
{
	const struct node_change *x = a, *y = b;
	int c = (x->at > y->at) - (x->at < y->at);

	c = c ? c : str_cmp(x->subject, y->subject);
	return c ? c : (int)x->truth - (int)y->truth;
}

static int by_cluster_name(const void *a, const void *b, void *names)
{
	const struct map *m = names;

	return str_cmp(m->keys[*(const uint32_t *)a], m->keys[*(const uint32_t *)b]);
}

/* Sorted by name, because threads meet clusters in any order. */
static void sort_clusters(struct context *c)
{
	size_t n = c->cluster_names.n;

	c->by_name = mem_realloc(c->by_name, n, sizeof(*c->by_name));
	for (size_t i = 0; i < n; i++)
		c->by_name[i] = (uint32_t)i;
	if (n)
		qsort_r(c->by_name, n, sizeof(*c->by_name), by_cluster_name, &c->cluster_names);
}

/* The node controller sets a node not ready if its lease was not renewed for 40 s (50 s since
 * Kubernetes 1.32). It checks every 5 s, and leases are renewed every 10 s. */
#define AWAY_LEAST (30 * SECOND)
#define AWAY_MOST (65 * SECOND)

/* Ready is no longer True. A policy may hide node statuses and still log the taint. */
static bool says_away(const struct node_change *c)
{
	return (str_eq(c->subject, STR("Ready")) && !c->truth) ||
	       (str_starts(c->subject, STR("node.kubernetes.io/unreachable:")) && c->truth);
}

/* The kubelet was stopped and came back: its node was set not ready at that time. */
static bool was_away(const void *ctx, struct str cluster, struct str node, const struct gap *gap)
{
	const struct node *n = context_find_node(ctx, cluster, node);

	if (!n || gap->from == INT64_MIN || gap->to == INT64_MAX)
		return false;
	for (size_t i = 0; i < n->n_changes; i++) {
		const struct node_change *c = &n->changes[i];

		if (says_away(c) && c->at < gap->to && c->at - gap->from >= AWAY_LEAST &&
		    c->at - gap->from <= AWAY_MOST)
			return true;
	}
	return false;
}

void context_finish(struct context *c)
{
	sort_clusters(c);
	presence_sort(&c->presence);
	for (size_t i = 0; i < c->cluster_names.n; i++) {
		struct cluster *cl = &c->clusters[i];
		size_t n = 0;

		for (size_t k = 0; k < cl->minutes_cap; k++)
			if (nsec_known(cl->minutes[k].first))
				cl->minutes[n++] = cl->minutes[k];
		if (n)
			qsort(cl->minutes, n, sizeof(*cl->minutes), by_minute);
		find_gaps(cl);
		presence_finish(&c->presence, c->cluster_names.keys[i],
				(struct gap){ cl->first, cl->last }, was_away, c);
		add_holes(cl, presence_holes(&c->presence, c->cluster_names.keys[i], WRITER_ALL));
	}
	for (size_t i = 0; i < c->node_names.n; i++) {
		if (c->nodes[i].n_changes)
			qsort(c->nodes[i].changes, c->nodes[i].n_changes,
			      sizeof(*c->nodes[i].changes), by_time);
	}
}

void context_free(struct context *c)
{
	for (size_t i = 0; i < c->cluster_names.n; i++) {
		mem_free(c->clusters[i].minutes);
		mem_free(c->clusters[i].gaps);
	}
	for (size_t i = 0; i < c->node_names.n; i++) {
		mem_free(c->nodes[i].changes);
		delays_free(&c->nodes[i].delays);
	}
	mem_free(c->clusters);
	mem_free(c->by_name);
	mem_free(c->nodes);
	mem_free(c->owners);
	mem_free(c->key.p);
	map_free(&c->cluster_names);
	map_free(&c->node_names);
	map_free(&c->owner_names);
	presence_free(&c->presence);
	copies_free(&c->copies);
	arena_free(&c->arena);
	*c = (struct context){ 0 };
}

const struct cluster *context_find_cluster(const struct context *c, struct str cluster)
{
	uint32_t i = map_find(&c->cluster_names, cluster);

	return i == MAP_NONE ? NULL : &c->clusters[i];
}

/* Threads share the context, so lookups must not write to it: keys are built on the stack. */
static uint32_t find_joined(const struct map *m, const struct str *parts, size_t n)
{
	char key[1024];
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (parts[i].n >= sizeof(key) - at)
			return MAP_NONE;
		if (parts[i].n)
			memcpy(key + at, parts[i].p, parts[i].n);
		at += parts[i].n;
		key[at++] = 0;
	}
	return map_find(m, (struct str){ key, at });
}

bool context_workload(const struct context *c, struct str cluster, struct str namespace,
		      struct str *kind, struct str *name)
{
	enum { CHAIN_MAX = 4 }; /* Pod, Job, CronJob is 2; limits cycles */
	bool found = false;

	for (int i = 0; i < CHAIN_MAX; i++) {
		uint32_t at = find_joined(&c->owner_names,
					  (struct str[]){ cluster, namespace, *kind, *name }, 4);

		if (at == MAP_NONE || !str_cut(c->owners[at].owner, 0, kind, name))
			break;
		found = true;
	}
	return found;
}

nsec context_created(const struct context *c, struct str cluster, struct str namespace,
		     struct str kind, struct str name)
{
	uint32_t at =
	    find_joined(&c->owner_names, (struct str[]){ cluster, namespace, kind, name }, 4);

	return at == MAP_NONE ? NSEC_NONE : c->owners[at].created;
}

const struct node *context_find_node(const struct context *c, struct str cluster, struct str node)
{
	uint32_t i = find_joined(&c->node_names, (struct str[]){ cluster, node }, 2);

	return i == MAP_NONE ? NULL : &c->nodes[i];
}

static nsec offset_of(const struct node *n)
{
	const struct delays *d = &n->delays;

	if (!d->n)
		return 0;
	return d->least < 0 || (d->least > SKEW_MIN && d->n >= SKEW_EVENTS) ? d->least : 0;
}

nsec context_clock_offset(const struct context *c, struct str cluster, struct str node)
{
	const struct node *n = context_find_node(c, cluster, node);

	return n ? offset_of(n) : 0;
}

nsec context_clock_behind(const struct node *node)
{
	return node->behind > MAX(offset_of(node), 0) ? node->behind : 0;
}

bool context_has_node(const struct context *c, struct str cluster, struct str node)
{
	return context_find_node(c, cluster, node) ||
	       presence_knows_kubelet(&c->presence, cluster, node);
}

struct str context_zone(const struct context *c, struct str cluster, struct str node)
{
	const struct node *n = context_find_node(c, cluster, node);

	return n && n->zone.p ? n->zone : STR("");
}
