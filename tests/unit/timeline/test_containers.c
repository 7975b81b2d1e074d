/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each container; and that an ephemeral one has no part in the delivery. */
#include "suites.h"

static struct scene *bound(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_object(s, AT(0), containers);
	scene_bind(s, AT(200), "node-1");
	return s;
}

static struct fact *waits(struct scene *s, const char *container, const char *reason)
{
	struct fact *f = scene_running(s, container, NSEC_NONE);

	f->kind = FACT_WAITING;
	f->reason = arena_str(&s->arena, str_from(reason));
	return f;
}

static struct fact *ended(struct scene *s, const char *container, nsec begin, nsec end,
			  const char *reason, int32_t code)
{
	struct fact *f = scene_terminated(s, container, begin, end, code);

	f->reason = arena_str(&s->arena, str_from(reason));
	return f;
}

/* The same record with another container added, as after kubectl debug. */
static void add_ephemeral(struct scene *s, nsec received, const char *name)
{
	struct pod_object *o;
	struct container_spec *list = arena_array(&s->arena, struct container_spec, 4);

	scene_record(s, received, ORIGIN_OTHER, "patch");
	o = scene_object(s, AT(0), "app");
	list[0] = o->containers[0];
	list[1] = (struct container_spec){ .kind = CONTAINER_EPHEMERAL,
					   .name = arena_str(&s->arena, str_from(name)),
					   .image = STR("debug:1") };
	o->containers = list;
	o->n_containers = 2;
}

static const struct container_life *life(const struct timeline *t, const char *name)
{
	for (size_t i = 0; i < t->n_containers; i++)
		if (str_eq(t->containers[i].name, str_from(name)))
			return &t->containers[i];
	ck_abort_msg("no container %s", name);
}

/* In order of the spec, then by name; each once, even if several records name it. */
START_TEST(who_there_is)
{
	static const char *const names[] = { "mig", "mesh", "app", "log", "debug", "a", "b", "c" };
	struct scene *s = bound("init:mig sidecar:mesh app log");
	const struct timeline *t;

	add_ephemeral(s, AT(900), "debug");
	scene_event(s, AT(1000), "Started", "app", "");
	scene_event(s, AT(1100), "Started", "c", "");
	scene_status(s, AT(1200));
	waits(s, "b", "PodInitializing");
	scene_running(s, "a", AT(1000));
	scene_running(s, "log", AT(1000));
	t = scene_only(s);
	ck_assert_uint_eq(t->n_containers, ARRAY_SIZE(names));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		check_text(t->containers[i].name, names[i]);
		ck_assert_int_eq(t->containers[i].spec != NULL, i < 5);
	}
	ck_assert_int_eq(t->containers[1].spec->kind, CONTAINER_SIDECAR);
	ck_assert_int_eq(t->containers[4].spec->kind, CONTAINER_EPHEMERAL);
	scene_free(s);
}
END_TEST

START_TEST(nothing_is_known_of_it)
{
	struct scene *s = bound("app");
	const struct container_life *app = life(scene_only(s), "app");

	ck_assert_uint_eq(app->restarts, 0);
	ck_assert(!app->started.reached);
	ck_assert(!app->ended.reached);
	check_text(app->waiting, NULL);
	scene_free(s);
}
END_TEST

/* Each status shows the state before beside the present one. */
START_TEST(a_crash_loop)
{
	struct scene *s = bound("app");
	const struct container_life *app;
	struct fact *f;

	scene_event(s, AT(1500), "Started", "app", "");
	scene_status(s, AT(2600));
	ended(s, "app", AT(1000), AT(2000), "Error", 1);
	scene_status(s, AT(4600));
	ended(s, "app", AT(1000), AT(2000), "Error", 1)->count = 1;
	scene_running(s, "app", AT(4000))->count = 1;
	scene_status(s, AT(7600));
	f = ended(s, "app", AT(4000), AT(7000), "OOMKilled", 137);
	f->count = 1;
	f->message = STR("over its limit");
	waits(s, "app", "CrashLoopBackOff")->count = 1;
	/* the same message again: only the count shows that it ran meanwhile */
	scene_status(s, AT(60000));
	waits(s, "app", "CrashLoopBackOff")->count = 2;
	app = life(scene_only(s), "app");
	ck_assert_uint_eq(app->restarts, 2);
	ck_assert_int_eq(app->started.at, AT(1500));
	ck_assert_int_eq(app->ended.at, AT(7000));
	ck_assert_int_eq(app->ended.precision, PRECISION_SECOND);
	ck_assert_int_eq(app->exit_code, 137);
	check_text(app->reason, "OOMKilled");
	check_text(app->message, "over its limit");
	check_text(app->waiting, "CrashLoopBackOff");
	scene_free(s);
}
END_TEST

/* It waited, and runs now; its last state is in the same status. */
START_TEST(waits_no_more)
{
	struct scene *s = bound("app");
	const struct container_life *app;

	scene_status(s, AT(900));
	waits(s, "app", "ContainerCreating");
	scene_status(s, AT(4600));
	ended(s, "app", AT(1000), AT(2000), "Error", 1)->count = 1;
	scene_running(s, "app", AT(4000))->count = 1;
	app = life(scene_only(s), "app");
	check_text(app->waiting, NULL);
	ck_assert_uint_eq(app->restarts, 1);
	ck_assert_int_eq(app->exit_code, 1);
	scene_free(s);
}
END_TEST

/* finishedAt 2 s is somewhere in that second: not before the start. */
START_TEST(ends_within_the_second_of_its_start)
{
	struct scene *s = bound("app");

	scene_event(s, AT(2400), "Started", "app", "");
	scene_status(s, AT(2800));
	ended(s, "app", AT(2000), AT(2000), "Completed", 0);
	ck_assert_int_eq(life(scene_only(s), "app")->ended.at, AT(2400));
	scene_free(s);
}
END_TEST

/* The kubelet has lost it: its exact end is unknown, but it had ended by then. */
START_TEST(its_end_was_not_seen)
{
	struct scene *s = bound("app");
	const struct container_life *app;

	scene_event(s, AT(1500), "Started", "app", "");
	scene_status(s, AT(9000));
	ended(s, "app", NSEC_NONE, NSEC_NONE, "ContainerStatusUnknown", 137);
	app = life(scene_only(s), "app");
	ck_assert(app->ended.reached);
	ck_assert_int_eq(app->ended.at, NSEC_NONE);
	ck_assert_int_eq(app->ended.until, AT(9000));
	check_text(app->reason, "ContainerStatusUnknown");
	scene_free(s);
}
END_TEST

/* A debug container in a pod that hangs: its image and its start are not the pod's. */
START_TEST(an_ephemeral_one_does_not_count)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(1500), "Pulling", "app", "Pulling image \"x:1\"");
	add_ephemeral(s, AT(30000), "debug");
	scene_event(s, AT(31000), "Pulling", "debug", "Pulling image \"debug:1\"");
	scene_event(s, AT(32000), "Pulled", "debug", "Successfully pulled image \"debug:1\" in 1s");
	scene_event(s, AT(32100), "Created", "debug", "");
	scene_event(s, AT(32200), "Started", "debug", "");
	t = scene_only(s);
	ck_assert(check_stage(t, STAGE_IMAGE_PULL, "x:1", AT(1500), NSEC_NONE)->open);
	check_no_stage(t, STAGE_IMAGE_PULL, "debug:1");
	check_no_stage(t, STAGE_CREATE, "debug");
	check_no_stage(t, STAGE_START, "debug");
	check_unknown(t, MILESTONE_RUNNING);
	ck_assert_int_eq(life(t, "debug")->started.at, AT(32200));
	scene_free(s);
}
END_TEST

/* Nor does it show that an init container was done, or a hook. */
START_TEST(an_ephemeral_one_is_no_successor)
{
	struct scene *s = bound("init:mig app");

	scene_event(s, AT(1500), "Started", "mig", "");
	add_ephemeral(s, AT(1600), "debug");
	scene_event(s, AT(1700), "Pulled", "debug", "");
	ck_assert(check_stage(scene_only(s), STAGE_INIT, "mig", AT(1500), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

Suite *suite_containers(void)
{
	Suite *s = suite_create("containers");
	TCase *t = tcase_create("containers");

	suite_add_tcase(s, t);
	tcase_add_test(t, who_there_is);
	tcase_add_test(t, nothing_is_known_of_it);
	tcase_add_test(t, a_crash_loop);
	tcase_add_test(t, waits_no_more);
	tcase_add_test(t, ends_within_the_second_of_its_start);
	tcase_add_test(t, its_end_was_not_seen);
	tcase_add_test(t, an_ephemeral_one_does_not_count);
	tcase_add_test(t, an_ephemeral_one_is_no_successor);
	return s;
}
