/* SPDX-License-Identifier: Apache-2.0 */
/* What kubectl would have shown at a moment. */
#include "suites.h"

#include "timeline/sight.h"

static struct scene *created(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), containers);
	scene_phase(s, "Pending")->written = false;
	return s;
}

static void waiting(struct scene *s, const char *container, const char *reason, uint32_t restarts)
{
	struct fact *f = scene_fact(s, FACT_WAITING);

	f->subject = str_from(container);
	f->reason = str_from(reason);
	f->count = restarts;
}

static struct sight look(const struct timeline *t, nsec at, struct arena *arena)
{
	return sight_of(t, at, arena);
}

static void check_status(const struct timeline *t, nsec at, const char *status, uint32_t ready,
			 uint32_t containers, uint32_t restarts)
{
	struct arena arena = { 0 };
	struct sight s = look(t, at, &arena);

	ck_assert(s.exists);
	check_text(s.status, status);
	ck_assert_uint_eq(s.ready, ready);
	ck_assert_uint_eq(s.containers, containers);
	ck_assert_uint_eq(s.restarts, restarts);
	arena_free(&arena);
}

START_TEST(from_pending_to_running)
{
	struct scene *s = created("app");
	const struct timeline *t;
	struct arena arena = { 0 };

	scene_bind(s, AT(200), "node-1");
	scene_status(s, AT(1000));
	scene_condition(s, "ContainersReady", false, AT(1000))->message =
	    STR("containers with unready status: [app]");
	waiting(s, "app", "ContainerCreating", 0);
	scene_status(s, AT(3000));
	scene_phase(s, "Running");
	scene_condition(s, "ContainersReady", true, AT(3000));
	scene_running(s, "app", AT(2000));
	t = scene_only(s);
	ck_assert(!sight_exists(t, AT(99)));
	ck_assert(!sight_exists(t, AT(101))); /* its create is answered 2 ms later */
	check_status(t, AT(150), "Pending", 0, 1, 0);
	check_text(look(t, AT(150), &arena).node, "");
	check_text(look(t, AT(250), &arena).node, "node-1");
	check_status(t, AT(1000), "ContainerCreating", 0, 1, 0);
	check_status(t, AT(3000), "Running", 1, 1, 0);
	ck_assert_int_eq(look(t, AT(3000), &arena).age, AT(3000) - AT(100));
	arena_free(&arena);
	scene_free(s);
}
END_TEST

/* The last termination is beside the state: CrashLoopBackOff is waiting, not Error. */
/* Each container's status shows whether it is ready; conditions may be older, or of others. */
START_TEST(ready_by_its_own_word)
{
	for (int code = 1; code <= 2; code++) {
		struct scene *s = created("app");

		scene_status(s, AT(3000));
		scene_phase(s, "Running");
		scene_condition(s, "ContainersReady", code == 2, AT(3000));
		scene_running(s, "app", AT(2000))->code = code;
		check_status(scene_only(s), AT(3000), "Running", code == 1, 1, 0);
		scene_free(s);
	}
}
END_TEST

/* Of two ends in one status that without a time was found last. */
START_TEST(an_end_that_nobody_saw)
{
	for (int first = 0; first < 2; first++) {
		struct scene *s = created("app");

		scene_status(s, AT(9000));
		scene_phase(s, "Running");
		for (int i = 0; i < 2; i++)
			if (i == first)
				scene_terminated(s, "app", NSEC_NONE, NSEC_NONE, 137)->reason =
				    STR("ContainerStatusUnknown");
			else
				scene_terminated(s, "app", AT(2000), AT(4000), 1)->reason =
				    STR("Error");
		check_status(scene_only(s), AT(9000), "ContainerStatusUnknown", 0, 1, 0);
		scene_free(s);
	}
}
END_TEST

START_TEST(crash_loop)
{
	struct scene *s = created("app");
	const struct timeline *t;

	scene_status(s, AT(1000));
	scene_phase(s, "Running");
	scene_running(s, "app", AT(1000));
	scene_status(s, AT(2000));
	scene_terminated(s, "app", AT(1000), AT(2000), 1)->reason = STR("Error");
	scene_status(s, AT(3000));
	scene_terminated(s, "app", AT(1000), AT(2000), 1)->reason = STR("Error");
	waiting(s, "app", "CrashLoopBackOff", 0);
	scene_status(s, AT(13000));
	scene_terminated(s, "app", AT(1000), AT(2000), 1)->reason = STR("Error");
	scene_running(s, "app", AT(13000))->count = 1;
	/* it dies between two looks: only its last end is new */
	scene_status(s, AT(14000));
	scene_terminated(s, "app", AT(13000), AT(14000), 1)->reason = STR("Error");
	waiting(s, "app", "CrashLoopBackOff", 1);
	t = scene_only(s);
	check_status(t, AT(2500), "Error", 0, 1, 0);
	check_status(t, AT(3500), "CrashLoopBackOff", 0, 1, 0);
	check_status(t, AT(13500), "Running", 1, 1, 1);
	check_status(t, AT(15000), "CrashLoopBackOff", 0, 1, 1);
	scene_free(s);
}
END_TEST

START_TEST(init_containers)
{
	struct scene *s = created("init:a init:b app");
	const struct timeline *t;

	scene_status(s, AT(1000));
	scene_condition(s, "Initialized", false, AT(1000));
	waiting(s, "a", "PodInitializing", 0);
	waiting(s, "b", "PodInitializing", 0);
	waiting(s, "app", "PodInitializing", 0);
	scene_status(s, AT(2000));
	scene_terminated(s, "a", AT(1000), AT(2000), 0);
	scene_running(s, "b", AT(2000));
	scene_status(s, AT(3000));
	scene_terminated(s, "b", AT(2000), AT(3000), 7);
	scene_status(s, AT(4000));
	waiting(s, "b", "CrashLoopBackOff", 1);
	scene_status(s, AT(5000));
	scene_terminated(s, "b", AT(4000), AT(5000), 0);
	scene_condition(s, "Initialized", true, AT(5000));
	t = scene_only(s);
	check_status(t, AT(1500), "Init:0/2", 0, 1, 0);
	check_status(t, AT(2500), "Init:1/2", 0, 1, 0);
	check_status(t, AT(3500), "Init:ExitCode:7", 0, 1, 0);
	check_status(t, AT(4500), "Init:CrashLoopBackOff", 0, 1, 1);
	check_status(t, AT(5500), "PodInitializing", 0, 1, 0);
	scene_free(s);
}
END_TEST

/* Two that run, one of which is named as not ready. */
START_TEST(ready_by_name)
{
	struct scene *s = created("app side");
	const struct timeline *t;

	scene_status(s, AT(1000));
	scene_phase(s, "Running");
	scene_condition(s, "ContainersReady", false, AT(500))->message =
	    STR("containers with unready status: [app side]");
	scene_running(s, "app", AT(1000));
	scene_running(s, "side", AT(1000));
	scene_status(s, AT(2000));
	scene_condition(s, "ContainersReady", false, AT(500))->message =
	    STR("containers with unready status: [app]");
	t = scene_only(s);
	check_status(t, AT(1500), "Running", 0, 2, 0);
	check_status(t, AT(2500), "Running", 1, 2, 0);
	scene_free(s);
}
END_TEST

static const struct {
	const char *phase, *reason, *status;
	bool deleted;
} words[] = {
	{ "Failed", "Evicted", "Evicted", false },
	{ "Failed", "Evicted", "Evicted", true }, /* it had ended before */
	{ "Running", NULL, "Terminating", true },
	{ "Running", "NodeLost", "Unknown", true },
	{ "Running", "NodeLost", "NodeLost", false },
	{ "Succeeded", NULL, "Succeeded", false },
};

START_TEST(phase_and_reason)
{
	struct scene *s = created("app");
	const struct timeline *t;

	scene_status(s, AT(1000));
	scene_phase(s, words[_i].phase)->subject = str_from(words[_i].reason);
	if (words[_i].deleted) {
		scene_delete(s, AT(2000), "delete", 200);
		scene_read(s, AT(4000)); /* something held it: else it would be gone by then */
		scene_phase(s, words[_i].phase)->subject = str_from(words[_i].reason);
	}
	t = scene_only(s);
	check_status(t, AT(3000), words[_i].status, 0, 1, 0);
	scene_free(s);
}
END_TEST

START_TEST(completed_beside_one_that_runs)
{
	struct scene *s = created("app side");
	const struct timeline *t;

	scene_status(s, AT(1000));
	scene_phase(s, "Running");
	scene_condition(s, "Ready", false, AT(900));
	scene_terminated(s, "app", AT(500), AT(900), 0)->reason = STR("Completed");
	scene_running(s, "side", AT(500));
	t = scene_only(s);
	check_status(t, AT(2000), "NotReady", 1, 2, 0);
	scene_free(s);
}
END_TEST

START_TEST(gated)
{
	struct scene *s = created("app");

	scene_condition(s, "PodScheduled", false, AT(0))->reason = STR("SchedulingGated");
	check_status(scene_only(s), AT(2000), "SchedulingGated", 0, 1, 0);
	scene_free(s);
}
END_TEST

/* Gone with the last finalizer. */
START_TEST(held_by_a_finalizer)
{
	struct scene *s = created("app");
	const struct timeline *t;
	struct fact *f;

	scene_delete(s, AT(2000), "delete", 200);
	for (int i = 0; i < 2; i++) {
		scene_read(s, AT(3000 + 2000 * i));
		f = scene_fact(s, FACT_DELETING);
		f->at = AT(2000);
		f->code = 0; /* seconds of grace */
		f->message = i ? STR("") : STR("example.org/keep");
	}
	t = scene_only(s);
	ck_assert(sight_exists(t, AT(4000)));
	ck_assert(!sight_exists(t, AT(5000)));
	ck_assert_int_eq(sight_gone(t), AT(5000));
	scene_free(s);
}
END_TEST

/* A write whose content is not logged makes everything before it stale. */
START_TEST(unknown_behind_a_hidden_write)
{
	struct scene *s = created("app");
	const struct timeline *t;
	struct arena arena = { 0 };

	scene_status(s, AT(1000));
	scene_fact(s, FACT_WRITE);
	t = scene_only(s);
	ck_assert(look(t, AT(500), &arena).status.p);
	ck_assert(!look(t, AT(1500), &arena).status.p);
	ck_assert(!look(t, AT(1500), &arena).ready_known);
	arena_free(&arena);
	scene_free(s);
}
END_TEST

/* It ran before the first record about it. */
START_TEST(held_since_before_the_log)
{
	struct scene *s = scene_new();
	const struct timeline *t;
	struct arena arena = { 0 };

	scene_read(s, AT(9000))->uid = STR("u1");
	scene_object(s, AT(0), "app");
	scene_phase(s, "Running");
	scene_condition(s, "ContainersReady", true, AT(2000));
	scene_running(s, "app", AT(1000));
	t = scene_only(s);
	check_status(t, AT(5000), "Running", 1, 1, 0);
	ck_assert(!look(t, AT(1500), &arena).status.p); /* it became ready after that */
	arena_free(&arena);
	scene_free(s);
}
END_TEST

Suite *suite_sight(void)
{
	Suite *s = suite_create("sight");
	TCase *t = tcase_create("sight");

	tcase_add_test(t, from_pending_to_running);
	tcase_add_test(t, ready_by_its_own_word);
	tcase_add_test(t, an_end_that_nobody_saw);
	tcase_add_test(t, crash_loop);
	tcase_add_test(t, init_containers);
	tcase_add_test(t, ready_by_name);
	tcase_add_loop_test(t, phase_and_reason, 0, ARRAY_SIZE(words));
	tcase_add_test(t, completed_beside_one_that_runs);
	tcase_add_test(t, gated);
	tcase_add_test(t, held_by_a_finalizer);
	tcase_add_test(t, unknown_behind_a_hidden_write);
	tcase_add_test(t, held_since_before_the_log);
	suite_add_tcase(s, t);
	return s;
}
