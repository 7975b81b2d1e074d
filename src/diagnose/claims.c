/* SPDX-License-Identifier: Apache-2.0 */
/* Claims as what is diagnosed: their delivery is that they are bound. */
#include "diagnose/diagnose.h"
#include "slo/outcome.h"

struct delivery diagnosed_claim(const struct timeline *t, const struct cluster *cluster,
				const struct settings *settings)
{
	struct outcome outcomes[OUTCOMES_MAX];
	struct delivery d = { .verdict = VERDICT_EXCLUDED, .total = NSEC_NONE };
	const struct outcome *o = outcomes;

	d.user = d.delivery = d.startup = d.kubelet = d.until = d.waited = NSEC_NONE;
	d.deadline_limit = d.delivery_limit = NSEC_NONE;
	if (!outcomes_of(SLO_PVC, t, cluster, settings, outcomes, &d))
		return d;
	d.verdict = d.deadline_verdict = d.delivery_verdict = o->verdict;
	d.exclusion = o->exclusion;
	d.total = o->total;
	d.delivery = o->measured;
	d.user = o->total != NSEC_NONE ? o->total - o->measured : NSEC_NONE;
	d.delivery_limit = o->limit;
	d.until = o->until;
	d.waited = o->waited;
	return d;
}
