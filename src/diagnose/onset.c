/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/onset.h"

#include "base/mem.h"
#include "diagnose/ties.h"

struct str tie_name(enum tie tie)
{
	return str_from(changed_words[tie]);
}

/* The pods with one cause. */
struct group {
	const struct rule *rule;
	struct ties ties;
	struct onset onset;
};

struct onsets {
	const struct writes *writes;
	const struct write **by_time; /* the relevant ones */
	size_t n_by_time;
	struct map names; /* objects of writes, and the items changed in them */
	struct map keys;  /* CAUSE_KEY */
	struct group *groups;
	size_t n, cap;
	struct group alone; /* for a single pod */
};

static int by_time(const void *a, const void *b)
{
	const struct write *x = *(const struct write *const *)a;
	const struct write *y = *(const struct write *const *)b;

	/* equal times stay in the order of the writes, which are in one array */
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

struct onsets *onsets_new(const struct writes *writes)
{
	struct onsets *o = mem_zalloc(sizeof(*o));

	o->writes = writes;
	o->by_time = mem_realloc(NULL, MAX(writes->n, 1), sizeof(*o->by_time));
	for (size_t i = 0; i < writes->n; i++) {
		const struct write *w = &writes->list[i];

		if (!w->news)
			continue;
		o->by_time[o->n_by_time++] = w;
		ties_collect_names(&o->names, w);
	}
	qsort(o->by_time, o->n_by_time, sizeof(*o->by_time), by_time);
	return o;
}

void onsets_free(struct onsets *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n; i++)
		ties_free(&o->groups[i].ties);
	ties_free(&o->alone.ties);
	mem_free(o->groups);
	mem_free(o->by_time);
	map_free(&o->names);
	map_free(&o->keys);
	mem_free(o);
}

void onsets_add(struct onsets *o, const struct timeline *t, const struct cause *cause)
{
	bool is_new;
	uint32_t i = map_put(&o->keys, CAUSE_KEY(cause->rule, cause->scope), &is_new);

	if (is_new) {
		array_reserve(o->groups, o->cap, o->n + 1);
		o->groups[o->n] = (struct group){ .rule = cause->rule };
		ties_reset(&o->groups[o->n++].ties, &o->names);
	}
	ties_add(&o->groups[i].ties, t, cause);
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

/* Can fewer pods run on the node than before? Removing a taint, an uncordon or a new label do not
 * reduce that. */
static bool node_lost_something(const struct write *w, bool by_labels)
{
	for (size_t i = 0; i < w->n_changes; i++) {
		const struct write_change *c = &w->changes[i];
		bool label = str_starts(c->path, STR("metadata.labels"));
		bool added = c->before.p && !c->before.n, gone = !c->after.n;

		if (label ? by_labels && !added : !gone && !str_eq(c->after, STR("false")))
			return true;
	}
	return !w->n_changes; /* it was deleted, or the change is not logged */
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

/* All its changes were changed again before that time: for example a cordon that was reverted. */
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

/* Is the write worth showing for that group? */
static bool judge_write(struct onsets *o, struct group *g, const struct write *w,
			struct onset_write *ret)
{
	unsigned changed = g->rule->changed[w->row - write_rows];

	if (!changed || !may_matter(w, changed))
		return false;
	for (unsigned tie = 0; tie < TIE_COUNT; tie++) {
		const struct tie_share *s =
		    changed & 1u << tie ? ties_find(&g->ties, (enum tie)tie, w) : NULL;
		bool creation = tie == TIE_WORKLOAD && is_creation(w);

		if (!s)
			continue;
		*ret = (struct onset_write){ .write = w,
					     .tie = (enum tie)tie,
					     .creation = creation,
					     .last = changed & CHANGED_LAST,
					     .since = s->since,
					     .pods = s->pods };
		/* the closest tie decides: a write too late for it is not used for wider ones */
		return w->at <= s->since && s->since - w->at <= ONSET_WINDOW &&
		       s->pods * 2 >= g->ties.pods && (!creation || s->pods == g->ties.pods) &&
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

/* Keeps the best ones, one per object. */
static void keep_best(struct onset *onset, const struct onset_write *one)
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

static void group_judge(struct onsets *o, struct group *g)
{
	struct onset *onset = &g->onset;
	struct onset_write one;
	size_t i = 0;

	*onset = (struct onset){ .at = g->ties.first, .pods = g->ties.pods };
	if (!nsec_known(onset->at))
		return;
	LOWER_BOUND(i, o->n_by_time, o->by_time[i]->at < onset->at - ONSET_WINDOW);
	for (; i < o->n_by_time && o->by_time[i]->at <= g->ties.last; i++)
		if (judge_write(o, g, o->by_time[i], &one))
			keep_best(onset, &one);
	/* the creation of a workload is shown only if there is nothing else */
	while (onset->n > 1 && onset->writes[onset->n - 1].creation)
		onset->n--;
}

struct onset onset_of(struct onsets *o, const struct timeline *t, const struct cause *cause)
{
	o->alone.rule = cause->rule;
	ties_reset(&o->alone.ties, &o->names);
	ties_add(&o->alone.ties, t, cause);
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
	uint32_t i = map_find(&o->keys, CAUSE_KEY(rule, scope));

	return i == MAP_NONE ? NULL : &o->groups[i].onset;
}
