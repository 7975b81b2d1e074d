/* SPDX-License-Identifier: Apache-2.0 */
#include "changes/leaves.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "json/fields.h"
#include "kube/body.h"

enum {
	COLLECTED_MAX = 2048, /* per body; then the least important ones are dropped */
	DEPTH_MAX = 24,	      /* Kubernetes' own objects have fewer than 20 levels */
};

static void walk(struct leaves *l, struct json *j, struct str path, unsigned depth);

/* Is path one of the row's, or below one? */
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

/* Is path above one of the row's? */
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

static bool contains_any(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_contains(text, str_from(*words)))
			return true;
	return false;
}

/* word is in lower case. */
static bool contains_word(struct str text, struct str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (strncasecmp(text.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

/* Values that look like secrets, which people put in other places than a Secret. */
static bool looks_secret(struct str text)
{
	static const char *const words[] = {
		"passw",   "passphrase", "pwd",	   "secret",	"token",      "apikey",
		"api-key", "api_key",	 "access", "private",	"credential", "authorization",
		"bearer",  "begin ",	 "dsn",	   "signature",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (contains_word(text, str_from(words[i])))
			return true;
	/* https://user:password@host/ */
	return str_contains(text, STR("://")) && str_contains(text, STR("@"));
}

/* Free text of users; elsewhere Kubernetes defines the possible values. */
static bool is_free(struct str path)
{
	static const char *const parts[] = { ".env[",	     ".command",	 ".args",
					     "annotations.", "parameters.",	 ".url",
					     ".options",     "volumeAttributes", NULL };

	return contains_any(path, parts);
}

/* An unnamed variable in a JSON patch; headers, which contain credentials. */
static bool is_never_shown(struct str path)
{
	return str_contains(path, STR("httpHeaders")) ||
	       (str_contains(path, STR(".env[")) && str_ends(path, STR(".value")));
}

/* The last step: the name of a list's item, or a key. Keys of annotations may contain dots. */
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
		n--; /* not inside a character */
	return arena_printf(arena, STR_FMT "...", STR_ARG(((struct str){ text.p, n })));
}

static void add_leaf(struct leaves *l, struct str path, enum leaf_kind kind, struct str value)
{
	struct write_leaf *leaf;

	if (!is_wanted(l->row, path) && (kind == LEAF_VALUE || !is_above(l->row, path)))
		return;
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

/* The names of an item of a list, and the values of items that are a single leaf. */
struct list_item {
	struct str name, key, effect, operator, value, from, mount_path, topology_key, port,
	    seconds;
	struct str directive; /* $patch */
};

/* The object in a variable's source: a name, and a key or a field. */
struct source_ref {
	struct str name, what;
};

static const struct json_field source_fields[] = {
	JSON_FIELD(TEXT, "name", struct source_ref, name),
	JSON_FIELD(TEXT, "key", struct source_ref, what),
	JSON_FIELD(TEXT, "fieldPath", struct source_ref, what),
	JSON_FIELD(TEXT, "resource", struct source_ref, what),
};

/* {"secretKeyRef":{"name":"s","key":"k"}} gives secretKeyRef s/k. */
static void read_source(struct json *j, void *object)
{
	struct source_ref ref = { 0 };
	struct list_item *item = object;
	struct str kind;

	if (!json_object(j))
		return;
	while (json_key(j, &kind))
		if (json_fields(j, source_fields, ARRAY_SIZE(source_fields), &ref))
			item->from = arena_printf(j->arena, STR_FMT " " STR_FMT "%s" STR_FMT,
						  STR_ARG(kind), STR_ARG(ref.name),
						  ref.name.n ? "/" : "", STR_ARG(ref.what));
}

static void read_port(struct json *j, void *object)
{
	json_number(j, &((struct list_item *)object)->port);
}

static void read_seconds(struct json *j, void *object)
{
	json_number(j, &((struct list_item *)object)->seconds);
}

static const struct json_field item_fields[] = {
	JSON_FIELD(TEXT, "$patch", struct list_item, directive),
	JSON_FIELD(TEXT, "name", struct list_item, name),
	JSON_FIELD(TEXT, "key", struct list_item, key),
	JSON_FIELD(TEXT, "operator", struct list_item, operator),
	JSON_FIELD(TEXT, "value", struct list_item, value),
	JSON_OTHER("valueFrom", read_source),
	JSON_FIELD(TEXT, "effect", struct list_item, effect),
	JSON_OTHER("tolerationSeconds", read_seconds),
	JSON_FIELD(TEXT, "mountPath", struct list_item, mount_path),
	JSON_FIELD(TEXT, "topologyKey", struct list_item, topology_key),
	JSON_OTHER("containerPort", read_port),
	JSON_OTHER("port", read_port),
};

static struct str item_path(struct leaves *l, struct str path, struct str step)
{
	return arena_printf(l->arena, STR_FMT "[" STR_FMT "]", STR_ARG(path), STR_ARG(step));
}

/* Taints, tolerations and environment variables are one leaf each. Returns true for these. */
static bool add_small_item(struct leaves *l, struct str path, const struct list_item *i)
{
	struct str list = last_step(path);
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
	add_leaf(l, item_path(l, path, step),
		 str_eq(i->directive, STR("delete")) ? LEAF_GONE : LEAF_VALUE, str_trim(value));
	return true;
}

static void walk_item(struct leaves *l, struct str raw, struct str path, size_t index,
		      unsigned depth)
{
	struct json j = json_of(raw, l->arena);
	struct list_item item = { 0 };
	struct str step;

	json_fields(&j, item_fields, ARRAY_SIZE(item_fields), &item);
	if (add_small_item(l, path, &item))
		return;
	step = item.mount_path.n     ? item.mount_path
	       : item.name.n	     ? item.name
	       : item.key.n	     ? item.key
	       : item.topology_key.n ? item.topology_key
	       : item.port.n	     ? item.port
				     : arena_printf(l->arena, "%zu", index);
	j = json_of(raw, l->arena);
	walk(l, &j, item_path(l, path, step), depth + 1);
	l->bad = l->bad || j.bad;
}

static void add_scalar(struct json *j, struct buf *out)
{
	struct str text;

	if (out->n > 1)
		buf_add(out, ", ", 2);
	if (json_peek(j) == JSON_STRING ? json_text(j, &text) : json_raw(j, &text))
		buf_add_str(out, text);
}

/* Lists that a patch replaces as a whole, because their items have no merge key. */
static bool is_atomic(struct str list)
{
	return str_eq(list, STR("taints")) || str_eq(list, STR("tolerations"));
}

static void walk_list(struct leaves *l, struct json *j, struct str path, unsigned depth)
{
	struct buf scalars = { 0 };
	struct str raw;
	size_t n = 0, n_scalars = 0;

	buf_add_char(&scalars, '[');
	json_array(j);
	for (; json_item(j); n++) {
		if (json_peek(j) != JSON_OBJECT) {
			add_scalar(j, &scalars);
			n_scalars++;
		} else if (json_raw(j, &raw)) {
			walk_item(l, raw, path, n, depth);
		}
	}
	buf_add_char(&scalars, ']');
	if (n_scalars)
		add_leaf(l, path, LEAF_VALUE, arena_str(l->arena, buf_str(&scalars)));
	if (!n || is_atomic(last_step(path)))
		add_leaf(l, path, LEAF_WHOLE, STR(""));
	buf_free(&scalars);
}

/* Objects */

/* Fields that change automatically, or are irrelevant to people. */
static bool is_ignored(struct str path, struct str key)
{
	static const char *const keys[] = { "timeAdded", "creationTimestamp", "caBundle", NULL };

	/* the name is already in the item's path */
	return (key.n && key.p[0] == '$') || str_is_one_of(key, keys) ||
	       (str_eq(key, STR("name")) && str_ends(path, STR("]")));
}

/* {"$patch":"delete"} or "replace". */
static void add_directive(struct leaves *l, struct json *j, struct str path)
{
	struct str directive = STR("");

	json_text(j, &directive);
	if (str_eq(directive, STR("delete")))
		add_leaf(l, path, LEAF_GONE, STR(""));
	else if (str_eq(directive, STR("replace")))
		add_leaf(l, path, LEAF_WHOLE, STR(""));
}

static void walk_object(struct leaves *l, struct json *j, struct str path, unsigned depth)
{
	struct str key, below;

	json_object(j);
	while (json_key(j, &key)) {
		if (str_eq(key, STR("$patch"))) {
			add_directive(l, j, path);
			continue;
		}
		below = path.n ? arena_printf(l->arena, STR_FMT "." STR_FMT, STR_ARG(path),
					      STR_ARG(key))
			       : key;
		if (!is_ignored(path, key) && (is_wanted(l->row, below) || is_above(l->row, below)))
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
		add_leaf(l, path, LEAF_GONE, STR(""));
		break;
	case JSON_STRING:
		if (json_text(j, &text))
			add_leaf(l, path, LEAF_VALUE, text);
		break;
	default:
		if (json_raw(j, &text))
			add_leaf(l, path, LEAF_VALUE, text);
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

/* [0] for an index in a list, - for its end, .image for a key, with ~1 and ~0 decoded. */
static void add_step(struct buf *out, struct str step)
{
	uint64_t number;
	bool place = str_eq(step, STR("-")) || str_u64(step, &number);

	if (place || out->n)
		buf_add_char(out, place ? '[' : '.');
	for (size_t i = 0; i < step.n; i++) {
		char next = step.p[i] == '~' && i + 1 < step.n ? step.p[i + 1] : 0;

		buf_add_char(out, next == '1' ? '/' : step.p[i]);
		i += next == '0' || next == '1';
	}
	if (place)
		buf_add_char(out, ']');
}

/* /spec/template/spec/containers/0/image to spec.template.spec.containers[0].image */
static struct str dotted(struct leaves *l, struct str pointer)
{
	struct buf out = { 0 };
	struct str path, step, rest;

	if (str_cut(pointer, '/', &step, &rest) && !step.n)
		while (str_next(&rest, '/', &step))
			add_step(&out, step);
	path = arena_str(l->arena, buf_str(&out));
	buf_free(&out);
	return path;
}

static void add_patch_step(struct leaves *l, const struct patch_step *step)
{
	struct str path = dotted(l, step->path);
	struct json j;

	if (str_eq(step->op, STR("remove"))) {
		add_leaf(l, path, LEAF_GONE, STR(""));
		return;
	}
	if (!step->value.n || (!str_eq(step->op, STR("add")) && !str_eq(step->op, STR("replace"))))
		return;
	if (step->value.p[0] == '{' || step->value.p[0] == '[')
		add_leaf(l, path, LEAF_WHOLE, STR(""));
	j = json_of(step->value, l->arena);
	walk(l, &j, path, 0);
	l->bad = l->bad || j.bad;
}

void leaves_json_patch(struct leaves *l, struct str raw)
{
	struct json j = json_of(raw, l->arena);

	if (!json_array(&j))
		return;
	while (json_item(&j)) {
		struct patch_step step;

		if (body_patch_step(&j, &step))
			add_patch_step(l, &step);
	}
	l->bad = l->bad || j.bad;
}

/* What is kept if there are too many */

static size_t rank_of(const struct write_leaf *leaf)
{
	static const char *const parts[] = {
		".image",
		"unschedulable",
		"taints",
		".resources.",
		"spec.hard",
		"failurePolicy",
		".service.",
		"timeoutSeconds",
		"replicas",
		".command",
		".args",
		"Probe.",
		"nodeSelector",
		"tolerations",
		".env",
		"affinity",
		"serviceAccountName",
		"volumes",
		"annotations",
		"labels",
	};

	if (leaf->kind == LEAF_WHOLE)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (str_contains(leaf->path, str_from(parts[i])))
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
