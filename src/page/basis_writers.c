/* SPDX-License-Identifier: Apache-2.0 */
/* Writers that are missing from the log, or have gaps of their own. */
#include "page/basis.h"

#include "base/mem.h"
#include "page/phrase.h"

enum { WRITERS_SHOWN = 3 };

struct str writer_words(const struct log_writer *w, struct buf *text)
{
	static const struct str node = { "system:node:", 12 };
	static const struct str prefixes[] = { { "system:serviceaccount:kube-system:", 34 },
					       { "system:", 7 } };

	buf_reset(text);
	if (str_starts(w->name, node)) {
		buf_printf(text, "kubelet " STR_FMT, STR_ARG(str_after(w->name, node.n)));
		return buf_str(text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (str_starts(w->name, prefixes[i]))
			return str_after(w->name, prefixes[i].n);
	return w->name;
}

static bool is_absent(const struct log_writer *w)
{
	return w->name.n && !w->chart.records && presence_knows(w) &&
	       !str_eq(w->name, WRITER_KUBELETS);
}

static bool has_gaps(const struct log_writer *w)
{
	return w->name.n && w->own;
}

/* The writers of a cluster in that state, by name; the caller frees the list. */
static const struct log_writer **writers_that(const struct presence *p, struct str cluster,
					      bool (*is)(const struct log_writer *w), size_t *ret_n)
{
	const uint32_t *numbers;
	size_t n = presence_of(p, cluster, &numbers);
	const struct log_writer **list = mem_alloc((n + 1) * sizeof(const struct log_writer *));

	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (is(&p->writers[numbers[i]]))
			list[(*ret_n)++] = &p->writers[numbers[i]];
	return list;
}

static void add_gap(struct page *p, const struct gap *gap)
{
	if (gap->from != INT64_MIN) {
		buf_printf(&p->text, " from ");
		page_add_second(p, gap->from);
	}
	if (gap->to != INT64_MAX) {
		buf_printf(&p->text, " to ");
		page_add_second(p, gap->to);
	}
}

static void add_writers(struct page *p, const struct log_writer **list, size_t n,
			const char *before, bool gaps)
{
	struct buf words = { 0 };

	for (size_t i = 0; i < n && i < WRITERS_SHOWN; i++) {
		phrase_add(&p->text, i ? STR(", ") : str_from(before),
			   writer_words(list[i], &words));
		if (gaps)
			add_gap(p, &list[i]->holes.list[0]);
	}
	if (n > WRITERS_SHOWN)
		buf_printf(&p->text, ", and %zu more (lunettes inspect shows them)",
			   n - WRITERS_SHOWN);
	if (n)
		page_item(p, 1, 0);
	mem_free(list);
	buf_free(&words);
}

void basis_writers_text(struct page *p, const struct presence *presence, struct str cluster)
{
	size_t n;
	const struct log_writer **list = writers_that(presence, cluster, is_absent, &n);

	add_writers(p, list, n, "NOT IN THESE LOGS: ", false);
	list = writers_that(presence, cluster, has_gaps, &n);
	add_writers(p, list, n, "gaps of single writers: ", true);
}

const struct log_writer **basis_absent_writers(const struct presence *p, struct str cluster,
					       size_t *ret_n)
{
	return writers_that(p, cluster, is_absent, ret_n);
}
