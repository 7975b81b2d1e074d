/* SPDX-License-Identifier: Apache-2.0 */
/* Scheduling gates, preemption, nomination. */
#include "suites.h"

static struct scene *gated(void)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_object(s, AT(0), "app")->n_scheduling_gates = 2;
	return s;
}

/* The pod as a body shows it then, with so many gates. */
static void shown(struct scene *s, nsec received, enum origin origin, const char *verb, uint32_t n)
{
	scene_record(s, received, origin, verb);
	scene_object(s, AT(0), "app")->n_scheduling_gates = n;
}

START_TEST(gates_are_taken_off)
{
	struct scene *s = gated();
	const struct timeline *t;
	const struct stage *gate;

	shown(s, AT(20000), ORIGIN_OTHER, "patch", 1);
	shown(s, AT(50000), ORIGIN_OTHER, "patch", 0);
	scene_bind(s, AT(50010), "node-1");
	shown(s, AT(51000), ORIGIN_OTHER, "get", 0);
	t = scene_only(s);
	check_stage(t, STAGE_ADMISSION, "", AT(100), AT(102));
	gate = check_stage(t, STAGE_SCHEDULING_GATE, "", AT(102), AT(50000));
	ck_assert_int_eq(gate->end.precision, PRECISION_EXACT);
	ck_assert_int_eq(gate->end.source, SOURCE_AUDIT);
	check_stage(t, STAGE_SCHEDULE, "", AT(50000), AT(50010));
	check_mark(t, MILESTONE_UNGATED, AT(50000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert(t->unschedulable);
	scene_free(s);
}
END_TEST

START_TEST(gates_stay)
{
	struct scene *s = gated();
	const struct timeline *t;

	shown(s, AT(90000), ORIGIN_OTHER, "get", 2);
	t = scene_only(s);
	ck_assert(check_stage(t, STAGE_SCHEDULING_GATE, "", AT(102), NSEC_NONE)->open);
	check_no_stage(t, STAGE_SCHEDULE, "");
	scene_free(s);
}
END_TEST

/* The request itself is not in the log, only reads of the pod before and after it. */
static const struct {
	nsec with, without, bound, end;
} looks[] = {
	{ AT(50000), AT(51000), NSEC_NONE, AT(51000) },
	{ AT(50000), AT(52001), NSEC_NONE, NSEC_NONE },
	{ AT(50000), AT(59000), AT(51500), AT(51500) },
	{ AT(50000), NSEC_NONE, AT(51500), AT(51500) },
	{ AT(50000), NSEC_NONE, AT(59000), NSEC_NONE },
};

START_TEST(gates_are_seen_to_be_off)
{
	struct scene *s = gated();
	const struct timeline *t;
	const struct stage *gate;

	shown(s, looks[_i].with, ORIGIN_OTHER, "get", 1);
	if (looks[_i].without != NSEC_NONE)
		shown(s, looks[_i].without, ORIGIN_OTHER, "get", 0);
	if (looks[_i].bound != NSEC_NONE)
		scene_bind(s, looks[_i].bound, "node-1");
	t = scene_only(s);
	gate = check_stage(t, STAGE_SCHEDULING_GATE, "", AT(102), looks[_i].end);
	ck_assert(!gate->open);
	if (looks[_i].end == NSEC_NONE) {
		check_no_stage(t, STAGE_SCHEDULE, "");
	} else {
		ck_assert_int_eq(gate->end.precision, PRECISION_INFERRED);
		check_stage(t, STAGE_SCHEDULE, "", looks[_i].end, looks[_i].bound);
	}
	scene_free(s);
}
END_TEST

/* A scheduler writes the status as soon as it may: it did not take the gate off. */
START_TEST(a_status_of_the_scheduler_is_no_gate)
{
	struct scene *s = gated();
	const struct timeline *t;

	shown(s, AT(49000), ORIGIN_OTHER, "get", 1);
	shown(s, AT(50000), ORIGIN_SCHEDULER, "patch", 0);
	t = scene_only(s);
	ck_assert_int_eq(
	    check_stage(t, STAGE_SCHEDULING_GATE, "", AT(102), AT(50000))->end.precision,
	    PRECISION_INFERRED);
	scene_free(s);
}
END_TEST

START_TEST(no_gates)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_object(s, AT(0), "app");
	scene_bind(s, AT(200), "node-1");
	t = scene_only(s);
	check_no_stage(t, STAGE_SCHEDULING_GATE, "");
	check_stage(t, STAGE_SCHEDULE, "", AT(102), AT(200));
	ck_assert(!t->marks[MILESTONE_UNGATED].reached);
	ck_assert(!t->unschedulable);
	scene_free(s);
}
END_TEST

/* In the words of all versions; the node's name and the preemptor's may hold blanks only here. */
static const struct {
	const char *message, *preemptor;
} words[] = {
	{ "Preempted by shop/urgent on node node-1", "shop/urgent" },
	{ "Preempted by a pod on node node-1", "" },
	{ "Preempted by pod 05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc on node node-1",
	  "05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc" },
	{ "Preempted by podgroup 05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc on node node-1",
	  "podgroup 05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc" },
	{ "Preempted by pod 05781fa4", "05781fa4" },
	{ "By order of somebody", "" },
	{ "", "" },
};

START_TEST(preempted)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	/* the condition knows less, and comes first */
	scene_record(s, AT(8000), ORIGIN_SCHEDULER, "patch");
	scene_condition(s, "DisruptionTarget", true, AT(8000))->reason =
	    STR("PreemptionByScheduler");
	scene_event(s, AT(9000), "Preempted", "", words[_i].message);
	s->facts[0].origin = ORIGIN_SCHEDULER;
	check_text(scene_only(s)->preemptor, words[_i].preemptor);
	scene_free(s);
}
END_TEST

static const struct {
	const char *reason, *preemptor;
} conditions[] = {
	{ "PreemptionByScheduler", "" },
	{ "PreemptionByKubeScheduler", "" },
	{ "EvictionByEvictionAPI", NULL },
	{ "TerminationByKubelet", NULL },
};

START_TEST(preempted_as_a_condition_says)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_record(s, AT(8000), ORIGIN_SCHEDULER, "patch");
	scene_condition(s, "DisruptionTarget", true, AT(8000))->reason =
	    arena_str(&s->arena, str_from(conditions[_i].reason));
	check_text(scene_only(s)->preemptor, conditions[_i].preemptor);
	scene_free(s);
}
END_TEST

START_TEST(nominated)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_record(s, AT(8000), ORIGIN_SCHEDULER, "patch");
	scene_fact(s, FACT_NOMINATED)->subject = STR("node-1");
	scene_record(s, AT(9000), ORIGIN_SCHEDULER, "patch");
	scene_fact(s, FACT_NOMINATED)->subject = STR("node-2");
	scene_bind(s, AT(9500), "node-2");
	t = scene_only(s);
	check_text(t->nominated, "node-2");
	check_text(t->preemptor, NULL);
	ck_assert(t->unschedulable);
	scene_free(s);
}
END_TEST

Suite *suite_scheduling(void)
{
	Suite *s = suite_create("scheduling");
	TCase *t = tcase_create("scheduling");

	suite_add_tcase(s, t);
	tcase_add_test(t, gates_are_taken_off);
	tcase_add_test(t, gates_stay);
	tcase_add_loop_test(t, gates_are_seen_to_be_off, 0, (int)ARRAY_SIZE(looks));
	tcase_add_test(t, a_status_of_the_scheduler_is_no_gate);
	tcase_add_test(t, no_gates);
	tcase_add_loop_test(t, preempted, 0, (int)ARRAY_SIZE(words));
	tcase_add_loop_test(t, preempted_as_a_condition_says, 0, (int)ARRAY_SIZE(conditions));
	tcase_add_test(t, nominated);
	return s;
}
