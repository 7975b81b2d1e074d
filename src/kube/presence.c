/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/presence.h"

#include "base/mem.h"

enum {
	KEY_MAX = 768, /* no component has a longer name */
	LEASES_FEW = 8 /* fewer are no regular renewal */
};

/*
 * Which silences are unusual. Leases are renewed regularly: by each kubelet every 10 s, by the
 * scheduler and the controller manager every 2 s. Without leases, a client is also silent when
 * it has nothing to do, so only unanswered work shows that it is missing. All clients together
 * are hardly ever silent, unless the log was filtered.
 *
 * 10 minutes without any write are always a hole, because each kubelet reports its node's status
 * every 5 minutes, whatever else a policy drops.
 */
static const struct beat {
	nsec floor, ceiling;
	int64_t factor, busy_factor;
} beats[2][2] = {
	/* of one client, of all together */
	{ { INT64_MAX, INT64_MAX, 8, 4 }, { 10 * SECOND, 10 * MINUTE, 8, 4 } },
	/* with leases */
	{ { 15 * SECOND, INT64_MAX, 3, 3 }, { 4 * SECOND, 10 * MINUTE, 3, 3 } },
};

/* A kubelet with a pod to start or stop, or a scheduler with a pod to place, that writes nothing
 * for this long is not running, or not in this log. */
#define PATIENCE (30 * SECOND)

/* cluster\0name; n == 0: too long. */
static struct str key_of(char key[KEY_MAX], struct str cluster, struct str name)
{
	if (cluster.n >= KEY_MAX - 1 || name.n >= KEY_MAX - cluster.n - 1)
		return (struct str){ 0 };
	if (cluster.n)
		memcpy(key, cluster.p, cluster.n);
	key[cluster.n] = 0;
	if (name.n)
		memcpy(key + cluster.n + 1, name.p, name.n);
	return (struct str){ key, cluster.n + 1 + name.n };
}

static struct log_writer *writer_put(struct presence *p, struct str key)
{
	bool is_new;
	uint32_t i = map_put(&p->names, key, &is_new);

	array_reserve(p->writers, p->cap, (size_t)i + 1);
	if (is_new) {
		struct log_writer *w = &p->writers[i];

		*w = (struct log_writer){ .first = NSEC_NONE, .last = NSEC_NONE };
		str_cut(p->names.keys[i], 0, &w->cluster, &w->name);
	}
	return &p->writers[i];
}

/* The pages that count towards the limit: all beyond the first. */
static size_t pages_beyond(const struct chart *c)
{
	return c->n_pages ? c->n_pages - 1 : 0;
}

static void widen_chart(struct presence *p, struct chart *c, unsigned shift)
{
	struct chart wide = { 0 };

	chart_join(&wide, c, shift);
	chart_free(c);
	*c = wide;
	p->pages += pages_beyond(c);
}

static void widen_slots(struct presence *p, unsigned shift)
{
	p->pages = 0;
	for (size_t i = 0; i < p->names.n; i++) {
		widen_chart(p, &p->writers[i].chart, shift);
		widen_chart(p, &p->writers[i].asked, shift);
	}
	p->shift += shift;
}

/* A thread sees a part of all records, so it never needs wider slots than the merged charts. The
 * distribution over threads therefore does not matter. */
static void keep_small(struct presence *p)
{
	while (p->pages > PRESENCE_PAGES)
		widen_slots(p, 1);
}

static void mark_chart(struct presence *p, struct chart *c, nsec at)
{
	p->pages -= pages_beyond(c);
	chart_add(c, chart_slot(at, p->shift));
	p->pages += pages_beyond(c);
	keep_small(p);
}

void presence_add(struct presence *p, struct str cluster, struct str writer, nsec at,
		  enum writing what)
{
	char buf[KEY_MAX];
	struct str key = key_of(buf, cluster, writer);
	struct log_writer *w;

	if (!key.n)
		return;
	w = writer_put(p, key);
	w->leases += what == WRITING_LEASE;
	w->events += what == WRITING_EVENT;
	mark_chart(p, &w->chart, at);
}

/* The user name: PREFIX plus the name of the node or controller. n == 0: too long. */
static struct str user_of(char user[KEY_MAX], struct str prefix, struct str name)
{
	if (!name.n || name.n >= KEY_MAX - prefix.n)
		return (struct str){ 0 };
	memcpy(user, prefix.p, prefix.n);
	memcpy(user + prefix.n, name.p, name.n);
	return (struct str){ user, prefix.n + name.n };
}

void presence_ask(struct presence *p, struct str cluster, struct str writer, nsec at)
{
	char buf[KEY_MAX];
	struct str key = key_of(buf, cluster, writer);

	if (writer.n && key.n)
		mark_chart(p, &writer_put(p, key)->asked, at);
}

void presence_ask_kubelet(struct presence *p, struct str cluster, struct str node, nsec at,
			  bool bound)
{
	char name[KEY_MAX], buf[KEY_MAX];
	struct str user = user_of(name, WRITER_NODE, node), key = key_of(buf, cluster, user);

	presence_ask(p, cluster, user, at);
	if (user.n && key.n)
		writer_put(p, key)->bound += bound;
}

static void join(struct presence *sum, struct chart *to, const struct chart *from, unsigned shift)
{
	sum->pages -= pages_beyond(to);
	chart_join(to, from, shift);
	sum->pages += pages_beyond(to);
}

void presence_merge(struct presence *sum, const struct presence *more)
{
	unsigned shift = MAX(sum->shift, more->shift);

	if (shift > sum->shift)
		widen_slots(sum, shift - sum->shift);
	for (size_t i = 0; i < more->names.n; i++) {
		struct log_writer *w = writer_put(sum, more->names.keys[i]);

		w->leases += more->writers[i].leases;
		w->events += more->writers[i].events;
		w->bound += more->writers[i].bound;
		join(sum, &w->chart, &more->writers[i].chart, shift - more->shift);
		join(sum, &w->asked, &more->writers[i].asked, shift - more->shift);
	}
	keep_small(sum);
}

/* Order */

static int by_key(const void *a, const void *b, void *ctx)
{
	const struct presence *p = ctx;

	return str_cmp(p->names.keys[*(const uint32_t *)a], p->names.keys[*(const uint32_t *)b]);
}

/* Keys begin with the cluster and a NUL. */
void presence_sort(struct presence *p)
{
	p->n_order = p->names.n;
	p->order = mem_realloc(p->order, p->n_order + 1, sizeof(*p->order));
	for (size_t i = 0; i < p->n_order; i++)
		p->order[i] = (uint32_t)i;
	if (p->n_order)
		qsort_r(p->order, p->n_order, sizeof(*p->order), by_key, p);
}

/* The first writer whose cluster is not before `cluster`; with past: is after it. */
static size_t first_of(const struct presence *p, struct str cluster, bool past)
{
	int least = past ? 1 : 0;
	size_t i;

	LOWER_BOUND(i, p->n_order, str_cmp(p->writers[p->order[i]].cluster, cluster) < least);
	return i;
}

size_t presence_of(const struct presence *p, struct str cluster, const uint32_t **ret_numbers)
{
	size_t from = first_of(p, cluster, false);

	*ret_numbers = p->order + from;
	return first_of(p, cluster, true) - from;
}

/* Holes */

static void holes_copy(struct holes *to, const struct holes *from)
{
	for (size_t i = 0; i < from->n; i++)
		holes_add(to, from->list[i]);
}

static void find_holes(const struct presence *p, struct log_writer *w, nsec first, nsec last)
{
	const struct beat *beat = &beats[w->leases >= LEASES_FEW][!w->name.n];
	struct chart_window window = { .shift = p->shift,
				       .first = first,
				       .last = last,
				       .floor = beat->floor,
				       .ceiling = beat->ceiling,
				       .factor = beat->factor,
				       .busy_factor = beat->busy_factor,
				       .asked = &w->asked,
				       .patience = PATIENCE };

	chart_ends(&w->chart, p->shift, &w->first, &w->last);
	w->rare = w->chart.records < CHART_RARE;
	if (!w->rare || !w->name.n)
		chart_holes(&w->chart, &window, &w->holes);
}

/* Holes of any kubelet: its unlogged writes are possible there. */
static void unite_kubelets(struct presence *p, struct str cluster)
{
	const struct str prefix = WRITER_NODE;
	struct holes all = { 0 };
	const uint32_t *list;
	size_t n = presence_of(p, cluster, &list);
	char buf[KEY_MAX];
	uint64_t records = 0;

	for (size_t i = 0; i < n; i++) {
		struct log_writer *w = &p->writers[list[i]];

		if (!str_starts(w->name, prefix) || !presence_knows(w))
			continue;
		holes_copy(&all, presence_kubelet(p, cluster, str_after(w->name, prefix.n)));
		records += w->chart.records;
	}
	if (!records) /* the holes it has are not known */
		holes_copy(&all, presence_holes(p, cluster, WRITER_KUBELET));
	holes_unite(&all);
	if (key_of(buf, cluster, WRITER_KUBELETS).n) {
		struct log_writer *kubelets = writer_put(p, key_of(buf, cluster, WRITER_KUBELETS));

		kubelets->holes = all;
		kubelets->chart.records = records;
	} else {
		holes_free(&all);
	}
}

/* Adds the holes of all clients. Before a client's first write and after its last they are
 * unbounded. */
static void share_holes(struct log_writer *w, const struct holes *all)
{
	for (size_t i = 0; i < all->n && w->chart.records; i++) {
		struct gap gap = all->list[i];

		if (gap.from >= w->last)
			gap.to = INT64_MAX;
		if (gap.to <= w->first)
			gap.from = INT64_MIN;
		holes_add(&w->holes, gap);
	}
	holes_unite(&w->holes);
}

/* Notes that some controllers have accounts of their own. */
static void note_account(struct presence *p, const struct log_writer *w)
{
	char buf[KEY_MAX];
	struct str key = key_of(buf, w->cluster, WRITER_CONTROLLERS);
	uint32_t all = key.n ? map_find(&p->names, key) : MAP_NONE;

	if (all != MAP_NONE && str_starts(w->name, WRITER_ACCOUNT))
		p->writers[all].accounts = true;
}

/* Drops the holes of a kubelet that was stopped: no record of it is missing. */
static void drop_explained(struct log_writer *w, presence_explained *explained, const void *ctx)
{
	const struct str prefix = WRITER_NODE;
	size_t n = 0;

	if (!str_starts(w->name, prefix))
		return;
	for (size_t i = 0; i < w->holes.n; i++)
		if (!explained(ctx, w->cluster, str_after(w->name, prefix.n), &w->holes.list[i]))
			w->holes.list[n++] = w->holes.list[i];
	w->holes.n = n;
}

/* A controller writes only when it has something to do. Only a later record proves that it still
 * ran. */
static void find_doubts(struct log_writer *w, nsec last)
{
	if (!str_starts(w->name, WRITER_ACCOUNT))
		return;
	holes_copy(&w->doubts, &w->holes);
	if (nsec_known(w->last) && last - w->last >= PATIENCE)
		holes_add(&w->doubts, (struct gap){ w->last, INT64_MAX });
	holes_unite(&w->doubts);
}

void presence_finish(struct presence *p, struct str cluster, struct gap window,
		     presence_explained *explained, const void *ctx)
{
	const uint32_t *list;
	size_t n = presence_of(p, cluster, &list);
	const struct holes *all;

	if (!nsec_known(window.from))
		return;
	for (size_t i = 0; i < n; i++) {
		struct log_writer *w = &p->writers[list[i]];

		find_holes(p, w, window.from, window.to);
		if (explained)
			drop_explained(w, explained, ctx);
		w->own = w->holes.n > 0;
		note_account(p, w);
	}
	all = presence_holes(p, cluster, WRITER_ALL);
	for (size_t i = 0; i < n; i++) {
		struct log_writer *w = &p->writers[list[i]];

		if (w->name.n)
			share_holes(w, all);
		find_doubts(w, window.to);
	}
	unite_kubelets(p, cluster);
}

void presence_free(struct presence *p)
{
	for (size_t i = 0; i < p->names.n; i++) {
		chart_free(&p->writers[i].chart);
		chart_free(&p->writers[i].asked);
		holes_free(&p->writers[i].holes);
		holes_free(&p->writers[i].doubts);
	}
	mem_free(p->writers);
	mem_free(p->order);
	map_free(&p->names);
	*p = (struct presence){ 0 };
}

const struct log_writer *presence_find(const struct presence *p, struct str cluster,
				       struct str name)
{
	char buf[KEY_MAX];
	struct str key = key_of(buf, cluster, name);
	uint32_t i = key.n ? map_find(&p->names, key) : MAP_NONE;

	return i == MAP_NONE ? NULL : &p->writers[i];
}

static const struct holes *everywhere(void)
{
	static struct gap whole = { INT64_MIN, INT64_MAX };
	static const struct holes holes = { .list = &whole, .n = 1 };

	return &holes;
}

const struct holes *presence_holes(const struct presence *p, struct str cluster, struct str name)
{
	static const struct holes none;
	const struct log_writer *w = presence_find(p, cluster, name),
				*all = presence_find(p, cluster, WRITER_ALL);

	if (!all || !all->chart.records)
		return &none; /* dumps have no clients */
	if (w && (w->chart.records || str_eq(name, WRITER_KUBELETS)))
		return &w->holes;
	return everywhere();
}

const struct holes *presence_kubelet(const struct presence *p, struct str cluster, struct str node)
{
	const struct log_writer *anonymous = presence_find(p, cluster, WRITER_KUBELET);
	char name[KEY_MAX];
	struct str writer = user_of(name, WRITER_NODE, node);
	const struct log_writer *w = writer.n ? presence_find(p, cluster, writer) : NULL;

	if (!writer.n)
		return presence_holes(p, cluster, WRITER_KUBELETS);
	/* if kubelets do not give their node names, any of them may be missing */
	if (anonymous && !(w && w->chart.records))
		return presence_holes(p, cluster, WRITER_KUBELET);
	return presence_holes(p, cluster, writer);
}

const struct holes *presence_controller(const struct presence *p, struct str cluster,
					struct str controller)
{
	char name[KEY_MAX];
	struct str user = user_of(name, WRITER_ACCOUNT, controller);
	const struct log_writer *own = user.n ? presence_find(p, cluster, user) : NULL,
				*all = presence_find(p, cluster, WRITER_CONTROLLERS),
				*kubelets = presence_find(p, cluster, WRITER_KUBELETS);

	if (own && own->chart.records && !own->rare)
		return &own->doubts;
	if (user.n && all && all->accounts && !(own && own->chart.records))
		return presence_holes(p, cluster, WRITER_UNKNOWN);
	/* a log with a few selected records need not contain those of controllers */
	if (!all && !user.n && !(kubelets && kubelets->chart.records >= CHART_RARE))
		return presence_holes(p, cluster, WRITER_ALL);
	return presence_holes(p, cluster, WRITER_CONTROLLERS);
}

const struct log_writer *presence_find_kubelet(const struct presence *p, struct str cluster,
					       struct str node)
{
	char name[KEY_MAX];
	struct str user = user_of(name, WRITER_NODE, node);

	return user.n ? presence_find(p, cluster, user) : NULL;
}

bool presence_knows_kubelet(const struct presence *p, struct str cluster, struct str node)
{
	const struct log_writer *w = presence_find_kubelet(p, cluster, node);

	return w && presence_knows(w);
}

bool presence_knows(const struct log_writer *w)
{
	return w->chart.records || w->bound || !str_starts(w->name, WRITER_NODE);
}
