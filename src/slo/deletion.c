/* SPDX-License-Identifier: Apache-2.0 */
/* Was the pod removed in time? Every requested deletion counts, whatever the pod's verdict.
 * Repeated requests are the same deletion. */
#include "slo/outcome.h"

/* The first finalizer of the pod at that time; empty: none, as far as logged. */
static struct str holder(const struct timeline *t, nsec at)
{
	struct str names = { 0 }, head, tail;

	entries_each(e, t)
		if (e->fact.kind == FACT_DELETING && e->fact.message.p && e->received <= at)
			names = e->fact.message;
	return str_cut(names, ',', &head, &tail) ? head : names;
}

/* Alipay's Lunettes checks three times: at the limit, and an hour and a day after the request. */
static struct str step_of(nsec elapsed, const struct settings *settings)
{
	if (elapsed <= settings->limits[SLO_DELETE])
		return STR("delete");
	return elapsed <= settings->delete_stale ? STR("stale") : STR("terminating");
}

static enum exclusion excluded(const struct judging *on)
{
	const struct timeline *t = on->t;
	const struct mark *requested = &t->deletion->requested;
	enum exclusion exclusion = timeline_exclusion(t, on->settings);

	if (exclusion != EXCLUSION_NONE)
		return exclusion;
	if (!mark_known(requested))
		return EXCLUSION_UNREQUESTED;
	/* an earlier request, known from the object; dumps contain it too */
	if (!t->dumped && !t->deletion->request && nsec_known(on->cluster->first) &&
	    requested->at < on->cluster->first)
		return EXCLUSION_EARLIER;
	return EXCLUSION_NONE;
}

size_t judge_deletion(const struct judging *on, struct outcome *ret)
{
	const struct deletion *d = on->t->deletion;
	struct judged j;
	struct str name;

	if (!d)
		return 0;
	*ret = outcome_new(SLO_DELETE, on->settings->limits[SLO_DELETE]);
	ret->stages = d->stages;
	ret->n_stages = d->n_stages;
	ret->exclusion = excluded(on);
	if (ret->exclusion != EXCLUSION_NONE) {
		ret->begin = d->requested.at;
		return 1;
	}
	j = (struct judged){
		.t = on->t,
		.begin = &d->requested,
		.end = &d->gone,
		.last = cluster_end(on->cluster),
		.proven = d->until,
		.unseen = EXCLUSION_UNGONE,
	};
	outcome_judge(ret, &j);
	if (ret->verdict == VERDICT_EXCLUDED)
		return 1;
	if (ret->code.n) {
		/* Alipay's Lunettes reports the finalizer at the limit, and again at the end */
		name = holder(on->t, nsec_known(ret->end) ? ret->begin + ret->limit : j.last);
		ret->code = name.n ? name : ret->code;
	}
	/* if only an upper bound of the end is known, it is within the limit */
	ret->step =
	    step_of(nsec_known(ret->total) ? ret->total : MAX(ret->waited, 0), on->settings);
	return 1;
}
