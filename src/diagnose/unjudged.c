/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods whose delivery is not judged, for the log does not show their creation, or when they became
 * ready: what can be told of them all the same.
 */
#include "diagnose/hits.h"

/*
 * A container that ended by a signal, or well, may have been stopped by the kubelet, whose words
 * about that lie before the log, or are not in a dump.
 */
bool hits_unexplained(const struct hits *h, const struct hit *hit)
{
	const struct entry *e = hit->last_entry;
	nsec first = h->cluster->first;

	return unjudged(h) && e && e->fact.kind == FACT_TERMINATED &&
	       (e->fact.code == 0 || e->fact.code > 128) &&
	       !str_eq(e->fact.reason, STR("OOMKilled")) &&
	       (first == NSEC_NONE || entry_at(e) < first);
}

static bool ready_at_the_end(const struct timeline *t)
{
	const struct entry *last = timeline_last_ready(t);

	return last && last->fact.truth;
}

bool hits_news(const struct hits *h, const struct hit *hit)
{
	nsec first = h->cluster->first;

	if (!unjudged(h))
		return true;
	return (first != NSEC_NONE && hit->last >= first) || !ready_at_the_end(h->t);
}

bool diagnosable(const struct timeline *t, const struct delivery *delivery)
{
	if (delivery->verdict != VERDICT_EXCLUDED || t->kind != OBJECT_POD)
		return delivery->verdict != VERDICT_EXCLUDED;
	/* of what only Events name nobody knows whether it passed */
	return t->object && delivery->exclusion != EXCLUSION_IGNORED &&
	       delivery->exclusion != EXCLUSION_MIRROR;
}
