/* SPDX-License-Identifier: Apache-2.0 */
/* Ready: when the cluster could know it. */
#include "suites.h"

static struct scene *bound(void)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_object(s, AT(0), "app");
	scene_bind(s, AT(200), "node-1");
	return s;
}

static void ready(struct scene *s, bool truth, nsec at)
{
	scene_condition(s, "Ready", truth, at);
}

START_TEST(ready_by_a_patch)
{
	struct scene *s = bound();

	scene_status(s, AT(700));
	ready(s, false, AT(0));
	scene_status(s, AT(10400));
	ready(s, true, AT(10000));
	scene_status(s, AT(11500));
	ready(s, true, AT(10000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10400), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(never_ready)
{
	struct scene *s = bound();
	const struct timeline *t;

	scene_status(s, AT(700));
	ready(s, false, AT(0));
	t = scene_only(s);
	ck_assert(!t->marks[MILESTONE_READY].reached);
	check_unknown(t, MILESTONE_READY);
	scene_free(s);
}
END_TEST

START_TEST(ready_only_seen)
{
	struct scene *s = bound();

	scene_read(s, AT(25000));
	ready(s, true, AT(10000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The read was received first and answered from what the write had made: the write counts. */
START_TEST(ready_seen_before_the_write)
{
	struct scene *s = bound();

	scene_read(s, AT(10395));
	ready(s, true, AT(10000));
	scene_status(s, AT(10400));
	ready(s, true, AT(10000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10400), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* A whole status that is PUT back at 30 s: it made the transition only if that is no older than 2
 * s. */
static const struct {
	nsec transition, ready;
	enum precision precision;
} put_backs[] = {
	{ AT(10000), AT(10000), PRECISION_SECOND },
	{ AT(27000), AT(27000), PRECISION_SECOND },
	{ AT(28000), AT(30000), PRECISION_EXACT },
	{ AT(29000), AT(30000), PRECISION_EXACT },
};

START_TEST(ready_by_a_put)
{
	struct scene *s = bound();

	scene_record(s, AT(30000), ORIGIN_OTHER, "update");
	s->written = true;
	ready(s, true, put_backs[_i].transition);
	check_mark(scene_only(s), MILESTONE_READY, put_backs[_i].ready, put_backs[_i].precision,
		   SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(ready_twice)
{
	struct scene *s = bound();

	scene_status(s, AT(10400));
	ready(s, true, AT(10000));
	scene_status(s, AT(20400));
	ready(s, false, AT(20000));
	scene_status(s, AT(30200));
	ready(s, true, AT(30000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10400), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The write that is in the log is of the second time. */
START_TEST(ready_twice_the_first_time_only_seen)
{
	struct scene *s = bound();

	scene_read(s, AT(15000));
	ready(s, true, AT(10000));
	scene_status(s, AT(20400));
	ready(s, false, AT(20000));
	scene_status(s, AT(30200));
	ready(s, true, AT(30000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The second 10 s is [10 s, 11 s): what must come first narrows it from below. */
START_TEST(not_ready_before_an_earlier_fact)
{
	struct scene *s = bound();
	const struct timeline *t;

	scene_event(s, AT(10600), "Started", "app", "");
	scene_read(s, AT(25000));
	ready(s, true, AT(10000));
	scene_condition(s, "ContainersReady", true, AT(10000));
	t = scene_only(s);
	check_mark(t, MILESTONE_READY, AT(10600), PRECISION_SECOND, SOURCE_STATUS);
	check_mark(t, MILESTONE_CONTAINERS_READY, AT(10600), PRECISION_SECOND, SOURCE_STATUS);
	check_stage(t, STAGE_READINESS, "", AT(10600), AT(10600));
	scene_free(s);
}
END_TEST

START_TEST(not_ready_before_its_containers)
{
	struct scene *s = bound();

	scene_status(s, AT(10700));
	scene_condition(s, "ContainersReady", true, AT(10000));
	scene_read(s, AT(25000));
	ready(s, true, AT(10000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10700), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(not_ready_before_it_was_created)
{
	struct scene *s = scene_new();

	scene_create(s, AT(10800));
	scene_object(s, AT(10000), "app");
	scene_read(s, AT(25000));
	ready(s, true, AT(10000));
	check_mark(scene_only(s), MILESTONE_READY, AT(10800), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(initialized)
{
	struct scene *s = bound();

	scene_status(s, AT(700));
	scene_condition(s, "Initialized", true, AT(0));
	check_mark(scene_only(s), MILESTONE_INITIALIZED, AT(700), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* Until when it is proven that the pod is not ready: to the end, or to the last look. */
START_TEST(status_is_shown)
{
	struct scene *s = bound();

	context_cluster(&s->context, STR(""))->status_writes = 1;
	scene_status(s, AT(700));
	ready(s, false, AT(0));
	ck_assert_int_eq(scene_only(s)->status_until, INT64_MAX);
	scene_free(s);
}
END_TEST

static void blind_write(struct scene *s, nsec received)
{
	scene_record(s, received, ORIGIN_KUBELET, "patch");
	scene_fact(s, FACT_WRITE);
}

START_TEST(status_is_hidden)
{
	struct scene *s = bound();

	context_cluster(&s->context, STR(""))->status_writes = 3;
	blind_write(s, AT(600));
	scene_read(s, AT(700));
	ready(s, false, AT(0));
	blind_write(s, AT(800));
	ck_assert_int_eq(scene_only(s)->status_until, AT(700));
	scene_free(s);
	/* a later look shows what the writes were */
	s = bound();
	context_cluster(&s->context, STR(""))->status_writes = 1;
	blind_write(s, AT(800));
	scene_read(s, AT(900));
	ready(s, false, AT(0));
	ck_assert_int_eq(scene_only(s)->status_until, INT64_MAX);
	scene_free(s);
	/* no look at all */
	s = bound();
	context_cluster(&s->context, STR(""))->status_writes = 1;
	blind_write(s, AT(800));
	ck_assert_int_eq(scene_only(s)->status_until, NSEC_NONE);
	scene_free(s);
}
END_TEST

/* A policy that drops them leaves no proof of anything after the last read. */
START_TEST(status_writes_are_not_logged)
{
	struct scene *s = bound();

	context_cluster(&s->context, STR(""))->status_writes = 0;
	scene_read(s, AT(700));
	ready(s, false, AT(0));
	ck_assert_int_eq(scene_only(s)->status_until, AT(700));
	scene_free(s);
}
END_TEST

/* A status that is read back shows the last transition: writes that are hidden may have been
 * others. */
static const struct {
	nsec hidden, transition;
	uint32_t restarts;
	bool first;
} looks[] = {
	{ AT(6000), AT(7000), 0, true },    /* as it started */
	{ AT(10000), AT(70000), 0, true },  /* exactly 5 s after the start at 5 s */
	{ AT(10001), AT(70000), 0, false }, /* its node failed, for example */
	{ AT(69999), AT(70000), 0, false },
	{ AT(70000), AT(70000), 0, true }, /* the write itself */
	{ AT(90000), AT(70000), 0, true },
	{ AT(6000), AT(7000), 1, false }, /* it ran before */
};

static void hidden_write(struct scene *s, nsec at)
{
	scene_record(s, at, ORIGIN_CONTROLLER, "patch");
	scene_fact(s, FACT_WRITE);
	context_cluster(&s->context, STR(""))->records = 1;
	context_cluster(&s->context, STR(""))->status_writes = 1;
}

START_TEST(ready_may_not_be_the_first)
{
	struct scene *s = bound();
	const struct timeline *t;

	hidden_write(s, looks[_i].hidden);
	scene_read(s, AT(100000));
	scene_running(s, "app", AT(5000))->count = looks[_i].restarts;
	scene_condition(s, "ContainersReady", true, looks[_i].transition);
	ready(s, true, looks[_i].transition);
	t = scene_only(s);
	ck_assert(t->marks[MILESTONE_READY].reached);
	if (looks[_i].first) {
		check_mark(t, MILESTONE_READY, looks[_i].transition, PRECISION_SECOND,
			   SOURCE_STATUS);
	} else {
		check_unknown(t, MILESTONE_READY);
		check_unknown(t, MILESTONE_CONTAINERS_READY);
		ck_assert_int_eq(t->marks[MILESTONE_READY].until, looks[_i].transition);
	}
	scene_free(s);
}
END_TEST

/* What was written counts, whatever is hidden. */
START_TEST(ready_written_beside_hidden_writes)
{
	struct scene *s = bound();

	hidden_write(s, AT(20000));
	scene_status(s, AT(30400));
	ready(s, true, AT(30000));
	check_mark(scene_only(s), MILESTONE_READY, AT(30400), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* A policy that logs no writes of statuses hides all of them. */
START_TEST(ready_where_no_writes_are_logged)
{
	for (int late = 0; late < 2; late++) {
		struct scene *s = bound();
		const struct timeline *t;

		context_cluster(&s->context, STR(""))->records = 1;
		scene_read(s, AT(100000));
		scene_running(s, "app", AT(5000));
		ready(s, true, AT(late ? 10001 : 10000));
		t = scene_only(s);
		ck_assert_int_eq(t->marks[MILESTONE_READY].at, late ? NSEC_NONE : AT(10000));
		scene_free(s);
	}
}
END_TEST

/* Hidden writes are kept apart, so that it is known when there were none. */
START_TEST(hidden_writes_are_told_apart)
{
	struct scene *s = bound();

	hidden_write(s, AT(6000));
	hidden_write(s, AT(6900));
	hidden_write(s, AT(90000));
	scene_read(s, AT(100000));
	scene_running(s, "app", AT(5000));
	ready(s, true, AT(70000));
	check_mark(scene_only(s), MILESTONE_READY, AT(70000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The node failed and came back: Ready is new, ContainersReady is not, and there is no gate. */
START_TEST(ready_came_with_the_containers)
{
	for (int gates = 0; gates < 2; gates++) {
		struct scene *s = bound();
		const struct timeline *t;

		s->record = s->records[0];
		((struct pod_object *)(uintptr_t)s->record->object)->n_readiness_gates =
		    (uint32_t)gates;
		hidden_write(s, AT(60000));
		scene_read(s, AT(100000));
		scene_running(s, "app", AT(5000));
		scene_condition(s, "ContainersReady", true, AT(7000));
		ready(s, true, AT(70000));
		t = scene_only(s);
		ck_assert_int_eq(t->marks[MILESTONE_READY].at, gates ? NSEC_NONE : AT(7000));
		ck_assert(t->marks[MILESTONE_READY].reached);
		scene_free(s);
	}
}
END_TEST

Suite *suite_ready(void)
{
	Suite *s = suite_create("ready");
	TCase *t = tcase_create("ready");

	suite_add_tcase(s, t);
	tcase_add_test(t, ready_by_a_patch);
	tcase_add_test(t, never_ready);
	tcase_add_test(t, ready_only_seen);
	tcase_add_test(t, ready_seen_before_the_write);
	tcase_add_loop_test(t, ready_by_a_put, 0, (int)ARRAY_SIZE(put_backs));
	tcase_add_test(t, ready_twice);
	tcase_add_test(t, ready_twice_the_first_time_only_seen);
	tcase_add_test(t, not_ready_before_an_earlier_fact);
	tcase_add_test(t, not_ready_before_its_containers);
	tcase_add_test(t, not_ready_before_it_was_created);
	tcase_add_test(t, initialized);
	tcase_add_test(t, status_is_shown);
	tcase_add_test(t, status_is_hidden);
	tcase_add_test(t, status_writes_are_not_logged);
	tcase_add_loop_test(t, ready_may_not_be_the_first, 0, (int)ARRAY_SIZE(looks));
	tcase_add_test(t, ready_written_beside_hidden_writes);
	tcase_add_test(t, ready_where_no_writes_are_logged);
	tcase_add_test(t, hidden_writes_are_told_apart);
	tcase_add_test(t, ready_came_with_the_containers);
	return s;
}
