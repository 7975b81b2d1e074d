/* SPDX-License-Identifier: Apache-2.0 */
/* The user's time and the platform's; the startup SLI. */
#include "suites.h"

/* Intervals in seconds; OPEN has no end, UNKNOWN has an unknown end. */
enum { OPEN = -1, UNKNOWN = -2 };

struct interval {
	enum lifecycle_stage stage;
	int from, to;
};

static const struct {
	struct interval stages[6];
	size_t n;
	int from, to, user;
} users[] = {
	/* upstream's example: 4 to 20 without 2 to 5 is 15, so 20 - 15 = 5 are the platform's */
	{ { { STAGE_SCHEDULE, 0, 2 }, { STAGE_SANDBOX, 2, 5 }, { STAGE_READINESS, 4, 20 } },
	  3,
	  0,
	  20,
	  15 },
	{ { { STAGE_SCHEDULE, 0, 2 } }, 1, 0, 20, 0 },
	{ { { STAGE_SCHEDULE, 0, 2 } }, 0, 0, 20, 0 },
	/* overlapping user stages count once: 2 to 9 */
	{ { { STAGE_INIT, 2, 6 }, { STAGE_INIT, 4, 9 } }, 2, 0, 20, 7 },
	/* one inside of the other, the same, one after the other */
	{ { { STAGE_INIT, 2, 9 }, { STAGE_POST_START_HOOK, 4, 6 } }, 2, 0, 20, 7 },
	{ { { STAGE_INIT, 2, 9 }, { STAGE_INIT, 2, 9 } }, 2, 0, 20, 7 },
	{ { { STAGE_INIT, 2, 5 }, { STAGE_INIT, 5, 9 } }, 2, 0, 20, 7 },
	/* platform time inside: 2 to 9 without 4 to 6 */
	{ { { STAGE_INIT, 2, 9 }, { STAGE_IMAGE_PULL, 4, 6 } }, 2, 0, 20, 5 },
	/* around it, or just as long: nothing is left */
	{ { { STAGE_INIT, 4, 6 }, { STAGE_IMAGE_PULL, 2, 9 } }, 2, 0, 20, 0 },
	{ { { STAGE_INIT, 4, 6 }, { STAGE_IMAGE_PULL, 4, 6 } }, 2, 0, 20, 0 },
	/* two platform stages that overlap: 0 to 10 without 2 to 7 */
	{ { { STAGE_INIT, 0, 10 }, { STAGE_CREATE, 2, 5 }, { STAGE_START, 4, 7 } }, 3, 0, 20, 5 },
	/* an open stage lasts to the end, be it the user's or the platform's */
	{ { { STAGE_READINESS, 5, OPEN } }, 1, 0, 20, 15 },
	{ { { STAGE_READINESS, 5, OPEN }, { STAGE_IMAGE_PULL, 8, OPEN } }, 2, 0, 20, 3 },
	/* an end that is not known is not invented */
	{ { { STAGE_READINESS, 5, UNKNOWN } }, 1, 0, 20, 0 },
	{ { { STAGE_READINESS, 5, 15 }, { STAGE_CREATE, 6, UNKNOWN } }, 2, 0, 20, 10 },
	/* parts outside are removed */
	{ { { STAGE_INIT, 0, 30 } }, 1, 5, 20, 15 },
	{ { { STAGE_INIT, 0, 5 }, { STAGE_INIT, 20, 25 } }, 2, 5, 20, 0 },
	{ { { STAGE_INIT, 3, 3 } }, 1, 0, 20, 0 },
};

static void add_stages(struct pod *p, const struct interval *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		nsec to = list[i].to < 0 ? NSEC_NONE : AT(list[i].to);

		pod_stage(p, list[i].stage, AT(list[i].from), to)->open = list[i].to == OPEN;
	}
}

START_TEST(user_time)
{
	struct pod p;

	pod_make(&p);
	add_stages(&p, users[_i].stages, users[_i].n);
	ck_assert_int_eq(delivery_user_time(&p.t, AT(users[_i].from), AT(users[_i].to)),
			 SEC(users[_i].user));
}
END_TEST

START_TEST(total_is_delivery_and_user)
{
	struct pod p;

	pod_make(&p);
	add_stages(&p, users[_i].stages, users[_i].n);
	pod_mark(&p, MILESTONE_READY, AT(20) + 7);
	pod_judge(&p);
	ck_assert_int_eq(p.d.total, SEC(20) + 7);
	ck_assert_int_eq(p.d.total, p.d.delivery + p.d.user);
	ck_assert_int_ge(p.d.delivery, 0);
	ck_assert_int_eq(p.d.waited, NSEC_NONE);
}
END_TEST

START_TEST(upstreams_example)
{
	struct pod p;

	pod_make(&p);
	add_stages(&p, users[0].stages, users[0].n);
	pod_mark(&p, MILESTONE_READY, AT(20));
	pod_judge(&p);
	ck_assert_int_eq(p.d.total, SEC(20));
	ck_assert_int_eq(p.d.user, SEC(15));
	ck_assert_int_eq(p.d.delivery, SEC(5));
}
END_TEST

/* Not delivered: everything is unknown, but what it waited is 100 s without 40 of the user. */
START_TEST(not_delivered)
{
	struct pod p;

	pod_make(&p);
	pod_stage(&p, STAGE_INIT, AT(60), NSEC_NONE);
	p.cluster.last = AT(100);
	pod_judge(&p);
	ck_assert_int_eq(p.d.total, NSEC_NONE);
	ck_assert_int_eq(p.d.user, NSEC_NONE);
	ck_assert_int_eq(p.d.delivery, NSEC_NONE);
	ck_assert_int_eq(p.d.waited, SEC(60));
	ck_assert_int_eq(p.d.until, AT(100));
	/* a pod ends with its deletion: 10 s of them */
	pod_mark(&p, MILESTONE_DELETED, AT(70));
	ck_assert_int_eq(pod_judge(&p)->waited, SEC(60));
	ck_assert_int_eq(p.d.until, AT(70));
}
END_TEST

/* Startup: created to all observed started, without pulls and init containers. */
static const struct {
	struct interval stages[4];
	size_t n;
	int startup; /* of a pod that was observed at 30 s */
} startups[] = {
	{ { { STAGE_SANDBOX, 0, 5 } }, 1, 30 },
	{ { { STAGE_IMAGE_PULL, 5, 15 }, { STAGE_INIT, 15, 20 } }, 2, 15 },
	/* both at once count once: 5 to 20 */
	{ { { STAGE_IMAGE_PULL, 5, 15 }, { STAGE_INIT, 10, 20 } }, 2, 15 },
	/* its continuation does not count; 20 to 30 does */
	{ { { STAGE_IMAGE_PULL, 20, 40 } }, 1, 20 },
	/* a hook and readiness are the user's, but the official SLI counts them */
	{ { { STAGE_POST_START_HOOK, 5, 15 }, { STAGE_READINESS, 15, 25 } }, 2, 30 },
};

static void make_started(struct pod *p)
{
	pod_make(p);
	pod_mark(p, MILESTONE_RUNNING, AT(29));
	pod_mark(p, MILESTONE_STARTED, AT(29));
	pod_mark(p, MILESTONE_OBSERVED, AT(30));
	pod_mark(p, MILESTONE_READY, AT(31));
}

START_TEST(startup)
{
	struct pod p;

	make_started(&p);
	add_stages(&p, startups[_i].stages, startups[_i].n);
	ck_assert_int_eq(pod_judge(&p)->startup, SEC(startups[_i].startup));
}
END_TEST

START_TEST(no_startup)
{
	struct pod p;

	make_started(&p);
	switch (_i) {
	case 0:
		p.object.stateful = true;
		break;
	case 1:
		p.t.unschedulable = true;
		break;
	case 2:
		p.object.has_spec = false;
		break;
	case 3:
		p.t.object = NULL;
		break;
	case 4:
		p.t.marks[MILESTONE_OBSERVED].at = NSEC_NONE;
		break;
	case 5:
		p.t.mirror = true;
		break;
	case 6: /* when it began to run, and whether it did, is unknown */
		p.t.marks[MILESTONE_RUNNING].at = NSEC_NONE;
		break;
	default:
		p.t.marks[MILESTONE_CREATED].source = SOURCE_STATUS;
		p.cluster.first = AT(1);
	}
	ck_assert_int_eq(pod_judge(&p)->startup, NSEC_NONE);
}
END_TEST

/* No status write shows it: then the last Event Started does, but not a status read back. */
START_TEST(startup_by_events)
{
	struct pod p;

	make_started(&p);
	p.t.marks[MILESTONE_OBSERVED] = (struct mark){ .at = NSEC_NONE };
	p.t.marks[MILESTONE_STARTED].source = _i ? SOURCE_EVENT : SOURCE_STATUS;
	ck_assert_int_eq(pod_judge(&p)->startup, _i ? SEC(29) : NSEC_NONE);
}
END_TEST

Suite *suite_time(void)
{
	Suite *s = suite_create("time");
	TCase *t = tcase_create("time");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, user_time, 0, (int)ARRAY_SIZE(users));
	tcase_add_loop_test(t, total_is_delivery_and_user, 0, (int)ARRAY_SIZE(users));
	tcase_add_test(t, upstreams_example);
	tcase_add_test(t, not_delivered);
	tcase_add_loop_test(t, startup, 0, (int)ARRAY_SIZE(startups));
	tcase_add_loop_test(t, no_startup, 0, 8);
	tcase_add_loop_test(t, startup_by_events, 0, 2);
	return s;
}
