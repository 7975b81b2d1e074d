/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/outcome.h"

static struct outcome created(const struct timeline *t, const struct delivery *d)
{
	const struct mark *delivered = timeline_delivered(t);

	return (struct outcome){
		.slo = SLO_CREATE,
		.verdict = d->verdict,
		.exclusion = d->exclusion,
		.begin = t->marks[MILESTONE_CREATED].at,
		.end = delivered->at,
		.total = d->total,
		.measured = d->delivery,
		.waited = d->waited,
		.until = d->until,
		.limit = d->delivery_limit,
		.startup = d->startup,
		.code = t->denied ? t->refusal : STR(""),
		.stages = t->stages,
		.n_stages = t->n_stages,
	};
}

size_t outcomes_of(enum slo slo, const struct timeline *t, const struct cluster *cluster,
		   const struct settings *settings, struct outcome *ret, struct delivery *ret_d)
{
	if (slo != SLO_CREATE)
		return 0;
	*ret_d = delivery_of(t, cluster, settings);
	ret[0] = created(t, ret_d);
	return 1;
}
