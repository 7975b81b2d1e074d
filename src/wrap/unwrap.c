/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects that contain records: which wrapper they are, the records in them, and the cluster
 * they name. */
#include "wrap/wrapping.h"

/* Limit of top-level keys: wrappers have few, flat documents of Elasticsearch some more. */
enum { MEMBERS_MAX = 256 };

struct member {
	struct str key, raw;
};

/* An object that may be a wrapper. */
struct outer {
	struct str raw;
	struct member *list;
	size_t n, cap;
};

/* A row that is tried on an object, and what was found in the object. */
struct inside {
	struct wrap *w;
	const struct wrapper_row *row;
	const struct outer *outer;
	unsigned depth;
	uint64_t ours;		 /* known texts and objects */
	uint64_t texts, objects; /* unknown ones */
};

static const struct member *member_find(const struct outer *o, struct str key)
{
	for (size_t i = 0; i < o->n; i++)
		if (str_eq(o->list[i].key, key))
			return &o->list[i];
	return NULL;
}

static struct outer outer_of(struct str raw, struct arena *arena)
{
	struct outer o = { .raw = raw };
	struct json j = json_of(raw, arena);
	struct str key;

	if (json_object(&j))
		while (o.n < MEMBERS_MAX && json_key(&j, &key)) {
			arena_reserve(arena, o.list, o.n, o.cap);
			o.list[o.n].key = key;
			if (json_raw(&j, &o.list[o.n].raw))
				o.n++;
		}
	return o;
}

static bool row_matches(const struct wrapper_row *row, const struct outer *o)
{
	struct str shape = str_from(row->shape), key, values;
	const struct member *member;

	while (str_next(&shape, ' ', &values)) {
		str_next(&values, '=', &key);
		member = member_find(o, key);
		if (!member || (values.p && !word_is_any(values, raw_word(member->raw))))
			return false;
	}
	return true;
}

/* Looks up the first key of a path, so that objects are not parsed again for each row. */
static int outer_each(const struct outer *o, const struct path_visit *walk, const char *path,
		      struct err *err)
{
	const char *rest;
	const struct member *member = member_find(o, path_key(path, &rest));

	return member ? path_each(walk, member->raw, rest, err) : 0;
}

/* Texts in wrappers */

struct str wrap_bare(struct str text)
{
	static const struct str mark = { "\xef\xbb\xbf", 3 };

	text = str_trim(text);
	return str_starts(text, mark) ? str_trim(str_after(text, mark.n)) : text;
}

static int inner_text(struct wrap *w, struct str text, unsigned depth, struct err *err);

/* An array in a wrapper: each item separately. */
static int inner_items(struct wrap *w, struct json *j, unsigned depth, struct err *err)
{
	struct str raw;
	int r = 0;

	json_array(j);
	while (r >= 0 && json_item(j) && json_raw(j, &raw))
		r = inner_text(w, raw, depth + 1, err);
	return MIN(r, 0);
}

static int inner_line(struct wrap *w, struct str line, unsigned depth, struct err *err)
{
	enum line_result result;
	int r = wrap_line(w, line, depth, &result, err);

	if (r == 0 && result == LINE_DAMAGED)
		w->user->malformed(w->ctx, "a piece of a record", 0);
	return r;
}

static int inner_json(struct wrap *w, struct str text, unsigned depth, struct err *err)
{
	struct json j = json_of(text, w->arena);
	int r = text.p[0] == '{' ? w->user->object(w->ctx, &j, depth + 1, err)
				 : inner_items(w, &j, depth, err);

	/* a text of another program may begin with a brace, too */
	if (r == 0 && (j.bad || !json_end(&j)) && line_is_damaged(text))
		w->user->malformed(w->ctx, j.what, json_offset(&j));
	return r;
}

static int inner_text(struct wrap *w, struct str text, unsigned depth, struct err *err)
{
	bool inside = w->inside;
	uint64_t judged = w->judged;
	int r = 0;

	text = wrap_bare(text);
	w->inside = true;
	if (depth == WRAP_DEPTH)
		w->user->foreign(w->ctx, "nested too deeply");
	else if (text.n)
		r = text.p[0] == '{' || line_is_array(text) ? inner_json(w, text, depth, err)
							    : inner_line(w, text, depth, err);
	w->inside = inside;
	return r < 0 ? r : w->judged != judged;
}

/* Rows with the same name are counted together, in the first one. */
static size_t first_of_name(const struct wrapper_row *row)
{
	while (row > wrapper_rows && strcmp(row[-1].name, row->name) == 0)
		row--;
	return (size_t)(row - wrapper_rows);
}

int wrap_text(struct wrap *w, const struct wrapper_row *row, struct str text, unsigned depth,
	      struct err *err)
{
	uint64_t *records = &w->seen.records[first_of_name(row)];
	const uint64_t before = *records, taken = w->taken;
	int r = inner_text(w, text, depth, err);

	*records = before + w->taken - taken; /* a nested wrapper of that name has counted them,
						 too */
	return r;
}

static int try_inside(void *ctx, struct str raw, struct err *err)
{
	struct inside *in = ctx;
	struct wrap *w = in->w;
	struct str text = raw;
	bool is_text = in->row->any_value ? any_value_text(raw, w->arena, &text)
					  : raw_text(raw, w->arena, &text);
	int r;

	if (!is_text && (!raw.n || (raw.p[0] != '{' && raw.p[0] != '[')))
		return 0;
	w->item_kind = str_from(in->row->item);
	r = wrap_text(w, in->row, text, in->depth, err);
	w->item_kind = (struct str){ 0 };
	in->ours += r > 0;
	in->texts += r == 0 && is_text;
	in->objects += r == 0 && !is_text;
	return MIN(r, 0);
}

/* The name of the cluster */

/* The text after `behind` (in lower case) up to a slash; the whole text if that is NULL. */
static struct str cluster_in(struct str text, const char *behind)
{
	size_t n = behind ? strlen(behind) : 0;
	struct str head, tail;

	if (!behind)
		return text;
	for (size_t i = 0; i + n <= text.n; i++)
		if (strncasecmp(text.p + i, behind, n) == 0) {
			text = str_after(text, i + n);
			return str_cut(text, '/', &head, &tail) ? head : text;
		}
	return (struct str){ 0 };
}

static int keep_cluster(void *ctx, struct str raw, struct err *err)
{
	const struct inside *in = ctx;
	struct str text;

	if (raw_text(raw, in->w->arena, &text))
		wrapper_seen_cluster(&in->w->seen, first_of_name(in->row),
				     cluster_in(text, in->row->cluster_behind));
	return 0;
}

static void name_clusters(struct inside *in, struct err *err)
{
	/* added by collectors next to any key with the record */
	static const char *const common[WRAPPER_PATHS_MAX] = { "openshift.cluster_id",
							       "orchestrator.cluster.name" };
	const char *const *paths = in->row->cluster[0] ? in->row->cluster : common;
	struct path_visit walk = { in->w->arena, keep_cluster, in };

	for (size_t i = 0; i < WRAPPER_PATHS_MAX && paths[i]; i++)
		outer_each(in->outer, &walk, paths[i], err);
}

void wrap_viaq(struct wrap *w, struct str openshift)
{
	size_t row = first_of_name(wrapper_of_kind(WRAP_VIAQ));
	struct str id;

	w->seen.records[row]++;
	if (openshift.n && path_text(openshift, "cluster_id", w->arena, &id))
		wrapper_seen_cluster(&w->seen, row, id);
}

/* The rows */

/* Counts unknown content next to known records. */
static void count_rest(const struct inside *in)
{
	struct wrap *w = in->w;

	*w->other_lines += in->texts;
	w->judged += in->texts;
	for (uint64_t i = 0; i < in->objects; i++)
		w->user->foreign(w->ctx, NULL);
}

/* Returns > 0 if it is this wrapper. */
static int try_paths(struct inside *in, struct err *err)
{
	struct path_visit walk = { in->w->arena, try_inside, in };
	uint64_t taken = in->w->taken;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < WRAPPER_PATHS_MAX && in->row->inside[i]; i++)
		r = outer_each(in->outer, &walk, in->row->inside[i], err);
	if (r < 0)
		return -1;
	if (!in->ours && (in->row->kind == WRAP_MAYBE || in->texts + in->objects == 0))
		return 0;
	if (in->w->taken > taken)
		name_clusters(in, err);
	count_rest(in);
	return 1;
}

static int try_converted(struct inside *in, struct err *err)
{
	struct wrap *w = in->w;
	struct converted c = in->row->convert(in->outer->raw, w->arena);
	uint64_t taken = w->taken;
	int r = 1;

	if (c.what)
		w->user->malformed(w->ctx, c.what, c.offset);
	else if (c.foreign)
		w->user->foreign(w->ctx, c.foreign);
	else
		r = wrap_text(w, in->row, c.text, in->depth, err);
	if (w->taken > taken && c.cluster.n)
		wrapper_seen_cluster(&w->seen, first_of_name(in->row), c.cluster);
	else if (w->taken > taken)
		name_clusters(in, err);
	return r;
}

/* Two rows with the same key must not both be tried, because each try may repeat at every depth.
 * tried: a bit per row. */
static bool was_tried(const struct wrapper_row *row, uint64_t tried)
{
	const char *rest;
	struct str key = path_key(row->inside[0], &rest);

	for (size_t i = 0; i < WRAPPER_ROWS_MAX && tried >> i; i++)
		if (tried >> i & 1 && str_eq(path_key(wrapper_rows[i].inside[0], &rest), key))
			return true;
	return false;
}

static int try_rows(struct wrap *w, const struct outer *o, unsigned depth, struct err *err)
{
	uint64_t tried = 0, texts = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && wrapper_rows[i].kind < WRAP_VIAQ; i++) {
		struct inside in = { w, &wrapper_rows[i], o, depth };

		if (!row_matches(in.row, o))
			continue;
		if (in.row->kind == WRAP_CONVERT)
			return try_converted(&in, err);
		if (in.row->kind == WRAP_EMPTY) {
			w->judged++;
			return 1;
		}
		if (was_tried(in.row, tried))
			continue;
		tried |= (uint64_t)1 << i;
		r = try_paths(&in, err);
		texts += in.texts;
	}
	if (r != 0 || !texts || w->inside)
		return r;
	/* a log line of another program, as JSON */
	++*w->other_lines;
	return 1;
}

int wrap_object(struct wrap *w, struct str raw, unsigned depth, struct err *err)
{
	struct outer o = outer_of(raw, w->arena);

	/* a Kubernetes object is no wrapper, whatever its keys are */
	if (member_find(&o, STR("kind")) && member_find(&o, STR("apiVersion")))
		return 0;
	return try_rows(w, &o, depth, err);
}
