/* SPDX-License-Identifier: Apache-2.0 */
#include "page/slo_text.h"

void slo_put_quantiles(struct table *t, struct quantile *q)
{
	static const unsigned permille[] = { 500, 900, 990, 1000 };
	struct quantile_value v;

	for (size_t i = 0; i < ARRAY_SIZE(permille); i++)
		table_put(t, quantile_at(q, permille[i], &v) ? cell_duration(v.value, v.censored)
							     : cell_empty());
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
	struct page p = page_of(out, style);

	basis_page(&p, basis, NULL);
	slo_add_groups(&p, r);
	if (r->config.slo == SLO_CREATE && r->all.pods)
		slo_add_slis(&p, r);
	if (r->objectives.n)
		slo_add_objectives(&p, r);
	if (r->total_sum && any_stage(r))
		slo_add_stages(&p, r);
	if (r->slowest.n)
		slo_add_slowest(&p, r);
	page_free(&p);
}
