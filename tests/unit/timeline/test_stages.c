/* SPDX-License-Identifier: Apache-2.0 */
/* Containers and readiness; names, owners and order of the stages. */
#include "suites.h"

static struct scene *bound(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_object(s, AT(0), containers);
	scene_bind(s, AT(200), "node-1");
	return s;
}

static void check_end(const struct stage *s, enum precision precision, enum edge_source source)
{
	ck_assert_int_eq(s->end.precision, precision);
	ck_assert_int_eq(s->end.source, source);
	ck_assert(!s->open);
}

/* As lunettes-stages(7) lists them, in its order. */
static const struct {
	const char *name;
	enum owner owner;
} rows[] = {
	{ "admission", OWNER_PLATFORM },
	{ "schedulingGate", OWNER_USER },
	{ "schedule", OWNER_PLATFORM },
	{ "startupWait", OWNER_PLATFORM },
	{ "sandbox", OWNER_PLATFORM },
	{ "imagePull", OWNER_PLATFORM },
	{ "init", OWNER_USER },
	{ "create", OWNER_PLATFORM },
	{ "start", OWNER_PLATFORM },
	{ "postStartHook", OWNER_USER },
	{ "readiness", OWNER_USER },
	{ "readinessGate", OWNER_PLATFORM },
	{ "killWait", OWNER_PLATFORM },
	{ "stop", OWNER_USER },
	{ "cleanup", OWNER_PLATFORM },
	{ "finalizers", OWNER_PLATFORM },
	{ "waitForConsumer", OWNER_USER },
	{ "provision", OWNER_PLATFORM },
	{ "bind", OWNER_PLATFORM },
};

START_TEST(names_and_owners)
{
	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		const struct lifecycle_row *row = &lifecycle_rows[i];

		ck_assert_msg(
		    i < ARRAY_SIZE(rows) && row->name,
		    "stage %u: a new one needs its row in lifecycle_rows (timeline/stage.c), "
		    "in this test, in STAGES of tests/truth/check.py and in "
		    "lunettes-stages(7)",
		    i);
		ck_assert_str_eq(row->name, rows[i].name);
		ck_assert_int_eq(row->owner, rows[i].owner);
	}
}
END_TEST

/* Everything begins at 1.5 s: by the order of the stages, then by the subject. */
START_TEST(order_of_ties)
{
	static const struct {
		enum lifecycle_stage stage;
		const char *subject;
	} order[] = {
		{ STAGE_ADMISSION, "" }, { STAGE_SCHEDULE, "" },      { STAGE_STARTUP_WAIT, "" },
		{ STAGE_SANDBOX, "" },	 { STAGE_IMAGE_PULL, "a:1" }, { STAGE_IMAGE_PULL, "b:1" },
		{ STAGE_CREATE, "a" },	 { STAGE_CREATE, "b" },
	};
	struct scene *s = bound("b a");
	const struct timeline *t;

	scene_event(s, AT(1500), "Pulling", "b", "Pulling image \"b:1\"");
	scene_event(s, AT(1500), "Pulling", "a", "Pulling image \"a:1\"");
	scene_event(s, AT(1500), "Pulled", "b", "Successfully pulled image \"b:1\" in 0s");
	scene_event(s, AT(1500), "Pulled", "a", "Successfully pulled image \"a:1\" in 0s");
	t = scene_only(s);
	ck_assert_uint_eq(t->n_stages, ARRAY_SIZE(order));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		ck_assert_int_eq(t->stages[i].stage, order[i].stage);
		check_text(t->stages[i].subject, order[i].subject);
	}
	scene_free(s);
}
END_TEST

/* Init containers */

START_TEST(init_ends_well)
{
	struct scene *s = bound("init:mig app");

	scene_event(s, AT(3200), "Started", "mig", "");
	scene_status(s, AT(7900));
	scene_terminated(s, "mig", AT(3000), AT(7000), 0);
	scene_event(s, AT(8100), "Pulled", "app", "");
	check_end(check_stage(scene_only(s), STAGE_INIT, "mig", AT(3200), AT(7000)),
		  PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* finishedAt 3 s means [3 s, 4 s): it does not end before it starts. */
START_TEST(init_ends_in_the_second_of_its_start)
{
	struct scene *s = bound("init:mig app");

	scene_event(s, AT(3200), "Started", "mig", "");
	scene_status(s, AT(3900));
	scene_terminated(s, "mig", AT(3000), AT(3000), 0);
	check_end(check_stage(scene_only(s), STAGE_INIT, "mig", AT(3200), AT(3200)),
		  PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(init_crashes_then_succeeds)
{
	struct scene *s = bound("init:mig app");

	scene_event(s, AT(3200), "Started", "mig", "");
	scene_status(s, AT(4500));
	scene_terminated(s, "mig", AT(3000), AT(4000), 1);
	scene_status(s, AT(15800));
	scene_terminated(s, "mig", AT(14000), AT(15000), 0);
	scene_event(s, AT(16000), "Pulled", "app", "");
	check_stage(scene_only(s), STAGE_INIT, "mig", AT(3200), AT(15000));
	scene_free(s);
}
END_TEST

START_TEST(init_goes_on)
{
	struct scene *s = bound("init:mig app");

	scene_event(s, AT(3200), "Started", "mig", "");
	scene_status(s, AT(4500));
	scene_terminated(s, "mig", AT(3000), AT(4000), 1);
	ck_assert(check_stage(scene_only(s), STAGE_INIT, "mig", AT(3200), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

START_TEST(inits_one_after_the_other)
{
	struct scene *s = bound("init:one init:two app");
	const struct timeline *t;

	scene_event(s, AT(3200), "Started", "one", "");
	scene_event(s, AT(4300), "Started", "two", "");
	scene_event(s, AT(5400), "Pulled", "app", "");
	t = scene_only(s);
	check_stage(t, STAGE_INIT, "one", AT(3200), AT(4300));
	check_stage(t, STAGE_INIT, "two", AT(4300), AT(5400));
	scene_free(s);
}
END_TEST

START_TEST(sidecar_is_up)
{
	struct scene *s = bound("sidecar:mesh app");

	scene_event(s, AT(3200), "Started", "mesh", "");
	scene_status(s, AT(3500));
	scene_running(s, "mesh", AT(3000));
	scene_status(s, AT(5400));
	scene_running(s, "mesh", AT(3000))->truth = true;
	scene_event(s, AT(5600), "Pulled", "app", "");
	check_end(check_stage(scene_only(s), STAGE_INIT, "mesh", AT(3200), AT(5400)),
		  PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The write comes late; but the next container is not touched before the sidecar is up. */
START_TEST(sidecar_was_up_before)
{
	struct scene *s = bound("sidecar:mesh app");

	scene_event(s, AT(3200), "Started", "mesh", "");
	scene_event(s, AT(7600), "Pulled", "app", "");
	scene_status(s, AT(9400));
	scene_running(s, "mesh", AT(3000))->truth = true;
	check_end(check_stage(scene_only(s), STAGE_INIT, "mesh", AT(3200), AT(7600)),
		  PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/* It was read long after: when it was up before that is unknown. */
static const struct {
	nsec look, end;
} reads[] = { { AT(5200), AT(5200) }, { AT(5201), NSEC_NONE }, { AT(90000), NSEC_NONE } };

START_TEST(sidecar_is_seen_up)
{
	struct scene *s = bound("sidecar:mesh app");

	scene_event(s, AT(3200), "Started", "mesh", "");
	scene_read(s, reads[_i].look);
	scene_running(s, "mesh", AT(3000))->truth = true;
	scene_event(s, AT(95000), "Pulled", "app", "");
	check_end(check_stage(scene_only(s), STAGE_INIT, "mesh", AT(3200), reads[_i].end),
		  PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/* Its startup probe has not passed yet. */
START_TEST(sidecar_is_not_up)
{
	struct scene *s = bound("sidecar:mesh app");

	scene_event(s, AT(3200), "Started", "mesh", "");
	scene_status(s, AT(3500));
	scene_running(s, "mesh", AT(3000));
	ck_assert(check_stage(scene_only(s), STAGE_INIT, "mesh", AT(3200), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

/* Without statuses only the next container bounds it: known if that is 2 s away at most. */
static const struct {
	nsec next, end;
} nexts[] = { { AT(5000), AT(5000) }, { AT(5200), AT(5200) }, { AT(5201), NSEC_NONE } };

START_TEST(init_bounded_by_the_next)
{
	struct scene *s = bound("init:mig app");
	const struct stage *init;

	scene_event(s, AT(3200), "Started", "mig", "");
	scene_event(s, nexts[_i].next, "Pulled", "app", "");
	init = check_stage(scene_only(s), STAGE_INIT, "mig", AT(3200), nexts[_i].end);
	check_end(init, PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/* Containers */

START_TEST(created_and_started)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(4000), "Pulled", "app", "");
	scene_event(s, AT(4200), "Created", "app", "");
	scene_event(s, AT(4500), "Started", "app", "");
	t = scene_only(s);
	check_end(check_stage(t, STAGE_CREATE, "app", AT(4000), AT(4200)), PRECISION_EXACT,
		  SOURCE_EVENT);
	check_end(check_stage(t, STAGE_START, "app", AT(4200), AT(4500)), PRECISION_EXACT,
		  SOURCE_EVENT);
	scene_free(s);
}
END_TEST

START_TEST(not_yet_started)
{
	struct scene *s = bound("app log");
	const struct timeline *t;

	scene_event(s, AT(4000), "Pulled", "app", "");
	scene_event(s, AT(4200), "Created", "app", "");
	scene_event(s, AT(5000), "Pulled", "log", "");
	t = scene_only(s);
	ck_assert(check_stage(t, STAGE_START, "app", AT(4200), NSEC_NONE)->open);
	ck_assert(check_stage(t, STAGE_CREATE, "log", AT(5000), NSEC_NONE)->open);
	check_no_stage(t, STAGE_START, "log");
	scene_free(s);
}
END_TEST

/* It runs, so it was created: when is not known, but it does not go on. */
START_TEST(started_without_a_created)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(4000), "Pulled", "app", "");
	scene_event(s, AT(4500), "Started", "app", "");
	t = scene_only(s);
	ck_assert(!check_stage(t, STAGE_CREATE, "app", AT(4000), NSEC_NONE)->open);
	check_no_stage(t, STAGE_START, "app");
	scene_free(s);
}
END_TEST

/* The hook began at 4.5 s; the kubelet's next act for the pod bounds its end. */
static const struct {
	nsec write, next, end;
} hooks[] = {
	{ AT(6000), NSEC_NONE, AT(6000) },  { AT(6500), NSEC_NONE, AT(6500) },
	{ AT(6501), NSEC_NONE, NSEC_NONE }, { NSEC_NONE, AT(5000), AT(5000) },
	{ AT(6000), AT(5000), AT(5000) },
};

START_TEST(hook_bounded)
{
	struct scene *s = bound("hook:app log");

	scene_event(s, AT(4500), "Started", "app", "");
	if (hooks[_i].write != NSEC_NONE) {
		scene_status(s, hooks[_i].write);
		scene_running(s, "app", AT(4000));
	}
	if (hooks[_i].next != NSEC_NONE)
		scene_event(s, hooks[_i].next, "Pulled", "log", "");
	check_end(check_stage(scene_only(s), STAGE_POST_START_HOOK, "app", AT(4500), hooks[_i].end),
		  PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/*
 * A status that the kubelet writes only after the hook shows its end: by a transition in the same
 * status that is as recent. Otherwise the status may be old.
 */
static const struct {
	nsec write, transition, end;
} held[] = {
	{ AT(20300), AT(20000), AT(20300) },
	{ AT(22000), AT(20000), AT(22000) },
	{ AT(22001), AT(20000), NSEC_NONE },
	/* from before the start: proves nothing */
	{ AT(6600), AT(3000), NSEC_NONE },
};

START_TEST(hook_held_the_status_up)
{
	struct scene *s = bound("hook:app");

	scene_event(s, AT(4500), "Started", "app", "");
	scene_status(s, held[_i].write);
	scene_running(s, "app", AT(4000));
	scene_condition(s, "PodReadyToStartContainers", true, held[_i].transition);
	check_end(check_stage(scene_only(s), STAGE_POST_START_HOOK, "app", AT(4500), held[_i].end),
		  PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

START_TEST(hook_fails)
{
	struct scene *s = bound("hook:app");

	scene_event(s, AT(4500), "Started", "app", "");
	scene_event(s, AT(9600), "FailedPostStartHook", "app", "exited with 4");
	scene_status(s, AT(9800));
	scene_running(s, "app", AT(4000));
	check_end(check_stage(scene_only(s), STAGE_POST_START_HOOK, "app", AT(4500), AT(9600)),
		  PRECISION_EXACT, SOURCE_EVENT);
	scene_free(s);
}
END_TEST

/* Hooks of 0.296470 s and of 356.168365 s, by the kubelet's writes after them. */
static const nsec hook_times[] = { 296470000, (nsec)356168365 * 1000 };

START_TEST(hook_short_and_long)
{
	struct scene *s = bound("hook:app");
	nsec end = AT(4500) + hook_times[_i];

	scene_event(s, AT(4500), "Started", "app", "");
	scene_status(s, end);
	scene_running(s, "app", AT(4000));
	scene_condition(s, "Ready", true, end / SECOND * SECOND);
	check_stage(scene_only(s), STAGE_POST_START_HOOK, "app", AT(4500), end);
	scene_free(s);
}
END_TEST

/* A resize in place is no part of the start, and ends none of it. */
START_TEST(resized_while_it_starts)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(4000), "Pulled", "app", "");
	scene_event(s, AT(4200), "Created", "app", "");
	scene_event(s, AT(4500), "Started", "app", "");
	scene_event(s, AT(5000), "ResizeStarted", "app", "");
	scene_status(s, AT(5200));
	scene_condition(s, "PodResizeInProgress", true, AT(5000));
	scene_event(s, AT(5500), "ResizeCompleted", "app", "");
	t = scene_only(s);
	check_stage(t, STAGE_START, "app", AT(4200), AT(4500));
	ck_assert(check_stage(t, STAGE_READINESS, "", AT(4500), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

/* Its sandbox has no network of its own, but it has one. */
START_TEST(host_network)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	((struct pod_object *)(uintptr_t)s->records[0]->object)->host_network = true;
	scene_status(s, AT(700));
	scene_condition(s, "Initialized", true, AT(0));
	scene_event(s, AT(1500), "Pulled", "app", "");
	t = scene_only(s);
	check_stage(t, STAGE_STARTUP_WAIT, "", AT(200), AT(700));
	check_stage(t, STAGE_SANDBOX, "", AT(700), AT(1500));
	scene_free(s);
}
END_TEST

START_TEST(hook_goes_on)
{
	struct scene *s = bound("hook:app");
	const struct timeline *t;

	scene_event(s, AT(4500), "Started", "app", "");
	t = scene_only(s);
	ck_assert(check_stage(t, STAGE_POST_START_HOOK, "app", AT(4500), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

/* It is delivered when the hook begins. */
START_TEST(no_hook_of_jobs)
{
	struct scene *s = bound("hook:app");

	((struct pod_object *)(uintptr_t)s->records[0]->object)->job = true;
	scene_event(s, AT(4500), "Started", "app", "");
	check_no_stage(scene_only(s), STAGE_POST_START_HOOK, "app");
	scene_free(s);
}
END_TEST

START_TEST(no_hook)
{
	struct scene *s = bound("app");

	scene_event(s, AT(4500), "Started", "app", "");
	check_no_stage(scene_only(s), STAGE_POST_START_HOOK, "app");
	scene_free(s);
}
END_TEST

/* Readiness */

START_TEST(readiness)
{
	struct scene *s = bound("app log");
	const struct timeline *t;

	scene_event(s, AT(4500), "Started", "app", "");
	scene_event(s, AT(5500), "Started", "log", "");
	scene_status(s, AT(9100));
	scene_condition(s, "ContainersReady", true, AT(9000));
	scene_condition(s, "Ready", true, AT(9000));
	t = scene_only(s);
	/* from the last start on */
	check_end(check_stage(t, STAGE_READINESS, "", AT(5500), AT(9100)), PRECISION_EXACT,
		  SOURCE_STATUS);
	check_no_stage(t, STAGE_READINESS_GATE, "");
	scene_free(s);
}
END_TEST

START_TEST(readiness_goes_on)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(4500), "Started", "app", "");
	t = scene_only(s);
	ck_assert(check_stage(t, STAGE_READINESS, "", AT(4500), NSEC_NONE)->open);
	check_no_stage(t, STAGE_READINESS_GATE, "");
	scene_free(s);
}
END_TEST

/* A status and Events were written, but logged without content: it may be long over. */
START_TEST(goes_on_perhaps)
{
	static const enum fact_kind blind[] = { FACT_WRITE, FACT_EVENT };

	for (size_t i = 0; i < ARRAY_SIZE(blind); i++) {
		struct scene *s = bound("app");

		scene_event(s, AT(4500), "Started", "app", "");
		scene_record(s, AT(5000), ORIGIN_KUBELET, "patch");
		scene_fact(s, blind[i]);
		ck_assert(
		    !check_stage(scene_only(s), STAGE_READINESS, "", AT(4500), NSEC_NONE)->open);
		scene_free(s);
	}
}
END_TEST

START_TEST(readiness_gates)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	((struct pod_object *)(uintptr_t)s->records[0]->object)->n_readiness_gates = 1;
	scene_event(s, AT(4500), "Started", "app", "");
	scene_status(s, AT(9100));
	scene_condition(s, "ContainersReady", true, AT(9000));
	scene_condition(s, "Ready", false, AT(0));
	scene_status(s, AT(12100));
	scene_condition(s, "Ready", true, AT(12000));
	t = scene_only(s);
	check_stage(t, STAGE_READINESS, "", AT(4500), AT(9100));
	check_end(check_stage(t, STAGE_READINESS_GATE, "", AT(9100), AT(12100)), PRECISION_EXACT,
		  SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(readiness_gates_not_passed)
{
	struct scene *s = bound("app");

	((struct pod_object *)(uintptr_t)s->records[0]->object)->n_readiness_gates = 1;
	scene_event(s, AT(4500), "Started", "app", "");
	scene_status(s, AT(9100));
	scene_condition(s, "ContainersReady", true, AT(9000));
	ck_assert(check_stage(scene_only(s), STAGE_READINESS_GATE, "", AT(9100), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

/* A job is delivered when it runs; whether it is ever ready is not judged. */
START_TEST(no_readiness_of_jobs)
{
	struct scene *s = bound("app");

	((struct pod_object *)(uintptr_t)s->records[0]->object)->job = true;
	scene_event(s, AT(4500), "Started", "app", "");
	scene_status(s, AT(9100));
	scene_condition(s, "ContainersReady", true, AT(9000));
	check_no_stage(scene_only(s), STAGE_READINESS, "");
	scene_free(s);
}
END_TEST

/* A container that is made anew when the pod was ready belongs to its life, not its delivery. */
START_TEST(a_restart_is_no_delivery)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_status(s, AT(5000));
	scene_condition(s, "Ready", true, AT(4000));
	scene_event(s, AT(60000), "Pulled", "app", "");
	scene_event(s, AT(60100), "Created", "app", "");
	scene_event(s, AT(60200), "Started", "app", "");
	t = scene_only(s);
	check_no_stage(t, STAGE_CREATE, "app");
	check_no_stage(t, STAGE_START, "app");
	check_no_stage(t, STAGE_READINESS, "");
	scene_free(s);
}
END_TEST

static void add_init(TCase *t)
{
	tcase_add_test(t, init_ends_well);
	tcase_add_test(t, init_ends_in_the_second_of_its_start);
	tcase_add_test(t, init_crashes_then_succeeds);
	tcase_add_test(t, init_goes_on);
	tcase_add_test(t, inits_one_after_the_other);
	tcase_add_test(t, sidecar_is_up);
	tcase_add_test(t, sidecar_was_up_before);
	tcase_add_loop_test(t, sidecar_is_seen_up, 0, (int)ARRAY_SIZE(reads));
	tcase_add_test(t, sidecar_is_not_up);
	tcase_add_loop_test(t, init_bounded_by_the_next, 0, (int)ARRAY_SIZE(nexts));
}

static void add_hooks(TCase *t)
{
	tcase_add_loop_test(t, hook_bounded, 0, (int)ARRAY_SIZE(hooks));
	tcase_add_loop_test(t, hook_held_the_status_up, 0, (int)ARRAY_SIZE(held));
	tcase_add_test(t, hook_fails);
	tcase_add_loop_test(t, hook_short_and_long, 0, (int)ARRAY_SIZE(hook_times));
	tcase_add_test(t, hook_goes_on);
	tcase_add_test(t, no_hook);
	tcase_add_test(t, no_hook_of_jobs);
}

Suite *suite_stages(void)
{
	Suite *s = suite_create("stages");
	TCase *t = tcase_create("stages");

	suite_add_tcase(s, t);
	tcase_add_test(t, names_and_owners);
	tcase_add_test(t, order_of_ties);
	add_init(t);
	tcase_add_test(t, created_and_started);
	tcase_add_test(t, not_yet_started);
	tcase_add_test(t, started_without_a_created);
	add_hooks(t);
	tcase_add_test(t, resized_while_it_starts);
	tcase_add_test(t, host_network);
	tcase_add_test(t, readiness);
	tcase_add_test(t, readiness_goes_on);
	tcase_add_test(t, readiness_gates);
	tcase_add_test(t, readiness_gates_not_passed);
	tcase_add_test(t, goes_on_perhaps);
	tcase_add_test(t, no_readiness_of_jobs);
	tcase_add_test(t, a_restart_is_no_delivery);
	return s;
}
