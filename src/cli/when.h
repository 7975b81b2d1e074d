/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A moment as a user names it, and what it means for one log. A log has its own time: there is no
 * "now" here, and what is not absolute is resolved against the log's last moment, when it is known.
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"

#define WHEN_EXPECTED                                                                              \
	"a time such as 2026-11-22T10:11:00Z, a time of day such as 10:11 or 10:11:30, or a "      \
	"duration back from the log's end such as 2h"

enum when_kind {
	WHEN_NONE, /* not given */
	WHEN_ABSOLUTE,
	WHEN_TIME_OF_DAY, /* value: nsec since midnight, in the zone of the user */
	WHEN_LOCAL,	  /* value: a date and time in the zone of the user, read as UTC */
	WHEN_BACK,	  /* value: nsec before the log's end */
};

struct when {
	enum when_kind kind;
	nsec value;
};

bool when_parse(struct str text, struct when *ret_when);
/*
 * A time of day means that time on the day (of the zone) on which the log ends, or on the day
 * before if it lies after the end. NSEC_NONE for WHEN_NONE, and for what is not absolute if log_end
 * is NSEC_NONE.
 */
nsec when_resolve(struct when when, nsec log_end, clock_zone *zone);

/* The moments t with from <= t < to; INT64_MIN and INT64_MAX where it is open. */
struct period {
	nsec from, to;
};

struct period_request {
	struct when since, until, around;
	nsec window; /* on each side of around */
};

static inline bool period_holds(struct period p, nsec at)
{
	return p.from <= at && at < p.to;
}

/* False usage (an empty period) is an error with both moments in it. */
int period_resolve(const struct period_request *request, nsec log_end, clock_zone *zone,
		   struct period *ret_period, struct err *err);
