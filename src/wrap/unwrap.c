/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects that hold records: which wrapper it is, what is inside, what it says of its cluster.
 */
#include "base/mem.h"
#include "wrap/wrapping.h"

/* Top-level keys that are looked at: wrappers have few, Elasticsearch's flat documents some more.
 */
enum { MEMBERS_MAX = 256 };

struct member {
	struct str key, raw;
};

struct members {
	struct str raw; /* the whole object */
	struct member *list;
	size_t n;
};

/* What was found inside of one wrapper. */
struct inside {
	struct decoder *d;
	const struct wrapper_row *row;
	unsigned depth;
	uint64_t ours, texts, objects; /* that are ours, or counted; and those that are not */
};

static const struct member *member_find(const struct members *m, struct str key)
{
	for (size_t i = 0; i < m->n; i++)
		if (str_eq(m->list[i].key, key))
			return &m->list[i];
	return NULL;
}

static void members_of(struct str raw, struct arena *arena, struct members *ret_members)
{
	struct members m = { .raw = raw };
	struct json j = json_of(raw, arena);
	size_t cap = 0;
	struct str key;

	if (json_object(&j))
		while (m.n < MEMBERS_MAX && json_key(&j, &key)) {
			arena_reserve(arena, m.list, m.n, cap);
			m.list[m.n].key = key;
			if (json_raw(&j, &m.list[m.n].raw))
				m.n++;
		}
	*ret_members = m;
}

/* "value|value": one of them is the text. */
static bool one_of(struct str values, struct str raw)
{
	struct str text =
	    raw.n > 1 && raw.p[0] == '"' ? (struct str){ raw.p + 1, raw.n - 2 } : (struct str){ 0 };
	struct str value;

	while (str_cut(values, '|', &value, &values))
		if (str_eq(value, text))
			return true;
	return str_eq(values, text);
}

static bool row_matches(const struct wrapper_row *row, const struct members *m)
{
	struct str shape = str_from(row->shape), need, key, values;
	const struct member *member;

	while (shape.n) {
		if (!str_cut(shape, ' ', &need, &shape)) {
			need = shape;
			shape.n = 0;
		}
		values = (struct str){ 0 };
		if (!str_cut(need, '=', &key, &values))
			key = need;
		member = member_find(m, key);
		if (!member || (values.n && !one_of(values, member->raw)))
			return false;
	}
	return true;
}

static int take_inside(void *ctx, struct str raw, struct err *err)
{
	struct inside *in = ctx;
	struct decoder *d = in->d;
	uint64_t taken = d->taken;
	uint64_t *records =
	    &d->wrappers.records[wrapper_first_of_name((size_t)(in->row - wrapper_rows))];
	const uint64_t before = *records;
	struct str text = raw;
	bool is_text = in->row->any_value ? any_value_text(raw, &d->arena, &text)
					  : raw_text(raw, &d->arena, &text);
	int r;

	if (!is_text && (!raw.n || (raw.p[0] != '{' && raw.p[0] != '[')))
		return 0;
	d->item_kind = str_from(in->row->item);
	r = decode_inner(d, text, in->depth, err);
	d->item_kind = (struct str){ 0 };
	*records = before + d->taken - taken; /* one of that name in it has counted them, too */
	in->ours += r > 0;
	in->texts += r == 0 && is_text;
	in->objects += r == 0 && !is_text;
	return MIN(r, 0);
}

/* The first key of a path is among the members: objects are not walked again for each row. */
static int at_path(const struct members *m, const char *path, struct arena *arena, path_fn *fn,
		   struct err *err, void *ctx)
{
	const char *rest;
	const struct member *member = member_find(m, path_key(path, &rest));

	return member ? path_each(member->raw, rest, arena, fn, err, ctx) : 0;
}

/* The name of the cluster */

struct str cluster_of(struct str text, const char *behind)
{
	size_t n = behind ? strlen(behind) : 0;
	struct str head, tail;

	if (!behind)
		return text;
	for (size_t i = 0; i + n <= text.n; i++) {
		size_t k = 0;

		while (k < n &&
		       (text.p[i + k] | (text.p[i + k] >= 'A' && text.p[i + k] <= 'Z' ? 32 : 0)) ==
			   behind[k])
			k++;
		if (k < n)
			continue;
		text = str_after(text, i + n);
		return str_cut(text, '/', &head, &tail) ? head : text;
	}
	return (struct str){ 0 };
}

static int take_cluster(void *ctx, struct str raw, struct err *err)
{
	const struct inside *in = ctx;
	struct decoder *d = in->d;
	struct str text;

	if (raw_text(raw, &d->arena, &text))
		wrapper_seen_cluster(&d->wrappers,
				     wrapper_first_of_name((size_t)(in->row - wrapper_rows)),
				     cluster_of(text, in->row->cluster_behind));
	return 0;
}

static void name_clusters(struct inside *in, const struct members *m, struct err *err)
{
	/* what collectors add beside any key that may hold the record */
	static const char *const common[] = { "openshift.cluster_id", "orchestrator.cluster.name" };
	const char *const *paths = in->row->cluster;
	size_t n = WRAPPER_PATHS_MAX;

	if (!paths[0]) {
		paths = common;
		n = ARRAY_SIZE(common);
	}
	for (size_t i = 0; i < n && paths[i]; i++)
		at_path(m, paths[i], &in->d->arena, take_cluster, err, in);
}

void wrapper_viaq(struct decoder *d, const struct audit *a)
{
	struct str id;
	size_t row = 0;

	while (wrapper_rows[row].kind != WRAP_VIAQ)
		row++;
	d->wrappers.records[row]++;
	if (a->openshift.n && path_text(a->openshift, "cluster_id", &d->arena, &id))
		wrapper_seen_cluster(&d->wrappers, row, id);
}

/* The rows */

/* What is not ours beside something that is. */
static void count_rest(const struct inside *in)
{
	struct decoder *d = in->d;

	d->ingest.otherLines += in->texts;
	d->judged += in->texts;
	for (uint64_t i = 0; i < in->objects; i++)
		audit_foreign(d, NULL);
}

/* > 0: it is this wrapper. */
static int try_row(struct inside *in, const struct members *m, struct err *err)
{
	struct decoder *d = in->d;
	uint64_t taken = d->taken;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < WRAPPER_PATHS_MAX && in->row->inside[i]; i++)
		r = at_path(m, in->row->inside[i], &d->arena, take_inside, err, in);
	if (r < 0)
		return -1;
	if (!in->ours && (in->row->kind == WRAP_MAYBE || in->texts + in->objects == 0))
		return 0;
	if (d->taken > taken)
		name_clusters(in, m, err);
	count_rest(in);
	return 1;
}

static int try_columns(struct inside *in, const struct members *m, struct err *err)
{
	struct decoder *d = in->d;
	uint64_t taken = d->taken;
	int r = decode_inner(d, columns_text(m->raw, &d->arena), in->depth, err);

	d->wrappers.records[wrapper_first_of_name((size_t)(in->row - wrapper_rows))] +=
	    d->taken - taken;
	if (d->taken > taken)
		name_clusters(in, m, err);
	return r;
}

/* Two rows that look into the same key must not both do so: it could be done again at each depth.
 */
static bool was_tried(const struct wrapper_row *row, const struct str *tried, size_t n)
{
	const char *rest;
	struct str key = path_key(row->inside[0], &rest);

	for (size_t i = 0; i < n; i++)
		if (str_eq(tried[i], key))
			return true;
	return false;
}

static int try_rows(struct decoder *d, const struct members *m, unsigned depth, struct err *err)
{
	struct str tried[WRAPPER_ROWS_MAX];
	const char *rest;
	uint64_t texts = 0;
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n_wrapper_rows && wrapper_rows[i].kind < WRAP_VIAQ; i++) {
		struct inside in = { .d = d, .row = &wrapper_rows[i], .depth = depth };

		if (!row_matches(in.row, m))
			continue;
		if (in.row->kind == WRAP_GKE)
			return gke_entry(d, m->raw, i, err);
		if (in.row->kind == WRAP_COLUMNS)
			return try_columns(&in, m, err);
		if (in.row->kind == WRAP_EMPTY) {
			d->judged++;
			return 1;
		}
		if (was_tried(in.row, tried, n))
			continue;
		tried[n++] = path_key(in.row->inside[0], &rest);
		r = try_row(&in, m, err);
		texts += in.texts;
	}
	if (r != 0 || !texts || d->inside)
		return r;
	/* a log line of another program, as JSON */
	d->ingest.otherLines++;
	return 1;
}

int wrapper_value(struct decoder *d, struct str raw, unsigned depth, struct err *err)
{
	struct members m;

	members_of(raw, &d->arena, &m);
	/* an object of Kubernetes is no wrapper, whatever its keys are called */
	if (member_find(&m, STR("kind")) && member_find(&m, STR("apiVersion")))
		return 0;
	return try_rows(d, &m, depth, err);
}
