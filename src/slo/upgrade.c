/* SPDX-License-Identifier: Apache-2.0 */
/* Was the pod Ready again in time after an in-place update? */
#include "slo/outcome.h"

static nsec begin_by(const struct upgrade *u)
{
	return mark_known(&u->begin) ? u->begin.at : u->trigger->received;
}

static struct outcome judge_upgrade(const struct judging *on, size_t i)
{
	const struct timeline *t = on->t;
	const struct upgrade *u = &t->upgrades[i];
	struct outcome o = outcome_new(SLO_UPGRADE, on->settings->limits[SLO_UPGRADE]);
	nsec end = cluster_end(on->cluster), deleted = mark_latest(&t->marks[MILESTONE_DELETED]);
	struct judged j = {
		.t = t,
		.begin = &u->begin,
		.end = &u->ready,
		.last = end,
		.proven = t->status_until,
		.unseen = EXCLUSION_UNREADY,
	};

	o.begin = u->begin.at;
	o.upgrade = u;
	o.stages = u->stages;
	o.n_stages = u->n_stages;
	o.exclusion = timeline_exclusion(t, on->settings);
	if (o.exclusion == EXCLUSION_NONE && !mark_known(&u->begin))
		o.exclusion = EXCLUSION_UNREQUESTED;
	if (o.exclusion != EXCLUSION_NONE)
		return o;
	if (nsec_known(deleted))
		j.last = MIN(j.last, deleted);
	if (i + 1 < t->n_upgrades)
		j.last = MIN(j.last, begin_by(&t->upgrades[i + 1]));
	j.aborted = j.last < end;
	outcome_judge(&o, &j);
	return o;
}

size_t judge_upgrades(const struct judging *on, struct outcome *ret)
{
	const struct timeline *t = on->t;
	size_t n = 0;

	for (size_t i = 0; i < t->n_upgrades && n < OUTCOMES_MAX; i++)
		/* a resize alone is usually applied without interruption */
		if (t->upgrades[i].kind != UPGRADE_RESIZE || t->upgrades[i].restarted)
			ret[n++] = judge_upgrade(on, i);
	return n;
}
