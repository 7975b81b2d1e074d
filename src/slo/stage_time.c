/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/stage_time.h"

bool stage_time_of(const struct stage *stages, size_t n, enum lifecycle_stage stage, nsec until,
		   struct stage_time *ret)
{
	nsec covered = NSEC_NONE;
	bool any = false;

	*ret = (struct stage_time){ 0 };
	for (size_t i = 0; i < n; i++) {
		const struct stage *s = &stages[i];
		bool open = !nsec_known(s->end.at);
		nsec from = s->start.at, to = open ? until : s->end.at;

		if (s->stage != stage || (open && (!s->open || !nsec_known(until))))
			continue;
		any = true;
		ret->open |= open;
		if (!nsec_known(covered) || to >= covered)
			ret->evidence = open ? s->start.evidence : s->end.evidence;
		from = clock_later(from, covered);
		ret->time += MAX(to - from, 0);
		covered = clock_later(covered, to);
	}
	return any;
}
