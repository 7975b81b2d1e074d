/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/judge.h"

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

void outcome_exclude(struct outcome *o, enum exclusion exclusion)
{
	o->verdict = VERDICT_EXCLUDED;
	o->exclusion = exclusion;
}

static nsec measure(const struct judged *j, nsec to)
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
		o->waited = measure(j, proven);
	}
	if (o->waited > o->limit)
		o->verdict = VERDICT_FAILED;
	else if (proven < j->last)
		outcome_exclude(o, j->unseen);
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
		o->measured = measure(j, o->end);
		o->verdict = o->measured <= o->limit ? VERDICT_SUCCESS : VERDICT_SLOW;
	} else if (!end->reached) {
		not_done(o, j);
	} else if (nsec_known(end->until) && measure(j, MAX(end->until, o->begin)) <= o->limit) {
		o->verdict = VERDICT_SUCCESS; /* it was done even before that */
	} else {
		outcome_exclude(o, j->unseen);
	}
	if (o->verdict == VERDICT_SLOW || o->verdict == VERDICT_FAILED)
		o->code = STR("timeout");
	if (o->verdict == VERDICT_ABORTED)
		o->code = STR("beforeFinish");
}
