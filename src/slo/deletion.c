/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Was the pod gone in time? Every deletion that was asked for counts, whatever became of the pod
 * before. One that is asked for again is the same deletion.
 */
#include "slo/judge.h"

/* Who first in order held the pod at that time; empty: nobody, as far as is shown. */
static struct str holder(const struct timeline *t, nsec at)
{
	struct str names = { 0 }, head, tail;

	for (size_t i = 0; i < t->n_entries; i++) {
		const struct fact *f = &t->entries[i].fact;

		if (f->kind == FACT_DELETING && f->message.p && t->entries[i].received <= at)
			names = f->message;
	}
	return str_cut(names, ',', &head, &tail) ? head : names;
}

/* Upstream looks three times: at the limit, an hour and a day behind the request. */
static struct str step_of(nsec elapsed, const struct settings *settings)
{
	if (elapsed <= settings->delete_limit)
		return STR("delete");
	return elapsed <= settings->delete_stale ? STR("stale") : STR("terminating");
}

static enum exclusion excluded(const struct timeline *t, const struct cluster *cluster,
			       const struct settings *settings)
{
	const struct mark *requested = &t->deletion->requested;
	enum exclusion exclusion = timeline_exclusion(t, settings);

	if (exclusion != EXCLUSION_NONE)
		return exclusion;
	if (!nsec_known(requested->at))
		return EXCLUSION_UNREQUESTED;
	/* the object shows that it had been asked for; a dump carries that with it */
	if (!t->dumped && !t->deletion->request && nsec_known(cluster->first) &&
	    requested->at < cluster->first)
		return EXCLUSION_EARLIER;
	return EXCLUSION_NONE;
}

size_t outcome_of_deletion(const struct timeline *t, const struct cluster *cluster,
			   const struct settings *settings, struct outcome *ret)
{
	const struct deletion *d = t->deletion;
	struct judged j;
	struct str name;

	if (!d)
		return 0;
	*ret = outcome_new(SLO_DELETE, settings->delete_limit);
	ret->stages = d->stages;
	ret->n_stages = d->n_stages;
	ret->exclusion = excluded(t, cluster, settings);
	if (ret->exclusion != EXCLUSION_NONE) {
		ret->begin = d->requested.at;
		return 1;
	}
	j = (struct judged){
		.t = t,
		.begin = &d->requested,
		.end = &d->gone,
		.last = cluster_end(cluster),
		.proven = d->until,
		.unseen = EXCLUSION_UNGONE,
	};
	outcome_judge(ret, &j);
	if (ret->verdict == VERDICT_EXCLUDED)
		return 1;
	if (ret->code.n) {
		/* what upstream found when the limit had passed, and finds again at the end */
		name = holder(t, nsec_known(ret->end) ? ret->begin + ret->limit : j.last);
		ret->code = name.n ? name : ret->code;
	}
	if (nsec_known(ret->total) || nsec_known(ret->waited))
		ret->step = step_of(nsec_known(ret->total) ? ret->total : ret->waited, settings);
	else
		ret->step = STR("delete"); /* gone by a known time, which is within the limit */
	return 1;
}
