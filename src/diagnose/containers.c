/* SPDX-License-Identifier: Apache-2.0 */
/* What a fact about a container means: which kind it is, and whether it ended by itself. */
#include "diagnose/internal.h"

bool kind_of_container(const struct timeline *t, struct str name, enum container_kind *ret)
{
	for (size_t i = 0; i < t->n_containers; i++) {
		if (!t->containers[i].spec || !str_eq(t->containers[i].name, name))
			continue;
		*ret = t->containers[i].spec->kind;
		return true;
	}
	return false;
}

/* The kubelet asked that container to stop while it ran from begin to end. */
static bool was_asked(const struct timeline *t, struct str container, nsec begin, nsec end)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		/* the ends of containers are whole seconds */
		if (e->fact.kind == FACT_EVENT && str_eq(e->fact.reason, STR("Killing")) &&
		    str_eq(e->fact.subject, container) && entry_at(e) <= end + SECOND &&
		    entry_last(e) >= begin)
			return true;
	}
	return false;
}

/* The pod had failed as a whole by then: evicted, over its deadline, rejected. */
static bool had_failed(const struct timeline *t, nsec received)
{
	for (size_t i = 0; i < t->n_entries; i++) {
		const struct entry *e = &t->entries[i];

		if (e->fact.kind == FACT_PHASE && e->fact.subject.n && e->received <= received &&
		    str_eq(e->fact.reason, STR("Failed")))
			return true;
	}
	return false;
}

bool killed_by_kubelet(const struct timeline *t, const struct entry *e)
{
	nsec end = e->fact.at != NSEC_NONE ? e->fact.at : e->received;
	nsec begin = e->fact.begin != NSEC_NONE ? e->fact.begin : end - 60 * SECOND;
	nsec deleted = t->marks[MILESTONE_DELETED].at;

	return (deleted != NSEC_NONE && end + SECOND > deleted) || had_failed(t, e->received) ||
	       (e->fact.subject.p && was_asked(t, e->fact.subject, begin, end));
}
