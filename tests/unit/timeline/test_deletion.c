/* SPDX-License-Identifier: Apache-2.0 */
/* How a pod was deleted: from the request to released by the kubelet. */
#include "dying.h"
#include "suites.h"

START_TEST(nobody_asked)
{
	struct scene *s = dying_scene("app");

	ck_assert_ptr_null(scene_only(s)->deletion);
	scene_free(s);
}
END_TEST

START_TEST(from_request_to_gone)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	dying_stopped(s, "app", AT(52000));
	dying_released(s, AT(53100), "");
	d = scene_only(s)->deletion;
	ck_assert(str_eq(d->request->actor, STR("alice")));
	ck_assert(str_eq(d->request->fact.reason, STR("delete")));
	dying_check(&d->requested, AT(50300), PRECISION_EXACT);
	dying_check(&d->killing, AT(50350), PRECISION_EXACT);
	dying_check(&d->stopped, AT(52000), PRECISION_SECOND);
	dying_check(&d->released, AT(53100), PRECISION_EXACT);
	dying_check(&d->gone, AT(53100), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, 30);
	ck_assert_int_eq(d->overrun, 0);
	check_text(d->finalizers, "");
	ck_assert_int_eq(d->until, NSEC_NONE);
	ck_assert_uint_eq(d->n_stages, 3);
	dying_check_stage(d, STAGE_KILL_WAIT, "", AT(50300), AT(50350));
	dying_check_stage(d, STAGE_STOP, "app", AT(50350), AT(52000));
	dying_check_stage(d, STAGE_CLEANUP, "", AT(52000), AT(53100));
	scene_free(s);
}
END_TEST

/* The whole second of its end begins before it was killed. */
START_TEST(stopped_within_the_second)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	dying_stopped(s, "app", AT(50000));
	dying_released(s, AT(51000), "");
	d = scene_only(s)->deletion;
	dying_check_stage(d, STAGE_STOP, "app", AT(50350), AT(50350));
	dying_check(&d->stopped, AT(50350), PRECISION_SECOND);
	dying_check_stage(d, STAGE_CLEANUP, "", AT(50350), AT(51000));
	scene_free(s);
}
END_TEST

/* 10 s of grace from 50.3 s on: up to 62.3 s the whole seconds prove nothing. */
static const struct {
	nsec end, overrun;
	int32_t grace;
} overruns[] = {
	{ AT(60000), 0, 10 },	     { AT(62000), 0, 10 },	  { AT(63000), MS(2700), 10 },
	{ AT(64000), MS(3700), 10 }, { AT(64000), MS(13700), 0 }, { AT(64000), NSEC_NONE, -1 },
};

START_TEST(longer_than_its_grace)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, overruns[_i].grace, "");
	if (overruns[_i].grace == 0)
		s->facts[1].message = STR("example/hold"); /* else it were gone */
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	dying_stopped(s, "app", overruns[_i].end);
	d = scene_only(s)->deletion;
	ck_assert_int_eq(d->grace, overruns[_i].grace);
	ck_assert_int_eq(d->overrun, overruns[_i].overrun);
	scene_free(s);
}
END_TEST

/* Two containers: the pod has stopped with the last. */
START_TEST(the_last_container_counts)
{
	struct scene *s = dying_scene("app sidecar:log");
	const struct deletion *d;

	scene_running(s, "log", AT(1000));
	dying_asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	scene_event(s, AT(50360), "Killing", "log", "Stopping container log");
	dying_stopped(s, "app", AT(52000));
	dying_stopped(s, "log", AT(57000));
	d = scene_only(s)->deletion;
	dying_check(&d->killing, AT(50350), PRECISION_EXACT);
	dying_check(&d->stopped, AT(57000), PRECISION_SECOND);
	dying_check_stage(d, STAGE_STOP, "app", AT(50350), AT(52000));
	dying_check_stage(d, STAGE_STOP, "log", AT(50360), AT(57000));
	dying_check_stage(d, STAGE_CLEANUP, "", AT(57000), NSEC_NONE);
	ck_assert(dying_stage(d, STAGE_CLEANUP, "")->open);
	scene_free(s);
}
END_TEST

START_TEST(one_container_goes_on)
{
	struct scene *s = dying_scene("app log");
	const struct deletion *d;

	scene_running(s, "log", AT(1000));
	dying_asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	scene_event(s, AT(50360), "Killing", "log", "Stopping container log");
	dying_stopped(s, "app", AT(52000));
	d = scene_only(s)->deletion;
	ck_assert(!d->stopped.reached);
	ck_assert_int_eq(d->overrun, NSEC_NONE);
	dying_check_stage(d, STAGE_STOP, "log", AT(50360), NSEC_NONE);
	ck_assert(dying_stage(d, STAGE_STOP, "log")->open);
	ck_assert_ptr_null(dying_stage(d, STAGE_CLEANUP, ""));
	scene_free(s);
}
END_TEST

/* Released within 2 s of Killing: the end in between is known well enough; else it is not. */
static const struct {
	nsec released, stopped;
} betweens[] = { { AT(52350), AT(52350) }, { AT(52351), NSEC_NONE } };

START_TEST(stopped_between_neighbours)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	dying_released(s, betweens[_i].released, "");
	d = scene_only(s)->deletion;
	ck_assert(d->stopped.reached);
	ck_assert_int_eq(d->stopped.at, betweens[_i].stopped);
	dying_check_stage(d, STAGE_STOP, "app", AT(50350), betweens[_i].stopped);
	ck_assert(!dying_stage(d, STAGE_STOP, "app")->open);
	scene_free(s);
}
END_TEST

/* Asked for again: the first request counts, and the shorter grace. */
START_TEST(asked_again)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "");
	scene_delete(s, AT(55000), "delete", 200)->actor = STR("bob");
	dying_shown(s, AT(50000), 5, "");
	d = scene_only(s)->deletion;
	dying_check(&d->requested, AT(50300), PRECISION_EXACT);
	ck_assert(str_eq(d->request->actor, STR("alice")));
	ck_assert_int_eq(d->grace, 5);
	scene_free(s);
}
END_TEST

START_TEST(evicted)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	scene_delete(s, AT(45000), "eviction", 429);
	scene_delete(s, AT(50300), "eviction", 201)->actor = STR("drain");
	dying_released(s, AT(53100), "");
	d = scene_only(s)->deletion;
	ck_assert(str_eq(d->request->fact.reason, STR("eviction")));
	dying_check(&d->requested, AT(50300), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, -1); /* only the kubelet's own 0 was seen */
	scene_free(s);
}
END_TEST

/* What else is killed is not the deletion's. */
static const char *const others[] = {
	"Container app failed liveness probe, will be restarted",
	"Container app definition changed, will be restarted",
	"Container app resize requires restart",
	"FailedPostStartHook",
	"Init container app failed startup probe",
};

START_TEST(killed_for_another_reason)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "");
	scene_event(s, AT(50310), "Killing", "app", others[_i]);
	d = scene_only(s)->deletion;
	ck_assert(!d->killing.reached);
	dying_check_stage(d, STAGE_KILL_WAIT, "", AT(50300), NSEC_NONE);
	ck_assert(dying_stage(d, STAGE_KILL_WAIT, "")->open);
	scene_free(s);
}
END_TEST

/* A node's clock that is slightly slow puts Killing before the request. */
START_TEST(killed_by_a_slow_clock)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "");
	scene_event(s, AT(50290), "Killing", "app", "Stopping container app");
	s->record->received = AT(50340);
	d = scene_only(s)->deletion;
	dying_check(&d->killing, AT(50300), PRECISION_INFERRED);
	scene_free(s);
}
END_TEST

/* It had ended long before: there was nothing to stop, only to clean up. */
START_TEST(ended_before)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_stopped(s, "app", AT(20000));
	dying_asked(s, 30, "");
	dying_released(s, AT(50900), "");
	d = scene_only(s)->deletion;
	dying_check(&d->stopped, AT(50300), PRECISION_SECOND);
	ck_assert_uint_eq(d->n_stages, 1);
	dying_check_stage(d, STAGE_CLEANUP, "", AT(50300), AT(50900));
	scene_free(s);
}
END_TEST

Suite *suite_deletion(void)
{
	Suite *s = suite_create("deletion");
	TCase *t = tcase_create("deletion");

	suite_add_tcase(s, t);
	tcase_add_test(t, nobody_asked);
	tcase_add_test(t, from_request_to_gone);
	tcase_add_test(t, stopped_within_the_second);
	tcase_add_loop_test(t, longer_than_its_grace, 0, (int)ARRAY_SIZE(overruns));
	tcase_add_test(t, the_last_container_counts);
	tcase_add_test(t, one_container_goes_on);
	tcase_add_loop_test(t, stopped_between_neighbours, 0, (int)ARRAY_SIZE(betweens));
	tcase_add_test(t, asked_again);
	tcase_add_test(t, evicted);
	tcase_add_loop_test(t, killed_for_another_reason, 0, (int)ARRAY_SIZE(others));
	tcase_add_test(t, killed_by_a_slow_clock);
	tcase_add_test(t, ended_before);
	return s;
}
