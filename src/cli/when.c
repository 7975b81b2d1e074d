/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/when.h"

#define DAY (24 * HOUR)

/* HH:MM, HH:MM:SS or HH:MM:SS.fff, parsed as part of a complete time. */
static bool time_of_day_parse(struct str text, nsec *ret_value)
{
	char whole[CLOCK_TEXT];
	nsec value;

	if (text.n < 5 || text.n > 18)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ':' && text.p[i] != '.' && (text.p[i] < '0' || text.p[i] > '9'))
			return false;
	snprintf(whole, sizeof(whole), "1970-01-01T" STR_FMT "%sZ", STR_ARG(text),
		 text.n == 5 ? ":00" : "");
	if (!clock_parse(str_from(whole), &value) || value >= DAY)
		return false;
	*ret_value = value;
	return true;
}

/* A whole time without a zone. */
static bool local_parse(struct str text, nsec *ret_value)
{
	char whole[CLOCK_TEXT];

	if (text.n < 19 || text.n > 29)
		return false;
	snprintf(whole, sizeof(whole), STR_FMT "Z", STR_ARG(text));
	return clock_parse(str_from(whole), ret_value);
}

bool when_parse(struct str text, struct when *ret_when)
{
	struct when when;

	if (clock_parse(text, &when.value))
		when.kind = WHEN_ABSOLUTE;
	else if (local_parse(text, &when.value))
		when.kind = WHEN_LOCAL;
	else if (time_of_day_parse(text, &when.value))
		when.kind = WHEN_TIME_OF_DAY;
	else if (duration_parse(text, &when.value))
		when.kind = WHEN_BACK;
	else
		return false;
	*ret_when = when;
	return true;
}

/* The moment at which clocks of the zone show that local time, which is given as if in UTC. */
static nsec utc_of(nsec local, clock_zone *zone)
{
	nsec guess = zone ? local - zone(local) * SECOND : local;

	return zone ? local - zone(guess) * SECOND : local;
}

nsec when_resolve(struct when when, nsec log_end, clock_zone *zone)
{
	nsec at, local;

	if (when.kind == WHEN_ABSOLUTE)
		return when.value;
	if (when.kind == WHEN_LOCAL)
		return utc_of(when.value, zone);
	if (when.kind == WHEN_NONE || !nsec_known(log_end))
		return NSEC_NONE;
	if (when.kind == WHEN_BACK)
		return __builtin_sub_overflow(log_end, when.value, &at) ? INT64_MIN + 1 : at;
	local = zone ? log_end + zone(log_end) * SECOND : log_end;
	local = local - local % DAY + when.value;
	at = utc_of(local, zone);
	return at > log_end ? utc_of(local - DAY, zone) : at;
}

static nsec shifted(nsec at, nsec by)
{
	nsec sum;

	if (!__builtin_add_overflow(at, by, &sum))
		return sum;
	return by < 0 ? INT64_MIN : INT64_MAX;
}

int period_resolve(const struct period_request *request, nsec log_end, clock_zone *zone,
		   struct period *ret_period, struct err *err)
{
	nsec around = when_resolve(request->around, log_end, zone);
	nsec since = when_resolve(request->since, log_end, zone);
	nsec until = when_resolve(request->until, log_end, zone);
	struct period period = { INT64_MIN, INT64_MAX };
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	if (nsec_known(around)) {
		period.from = shifted(around, -request->window);
		period.to = shifted(around, request->window);
	}
	if (nsec_known(since))
		period.from = since;
	if (nsec_known(until))
		period.to = until;
	if (period.from >= period.to) {
		clock_format_in(zone, period.from, 9, from);
		clock_format_in(zone, period.to, 9, to);
		return err_set(
		    err, ERR_USAGE,
		    "the period is empty: --since is %s, --until is %s and must be later", from,
		    to);
	}
	*ret_period = period;
	return 0;
}
