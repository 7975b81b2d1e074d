/* SPDX-License-Identifier: Apache-2.0 */
/* What each write changed: its body is compared with the values set by earlier writes to the
 * object. A value that is in no earlier body is unknown; it is never guessed. */
#include "changes/writes.h"

#include "base/mem.h"

enum { STATE_MAX = 1024 }; /* leaves of one object; with more, it is forgotten */

/* The known values of the object. */
struct known {
	struct write_leaf *list; /* not sorted */
	size_t n, cap;
	bool whole; /* complete: what is not in the list is not in the object */
};

struct changes {
	struct arena *arena;
	struct write_change list[WRITE_CHANGES_MAX];
	size_t n, more;
};

/* Is path equal to top, or below it? */
static bool is_under(struct str path, struct str top)
{
	return str_starts(path, top) &&
	       (path.n == top.n || !top.n || path.p[top.n] == '.' || path.p[top.n] == '[');
}

static struct write_leaf *known_find(const struct known *k, struct str path)
{
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->list[i].path, path))
			return &k->list[i];
	return NULL;
}

static void known_put(struct known *k, const struct write_leaf *leaf)
{
	struct write_leaf *known = known_find(k, leaf->path);

	if (known) {
		*known = *leaf;
		return;
	}
	if (k->n == STATE_MAX) {
		k->n = 0;
		k->whole = false;
	}
	array_reserve(k->list, k->cap, k->n + 1);
	k->list[k->n++] = *leaf;
}

static void known_drop(struct known *k, struct str top)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		if (!is_under(k->list[i].path, top))
			k->list[n++] = k->list[i];
	k->n = n;
}

static void known_forget(struct known *k)
{
	k->n = 0;
	k->whole = false;
}

/* Fields that the API server sets to defaults. If only one of two bodies has them, one is a request
 * and the other a response. */
static bool is_defaulted(struct str path)
{
	/* clang-format off */
	static const char *const ends[] = {
		".terminationMessagePath", ".terminationMessagePolicy", ".dnsPolicy",
		".restartPolicy", ".schedulerName", ".imagePullPolicy", ".protocol",
		".terminationGracePeriodSeconds", ".successThreshold", ".timeoutSeconds",
		".periodSeconds", ".failureThreshold", ".initialDelaySeconds", ".scheme",
		".defaultMode", ".revisionHistoryLimit", ".progressDeadlineSeconds", ".type",
		".maxSurge", ".maxUnavailable", ".podManagementPolicy", ".serviceAccount",
		".apiVersion", ".fieldPath", ".volumeMode", ".volumeName", ".scope", ".matchPolicy",
		".reinvocationPolicy", ".port", "spec.replicas", "spec.parallelism",
		"spec.completions", "spec.completionMode", "spec.backoffLimit", "spec.suspend",
		"spec.podReplacementPolicy", "spec.concurrencyPolicy",
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (str_ends(path, str_from(ends[i])))
			return true;
	return false;
}

static void add_change(struct changes *c, struct str path, const struct write_leaf *before,
		       const struct write_leaf *after, bool known)
{
	struct write_change change = { .path = path };

	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->list[i].path, path))
			return;
	change.hidden = (before && before->hidden) || (after && after->hidden);
	/* a missing value is no secret */
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

/* Everything known below top that is missing from the write was removed. */
static void add_gone(struct changes *c, const struct known *k, const struct write *w,
		     struct str top)
{
	bool any = false;

	for (size_t i = 0; i < k->n; i++) {
		if (!is_under(k->list[i].path, top))
			continue;
		any = true;
		if (!leaf_of(w, k->list[i].path) && !is_defaulted(k->list[i].path))
			add_change(c, k->list[i].path, &k->list[i], NULL, true);
	}
	for (size_t i = 0; i < w->n_leaves; i++)
		any = any || (w->leaves[i].kind == LEAF_VALUE && is_under(w->leaves[i].path, top));
	if (!any && !k->whole)
		add_change(c, top, NULL, NULL, false);
}

/* containers[0] in a JSON patch: its name is unknown. */
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

static void compare_patch(struct changes *c, struct known *k, const struct write *w)
{
	struct str list;

	for (size_t i = 0; i < w->n_leaves; i++) {
		const struct write_leaf *leaf = &w->leaves[i];
		const struct write_leaf *known = known_find(k, leaf->path);

		if (leaf->kind == LEAF_GONE || (leaf->kind == LEAF_WHOLE && !w->cut))
			add_gone(c, k, w, leaf->path);
		else if (leaf->kind == LEAF_VALUE && (!known || known->hash != leaf->hash))
			add_change(c, leaf->path, known, leaf,
				   k->whole && !has_place(leaf->path, &list));
	}
	for (size_t i = 0; i < w->n_leaves; i++)
		if (w->leaves[i].kind != LEAF_VALUE)
			known_drop(k, w->leaves[i].path);
	for (size_t i = 0; i < w->n_leaves; i++) {
		if (has_place(w->leaves[i].path, &list)) {
			known_drop(k, list);
			k->whole = false;
		} else if (w->leaves[i].kind == LEAF_VALUE) {
			known_put(k, &w->leaves[i]);
		}
	}
	k->whole = k->whole && !w->cut;
}

/* Returns true if there were known values to compare with. */
static bool compare_whole(struct changes *c, struct known *k, const struct write *w)
{
	bool apply = w->body == WRITE_APPLY, comparable = k->whole || k->n;

	for (size_t i = 0; i < w->n_leaves; i++) {
		const struct write_leaf *leaf = &w->leaves[i];
		const struct write_leaf *known = known_find(k, leaf->path);

		if (known ? known->hash != leaf->hash : k->whole && !is_defaulted(leaf->path))
			add_change(c, leaf->path, known, leaf, true);
	}
	if (!apply && !w->cut && comparable)
		add_gone(c, k, w, STR(""));
	if (!apply)
		known_forget(k);
	for (size_t i = 0; i < w->n_leaves; i++)
		known_put(k, &w->leaves[i]);
	if (!apply)
		k->whole = !w->cut;
	return comparable;
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct write_change *)a)->path,
		       ((const struct write_change *)b)->path);
}

static void keep_changes(struct write *w, struct changes *c)
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

/* The node controller sets and removes that taint for a cordon, which is reported instead. */
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

static void forget_unseen(struct known *k, const struct write *w)
{
	if (str_eq(w->subresource, STR("scale"))) {
		known_drop(k, STR("spec.replicas"));
		k->whole = false;
	} else {
		known_forget(k);
	}
}

static void compare(struct known *k, struct write *w, struct arena *arena)
{
	struct changes c = { .arena = arena };

	w->news = true;
	if (w->body == WRITE_BARE) {
		forget_unseen(k, w);
	} else if (is_creation(w)) {
		known_forget(k);
		compare_whole(&c, k, w);
		c.n = c.more = 0; /* everything is new */
		w->compared = true;
	} else if (w->body == WRITE_PATCH) {
		compare_patch(&c, k, w);
		w->compared = true;
		w->news = c.n > 0;
	} else {
		w->compared = compare_whole(&c, k, w);
		w->news = c.n > 0 || !w->compared;
	}
	keep_changes(w, &c);
	if (w->by_controller)
		w->news = w->news && is_controllers_news(w);
}

void writes_compare(struct write *list, size_t n, struct arena *arena)
{
	struct known known = { 0 };

	for (size_t i = 0; i < n; i++)
		compare(&known, &list[i], arena);
	mem_free(known.list);
}
