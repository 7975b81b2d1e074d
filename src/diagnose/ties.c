/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/ties.h"

#include "base/mem.h"

/* The items that a write changes in its object: webhooks by name, taints by key. */
static bool find_item(const struct write *w, size_t *i, struct str *ret_item)
{
	static const struct str lists[] = { { "webhooks[", 9 }, { "spec.taints[", 12 } };
	struct str rest;

	for (; *i < w->n_leaves + w->n_changes; ++*i) {
		struct str path =
		    *i < w->n_leaves ? w->leaves[*i].path : w->changes[*i - w->n_leaves].path;

		for (size_t k = 0; k < ARRAY_SIZE(lists); k++)
			if (str_starts(path, lists[k]) &&
			    str_cut(str_after(path, lists[k].n), ']', ret_item, &rest)) {
				str_cut(*ret_item, ':', ret_item, &rest);
				++*i;
				return true;
			}
	}
	return false;
}

void ties_collect_names(struct map *names, const struct write *w)
{
	struct str item;

	if (w->name.n)
		map_put(names, w->name, NULL);
	for (size_t i = 0; find_item(w, &i, &item);)
		map_put(names, item, NULL);
}

/* The key of a share. */
static struct str key_of(struct buf *key, enum tie tie, const struct str parts[4])
{
	buf_reset(key);
	buf_add_char(key, (char)('a' + tie));
	for (unsigned i = 0; i < 4; i++) {
		buf_add_str(key, parts[i]);
		buf_add_char(key, 0);
	}
	return buf_str(key);
}

/* The current pod has it. */
static void add_share(struct ties *ties, enum tie tie, const struct str parts[4])
{
	bool is_new;
	uint32_t i = map_put(&ties->keys, key_of(&ties->key, tie, parts), &is_new);
	struct tie_share *s;

	array_reserve(ties->shares, ties->cap, (size_t)i + 1);
	s = &ties->shares[i];
	if (is_new)
		*s = (struct tie_share){ .since = ties->since };
	if (s->last == ties->pods)
		return;
	s->last = ties->pods;
	s->pods++;
	s->since = MIN(s->since, ties->since);
}

static void add_name(struct ties *ties, const struct timeline *t, struct str name)
{
	if (!name.n || map_find(ties->names, name) == MAP_NONE)
		return;
	add_share(ties, TIE_NAMED, (struct str[4]){ t->cluster, t->namespace, name });
	add_share(ties, TIE_NAMED, (struct str[4]){ t->cluster, STR(""), name });
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

/* Words of a text that may be names: [kind/]name, quoted or not; taints may contain a slash. */
static void add_names(struct ties *ties, const struct timeline *t, struct str text)
{
	for (size_t i = 0; i < text.n;) {
		size_t end = i, slash = SIZE_MAX;

		for (; end < text.n && (is_name_byte(text.p[end]) || text.p[end] == '/'); end++)
			if (text.p[end] == '/')
				slash = end;
		add_name(ties, t, without_dots(str_from_to(text.p + i, text.p + end)));
		if (slash != SIZE_MAX)
			add_name(ties, t,
				 without_dots(str_from_to(text.p + slash + 1, text.p + end)));
		i = end + 1;
	}
}

void ties_reset(struct ties *ties, const struct map *names)
{
	map_reset(&ties->keys);
	ties->names = names;
	ties->pods = 0;
	ties->first = ties->last = NSEC_NONE;
}

void ties_add(struct ties *ties, const struct timeline *t, const struct cause *c)
{
	struct str rest = t->object ? t->object->claims : STR(""), claim;

	ties->pods++;
	if (!nsec_known(c->first))
		return;
	ties->since = c->first;
	ties->first = clock_earlier(ties->first, c->first);
	ties->last = MAX(ties->last, c->first);
	add_share(ties, TIE_CLUSTER, (struct str[4]){ t->cluster });
	add_share(ties, TIE_NAMESPACE, (struct str[4]){ t->cluster, t->namespace });
	if (t->node.n)
		add_share(ties, TIE_NODE, (struct str[4]){ t->cluster, t->node });
	if (t->workload_name.n)
		add_share(ties, TIE_WORKLOAD,
			  (struct str[4]){ t->cluster, t->namespace, t->workload_kind,
					   t->workload_name });
	for (size_t i = 0; i < c->n_evidence; i++)
		add_names(ties, t, c->evidence[i]->fact.message);
	while (str_cut(rest, 0, &claim, &rest))
		add_name(ties, t, claim);
}

static const struct tie_share *find_share(struct ties *ties, enum tie tie,
					  const struct str parts[4])
{
	uint32_t i = map_find(&ties->keys, key_of(&ties->key, tie, parts));

	return i == MAP_NONE ? NULL : &ties->shares[i];
}

static const struct tie_share *find_named(struct ties *ties, const struct write *w)
{
	bool node = strcmp(w->row->resource, "nodes") == 0;
	const struct tie_share *s = NULL;
	struct str item;

	/* a scheduler's message is about all nodes and names only their taints */
	if (!node && w->name.n)
		s = find_share(ties, TIE_NAMED,
			       (struct str[4]){ w->cluster, w->namespace, w->name });
	for (size_t i = 0; !s && find_item(w, &i, &item);)
		s = find_share(ties, TIE_NAMED, (struct str[4]){ w->cluster, STR(""), item });
	return s;
}

const struct tie_share *ties_find(struct ties *ties, enum tie tie, const struct write *w)
{
	bool space = strcmp(w->row->resource, "namespaces") == 0;
	struct str parts[4] = { w->cluster };

	if (tie == TIE_NAMED)
		return find_named(ties, w);
	if (tie == TIE_WORKLOAD) {
		parts[1] = w->namespace;
		parts[2] = str_from(w->row->kind);
		parts[3] = w->name;
	} else if (tie == TIE_NODE) {
		parts[1] = w->name;
	} else if (tie == TIE_NAMESPACE) {
		parts[1] = space ? w->name : w->namespace;
	}
	return find_share(ties, tie, parts);
}

void ties_free(struct ties *ties)
{
	map_free(&ties->keys);
	mem_free(ties->shares);
	buf_free(&ties->key);
}
