/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time that one pod spent in one stage, whatever else went on: the union of the stage's
 * intervals, so that two images that are pulled at once count once.
 */
#ifndef LUNETTES_SLO_STAGE_TIME_H
#define LUNETTES_SLO_STAGE_TIME_H

#include "timeline/timeline.h"

struct stage_time {
	nsec time;		      /* as far as it is known */
	bool open;		      /* one of them never ended: it is at least that */
	const struct entry *evidence; /* of the last edge that is known; may be NULL */
};

/*
 * stages: in start order, as all are. until: how far open ones go; NSEC_NONE: they do not count.
 * False: the pod was not in that stage, as far as is known.
 */
bool stage_time_of(const struct stage *stages, size_t n, enum lifecycle_stage stage, nsec until,
		   struct stage_time *ret);

#endif
