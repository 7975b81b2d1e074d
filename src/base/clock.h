/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: nanoseconds since 1970-01-01T00:00:00Z in UTC, without leap seconds. There is no "now"
 * here, because no output depends on the wall clock.
 */
#pragma once

#include "base/str.h"

typedef int64_t nsec;

#define NSEC_NONE INT64_MIN /* unknown or not reached; less than every other time */
#define SECOND ((nsec)1000000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static inline bool nsec_known(nsec at)
{
	return at != NSEC_NONE;
}

enum { CLOCK_TEXT = 40, DURATION_TEXT = 32 };

/*
 * RFC 3339: date, T or blank, time, fraction of any length (digits after the ninth are dropped), Z
 * or an offset. Years 1970 to 2261; every other year, such as Go's zero time (year 1), gives false.
 */
bool clock_parse(struct str text, nsec *ret_at);
/* 2026-11-22T10:11:00.123456789Z, always nine digits; returns the length. text: CLOCK_TEXT. */
size_t clock_format(nsec at, char *ret_text);
/* A time zone: seconds east of UTC at a moment. NULL is UTC. */
typedef int32_t clock_zone(nsec at);
/* Decimals truncated: 2026-11-22T11:11:00.123+01:00, or Z for UTC. ret_text holds CLOCK_TEXT. */
size_t clock_format_in(clock_zone *zone, nsec at, int digits, char *ret_text);

/* In Go's format: 1h2m3.5s, 300ms, 12.3µs (also "us"), 0; no sign. False also on overflow. */
bool duration_parse(struct str text, nsec *ret_duration);
/* Seconds as a plain decimal, at most nine digits, no trailing zeros: "3.214", "-0.5", "480". */
size_t duration_format_seconds(nsec duration, char *ret_text);
/* For people, with about three significant digits: 843µs, 12.3ms, 3.21s, 2m05s, 3h04m, 12d07h. */
size_t duration_format(nsec duration, char *ret_text);

/* The later of two times; an unknown time is ignored. */
static inline nsec clock_later(nsec a, nsec b)
{
	return MAX(a, b); /* NSEC_NONE is less than every time */
}

/* The earlier of two times; an unknown time is ignored. */
static inline nsec clock_earlier(nsec a, nsec b)
{
	return !nsec_known(a) || (nsec_known(b) && b < a) ? b : a;
}
