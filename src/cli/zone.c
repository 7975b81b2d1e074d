/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int32_t fixed_east;

static int32_t fixed(nsec at)
{
	return fixed_east;
}

static int32_t of_the_host(nsec at)
{
	time_t seconds = (time_t)(at / SECOND - (at % SECOND < 0));
	struct tm tm;

	return localtime_r(&seconds, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* +02:00, parsed as part of a complete time. */
static bool offset_parse(const char *name, int32_t *ret_east)
{
	char whole[CLOCK_TEXT];
	nsec at;

	if ((name[0] != '+' && name[0] != '-') || strlen(name) != 6)
		return false;
	snprintf(whole, sizeof(whole), "2000-01-01T00:00:00%s", name);
	if (!clock_parse(str_from(whole), &at))
		return false;
	*ret_east = (int32_t)(946684800 - at / SECOND); /* the same in UTC */
	return true;
}

/* The C library silently treats any other name as UTC. */
static bool in_database(const char *name)
{
	const char *dir = getenv("TZDIR");
	char path[512];
	int n;

	for (const char *p = name; *p; p++)
		if (!((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
		      (*p >= '0' && *p <= '9') || strchr("/_+-", *p)))
			return false;
	if (!name[0] || name[0] == '/')
		return false;
	n = snprintf(path, sizeof(path), "%s/%s", dir && dir[0] ? dir : "/usr/share/zoneinfo",
		     name);
	return n > 0 && (size_t)n < sizeof(path) && access(path, R_OK) == 0;
}

int zone_choose(const char *name, clock_zone **ret_zone, struct err *err)
{
	*ret_zone = NULL;
	if (!name || strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0)
		return 0;
	if (offset_parse(name, &fixed_east)) {
		*ret_zone = fixed_east ? fixed : NULL;
		return 0;
	}
	if (strcmp(name, "local") != 0) {
		if (!in_database(name))
			return err_set(
			    err, ERR_USAGE,
			    "option --tz does not take '%.100s'; expected UTC, local, an "
			    "offset such as +02:00, or a name that this host knows (tzdata) "
			    "such as Europe/Berlin",
			    name);
		if (setenv("TZ", name, 1) < 0)
			return err_set(err, ERR_USAGE, "option --tz: out of memory");
	}
	tzset();
	*ret_zone = of_the_host;
	return 0;
}
