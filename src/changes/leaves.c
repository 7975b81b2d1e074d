/* SPDX-License-Identifier: Apache-2.0 */
#include "changes/leaves.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"

enum {
	COLLECTED_MAX = 2048, /* of one body, before the less telling ones are left out */
	DEPTH_MAX = 24,	      /* Kubernetes' own objects stay below 20 */
};

static void walk(struct leaves *l, struct json *j, struct str path, unsigned depth);

/* path is one of the row's, or under one. */
static bool is_wanted(const struct write_row *row, struct str path)
{
	for (const char *const *p = row->paths; *p; p++) {
		struct str want = str_from(*p);

		if (str_starts(path, want) &&
		    (path.n == want.n || path.p[want.n] == '.' || path.p[want.n] == '['))
			return true;
	}
	return false;
}

/* path is above one of the row's. */
static bool is_above(const struct write_row *row, struct str path)
{
	if (!path.n)
		return true;
	for (const char *const *p = row->paths; *p; p++) {
		struct str want = str_from(*p);

		if (want.n > path.n && str_starts(want, path) && want.p[path.n] == '.')
			return true;
	}
	return false;
}

/* word is in small letters. */
static bool contains_word(struct str text, struct str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++) {
		size_t k = 0;

		while (k < word.n && (text.p[i + k] | 0x20) == (word.p[k] | 0x20))
			k++;
		if (k == word.n)
			return true;
	}
	return false;
}

/* What people write into plain values though it belongs into a Secret. */
static bool looks_secret(struct str text)
{
	static const struct str words[] = {
		{ "passw", 5 },	    { "passphrase", 10 }, { "pwd", 3 },
		{ "secret", 6 },    { "token", 5 },	  { "apikey", 6 },
		{ "api-key", 7 },   { "api_key", 7 },	  { "access", 6 },
		{ "private", 7 },   { "credential", 10 }, { "authorization", 13 },
		{ "bearer", 6 },    { "begin ", 6 },	  { "dsn", 3 },
		{ "signature", 9 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (contains_word(text, words[i]))
			return true;
	/* https://user:password@host/ */
	return str_contains(text, STR("://")) && str_contains(text, STR("@"));
}

/* Here users write what they want; elsewhere Kubernetes says what a value means. */
static bool is_free(struct str path)
{
	static const struct str parts[] = {
		{ ".env[", 5 },
		{ ".command", 8 },
		{ ".args", 5 },
		{ "annotations.", 12 },
		{ "parameters.", 11 },
		{ ".url", 4 },
		{ "volumeAttributes", 16 },
		{ ".options", 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (str_contains(path, parts[i]))
			return true;
	return false;
}

/* A variable of which a JSON patch does not tell the name; headers, which hold credentials. */
static bool is_never_shown(struct str path)
{
	return str_contains(path, STR("httpHeaders")) ||
	       (str_contains(path, STR(".env[")) && str_ends(path, STR(".value")));
}

/* The last step: the name of a list's item, or a key; that of an annotation may have dots. */
static struct str last_step(struct str path)
{
	static const struct str annotations = { "annotations.", 12 };
	struct str head, tail;

	if (str_ends(path, STR("]")))
		return str_cut_last(path, '[', &head, &tail) ? tail : path;
	for (size_t i = 0; i + annotations.n < path.n; i++)
		if (str_starts(str_after(path, i), annotations))
			return str_after(path, i + annotations.n);
	return str_cut_last(path, '.', &head, &tail) ? tail : path;
}

static struct str shortened(struct arena *arena, struct str text)
{
	size_t n = WRITE_VALUE_MAX - 3;

	if (!text.n)
		return STR("\"\"");
	if (text.n <= WRITE_VALUE_MAX)
		return text;
	while (n && utf8_continues(text.p[n]))
		n--; /* not through a character */
	return arena_printf(arena, STR_FMT "...", STR_ARG(((struct str){ text.p, n })));
}

static void add(struct leaves *l, struct str path, enum leaf_kind kind, struct str value)
{
	struct write_leaf *leaf;

	if (!is_wanted(l->row, path)) {
		if (kind == LEAF_VALUE || !is_above(l->row, path))
			return;
	}
	if (l->n == COLLECTED_MAX) {
		l->cut = true;
		return;
	}
	arena_reserve(l->arena, l->list, l->n, l->cap);
	leaf = &l->list[l->n++];
	*leaf = (struct write_leaf){ .path = path, .kind = kind };
	if (kind != LEAF_VALUE)
		return;
	leaf->hash = hash_str(value, 0);
	leaf->hidden = l->row->names_only || is_never_shown(path) ||
		       (is_free(path) && (looks_secret(last_step(path)) || looks_secret(value)));
	leaf->value = leaf->hidden ? STR("") : shortened(l->arena, value);
}

/* Lists */

/* What names an item of a list, and what is told of those that are one leaf. */
struct item {
	struct str name, key, effect, operator, value, from, mount_path, topology_key, port,
	    seconds;
	struct str directive; /* $patch */
};

/* {"secretKeyRef":{"name":"s","key":"k"}} gives secretKeyRef s/k. */
static struct str value_from(struct json *j)
{
	struct str kind, key, name = STR(""), what = STR(""), text = STR("");

	if (!json_object(j))
		return STR("");
	while (json_key(j, &kind)) {
		if (!json_object(j))
			continue;
		while (json_key(j, &key))
			if (str_eq(key, STR("name")))
				json_text(j, &name);
			else if (str_eq(key, STR("key")) || str_eq(key, STR("fieldPath")) ||
				 str_eq(key, STR("resource")))
				json_text(j, &what);
			else
				json_skip(j);
		text = arena_printf(j->arena, STR_FMT " " STR_FMT "%s" STR_FMT, STR_ARG(kind),
				    STR_ARG(name), name.n ? "/" : "", STR_ARG(what));
	}
	return text;
}

static struct item item_of(struct leaves *l, struct str raw)
{
	struct json j = json_of(raw, l->arena);
	struct item i = { 0 };
	const struct {
		struct str key;
		struct str *to;
	} texts[] = { { STR("name"), &i.name }, { STR("key"), &i.key },
		      { STR("effect"), &i.effect },
		      {
			  STR("operator"),
			  &i.operator},
			  { STR("value"), &i.value },
			  { STR("mountPath"), &i.mount_path },
			  { STR("topologyKey"), &i.topology_key },
			  { STR("$patch"), &i.directive },
	};
	struct str key;

	json_object(&j);
	while (json_key(&j, &key)) {
		size_t k = 0;

		while (k < ARRAY_SIZE(texts) && !str_eq(key, texts[k].key))
			k++;
		if (k < ARRAY_SIZE(texts))
			json_text(&j, texts[k].to);
		else if (str_eq(key, STR("valueFrom")))
			i.from = value_from(&j);
		else if (str_eq(key, STR("containerPort")) || str_eq(key, STR("port")))
			json_number(&j, &i.port);
		else if (str_eq(key, STR("tolerationSeconds")))
			json_number(&j, &i.seconds);
		else
			json_skip(&j);
	}
	return i;
}

static struct str item_path(struct leaves *l, struct str path, struct str step)
{
	return arena_printf(l->arena, STR_FMT "[" STR_FMT "]", STR_ARG(path), STR_ARG(step));
}

/* Taints, tolerations and variables of the environment are one leaf each. True: it was one. */
static bool small_item(struct leaves *l, struct str path, struct str list, const struct item *i)
{
	bool taint = str_eq(list, STR("taints")), toleration = str_eq(list, STR("tolerations"));
	struct str step = i->name, value = i->value;

	if (!taint && !toleration && !str_eq(list, STR("env")))
		return false;
	if (taint || toleration)
		step = arena_printf(l->arena, STR_FMT ":" STR_FMT, STR_ARG(i->key),
				    STR_ARG(i->effect));
	if (taint && !value.n)
		value = i->effect;
	if (i->from.n)
		value = i->from;
	if (toleration)
		value = arena_printf(l->arena, STR_FMT " " STR_FMT "%s" STR_FMT,
				     STR_ARG(i->operator), STR_ARG(i->value),
				     i->seconds.n ? " for seconds " : "", STR_ARG(i->seconds));
	add(l, item_path(l, path, step),
	    str_eq(i->directive, STR("delete")) ? LEAF_GONE : LEAF_VALUE, str_trim(value));
	return true;
}

static void object_item(struct leaves *l, struct json *j, struct str path, struct str list,
			size_t index, unsigned depth)
{
	struct str raw, step;
	struct item item;
	struct json inner;

	if (!json_raw(j, &raw))
		return;
	item = item_of(l, raw);
	if (small_item(l, path, list, &item))
		return;
	step = item.mount_path.n     ? item.mount_path
	       : item.name.n	     ? item.name
	       : item.key.n	     ? item.key
	       : item.topology_key.n ? item.topology_key
	       : item.port.n	     ? item.port
				     : arena_printf(l->arena, "%zu", index);
	inner = json_of(raw, l->arena);
	walk(l, &inner, item_path(l, path, step), depth + 1);
	l->bad = l->bad || inner.bad;
}

static void add_scalar(struct json *j, struct buf *out)
{
	struct str text;

	if (out->n > 1)
		buf_add(out, ", ", 2);
	if (json_peek(j) == JSON_STRING ? json_text(j, &text) : json_raw(j, &text))
		buf_add_str(out, text);
}

/* Those that a patch replaces as a whole, because their items have no merge key. */
static bool is_atomic(struct str list)
{
	return str_eq(list, STR("taints")) || str_eq(list, STR("tolerations"));
}

static void walk_list(struct leaves *l, struct json *j, struct str path, unsigned depth)
{
	struct str list = last_step(path);
	struct buf scalars = { 0 };
	size_t n = 0, n_scalars = 0;

	buf_add_char(&scalars, '[');
	json_array(j);
	for (; json_item(j); n++) {
		if (json_peek(j) == JSON_OBJECT) {
			object_item(l, j, path, list, n, depth);
			continue;
		}
		add_scalar(j, &scalars);
		n_scalars++;
	}
	buf_add_char(&scalars, ']');
	if (n_scalars)
		add(l, path, LEAF_VALUE, arena_str(l->arena, buf_str(&scalars)));
	if (!n || is_atomic(list))
		add(l, path, LEAF_WHOLE, STR(""));
	buf_free(&scalars);
}

/* Objects */

/* What changes by itself, or is of no use to people. */
static bool is_ignored(struct str path, struct str key)
{
	static const struct str keys[] = {
		{ "timeAdded", 9 },
		{ "creationTimestamp", 17 },
		{ "caBundle", 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_eq(key, keys[i]))
			return true;
	/* it is in the item's path already */
	return str_eq(key, STR("name")) && str_ends(path, STR("]"));
}

static void walk_object(struct leaves *l, struct json *j, struct str path, unsigned depth)
{
	struct str key;

	json_object(j);
	while (json_key(j, &key)) {
		struct str below, directive = STR("");

		if (str_eq(key, STR("$patch"))) {
			json_text(j, &directive);
			if (str_eq(directive, STR("delete")))
				add(l, path, LEAF_GONE, STR(""));
			else if (str_eq(directive, STR("replace")))
				add(l, path, LEAF_WHOLE, STR(""));
			continue;
		}
		if ((key.n && key.p[0] == '$') || is_ignored(path, key)) {
			json_skip(j);
			continue;
		}
		below = path.n ? arena_printf(l->arena, STR_FMT "." STR_FMT, STR_ARG(path),
					      STR_ARG(key))
			       : key;
		if (is_wanted(l->row, below) || is_above(l->row, below))
			walk(l, j, below, depth + 1);
		else
			json_skip(j);
	}
}

static void walk(struct leaves *l, struct json *j, struct str path, unsigned depth)
{
	struct str text;

	if (depth > DEPTH_MAX) {
		l->cut = true;
		json_skip(j);
		return;
	}
	switch (json_peek(j)) {
	case JSON_OBJECT:
		walk_object(l, j, path, depth);
		break;
	case JSON_ARRAY:
		walk_list(l, j, path, depth);
		break;
	case JSON_NULL:
		json_skip(j);
		add(l, path, LEAF_GONE, STR(""));
		break;
	case JSON_STRING:
		if (json_text(j, &text))
			add(l, path, LEAF_VALUE, text);
		break;
	default:
		if (json_raw(j, &text))
			add(l, path, LEAF_VALUE, text);
		break;
	}
}

void leaves_object(struct leaves *l, struct str raw)
{
	struct json j = json_of(raw, l->arena);

	walk(l, &j, STR(""), 0);
	l->bad = l->bad || j.bad;
}

/* JSON patches */

/* /spec/template/spec/containers/0/image to spec.template.spec.containers[0].image */
static struct str dotted(struct leaves *l, struct str pointer)
{
	struct buf out = { 0 };
	struct str path;

	for (size_t i = 0; i < pointer.n;) {
		size_t end = i + 1, number;
		bool digits = true;

		if (pointer.p[i] != '/')
			break;
		while (end < pointer.n && pointer.p[end] != '/')
			end++;
		for (number = i + 1; number < end; number++)
			digits = digits && pointer.p[number] >= '0' && pointer.p[number] <= '9';
		digits = digits && end > i + 1;
		if (digits || (end == i + 2 && pointer.p[i + 1] == '-'))
			buf_add_char(&out, '[');
		else if (out.n)
			buf_add_char(&out, '.');
		for (size_t k = i + 1; k < end; k++) {
			bool escape = pointer.p[k] == '~' && k + 1 < end;
			char next = escape ? pointer.p[k + 1] : 0;

			buf_add_char(&out, next == '1' ? '/' : pointer.p[k]);
			k += next == '0' || next == '1';
		}
		if (digits || (end == i + 2 && pointer.p[i + 1] == '-'))
			buf_add_char(&out, ']');
		i = end;
	}
	path = arena_str(l->arena, buf_str(&out));
	buf_free(&out);
	return path;
}

static void operation(struct leaves *l, struct json *j)
{
	struct str key, op = STR(""), pointer = STR(""), value = STR(""), path;
	struct json inner;

	while (json_key(j, &key))
		if (str_eq(key, STR("op")))
			json_text(j, &op);
		else if (str_eq(key, STR("path")))
			json_text(j, &pointer);
		else if (str_eq(key, STR("value")))
			json_raw(j, &value);
		else
			json_skip(j);
	path = dotted(l, pointer);
	if (str_eq(op, STR("remove"))) {
		add(l, path, LEAF_GONE, STR(""));
		return;
	}
	if (!value.n || (!str_eq(op, STR("add")) && !str_eq(op, STR("replace"))))
		return;
	if (value.p[0] == '{' || value.p[0] == '[')
		add(l, path, LEAF_WHOLE, STR(""));
	inner = json_of(value, l->arena);
	walk(l, &inner, path, 0);
	l->bad = l->bad || inner.bad;
}

void leaves_json_patch(struct leaves *l, struct str raw)
{
	struct json j = json_of(raw, l->arena);

	if (!json_array(&j))
		return;
	while (json_item(&j))
		if (json_object(&j))
			operation(l, &j);
	l->bad = l->bad || j.bad;
}

/* What stays if not all can */

static size_t rank_of(const struct write_leaf *leaf)
{
	static const struct str parts[] = {
		{ ".image", 6 },
		{ "unschedulable", 13 },
		{ "taints", 6 },
		{ ".resources.", 11 },
		{ "spec.hard", 9 },
		{ "failurePolicy", 13 },
		{ ".service.", 9 },
		{ "timeoutSeconds", 14 },
		{ "replicas", 8 },
		{ ".command", 8 },
		{ ".args", 5 },
		{ "Probe.", 6 },
		{ "nodeSelector", 12 },
		{ "tolerations", 11 },
		{ ".env", 4 },
		{ "affinity", 8 },
		{ "serviceAccountName", 18 },
		{ "volumes", 7 },
		{ "annotations", 11 },
		{ "labels", 6 },
	};

	if (leaf->kind == LEAF_WHOLE)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (str_contains(leaf->path, parts[i]))
			return i;
	return ARRAY_SIZE(parts);
}

static int by_path(const void *a, const void *b)
{
	const struct write_leaf *x = a, *y = b;
	int c = str_cmp(x->path, y->path);

	c = c ? c : (int)x->kind - (int)y->kind;
	c = c ? c : (x->hash > y->hash) - (x->hash < y->hash);
	return c;
}

static int by_rank(const void *a, const void *b)
{
	size_t x = rank_of(a), y = rank_of(b);

	return x != y ? (x > y ? 1 : -1) : by_path(a, b);
}

void leaves_finish(struct leaves *l)
{
	size_t n = 0, bytes = 0;

	if (!l->n)
		return;
	qsort(l->list, l->n, sizeof(*l->list), by_path);
	for (size_t i = 0; i < l->n; i++)
		if (!n || l->list[n - 1].kind != l->list[i].kind ||
		    !str_eq(l->list[n - 1].path, l->list[i].path))
			l->list[n++] = l->list[i];
	l->n = n;
	qsort(l->list, l->n, sizeof(*l->list), by_rank);
	for (n = 0; n < l->n && n < WRITE_LEAVES_MAX; n++) {
		bytes += l->list[n].path.n + l->list[n].value.n;
		if (bytes > WRITE_LEAVES_BYTES)
			break;
	}
	l->cut = l->cut || n < l->n;
	l->n = n;
	qsort(l->list, l->n, sizeof(*l->list), by_path);
}
