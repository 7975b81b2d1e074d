/* SPDX-License-Identifier: Apache-2.0 */
/* Containers started, phases first seen. */
#include "suites.h"

static struct scene *bound(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_object(s, AT(0), containers);
	scene_phase(s, "Pending");
	scene_bind(s, AT(2500), "node-1");
	return s;
}

/* A startedAt of 5 s is somewhere in [5 s, 6 s); an Event in it is the same start, and exact. */
static const struct {
	nsec event, started_at, before; /* before: startedAt of the terminated life before */
	nsec running;
	enum precision precision;
	enum edge_source source;
} starts[] = {
	{ AT(5300), NSEC_NONE, NSEC_NONE, AT(5300), PRECISION_EXACT, SOURCE_EVENT },
	{ NSEC_NONE, AT(5000), NSEC_NONE, AT(5000), PRECISION_SECOND, SOURCE_STATUS },
	{ AT(5300), AT(5000), NSEC_NONE, AT(5300), PRECISION_EXACT, SOURCE_EVENT },
	/* the Event is of a restart */
	{ AT(7300), AT(5000), NSEC_NONE, AT(5000), PRECISION_SECOND, SOURCE_STATUS },
	/* the state is of a restart */
	{ AT(5300), AT(9000), NSEC_NONE, AT(5300), PRECISION_EXACT, SOURCE_EVENT },
	{ NSEC_NONE, AT(20000), AT(5000), AT(5000), PRECISION_SECOND, SOURCE_STATUS },
	/* a second that begins before the pod was bound */
	{ NSEC_NONE, AT(2000), NSEC_NONE, AT(2500), PRECISION_SECOND, SOURCE_STATUS },
};

START_TEST(running_since)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	if (starts[_i].event != NSEC_NONE)
		scene_event(s, starts[_i].event, "Started", "app", "Started container app");
	if (starts[_i].started_at != NSEC_NONE) {
		scene_status(s, starts[_i].started_at + MS(900));
		if (starts[_i].before != NSEC_NONE)
			scene_terminated(s, "app", starts[_i].before, AT(8000), 1);
		scene_running(s, "app", starts[_i].started_at);
	}
	t = scene_only(s);
	check_mark(t, MILESTONE_RUNNING, starts[_i].running, starts[_i].precision,
		   starts[_i].source);
	check_mark(t, MILESTONE_STARTED, starts[_i].running, starts[_i].precision,
		   starts[_i].source);
	scene_free(s);
}
END_TEST

START_TEST(running_is_the_first_started_the_last)
{
	struct scene *s = bound("init:mig app log");
	const struct timeline *t;

	scene_event(s, AT(3000), "Started", "mig", "");
	scene_event(s, AT(5300), "Started", "app", "");
	scene_event(s, AT(6100), "Started", "log", "");
	scene_event(s, AT(90000), "Started", "app", "");
	t = scene_only(s);
	check_mark(t, MILESTONE_RUNNING, AT(5300), PRECISION_EXACT, SOURCE_EVENT);
	check_mark(t, MILESTONE_STARTED, AT(6100), PRECISION_EXACT, SOURCE_EVENT);
	check_mark(t, MILESTONE_STARTED, AT(6100), PRECISION_EXACT, SOURCE_EVENT);
	scene_free(s);
}
END_TEST

START_TEST(not_all_started)
{
	struct scene *s = bound("app log");
	const struct timeline *t;

	scene_event(s, AT(5300), "Started", "app", "");
	t = scene_only(s);
	check_mark(t, MILESTONE_RUNNING, AT(5300), PRECISION_EXACT, SOURCE_EVENT);
	check_unknown(t, MILESTONE_STARTED);
	check_no_stage(t, STAGE_READINESS, "");
	scene_free(s);
}
END_TEST

/* An init container that runs does not make the pod run. */
START_TEST(init_is_not_running)
{
	struct scene *s = bound("init:mig app");

	scene_event(s, AT(3000), "Started", "mig", "");
	ck_assert(!scene_only(s)->marks[MILESTONE_RUNNING].reached);
	scene_free(s);
}
END_TEST

/* StartError: startedAt is 1970, which the decoder reads as "never". It never ran. */
START_TEST(never_started)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_status(s, AT(4000));
	scene_terminated(s, "app", NSEC_NONE, AT(3000), 128)->reason = STR("StartError");
	t = scene_only(s);
	ck_assert(!t->marks[MILESTONE_RUNNING].reached);
	ck_assert(!t->marks[MILESTONE_STARTED].reached);
	scene_free(s);
}
END_TEST

START_TEST(no_body_shows_the_containers)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_event(s, AT(5300), "Started", "app", "");
	scene_event(s, AT(6100), "Started", "log", "");
	t = scene_only(s);
	check_mark(t, MILESTONE_RUNNING, AT(5300), PRECISION_EXACT, SOURCE_EVENT);
	ck_assert_ptr_null(t->object);
	ck_assert(!t->job_known);
	scene_free(s);
}
END_TEST

START_TEST(no_body_but_an_init_container)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_event(s, AT(3000), "Started", "setup", "");
	s->facts[0].code = 1;
	scene_event(s, AT(5300), "Started", "app", "");
	t = scene_only(s);
	check_mark(t, MILESTONE_RUNNING, AT(5300), PRECISION_EXACT, SOURCE_EVENT);
	scene_free(s);
	s = scene_new();
	scene_create(s, AT(100));
	scene_event(s, AT(3000), "Started", "setup", "");
	s->facts[0].code = 1;
	ck_assert(!scene_only(s)->marks[MILESTONE_RUNNING].reached);
	scene_free(s);
}
END_TEST

START_TEST(phase_written)
{
	struct scene *s = bound("app");

	scene_status(s, AT(6000));
	scene_phase(s, "Running");
	scene_read(s, AT(7000));
	scene_phase(s, "Running");
	check_mark(scene_only(s), MILESTONE_RUNNING, AT(6000), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* Pending was last seen at `pending`, Running first at 6 s: known if they are 2 s apart at most. */
static const struct {
	nsec pending, running;
} sights[] = {
	{ AT(4500), AT(6000) },
	{ AT(4000), AT(6000) },
	{ AT(3999), NSEC_NONE },
};

START_TEST(phase_read_back)
{
	struct scene *s = bound("app");
	const struct timeline *t;
	const struct mark *m;

	scene_read(s, sights[_i].pending);
	scene_phase(s, "Pending");
	scene_read(s, AT(6000));
	scene_phase(s, "Running");
	t = scene_only(s);
	m = &t->marks[MILESTONE_RUNNING];
	ck_assert(m->reached);
	ck_assert_int_eq(m->at, sights[_i].running);
	ck_assert_int_eq(m->until, sights[_i].running == NSEC_NONE ? AT(6000) : NSEC_NONE);
	ck_assert_int_eq(m->precision, PRECISION_INFERRED);
	ck_assert_int_eq(m->source, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/* A repeated sight of Pending counts too, though it is folded into the first. */
START_TEST(phase_read_back_often)
{
	struct scene *s = bound("app");

	for (int i = 3000; i < 6000; i += 500) {
		scene_read(s, AT(i));
		scene_phase(s, "Pending");
	}
	scene_read(s, AT(6000));
	scene_phase(s, "Running");
	check_mark(scene_only(s), MILESTONE_RUNNING, AT(6000), PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

START_TEST(phases_at_the_end)
{
	static const char *const phases[] = { "Succeeded", "Failed" };
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_status(s, AT(40000));
	scene_phase(s, phases[_i]);
	t = scene_only(s);
	check_mark(t, MILESTONE_FINISHED, AT(40000), PRECISION_EXACT, SOURCE_STATUS);
	ck_assert_int_eq(t->marks[MILESTONE_FAILED].reached, _i == 1);
	ck_assert(!t->marks[MILESTONE_RUNNING].reached);
	scene_free(s);
}
END_TEST

/* Delivered: Ready for services; for jobs Running, or a later state if Running was not seen. */
START_TEST(delivery_of_jobs_and_services)
{
	for (int job = 0; job < 2; job++)
		for (int runs = 0; runs < 2; runs++) {
			struct scene *s = bound("app");
			const struct timeline *t;
			enum milestone expected = !job	 ? MILESTONE_READY
						  : runs ? MILESTONE_RUNNING
							 : MILESTONE_FINISHED;

			scene_read(s, AT(3000));
			scene_object(s, AT(0), "app")->job = job;
			scene_phase(s, "Pending");
			s->records[0]->object = NULL;
			if (runs)
				scene_event(s, AT(5300), "Started", "app", "");
			scene_status(s, AT(9000));
			scene_phase(s, "Succeeded");
			t = scene_only(s);
			ck_assert(t->job_known && t->job == (job == 1));
			ck_assert_ptr_eq(timeline_delivered(t), &t->marks[expected]);
			scene_free(s);
		}
}
END_TEST

/* Every container shown running or ended by a status write: what a watcher can see. */
START_TEST(observed_started)
{
	struct scene *s = bound("app log");

	scene_read(s, AT(6500));
	scene_running(s, "app", AT(5000));
	scene_running(s, "log", AT(6000));
	scene_status(s, AT(7000));
	scene_running(s, "app", AT(5000));
	scene_status(s, AT(8000));
	scene_terminated(s, "log", AT(6000), AT(7000), 0);
	check_mark(scene_only(s), MILESTONE_OBSERVED, AT(8000), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* ContainerStatusUnknown and StartError have no start: a write of them shows none. */
START_TEST(an_end_without_a_start_is_none)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_status(s, AT(7000));
	scene_terminated(s, "app", NSEC_NONE, NSEC_NONE, 137)->reason =
	    STR("ContainerStatusUnknown");
	t = scene_only(s);
	check_unknown(t, MILESTONE_OBSERVED);
	check_unknown(t, MILESTONE_RUNNING);
	scene_free(s);
}
END_TEST

Suite *suite_running(void)
{
	Suite *s = suite_create("running");
	TCase *t = tcase_create("running");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, running_since, 0, (int)ARRAY_SIZE(starts));
	tcase_add_test(t, running_is_the_first_started_the_last);
	tcase_add_test(t, not_all_started);
	tcase_add_test(t, init_is_not_running);
	tcase_add_test(t, never_started);
	tcase_add_test(t, no_body_shows_the_containers);
	tcase_add_test(t, no_body_but_an_init_container);
	tcase_add_test(t, phase_written);
	tcase_add_loop_test(t, phase_read_back, 0, (int)ARRAY_SIZE(sights));
	tcase_add_test(t, phase_read_back_often);
	tcase_add_loop_test(t, phases_at_the_end, 0, 2);
	tcase_add_test(t, delivery_of_jobs_and_services);
	tcase_add_test(t, observed_started);
	tcase_add_test(t, an_end_without_a_start_is_none);
	return s;
}
