/* SPDX-License-Identifier: Apache-2.0 */
/* Bound, heard of by the kubelet, sandbox; and the clock of a node. */
#include "suites.h"

static struct scene *created(void)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), "app");
	return s;
}

START_TEST(scheduled_by_the_binding)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_bind(s, AT(250), "node-1");
	scene_status(s, AT(900));
	scene_condition(s, "PodScheduled", true, AT(0));
	t = scene_only(s);
	check_mark(t, MILESTONE_SCHEDULED, AT(250), PRECISION_EXACT, SOURCE_AUDIT);
	check_text(t->node, "node-1");
	/* admission 100 to 102, then the scheduler's 148 ms */
	check_stage(t, STAGE_SCHEDULE, "", AT(102), AT(250));
	scene_free(s);
}
END_TEST

START_TEST(a_refused_binding_binds_nothing)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_bind(s, AT(250), "node-1")->status = 409;
	scene_bind(s, AT(350), "node-2");
	t = scene_only(s);
	check_mark(t, MILESTONE_SCHEDULED, AT(350), PRECISION_EXACT, SOURCE_AUDIT);
	check_text(t->node, "node-2");
	scene_free(s);
}
END_TEST

/* The scheduler may bind before the create's answer is out: no time was spent waiting for it. */
START_TEST(bound_before_the_answer)
{
	struct scene *s = created();
	const struct timeline *t;

	s->record->completed = AT(300);
	scene_bind(s, AT(250), "node-1");
	t = scene_only(s);
	check_stage(t, STAGE_ADMISSION, "", AT(100), AT(300));
	check_stage(t, STAGE_SCHEDULE, "", AT(250), AT(250));
	scene_free(s);
}
END_TEST

/* No binding in the log: the condition's second, but not before the pod was created. */
START_TEST(scheduled_by_the_condition)
{
	struct scene *s = created();

	scene_read(s, AT(5000));
	scene_condition(s, "PodScheduled", true, AT(2000));
	check_mark(scene_only(s), MILESTONE_SCHEDULED, AT(2000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
	s = created();
	scene_read(s, AT(5000));
	scene_condition(s, "PodScheduled", true, AT(0));
	check_mark(scene_only(s), MILESTONE_SCHEDULED, AT(100), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(not_scheduled_while_the_condition_is_false)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_record(s, AT(300), ORIGIN_SCHEDULER, "patch");
	s->written = true;
	scene_condition(s, "PodScheduled", false, AT(0));
	t = scene_only(s);
	check_unknown(t, MILESTONE_SCHEDULED);
	ck_assert(t->unschedulable);
	ck_assert(check_stage(t, STAGE_SCHEDULE, "", AT(102), NSEC_NONE)->open);
	check_text(t->node, "");
	scene_free(s);
}
END_TEST

/*
 * A DaemonSet's pod of old versions, or a user's choice: there is no binding, the kubelet just runs
 * it.
 */
START_TEST(the_node_is_preset)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_object(s, AT(0), "app")->node = STR("node-9");
	scene_status(s, AT(700));
	scene_condition(s, "PodScheduled", true, AT(0));
	t = scene_only(s);
	check_text(t->node, "node-9");
	check_mark(t, MILESTONE_SCHEDULED, AT(100), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_KUBELET, AT(700), PRECISION_EXACT, SOURCE_AUDIT);
	/* by the create itself, whatever the kubelet writes into the condition later */
	check_stage(t, STAGE_SCHEDULE, "", AT(102), AT(102));
	check_stage(t, STAGE_STARTUP_WAIT, "", AT(102), AT(700));
	scene_free(s);
}
END_TEST

/* That node does not exist: it is its kubelet that is waited for, not a scheduler. */
START_TEST(the_node_is_preset_and_missing)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_object(s, AT(0), "app")->node = STR("node-9");
	t = scene_only(s);
	check_mark(t, MILESTONE_SCHEDULED, AT(100), PRECISION_EXACT, SOURCE_AUDIT);
	check_stage(t, STAGE_SCHEDULE, "", AT(102), AT(102));
	ck_assert(check_stage(t, STAGE_STARTUP_WAIT, "", AT(102), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

/* The kubelet's first sign */

static struct scene *bound(void)
{
	struct scene *s = created();

	scene_bind(s, AT(200), "node-1");
	return s;
}

START_TEST(heard_of_by_a_refused_get)
{
	struct scene *s = bound();
	const struct timeline *t;

	scene_record(s, AT(230), ORIGIN_KUBELET, "get")->status = 403;
	scene_fact(s, FACT_SEEN);
	scene_status(s, AT(700));
	scene_phase(s, "Pending");
	t = scene_only(s);
	check_mark(t, MILESTONE_KUBELET, AT(230), PRECISION_EXACT, SOURCE_AUDIT);
	check_stage(t, STAGE_STARTUP_WAIT, "", AT(200), AT(230));
	ck_assert(check_stage(t, STAGE_SANDBOX, "", AT(230), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

START_TEST(heard_of_by_an_event)
{
	struct scene *s = bound();
	const struct timeline *t;

	scene_event(s, AT(600), "Pulled", "app", "Container image already present");
	scene_status(s, AT(700));
	scene_phase(s, "Pending");
	t = scene_only(s);
	check_mark(t, MILESTONE_KUBELET, AT(600), PRECISION_EXACT, SOURCE_EVENT);
	check_stage(t, STAGE_STARTUP_WAIT, "", AT(200), AT(600));
	check_stage(t, STAGE_SANDBOX, "", AT(600), AT(600));
	scene_free(s);
}
END_TEST

/* An Event with a resolution of 1 s is too coarse; another client's request is no sign. */
START_TEST(heard_of_by_a_status_write)
{
	struct scene *s = bound();
	const struct timeline *t;

	scene_read(s, AT(300));
	scene_phase(s, "Pending");
	scene_event(s, AT(400), "FailedMount", NULL, "no such secret");
	s->facts[0].precision = PRECISION_SECOND;
	scene_status(s, AT(700));
	scene_phase(s, "Pending");
	t = scene_only(s);
	check_mark(t, MILESTONE_KUBELET, AT(700), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert(check_stage(t, STAGE_SANDBOX, "", AT(700), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

START_TEST(not_heard_of)
{
	struct scene *s = bound();
	const struct timeline *t = scene_only(s);

	check_unknown(t, MILESTONE_KUBELET);
	ck_assert(check_stage(t, STAGE_STARTUP_WAIT, "", AT(200), NSEC_NONE)->open);
	check_no_stage(t, STAGE_SANDBOX, "");
	scene_free(s);
}
END_TEST

/* Sandbox: its earliest proof */

static const struct {
	nsec event, write, condition; /* NSEC_NONE: none; the condition's own second */
	nsec sandbox;
	enum precision precision;
	enum edge_source source;
	bool written;
} sandboxes[] = {
	/* the Event comes first, the condition is written by a later sync */
	{ AT(1500), AT(3200), AT(3000), AT(1500), PRECISION_EXACT, SOURCE_EVENT, true },
	/* the condition is written while the image is still awaited */
	{ AT(9000), AT(3200), AT(3000), AT(3200), PRECISION_EXACT, SOURCE_STATUS, true },
	/* one alone */
	{ AT(1500), NSEC_NONE, NSEC_NONE, AT(1500), PRECISION_EXACT, SOURCE_EVENT, false },
	/* the condition alone waits for the image: known if the kubelet's first sign, at 0.4 s, is
	   near */
	{ NSEC_NONE, AT(2400), AT(2000), AT(2400), PRECISION_INFERRED, SOURCE_BOUND, true },
	{ NSEC_NONE, AT(2401), AT(2000), NSEC_NONE, PRECISION_INFERRED, SOURCE_BOUND, true },
	/* only read back: its second; an Event in the same second knows better */
	{ NSEC_NONE, AT(8000), AT(2000), AT(2000), PRECISION_INFERRED, SOURCE_BOUND, false },
	{ NSEC_NONE, AT(8000), AT(3000), NSEC_NONE, PRECISION_INFERRED, SOURCE_BOUND, false },
	{ AT(3600), AT(8000), AT(3000), AT(3600), PRECISION_EXACT, SOURCE_EVENT, false },
	{ AT(4100), AT(8000), AT(3000), AT(3000), PRECISION_SECOND, SOURCE_STATUS, false },
};

START_TEST(sandbox_stands)
{
	struct scene *s = bound();
	const struct timeline *t;

	scene_status(s, AT(400));
	scene_phase(s, "Pending");
	if (sandboxes[_i].event != NSEC_NONE)
		scene_event(s, sandboxes[_i].event, "Pulling", "app", "Pulling image \"i\"");
	if (sandboxes[_i].write != NSEC_NONE) {
		scene_status(s, sandboxes[_i].write);
		s->written = sandboxes[_i].written;
		s->record->origin = s->written ? ORIGIN_KUBELET : ORIGIN_OTHER;
		scene_condition(s, "PodReadyToStartContainers", true, sandboxes[_i].condition);
	}
	t = scene_only(s);
	check_mark(t, MILESTONE_SANDBOX, sandboxes[_i].sandbox, sandboxes[_i].precision,
		   sandboxes[_i].source);
	check_stage(t, STAGE_SANDBOX, "", AT(400), sandboxes[_i].sandbox);
	scene_free(s);
}
END_TEST

START_TEST(any_of_three_events_proves_it)
{
	static const char *const reasons[] = { "Pulling", "Pulled", "Created" };
	struct scene *s = bound();

	scene_event(s, AT(1500 + 100 * _i), reasons[_i], "app", "");
	scene_event(s, AT(2500), "Created", "other", "");
	scene_event(s, AT(1000), "FailedCreatePodSandBox", NULL, "no network");
	check_mark(scene_only(s), MILESTONE_SANDBOX, AT(1500 + 100 * _i), PRECISION_EXACT,
		   SOURCE_EVENT);
	scene_free(s);
}
END_TEST

/* The condition's truncated second cannot be right: it is before the kubelet's first sign. */
START_TEST(no_sandbox_before_the_kubelet)
{
	struct scene *s = bound();

	scene_status(s, AT(2600));
	scene_phase(s, "Pending");
	scene_read(s, AT(9000));
	scene_condition(s, "PodReadyToStartContainers", true, AT(2000));
	check_mark(scene_only(s), MILESTONE_SANDBOX, AT(2600), PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/* The clock of a node */

START_TEST(a_node_that_is_ahead)
{
	struct scene *s = bound();
	const struct timeline *t;

	/* one Event that arrives before it happened proves it: 3.2 s, less is not possible */
	context_delay(&s->context, STR(""), STR("node-1"), -MS(3200));
	scene_event(s, AT(4800), "Started", "app", "")->received = AT(1700);
	s->record->node = STR("node-1");
	scene_status(s, AT(2500));
	s->record->node = STR("node-1");
	scene_condition(s, "Ready", true, AT(5000));
	scene_condition(s, "PodScheduled", true, AT(0));
	scene_read(s, AT(9000));
	scene_running(s, "app", AT(4000));
	t = scene_only(s);
	ck_assert_int_eq(t->clock_offset, -MS(3200));
	check_mark(t, MILESTONE_RUNNING, AT(1600), PRECISION_EXACT, SOURCE_EVENT);
	check_mark(t, MILESTONE_READY, AT(2500), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(a_node_that_is_behind)
{
	struct scene *s = bound();
	const struct timeline *t;

	/* eight Events, and not one came within 5 s: its clock goes after */
	for (int i = 0; i < 8; i++)
		context_delay(&s->context, STR(""), STR("node-1"), MS(5000 + i));
	scene_event(s, AT(-3400), "Started", "app", "")->received = AT(1700);
	s->record->node = STR("node-1");
	scene_read(s, AT(9000));
	scene_condition(s, "Ready", true, AT(-3000)); /* 2 s on the API servers' clock */
	t = scene_only(s);
	ck_assert_int_eq(t->clock_offset, MS(5000));
	check_mark(t, MILESTONE_RUNNING, AT(1600), PRECISION_EXACT, SOURCE_EVENT);
	check_mark(t, MILESTONE_READY, AT(2000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/*
 * One pod instance, reported by a node whose clock is right, fast and slow. The API server's times
 * are kept, and the edges differ by at most the 1 ms of the quickest Event.
 */
static const nsec wrong[] = { 0, 5 * SECOND, -5 * SECOND, HOUR, -24 * HOUR };

static const struct timeline *life_by(struct scene *s, nsec wrong_by)
{
	static const struct {
		nsec at;
		const char *reason, *message;
	} events[] = {
		{ AT(1500), "Pulling", "Pulling image \"x:1\"" },
		{ AT(4000), "Pulled", "Successfully pulled image \"x:1\" in 2.5s" },
		{ AT(4200), "Created", "" },
		{ AT(4500), "Started", "" },
	};

	for (int i = 0; i < 8; i++)
		context_delay(&s->context, STR(""), STR("node-1"), MS(1 + i) - wrong_by);
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		scene_event(s, events[i].at + wrong_by, events[i].reason, "app", events[i].message);
		s->record->node = STR("node-1");
		s->record->received = events[i].at + MS(1 + i);
		s->record->completed = s->record->received + MS(2);
	}
	scene_status(s, AT(6300));
	s->record->node = STR("node-1");
	scene_running(s, "app", AT(4000) + wrong_by)->truth = true;
	scene_condition(s, "ContainersReady", true, AT(6000) + wrong_by);
	scene_condition(s, "Ready", true, AT(6000) + wrong_by);
	return scene_only(s);
}

START_TEST(a_wrong_clock_changes_nothing)
{
	struct scene *right = bound(), *s = bound();
	const struct timeline *t = life_by(s, wrong[_i]), *as = life_by(right, 0);

	ck_assert_uint_eq(t->n_stages, as->n_stages);
	for (size_t i = 0; i < t->n_stages; i++) {
		const struct stage *a = &t->stages[i], *b = &as->stages[i];

		ck_assert_int_eq(a->stage, b->stage);
		ck_assert_int_eq(a->end.precision, PRECISION_EXACT);
		ck_assert_int_le(llabs(a->start.at - b->start.at), MS(1));
		ck_assert_int_le(llabs(a->end.at - b->end.at), MS(1));
	}
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		ck_assert_int_eq(t->marks[i].reached, as->marks[i].reached);
		ck_assert_int_eq(t->marks[i].precision, as->marks[i].precision);
		if (as->marks[i].reached)
			ck_assert_int_le(llabs(t->marks[i].at - as->marks[i].at), MS(1));
	}
	scene_free(s);
	scene_free(right);
}
END_TEST

/* Late Events and few of them do not prove a wrong clock. */
START_TEST(a_node_that_is_slow)
{
	static const struct {
		int events;
		nsec delay;
	} delays[] = { { 7, MS(5000) }, { 100, MS(1000) }, { 100, MS(2) } };
	struct scene *s = bound();

	for (int i = 0; i < delays[_i].events; i++)
		context_delay(&s->context, STR(""), STR("node-1"), delays[_i].delay);
	scene_event(s, AT(1600), "Started", "app", "")->received = AT(6700);
	s->record->node = STR("node-1");
	check_mark(scene_only(s), MILESTONE_RUNNING, AT(1600), PRECISION_EXACT, SOURCE_EVENT);
	scene_free(s);
}
END_TEST

/* An Event cannot happen after it was received, whatever its node's clock shows. */
START_TEST(nothing_is_known_before_it_happens)
{
	struct scene *s = bound();

	scene_event(s, AT(4800), "Started", "app", "")->received = AT(1700);
	check_mark(scene_only(s), MILESTONE_RUNNING, AT(1700), PRECISION_EXACT, SOURCE_EVENT);
	scene_free(s);
}
END_TEST

Suite *suite_node(void)
{
	Suite *s = suite_create("node");
	TCase *t = tcase_create("node");

	suite_add_tcase(s, t);
	tcase_add_test(t, scheduled_by_the_binding);
	tcase_add_test(t, a_refused_binding_binds_nothing);
	tcase_add_test(t, bound_before_the_answer);
	tcase_add_test(t, scheduled_by_the_condition);
	tcase_add_test(t, not_scheduled_while_the_condition_is_false);
	tcase_add_test(t, the_node_is_preset);
	tcase_add_test(t, the_node_is_preset_and_missing);
	tcase_add_test(t, heard_of_by_a_refused_get);
	tcase_add_test(t, heard_of_by_an_event);
	tcase_add_test(t, heard_of_by_a_status_write);
	tcase_add_test(t, not_heard_of);
	tcase_add_loop_test(t, sandbox_stands, 0, (int)ARRAY_SIZE(sandboxes));
	tcase_add_loop_test(t, any_of_three_events_proves_it, 0, 3);
	tcase_add_test(t, no_sandbox_before_the_kubelet);
	tcase_add_test(t, a_node_that_is_ahead);
	tcase_add_test(t, a_node_that_is_behind);
	tcase_add_loop_test(t, a_wrong_clock_changes_nothing, 0, (int)ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, a_node_that_is_slow, 0, 3);
	tcase_add_test(t, nothing_is_known_before_it_happens);
	return s;
}
