/* SPDX-License-Identifier: Apache-2.0 */
#include "page/slo_words.h"

struct str owner_or_undecided(enum owner owner)
{
	return owner == OWNER_NONE ? STR("undecided") : owner_name(owner);
}

struct str stage_word(enum lifecycle_stage stage)
{
	return stage == STAGE_COUNT ? STR("") : str_from(lifecycle_rows[stage].name);
}

void slo_words_by(struct buf *out, const struct grouping *g)
{
	const char *sep = "";

	for (size_t i = 0; i < g->n; i++) {
		if (g->implied[i])
			continue;
		buf_printf(out, "%s%s", sep, dimension_rows[g->by[i]].what);
		sep = " AND ";
	}
}

void slo_words_rate(struct buf *out, uint64_t rate)
{
	if (rate == BURN_ENDLESS)
		buf_add_str(out, STR("endless"));
	else
		buf_printf(out, "%llu.%03llu", (unsigned long long)(rate / 1000),
			   (unsigned long long)(rate % 1000));
}
