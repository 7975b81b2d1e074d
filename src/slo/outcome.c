/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/judge.h"

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
	bool claim = t->kind == OBJECT_CLAIM;

	if (claim != (slo == SLO_PVC))
		return 0;
	if (slo == SLO_PVC)
		return outcome_of_claim(t, cluster, settings, ret);
	if (slo == SLO_DELETE)
		return outcome_of_deletion(t, cluster, settings, ret);
	if (slo == SLO_UPGRADE)
		return outcomes_of_upgrades(t, cluster, settings, ret);
	*ret_d = delivery_of(t, cluster, settings);
	ret[0] = created(t, ret_d);
	return 1;
}
