/* SPDX-License-Identifier: Apache-2.0 */
/* Was the PVC bound in time? With WaitForFirstConsumer the user owns the time until the first pod
 * that uses it is scheduled. */
#include "slo/outcome.h"

size_t judge_claim(const struct judging *on, struct outcome *ret)
{
	const struct timeline *t = on->t;
	const struct mark *created = &t->marks[MILESTONE_CREATED];
	nsec end = cluster_end(on->cluster), deleted = t->marks[MILESTONE_DELETED].at;
	struct judged j = {
		.t = t,
		.begin = created,
		.end = &t->marks[MILESTONE_BOUND],
		.last = end,
		.proven = t->status_until,
		.without_user = true,
		.unseen = EXCLUSION_UNBOUND,
	};

	*ret = outcome_new(SLO_PVC, on->settings->limits[SLO_PVC]);
	ret->begin = created->at;
	ret->stages = t->stages;
	ret->n_stages = t->n_stages;
	ret->exclusion = timeline_exclusion(t, on->settings);
	if (ret->exclusion == EXCLUSION_NONE && t->denied) {
		ret->verdict = VERDICT_DENIED;
		ret->limit = NSEC_NONE;
		ret->code = t->refusal;
		return 1;
	}
	if (ret->exclusion == EXCLUSION_NONE)
		ret->exclusion = creation_exclusion(t, on->cluster);
	if (ret->exclusion != EXCLUSION_NONE)
		return 1;
	if (nsec_known(deleted))
		j.last = MIN(j.last, deleted);
	j.aborted = j.last < end;
	outcome_judge(ret, &j);
	return 1;
}
