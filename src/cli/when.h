/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A point in time as a user writes it, and its meaning for a log. A log has its own time: there is
 * no "now" here, and relative times are resolved against the log's last moment, once it is known.
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
	WHEN_BACK,	  /* value: nsec before the end of the log */
};

struct when {
	enum when_kind kind;
	nsec value;
};

bool when_parse(struct str text, struct when *ret_when);
/*
 * A time of day is on the day (of the zone) on which the log ends, or on the previous day if it
 * would be after the end. NSEC_NONE for WHEN_NONE, and for relative times if log_end is NSEC_NONE.
 */
nsec when_resolve(struct when when, nsec log_end, clock_zone *zone);

/* The moments t with from <= t < to; INT64_MIN and INT64_MAX where unbounded. */
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

/* An empty period is a usage error, which shows both moments. */
int period_resolve(const struct period_request *request, nsec log_end, clock_zone *zone,
		   struct period *ret_period, struct err *err);
