/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "cli/when.h"

static nsec at(const char *text)
{
	nsec value = NSEC_NONE;

	ck_assert_msg(clock_parse(str_from(text), &value), "%s", text);
	return value;
}

static const struct {
	const char *text;
	enum when_kind kind; /* WHEN_NONE: not a time */
	nsec value;
} parsed[] = {
	{ "1970-01-01T00:00:02Z", WHEN_ABSOLUTE, 2 * SECOND },
	{ "1970-01-01 01:00:02.5+01:00", WHEN_ABSOLUTE, 2 * SECOND + SECOND / 2 },
	{ "10:11", WHEN_TIME_OF_DAY, 10 * HOUR + 11 * MINUTE },
	{ "00:00", WHEN_TIME_OF_DAY, 0 },
	{ "23:59:59", WHEN_TIME_OF_DAY, 24 * HOUR - SECOND },
	{ "10:11:30.250", WHEN_TIME_OF_DAY, 10 * HOUR + 11 * MINUTE + 30 * SECOND + SECOND / 4 },
	{ "2h", WHEN_BACK, 2 * HOUR },
	{ "1h30m", WHEN_BACK, 90 * MINUTE },
	{ "1d", WHEN_BACK, 24 * HOUR },
	{ "0", WHEN_BACK, 0 },
	{ "", WHEN_NONE, 0 },
	{ "10", WHEN_NONE, 0 },
	{ "24:00", WHEN_NONE, 0 },
	{ "23:59:60", WHEN_NONE, 0 },
	{ "10:60", WHEN_NONE, 0 },
	{ "1:11", WHEN_NONE, 0 },
	{ "10:11:3", WHEN_NONE, 0 },
	{ "10:11Z", WHEN_NONE, 0 },
	{ "10:11:30+01:00", WHEN_NONE, 0 },
	{ "10:11:30.", WHEN_NONE, 0 },
	{ "10.11", WHEN_NONE, 0 },
	{ "-2h", WHEN_NONE, 0 },
	{ "2026-11-22", WHEN_NONE, 0 },
	{ "2026-02-30T00:00:00Z", WHEN_NONE, 0 },
	{ "1234567890123h", WHEN_NONE, 0 },
	{ "yesterday", WHEN_NONE, 0 },
};

START_TEST(parses)
{
	struct when when = { WHEN_NONE, 0 };
	bool ok = when_parse(str_from(parsed[_i].text), &when);

	ck_assert_msg(ok == (parsed[_i].kind != WHEN_NONE), "'%s'", parsed[_i].text);
	ck_assert_msg(when.kind == parsed[_i].kind && when.value == parsed[_i].value, "'%s'",
		      parsed[_i].text);
}
END_TEST

static const struct {
	const char *text, *log_end, *result;
} resolved[] = {
	{ "2026-11-20T01:02:03Z", "2026-11-22T12:00:00Z", "2026-11-20T01:02:03Z" },
	{ "10:11", "2026-11-22T12:00:00Z", "2026-11-22T10:11:00Z" },
	{ "12:00", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z" },
	{ "12:00:00.001", "2026-11-22T12:00:00Z", "2026-11-21T12:00:00.001Z" },
	{ "23:00", "2026-11-22T00:30:00Z", "2026-11-21T23:00:00Z" },
	{ "00:00", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z" },
	{ "23:59", "2027-01-01T00:30:00Z", "2026-12-31T23:59:00Z" },
	{ "2h", "2026-11-22T01:00:00.5Z", "2026-11-21T23:00:00.5Z" },
	{ "0", "2026-11-22T01:00:00Z", "2026-11-22T01:00:00Z" },
};

START_TEST(resolves)
{
	struct when when;

	ck_assert(when_parse(str_from(resolved[_i].text), &when));
	ck_assert_int_eq(when_resolve(when, at(resolved[_i].log_end), NULL),
			 at(resolved[_i].result));
}
END_TEST

static int32_t two_east(nsec at)
{
	return 7200;
}

/* Clocks are put forward by an hour at 2026-03-29T01:00:00Z, as in Berlin. */
static int32_t berlin(nsec when)
{
	return when < at("2026-03-29T01:00:00Z") ? 3600 : 7200;
}

static const struct {
	const char *text;
	clock_zone *zone;
	const char *log_end, *result;
} zoned[] = {
	{ "10:11", two_east, "2026-11-22T12:00:00Z", "2026-11-22T08:11:00Z" },
	{ "01:00", two_east, "2026-11-22T22:30:00Z", "2026-11-21T23:00:00Z" },
	{ "00:15", two_east, "2026-11-22T22:30:00Z", "2026-11-22T22:15:00Z" },
	{ "14:30", two_east, "2026-11-22T12:00:00Z", "2026-11-21T12:30:00Z" },
	{ "2026-11-20T01:02:03", two_east, "2026-11-22T12:00:00Z", "2026-11-19T23:02:03Z" },
	{ "2026-11-20T01:02:03", NULL, "2026-11-22T12:00:00Z", "2026-11-20T01:02:03Z" },
	{ "2026-11-20T01:02:03Z", two_east, "2026-11-22T12:00:00Z", "2026-11-20T01:02:03Z" },
	{ "2026-03-29T01:30:00", berlin, "2026-11-22T12:00:00Z", "2026-03-29T00:30:00Z" },
	{ "2026-03-29T03:30:00", berlin, "2026-11-22T12:00:00Z", "2026-03-29T01:30:00Z" },
};

START_TEST(resolves_in_a_zone)
{
	struct when when;

	ck_assert(when_parse(str_from(zoned[_i].text), &when));
	ck_assert_int_eq(when_resolve(when, at(zoned[_i].log_end), zoned[_i].zone),
			 at(zoned[_i].result));
}
END_TEST

START_TEST(resolves_without_a_log)
{
	ck_assert_int_eq(when_resolve((struct when){ WHEN_NONE, 5 }, 7, NULL), NSEC_NONE);
	ck_assert_int_eq(when_resolve((struct when){ WHEN_BACK, 5 }, NSEC_NONE, NULL), NSEC_NONE);
	ck_assert_int_eq(when_resolve((struct when){ WHEN_TIME_OF_DAY, 5 }, NSEC_NONE, NULL),
			 NSEC_NONE);
	ck_assert_int_eq(when_resolve((struct when){ WHEN_ABSOLUTE, 5 }, NSEC_NONE, NULL), 5);
	/* Never taken for "not given", however far back. */
	ck_assert_int_ne(when_resolve((struct when){ WHEN_BACK, INT64_MAX }, -5, NULL), NSEC_NONE);
}
END_TEST

START_TEST(makes_periods)
{
	nsec end = at("2026-11-22T12:00:00Z");
	struct period_request request = { 0 };
	struct period p;
	struct err err = { 0 };

	ck_assert_int_eq(period_resolve(&request, end, NULL, &p, &err), 0);
	ck_assert(p.from == INT64_MIN && p.to == INT64_MAX);
	ck_assert(period_holds(p, 0) && period_holds(p, INT64_MIN));

	request.since = (struct when){ WHEN_BACK, HOUR };
	ck_assert_int_eq(period_resolve(&request, end, NULL, &p, &err), 0);
	ck_assert(p.from == end - HOUR && p.to == INT64_MAX);
	ck_assert_int_eq(period_resolve(&request, NSEC_NONE, NULL, &p, &err), 0);
	ck_assert(p.from == INT64_MIN);

	request.until = (struct when){ WHEN_BACK, MINUTE };
	ck_assert_int_eq(period_resolve(&request, end, NULL, &p, &err), 0);
	ck_assert(period_holds(p, end - HOUR) && period_holds(p, end - MINUTE - 1));
	ck_assert(!period_holds(p, end - HOUR - 1) && !period_holds(p, end - MINUTE));

	request = (struct period_request){ .around = { WHEN_BACK, HOUR }, .window = MINUTE };
	ck_assert_int_eq(period_resolve(&request, end, NULL, &p, &err), 0);
	ck_assert(p.from == end - HOUR - MINUTE && p.to == end - HOUR + MINUTE);

	request.window = INT64_MAX;
	ck_assert_int_eq(period_resolve(&request, end, NULL, &p, &err), 0);
	ck_assert_int_eq(p.to, INT64_MAX);
}
END_TEST

START_TEST(refuses_empty_periods)
{
	struct period_request request = { .since = { WHEN_TIME_OF_DAY, 11 * HOUR },
					  .until = { WHEN_TIME_OF_DAY, 11 * HOUR } };
	struct period p = { 1, 2 };
	struct err err = { 0 };

	ck_assert_int_eq(period_resolve(&request, at("2026-11-22T12:00:00Z"), NULL, &p, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_str_eq(
	    err.message,
	    "the period is empty: --since is 2026-11-22T11:00:00.000000000Z, --until is "
	    "2026-11-22T11:00:00.000000000Z and must be later");
	ck_assert(p.from == 1 && p.to == 2);
}
END_TEST

Suite *suite_when(void)
{
	Suite *s = suite_create("when");
	TCase *t = tcase_create("when");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, parses, 0, (int)ARRAY_SIZE(parsed));
	tcase_add_loop_test(t, resolves, 0, (int)ARRAY_SIZE(resolved));
	tcase_add_loop_test(t, resolves_in_a_zone, 0, ARRAY_SIZE(zoned));
	tcase_add_test(t, resolves_without_a_log);
	tcase_add_test(t, makes_periods);
	tcase_add_test(t, refuses_empty_periods);
	return s;
}
