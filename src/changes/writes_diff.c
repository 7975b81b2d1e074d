/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the writes of one object change: each body is compared with what the earlier ones, in order
 * of time, have left behind. What no earlier body shows is not known, and never guessed.
 */
#include "changes/writes.h"

#include "base/mem.h"

enum { STATE_MAX = 1024 }; /* leaves of one object; beyond, it is forgotten */

/* What is known of the object. */
struct state {
	struct write_leaf *list; /* in no order */
	size_t n, cap;
	bool whole; /* what is not in the list is not in the object */
};

struct changes {
	struct arena *arena;
	struct write_change list[WRITE_CHANGES_MAX];
	size_t n, more;
};

/* path, or something under it */
static bool is_under(struct str path, struct str top)
{
	return str_starts(path, top) &&
	       (path.n == top.n || !top.n || path.p[top.n] == '.' || path.p[top.n] == '[');
}

static struct write_leaf *state_find(const struct state *s, struct str path)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->list[i].path, path))
			return &s->list[i];
	return NULL;
}

static void state_put(struct state *s, const struct write_leaf *leaf)
{
	struct write_leaf *known = state_find(s, leaf->path);

	if (known) {
		*known = *leaf;
		return;
	}
	if (s->n == STATE_MAX) {
		s->n = 0;
		s->whole = false;
	}
	array_reserve(s->list, s->cap, s->n + 1);
	s->list[s->n++] = *leaf;
}

static void state_drop(struct state *s, struct str top)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!is_under(s->list[i].path, top))
			s->list[n++] = s->list[i];
	s->n = n;
}

static void state_forget(struct state *s)
{
	s->n = 0;
	s->whole = false;
}

/*
 * What the API server fills in where a body says nothing: that it is there, or is not, says only
 * that one body is a request and the other one an answer.
 */
static bool is_defaulted(struct str path)
{
	static const char *const ends[] = {
		".terminationMessagePath",
		".terminationMessagePolicy",
		".dnsPolicy",
		".restartPolicy",
		".schedulerName",
		".imagePullPolicy",
		".protocol",
		".terminationGracePeriodSeconds",
		".successThreshold",
		".timeoutSeconds",
		".periodSeconds",
		".failureThreshold",
		".initialDelaySeconds",
		".scheme",
		".defaultMode",
		".revisionHistoryLimit",
		".progressDeadlineSeconds",
		".type",
		".maxSurge",
		".maxUnavailable",
		".podManagementPolicy",
		".serviceAccount",
		".apiVersion",
		".fieldPath",
		".volumeMode",
		".volumeName",
		".scope",
		".matchPolicy",
		".reinvocationPolicy",
		".port",
		"spec.replicas",
		"spec.parallelism",
		"spec.completions",
		"spec.completionMode",
		"spec.backoffLimit",
		"spec.suspend",
		"spec.podReplacementPolicy",
		"spec.concurrencyPolicy",
	};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (str_ends(path, str_from(ends[i])))
			return true;
	return false;
}

static void tell(struct changes *c, struct str path, const struct write_leaf *before,
		 const struct write_leaf *after, bool known)
{
	struct write_change change = { .path = path };

	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->list[i].path, path))
			return;
	change.hidden = (before && before->hidden) || (after && after->hidden);
	/* that there was none, or is none any more, is no secret */
	if (!before)
		change.before = known ? STR("") : (struct str){ 0 };
	else if (!change.hidden)
		change.before = before->value;
	if (!after)
		change.after = STR("");
	else if (!change.hidden)
		change.after = after->value;
	if (c->n == WRITE_CHANGES_MAX)
		c->more++;
	else
		c->list[c->n++] = change;
}

static const struct write_leaf *leaf_of(const struct write *w, struct str path)
{
	for (size_t i = 0; i < w->n_leaves; i++)
		if (w->leaves[i].kind == LEAF_VALUE && str_eq(w->leaves[i].path, path))
			return &w->leaves[i];
	return NULL;
}

/* All that is known under top and does not stand in the write is taken off. */
static void tell_gone(struct changes *c, const struct state *s, const struct write *w,
		      struct str top)
{
	bool any = false;

	for (size_t i = 0; i < s->n; i++) {
		if (!is_under(s->list[i].path, top))
			continue;
		any = true;
		if (!leaf_of(w, s->list[i].path) && !is_defaulted(s->list[i].path))
			tell(c, s->list[i].path, &s->list[i], NULL, true);
	}
	for (size_t i = 0; i < w->n_leaves; i++)
		any = any || (w->leaves[i].kind == LEAF_VALUE && is_under(w->leaves[i].path, top));
	if (!any && !s->whole)
		tell(c, top, NULL, NULL, false);
}

/* containers[0] of a JSON patch: which one that is, is not known. */
static bool has_place(struct str path, struct str *ret_list)
{
	for (size_t i = 0; i + 1 < path.n; i++)
		if (path.p[i] == '[' &&
		    (path.p[i + 1] == '-' || (path.p[i + 1] >= '0' && path.p[i + 1] <= '9'))) {
			*ret_list = (struct str){ path.p, i };
			return true;
		}
	return false;
}

static void patch(struct changes *c, struct state *s, const struct write *w)
{
	struct str list;

	for (size_t i = 0; i < w->n_leaves; i++) {
		const struct write_leaf *leaf = &w->leaves[i];
		const struct write_leaf *known = state_find(s, leaf->path);

		if (leaf->kind == LEAF_GONE || (leaf->kind == LEAF_WHOLE && !w->cut))
			tell_gone(c, s, w, leaf->path);
		else if (leaf->kind == LEAF_VALUE && (!known || known->hash != leaf->hash))
			tell(c, leaf->path, known, leaf, s->whole && !has_place(leaf->path, &list));
	}
	for (size_t i = 0; i < w->n_leaves; i++)
		if (w->leaves[i].kind != LEAF_VALUE)
			state_drop(s, w->leaves[i].path);
	for (size_t i = 0; i < w->n_leaves; i++) {
		if (has_place(w->leaves[i].path, &list)) {
			state_drop(s, list);
			s->whole = false;
		} else if (w->leaves[i].kind == LEAF_VALUE) {
			state_put(s, &w->leaves[i]);
		}
	}
	s->whole = s->whole && !w->cut;
}

/* Returns whether something was known that it could be compared with. */
static bool whole(struct changes *c, struct state *s, const struct write *w)
{
	bool apply = w->body == WRITE_APPLY, comparable = s->whole || s->n;

	for (size_t i = 0; i < w->n_leaves; i++) {
		const struct write_leaf *leaf = &w->leaves[i];
		const struct write_leaf *known = state_find(s, leaf->path);

		if (known ? known->hash != leaf->hash : s->whole && !is_defaulted(leaf->path))
			tell(c, leaf->path, known, leaf, true);
	}
	if (!apply && !w->cut && comparable)
		tell_gone(c, s, w, STR(""));
	if (!apply)
		state_forget(s);
	for (size_t i = 0; i < w->n_leaves; i++)
		state_put(s, &w->leaves[i]);
	if (!apply)
		s->whole = !w->cut;
	return comparable;
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct write_change *)a)->path,
		       ((const struct write_change *)b)->path);
}

static void keep(struct write *w, struct changes *c)
{
	struct write_change *list = arena_array(c->arena, struct write_change, c->n);

	if (c->n) {
		memcpy(list, c->list, c->n * sizeof(*list));
		qsort(list, c->n, sizeof(*list), by_path);
	}
	w->changes = list;
	w->n_changes = c->n;
	w->more_changes = c->more;
}

/* The node controller sets that taint for a cordon, and takes it off: the cordon is the news. */
static bool is_echo(const struct write *w)
{
	for (size_t i = 0; i < w->n_changes; i++)
		if (!str_contains(w->changes[i].path, STR("[node.kubernetes.io/unschedulable:")))
			return false;
	return !w->more_changes;
}

static bool is_controllers_news(const struct write *w)
{
	if (strcmp(w->row->resource, "nodes") != 0 || str_eq(w->verb, STR("create")))
		return false;
	if (w->body == WRITE_BARE)
		return str_ends(w->actor, STR("node-controller")) ||
		       str_ends(w->actor, STR("node-lifecycle-controller"));
	return !is_echo(w);
}

static bool is_creation(const struct write *w)
{
	return str_eq(w->verb, STR("create")) || w->status == 201;
}

static void bare(struct state *s, const struct write *w)
{
	if (str_eq(w->subresource, STR("scale"))) {
		state_drop(s, STR("spec.replicas"));
		s->whole = false;
	} else {
		state_forget(s);
	}
}

static void compare(struct state *s, struct write *w, struct arena *arena)
{
	struct changes c = { .arena = arena };

	w->news = true;
	if (w->body == WRITE_BARE) {
		bare(s, w);
	} else if (is_creation(w)) {
		state_forget(s);
		whole(&c, s, w);
		c.n = c.more = 0; /* all of it is new */
		w->compared = true;
	} else if (w->body == WRITE_PATCH) {
		patch(&c, s, w);
		w->compared = true;
		w->news = c.n > 0;
	} else {
		w->compared = whole(&c, s, w);
		w->news = c.n > 0 || !w->compared;
	}
	keep(w, &c);
	if (w->by_controller)
		w->news = w->news && is_controllers_news(w);
}

void writes_compare(struct write *list, size_t n, struct arena *arena)
{
	struct state state = { 0 };

	for (size_t i = 0; i < n; i++)
		compare(&state, &list[i], arena);
	mem_free(state.list);
}
