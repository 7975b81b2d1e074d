/* SPDX-License-Identifier: Apache-2.0 */
/* The writers of the audit log, and where they may be missing; the delays of kubelets' Events. */
#include "page/inspection.h"

#include "base/mem.h"

enum {
	WRITERS_SHOWN = 20, /* without wide; those with something missing come first */
	HOLES_SHOWN = 3,
};

bool writer_is_absent(const struct log_writer *w)
{
	return !w->chart.records;
}

static bool is_shown(const struct log_writer *w)
{
	return w->name.n && !str_eq(w->name, WRITER_KUBELETS) && presence_knows(w);
}

/* By cluster and name; for people, those with something missing first. */
static int by_name(const struct log_writer *a, const struct log_writer *b)
{
	int c = str_cmp(a->cluster, b->cluster);

	return c ? c : str_cmp(a->name, b->name);
}

static int in_order(const void *a, const void *b)
{
	return by_name(*(const struct log_writer *const *)a, *(const struct log_writer *const *)b);
}

/* Those with something missing first, then the scheduler, then kubelets. */
static int weight(const struct log_writer *w)
{
	if (writer_is_absent(w))
		return 0;
	if (w->holes.n)
		return 1;
	return str_starts(w->name, WRITER_ACCOUNT) ? 3 : 2;
}

static int worst_first(const void *a, const void *b)
{
	const struct log_writer *x = *(const struct log_writer *const *)a,
				*y = *(const struct log_writer *const *)b;
	int p = weight(x), q = weight(y);

	return p != q ? p - q : by_name(x, y);
}

const struct log_writer **inspect_writers(const struct context *c, size_t *ret_n)
{
	const struct presence *p = &c->presence;
	const struct log_writer **list = mem_alloc((p->names.n + 1) * sizeof(*list));

	*ret_n = 0;
	for (size_t i = 0; i < p->names.n; i++)
		if (is_shown(&p->writers[i]))
			list[(*ret_n)++] = &p->writers[i];
	if (*ret_n)
		qsort(list, *ret_n, sizeof(*list), in_order);
	return list;
}

bool inspect_has_writers(const struct inspection *i)
{
	const struct presence *p = &i->basis->context->presence;

	for (size_t k = 0; k < p->names.n; k++)
		if (is_shown(&p->writers[k]))
			return true;
	return false;
}

/* The node of a kubelet; empty: it is no kubelet. */
struct str writer_node(const struct log_writer *w)
{
	const struct str prefix = WRITER_NODE;

	return str_starts(w->name, prefix) ? str_after(w->name, prefix.n) : STR("");
}

const struct delays *writer_delays(const struct context *c, const struct log_writer *w)
{
	struct str name = writer_node(w);
	const struct node *node = name.n ? context_find_node(c, w->cluster, name) : NULL;

	return node && node->delays.n ? &node->delays : NULL;
}

static void add_hole(struct page *p, const struct gap *gap)
{
	if (gap->from == INT64_MIN && gap->to == INT64_MAX) {
		buf_printf(&p->text, "all of the log");
	} else if (gap->from == INT64_MIN) {
		buf_printf(&p->text, "until ");
		page_add_second(p, gap->to);
	} else if (gap->to == INT64_MAX) {
		buf_printf(&p->text, "from ");
		page_add_second(p, gap->from);
		buf_printf(&p->text, " on");
	} else {
		page_add_duration(p, gap->to - gap->from);
		buf_printf(&p->text, " from ");
		page_add_second(p, gap->from);
	}
}

static void put_holes(struct page *p, struct table *t, const struct log_writer *w)
{
	if (writer_is_absent(w))
		buf_printf(&p->text, "writes nothing to this log");
	for (size_t i = 0; !writer_is_absent(w) && i < w->holes.n && i < HOLES_SHOWN; i++) {
		buf_printf(&p->text, i ? ", " : "");
		add_hole(p, &w->holes.list[i]);
	}
	if (!writer_is_absent(w) && w->holes.n > HOLES_SHOWN)
		buf_printf(&p->text, ", and %zu more", w->holes.n - HOLES_SHOWN);
	if (!p->text.n && !w->holes.n && w->rare)
		buf_printf(&p->text, "unknown: too few records");
	page_put_cell(p, t);
}

static void put_delays(struct table *t, const struct inspection *i, const struct log_writer *w)
{
	const struct delays *d = writer_delays(i->basis->context, w);
	const struct node_starts *starts = coverage_starts(i->coverage, w->cluster, writer_node(w));

	table_put(t, d ? cell_count(d->n) : cell_empty());
	table_put(t, cell_duration(d ? delays_quantile(d, 50) : NSEC_NONE, false));
	table_put(t, cell_duration(d ? delays_quantile(d, 95) : NSEC_NONE, false));
	table_put(t, cell_duration(d ? MAX(d->most, 0) : NSEC_NONE, false));
	table_put(t, starts && i->coverage->events ? cell_count(starts->lost) : cell_empty());
}

/* Controllers with nothing missing are not shown. */
static size_t shown_of(const struct log_writer **list, size_t n)
{
	size_t shown = 0;

	while (shown < n && shown < WRITERS_SHOWN && weight(list[shown]) < 3)
		shown++;
	return shown;
}

static const struct table_column columns[] = {
	{ .name = "WRITER", .min_width = 20 },
	{ .name = "RECORDS", .align = TABLE_RIGHT },
	{ .name = "FIRST", .drop = 4 },
	{ .name = "LAST", .drop = 3 },
	{ .name = "EVENTS", .align = TABLE_RIGHT, .drop = 7, .sparse = true },
	{ .name = "LATE P50", .align = TABLE_RIGHT, .drop = 6, .sparse = true },
	{ .name = "P95", .align = TABLE_RIGHT, .drop = 5, .sparse = true },
	{ .name = "MAX", .align = TABLE_RIGHT, .drop = 2, .sparse = true },
	{ .name = "LOST", .align = TABLE_RIGHT, .drop = 1, .sparse = true },
	{ .name = "MISSING", .sparse = true },
};

static void put_second(struct page *p, struct table *t, nsec at)
{
	if (nsec_known(at))
		page_add_second(p, at);
	page_put_cell(p, t);
}

void inspect_writers_text(struct page *p, const struct inspection *i)
{
	struct buf text = { 0 };
	struct table t;
	size_t n, shown;
	const struct log_writer **list = inspect_writers(i->basis->context, &n);

	if (n && !p->style.wide)
		qsort(list, n, sizeof(*list), worst_first);
	shown = p->style.wide ? n : shown_of(list, n);
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t k = 0; k < shown; k++) {
		table_put(&t, cell_str(writer_words(list[k], &text)));
		table_put(&t, cell_count(list[k]->chart.records));
		put_second(p, &t, list[k]->first);
		put_second(p, &t, list[k]->last);
		put_delays(&t, i, list[k]);
		put_holes(p, &t, list[k]);
	}
	if (shown)
		page_table(p, &t);
	buf_free(&text);
	page_more(p, n - shown, " (-o wide shows them)");
	mem_free(list);
}
