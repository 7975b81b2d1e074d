/* SPDX-License-Identifier: Apache-2.0 */
/* Writers that are missing from the log, or have gaps that are not everybody's. */
#include "page/basis_writers.h"

#include "base/mem.h"
#include "page/phrase.h"
#include "page/text.h"

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

/* Those of a cluster that are so, by name; to be freed. */
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

static void add_name(struct buf *out, const struct log_writer *w, struct table_style style)
{
	struct buf text = { 0 };

	text_add_safe(out, writer_words(w, &text), style.ascii);
	buf_free(&text);
}

static void add_more(struct buf *out, size_t n)
{
	if (n > WRITERS_SHOWN)
		buf_printf(out, ", and %zu more (lunettes inspect shows them)", n - WRITERS_SHOWN);
	buf_add_char(out, '\n');
}

void basis_writers_text(struct buf *out, const struct presence *p, struct str cluster,
			struct table_style style)
{
	size_t n;
	const struct log_writer **list = writers_that(p, cluster, is_absent, &n);

	for (size_t i = 0; i < n && i < WRITERS_SHOWN; i++) {
		buf_printf(out, i ? ", " : "  NOT IN THESE LOGS: ");
		add_name(out, list[i], style);
	}
	if (n)
		add_more(out, n);
	mem_free(list);
	list = writers_that(p, cluster, has_gaps, &n);
	for (size_t i = 0; i < n && i < WRITERS_SHOWN; i++) {
		const struct gap *gap = &list[i]->holes.list[0];

		buf_printf(out, i ? ", " : "  gaps of single writers: ");
		add_name(out, list[i], style);
		if (gap->from != INT64_MIN) {
			buf_printf(out, " from ");
			phrase_add_second(out, style.zone, gap->from);
		}
		if (gap->to != INT64_MAX) {
			buf_printf(out, " to ");
			phrase_add_second(out, style.zone, gap->to);
		}
	}
	if (n)
		add_more(out, n);
	mem_free(list);
}

const struct log_writer **basis_absent_writers(const struct presence *p, struct str cluster,
					       size_t *ret_n)
{
	return writers_that(p, cluster, is_absent, ret_n);
}
