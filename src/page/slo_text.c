/* SPDX-License-Identifier: Apache-2.0 */
#include "page/slo_text.h"

#include "page/markdown.h"
#include "page/phrase.h"
#include "page/slo_tables.h"

void slo_put_quantiles(struct table *t, struct quantile *q)
{
	static const unsigned permille[] = { 500, 900, 990, 1000 };
	struct quantile_value v;

	for (size_t i = 0; i < ARRAY_SIZE(permille); i++)
		table_put(t, quantile_at(q, permille[i], &v) ? cell_duration(v.value, v.censored)
							     : cell_empty());
}

void slo_add_title(struct buf *out, const char *title, struct table_style style)
{
	if (style.markdown)
		markdown_add_title(out, str_from(title));
	else
		buf_printf(out, style.bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", title);
}

void slo_add_sentence(struct buf *out, struct str text, struct table_style style)
{
	if (style.markdown)
		markdown_add_paragraph(out, text);
	else
		phrase_add_wrapped(out, text, style.width);
}

static void add_basis(struct buf *out, const struct basis *basis, struct table_style style)
{
	struct buf text = { 0 };

	basis_text(&text, basis, style);
	if (style.markdown)
		markdown_add_list(out, buf_str(&text));
	else
		phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
}

static void add_stages(struct buf *out, struct slo_report *r, struct table_style style)
{
	struct buf title = { 0 };

	buf_printf(&title, "WHICH STAGE TAKES THE TIME (of the %s)", slo_words[r->config.slo].done);
	buf_add_char(&title, 0);
	slo_add_title(out, title.p, style);
	slo_add_stages(out, r, style);
	buf_free(&title);
}

static bool any_stage(const struct slo_report *r)
{
	for (int i = 0; i < STAGE_COUNT; i++)
		if (r->stages[i].seconds.n)
			return true;
	return false;
}

void slo_text_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style)
{
	add_basis(out, basis, style);
	slo_add_groups(out, r, style);
	if (r->config.slo == SLO_CREATE && r->all.pods) {
		slo_add_title(out, "SERVICE LEVEL INDICATORS", style);
		slo_add_slis(out, r, style);
	}
	if (r->objectives.n)
		slo_add_objectives(out, r, style);
	if (r->total_sum && any_stage(r))
		add_stages(out, r, style);
	if (r->slowest.n) {
		slo_add_title(out, r->config.slo == SLO_CREATE ? "SLOWEST PODS" : "SLOWEST", style);
		slo_add_slowest(out, r, style);
	}
}
