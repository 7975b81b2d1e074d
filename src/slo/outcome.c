/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/outcome.h"

size_t judge_creation(const struct judging *j, struct outcome *ret)
{
	const struct timeline *t = j->t;
	struct delivery d = delivery_of(t, j->cluster, j->settings);

	*ret = (struct outcome){
		.slo = SLO_CREATE,
		.verdict = d.verdict,
		.exclusion = d.exclusion,
		.begin = t->marks[MILESTONE_CREATED].at,
		.end = timeline_delivered(t)->at,
		.total = d.total,
		.measured = d.delivery,
		.waited = d.waited,
		.until = d.until,
		.limit = d.delivery_limit,
		.startup = d.startup,
		.code = t->denied ? t->refusal : STR(""),
		.delivery = d,
		.stages = t->stages,
		.n_stages = t->n_stages,
	};
	return 1;
}

size_t outcomes_of(enum slo slo, const struct judging *j, struct outcome *ret)
{
	return j->t->kind == slo_rows[slo].about ? slo_rows[slo].judge(j, ret) : 0;
}

/* Durations */

static enum measured whole(nsec done, nsec so_far, nsec *ret)
{
	*ret = nsec_known(done) ? done : so_far;
	if (nsec_known(done))
		return MEASURED_ALL;
	return nsec_known(so_far) ? MEASURED_AT_LEAST : MEASURED_NOT;
}

static enum measured in_stage(const struct outcome *o, enum lifecycle_stage stage, nsec *ret)
{
	nsec ended = stages_time(o->stages, o->n_stages, stage, NSEC_NONE, NULL);
	nsec so_far = stages_time(o->stages, o->n_stages, stage, o->until, NULL);

	return so_far > ended ? whole(NSEC_NONE, so_far, ret) : whole(ended, NSEC_NONE, ret);
}

enum measured outcome_measure(const struct outcome *o, enum sli sli, nsec *ret)
{
	nsec so_far = NSEC_NONE;

	switch (sli) {
	case SLI_DELIVERY:
		return whole(o->measured, o->waited, ret);
	case SLI_TOTAL:
		if (nsec_known(o->until) && nsec_known(o->begin) && o->until >= o->begin)
			so_far = o->until - o->begin;
		return whole(o->total, so_far, ret);
	case SLI_STARTUP:
		return whole(o->startup, NSEC_NONE, ret);
	default:
		return in_stage(o, sli_stage(sli), ret);
	}
}

/* Verdicts */

struct outcome outcome_new(enum slo slo, nsec limit)
{
	return (struct outcome){
		.slo = slo,
		.verdict = VERDICT_EXCLUDED,
		.begin = NSEC_NONE,
		.end = NSEC_NONE,
		.total = NSEC_NONE,
		.measured = NSEC_NONE,
		.waited = NSEC_NONE,
		.until = NSEC_NONE,
		.limit = limit,
		.startup = NSEC_NONE,
		.code = STR(""),
	};
}

static void exclude(struct outcome *o, enum exclusion exclusion)
{
	o->verdict = VERDICT_EXCLUDED;
	o->exclusion = exclusion;
}

static nsec time_to(const struct judged *j, nsec to)
{
	nsec from = j->begin->at;

	return to - from - (j->without_user ? delivery_user_time(j->t, from, to) : 0);
}

static void not_done(struct outcome *o, const struct judged *j)
{
	nsec proven = MIN(j->last, j->proven);

	o->waited = 0;
	if (proven > o->begin) {
		o->until = proven;
		o->waited = time_to(j, proven);
	}
	if (o->waited > o->limit)
		o->verdict = VERDICT_FAILED;
	else if (proven < j->last)
		exclude(o, j->unseen);
	else
		o->verdict = j->aborted ? VERDICT_ABORTED : VERDICT_OPEN;
}

void outcome_judge(struct outcome *o, const struct judged *j)
{
	const struct mark *end = j->end;

	o->begin = j->begin->at;
	if (nsec_known(end->at)) {
		o->end = MAX(end->at, o->begin);
		o->total = o->end - o->begin;
		o->measured = time_to(j, o->end);
		o->verdict = o->measured <= o->limit ? VERDICT_SUCCESS : VERDICT_SLOW;
	} else if (!end->reached) {
		not_done(o, j);
	} else if (nsec_known(end->until) && time_to(j, MAX(end->until, o->begin)) <= o->limit) {
		o->verdict = VERDICT_SUCCESS; /* it was done even before that */
	} else {
		exclude(o, j->unseen);
	}
	if (o->verdict == VERDICT_SLOW || o->verdict == VERDICT_FAILED)
		o->code = STR("timeout");
	if (o->verdict == VERDICT_ABORTED)
		o->code = STR("beforeFinish");
}
