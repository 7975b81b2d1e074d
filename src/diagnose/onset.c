/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/onset.h"

#include "base/buf.h"
#include "base/mem.h"

struct str tie_name(enum tie tie)
{
	return str_from(changed_words[tie]);
}

/* How many pods of a group have something, and since when. */
struct share {
	uint64_t pods, last; /* last: the number of the pod that was counted last */
	nsec since;
};

struct group {
	struct map keys; /* tie and what it is */
	struct share *shares;
	size_t cap;
	uint64_t pods;
	nsec first, last;
	const struct rule *rule;
	struct onset onset;
};

struct onsets {
	const struct writes *writes;
	const struct write **by_time; /* those that are news */
	size_t n_by_time;
	struct map names; /* of what was written, and of what writes are about inside */
	struct map keys;  /* id of the rule and scope */
	struct group *groups;
	size_t n, cap;
	struct group alone; /* of one pod */
	struct buf key;
};

/* What a write is about inside of its object: webhooks by their names, taints by their keys. */
static bool item_of(struct str path, struct str *ret_item)
{
	static const struct str lists[] = { { "webhooks[", 9 }, { "spec.taints[", 12 } };
	struct str rest, item;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (!str_starts(path, lists[i]) ||
		    !str_cut(str_after(path, lists[i].n), ']', &item, &rest))
			continue;
		str_cut(item, ':', &item, &rest);
		*ret_item = item;
		return true;
	}
	return false;
}

static int by_time(const void *a, const void *b)
{
	const struct write *x = *(const struct write *const *)a;
	const struct write *y = *(const struct write *const *)b;

	/* those of one time stay in the order of the writes: they stand in one array */
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

struct onsets *onsets_new(const struct writes *writes)
{
	struct onsets *o = mem_zalloc(sizeof(*o));
	struct str item;

	o->writes = writes;
	o->by_time = mem_realloc(NULL, MAX(writes->n, 1), sizeof(*o->by_time));
	for (size_t i = 0; i < writes->n; i++) {
		const struct write *w = &writes->list[i];

		if (!w->news)
			continue;
		o->by_time[o->n_by_time++] = w;
		if (w->name.n)
			map_put(&o->names, w->name, NULL);
		for (size_t k = 0; k < w->n_leaves; k++)
			if (item_of(w->leaves[k].path, &item))
				map_put(&o->names, item, NULL);
		for (size_t k = 0; k < w->n_changes; k++)
			if (item_of(w->changes[k].path, &item))
				map_put(&o->names, item, NULL);
	}
	qsort(o->by_time, o->n_by_time, sizeof(*o->by_time), by_time);
	return o;
}

static void group_free(struct group *g)
{
	map_free(&g->keys);
	mem_free(g->shares);
}

void onsets_free(struct onsets *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n; i++)
		group_free(&o->groups[i]);
	group_free(&o->alone);
	mem_free(o->groups);
	mem_free(o->by_time);
	map_free(&o->names);
	map_free(&o->keys);
	buf_free(&o->key);
	mem_free(o);
}

/* Gathering what pods have in common */

/* The key of a share, in o->key. */
static struct str key_of(struct onsets *o, enum tie tie, const struct str parts[4])
{
	buf_reset(&o->key);
	buf_add_char(&o->key, (char)('a' + tie));
	for (unsigned i = 0; i < 4; i++) {
		buf_add_str(&o->key, parts[i]);
		buf_add_char(&o->key, 0);
	}
	return buf_str(&o->key);
}

static void share_add(struct onsets *o, struct group *g, nsec at, enum tie tie,
		      const struct str parts[4])
{
	bool is_new;
	uint32_t i = map_put(&g->keys, key_of(o, tie, parts), &is_new);
	struct share *s;

	array_reserve(g->shares, g->cap, (size_t)i + 1);
	s = &g->shares[i];
	if (is_new)
		*s = (struct share){ .since = at };
	if (s->last == g->pods)
		return;
	s->last = g->pods;
	s->pods++;
	s->since = MIN(s->since, at);
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.';
}

static struct str without_dots(struct str word)
{
	while (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == '-'))
		word.n--;
	return word;
}

static void name_add(struct onsets *o, struct group *g, const struct timeline *t, nsec at,
		     struct str name)
{
	if (!name.n || map_find(&o->names, name) == MAP_NONE)
		return;
	share_add(o, g, at, TIE_NAMED, (struct str[4]){ t->cluster, t->namespace, name });
	share_add(o, g, at, TIE_NAMED, (struct str[4]){ t->cluster, STR(""), name });
}

/* The words of a text that are names: [kind/]name, in quotes or not; a taint's may have a slash. */
static void text_add(struct onsets *o, struct group *g, const struct timeline *t, nsec at,
		     struct str text)
{
	for (size_t i = 0; i < text.n;) {
		size_t end = i, slash = SIZE_MAX;

		for (; end < text.n && (is_name_byte(text.p[end]) || text.p[end] == '/'); end++)
			if (text.p[end] == '/')
				slash = end;
		name_add(o, g, t, at, without_dots(str_from_to(text.p + i, text.p + end)));
		if (slash != SIZE_MAX)
			name_add(o, g, t, at,
				 without_dots(str_from_to(text.p + slash + 1, text.p + end)));
		i = end + 1;
	}
}

static void names_add(struct onsets *o, struct group *g, const struct timeline *t,
		      const struct cause *c)
{
	struct str rest = t->object ? t->object->claims : STR(""), claim;

	for (size_t i = 0; i < c->n_evidence; i++)
		text_add(o, g, t, c->first, c->evidence[i]->fact.message);
	while (str_cut(rest, 0, &claim, &rest))
		name_add(o, g, t, c->first, claim);
}

static void group_add(struct onsets *o, struct group *g, const struct timeline *t,
		      const struct cause *c)
{
	g->rule = c->rule;
	g->pods++;
	if (!nsec_known(c->first))
		return;
	g->first = !nsec_known(g->first) ? c->first : MIN(g->first, c->first);
	g->last = MAX(g->last, c->first);
	share_add(o, g, c->first, TIE_CLUSTER, (struct str[4]){ t->cluster });
	share_add(o, g, c->first, TIE_NAMESPACE, (struct str[4]){ t->cluster, t->namespace });
	if (t->node.n)
		share_add(o, g, c->first, TIE_NODE, (struct str[4]){ t->cluster, t->node });
	if (t->workload_name.n)
		share_add(o, g, c->first, TIE_WORKLOAD,
			  (struct str[4]){ t->cluster, t->namespace, t->workload_kind,
					   t->workload_name });
	names_add(o, g, t, c);
}

static void group_begin(struct group *g)
{
	map_reset(&g->keys);
	g->pods = 0;
	g->first = g->last = NSEC_NONE;
}

void onsets_add(struct onsets *o, const struct timeline *t, const struct cause *cause)
{
	struct buf key = { 0 };
	bool is_new;
	uint32_t i;

	buf_printf(&key, STR_FMT "/%u", STR_ARG(cause->rule->id), (unsigned)cause->scope);
	i = map_put(&o->keys, buf_str(&key), &is_new);
	buf_free(&key);
	if (is_new) {
		array_reserve(o->groups, o->cap, o->n + 1);
		o->groups[o->n] = (struct group){ 0 };
		group_begin(&o->groups[o->n++]);
	}
	group_add(o, &o->groups[i], t, cause);
}

/* Judging writes */

static bool is_creation(const struct write *w)
{
	return str_eq(w->verb, STR("create")) || w->status == 201;
}

static bool is_scaling(const struct write *w)
{
	if (w->subresource.n)
		return true;
	for (size_t i = 0; i < w->n_changes; i++)
		if (!str_eq(w->changes[i].path, STR("spec.replicas")))
			return false;
	return w->n_changes > 0;
}

/*
 * Whether a node takes fewer pods than before: a taint taken off or an uncordon does not do that,
 * nor does a label that was added.
 */
static bool node_lost_something(const struct write *w, bool by_labels)
{
	for (size_t i = 0; i < w->n_changes; i++) {
		const struct write_change *c = &w->changes[i];
		bool label = str_starts(c->path, STR("metadata.labels"));
		bool added = c->before.p && !c->before.n, gone = !c->after.n;

		if (label ? by_labels && !added : !gone && !str_eq(c->after, STR("false")))
			return true;
	}
	return !w->n_changes; /* it was deleted, or what changed is not shown */
}

static bool may_matter(const struct write *w, unsigned changed)
{
	if (is_creation(w) && changed & CHANGED_NOT_CREATED)
		return false;
	if (changed & 1u << TIE_WORKLOAD && is_scaling(w))
		return changed & CHANGED_SCALED;
	return strcmp(w->row->resource, "nodes") != 0 ||
	       node_lost_something(w, changed & CHANGED_LABELS);
}

static const struct share *share_of(struct onsets *o, const struct group *g, enum tie tie,
				    const struct str parts[4])
{
	uint32_t i = map_find(&g->keys, key_of(o, tie, parts));

	return i == MAP_NONE ? NULL : &g->shares[i];
}

static const struct share *named(struct onsets *o, const struct group *g, const struct write *w)
{
	bool node = strcmp(w->row->resource, "nodes") == 0;
	const struct share *s = NULL;
	struct str item;

	/* a scheduler's sentence is about all nodes: of nodes it names the taints */
	if (!node && w->name.n)
		s = share_of(o, g, TIE_NAMED, (struct str[4]){ w->cluster, w->namespace, w->name });
	for (size_t i = 0; i < w->n_leaves && !s; i++)
		if (item_of(w->leaves[i].path, &item))
			s = share_of(o, g, TIE_NAMED, (struct str[4]){ w->cluster, STR(""), item });
	for (size_t i = 0; i < w->n_changes && !s; i++)
		if (item_of(w->changes[i].path, &item))
			s = share_of(o, g, TIE_NAMED, (struct str[4]){ w->cluster, STR(""), item });
	return s;
}

static const struct share *tied(struct onsets *o, const struct group *g, const struct write *w,
				enum tie tie)
{
	bool space = strcmp(w->row->resource, "namespaces") == 0;

	switch (tie) {
	case TIE_NAMED:
		return named(o, g, w);
	case TIE_WORKLOAD:
		return share_of(
		    o, g, tie,
		    (struct str[4]){ w->cluster, w->namespace, str_from(w->row->kind), w->name });
	case TIE_NODE:
		return share_of(o, g, tie, (struct str[4]){ w->cluster, w->name });
	case TIE_NAMESPACE:
		return share_of(o, g, tie,
				(struct str[4]){ w->cluster, space ? w->name : w->namespace });
	default:
		return share_of(o, g, tie, (struct str[4]){ w->cluster });
	}
}

static bool same_object(const struct write *x, const struct write *y)
{
	return x->row == y->row && str_eq(x->cluster, y->cluster) &&
	       str_eq(x->namespace, y->namespace) && str_eq(x->name, y->name);
}

static bool is_same_or_above(struct str above, struct str path)
{
	return str_starts(path, above) &&
	       (path.n == above.n || path.p[above.n] == '.' || path.p[above.n] == '[');
}

static bool changes_path(const struct write *w, struct str path)
{
	for (size_t i = 0; i < w->n_changes; i++)
		if (is_same_or_above(w->changes[i].path, path) ||
		    is_same_or_above(path, w->changes[i].path))
			return true;
	return false;
}

/* All that it changed was changed again before that time: a cordon that was taken back. */
static bool is_outdated(const struct onsets *o, const struct write *w, nsec since)
{
	const struct write *end = o->writes->list + o->writes->n;
	size_t again = 0;

	if (w->more_changes)
		return false;
	for (size_t i = 0; i < w->n_changes; i++)
		for (const struct write *later = w + 1;
		     later < end && same_object(w, later) && later->at <= since; later++)
			if (changes_path(later, w->changes[i].path)) {
				again++;
				break;
			}
	return w->n_changes && again == w->n_changes;
}

/* True: it is worth telling of that group. */
static bool judge(struct onsets *o, const struct group *g, const struct write *w,
		  struct onset_write *ret)
{
	unsigned changed = g->rule->changed[w->row - write_rows];

	if (!changed || !may_matter(w, changed))
		return false;
	for (unsigned tie = 0; tie < TIE_COUNT; tie++) {
		const struct share *s = changed & 1u << tie ? tied(o, g, w, (enum tie)tie) : NULL;
		bool creation = tie == TIE_WORKLOAD && is_creation(w);

		if (!s)
			continue;
		*ret = (struct onset_write){ .write = w,
					     .tie = (enum tie)tie,
					     .creation = creation,
					     .last = changed & CHANGED_LAST,
					     .since = s->since,
					     .pods = s->pods };
		/* the closest tie decides: what came too late there is no news elsewhere */
		return w->at <= s->since && s->since - w->at <= ONSET_WINDOW &&
		       s->pods * 2 >= g->pods && (!creation || s->pods == g->pods) &&
		       !is_outdated(o, w, s->since);
	}
	return false;
}

static bool is_better(const struct onset_write *x, const struct onset_write *y)
{
	nsec a = x->since - x->write->at, b = y->since - y->write->at;

	if (x->creation != y->creation)
		return y->creation;
	if (x->last != y->last)
		return y->last;
	if (x->tie != y->tie)
		return x->tie < y->tie;
	if (x->pods != y->pods)
		return x->pods > y->pods;
	return a != b ? a < b : x->write < y->write;
}

/* The best ones stay, one of each object. */
static void keep(struct onset *onset, const struct onset_write *one)
{
	size_t at = 0;

	for (size_t i = 0; i < onset->n; i++) {
		if (!same_object(onset->writes[i].write, one->write))
			continue;
		if (!is_better(one, &onset->writes[i]))
			return;
		memmove(&onset->writes[i], &onset->writes[i + 1],
			(onset->n - i - 1) * sizeof(*one));
		onset->n--;
		break;
	}
	while (at < onset->n && is_better(&onset->writes[at], one))
		at++;
	if (at == ONSET_WRITES_MAX)
		return;
	onset->n = MIN(onset->n + 1, (size_t)ONSET_WRITES_MAX);
	memmove(&onset->writes[at + 1], &onset->writes[at], (onset->n - at - 1) * sizeof(*one));
	onset->writes[at] = *one;
}

static size_t first_from(const struct onsets *o, nsec at)
{
	size_t low = 0, high = o->n_by_time;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->by_time[middle]->at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void group_judge(struct onsets *o, struct group *g)
{
	struct onset *onset = &g->onset;
	struct onset_write one;

	*onset = (struct onset){ .at = g->first, .pods = g->pods };
	if (!nsec_known(g->first))
		return;
	for (size_t i = first_from(o, g->first - ONSET_WINDOW);
	     i < o->n_by_time && o->by_time[i]->at <= g->last; i++)
		if (judge(o, g, o->by_time[i], &one))
			keep(onset, &one);
	/* that a workload began is told only if nothing else is: everything began once */
	while (onset->n > 1 && onset->writes[onset->n - 1].creation)
		onset->n--;
}

struct onset onset_of(struct onsets *o, const struct timeline *t, const struct cause *cause)
{
	group_begin(&o->alone);
	group_add(o, &o->alone, t, cause);
	group_judge(o, &o->alone);
	return o->alone.onset;
}

void onsets_finish(struct onsets *o)
{
	for (size_t i = 0; i < o->n; i++)
		group_judge(o, &o->groups[i]);
}

const struct onset *onsets_find(const struct onsets *o, const struct rule *rule, enum scope scope)
{
	struct buf key = { 0 };
	uint32_t i;

	buf_printf(&key, STR_FMT "/%u", STR_ARG(rule->id), (unsigned)scope);
	i = map_find(&o->keys, buf_str(&key));
	buf_free(&key);
	return i == MAP_NONE ? NULL : &o->groups[i].onset;
}
