/* SPDX-License-Identifier: Apache-2.0 */
/* A pod's life as rows, and the chain that decides its end. */
#include "suites.h"

#include "timeline/lifecycle.h"

static const struct life_row *row(const struct life_row *rows, size_t n, const char *operation)
{
	const struct life_row *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!str_eq(rows[i].operation, str_from(operation)))
			continue;
		ck_assert_msg(!found, "%s stands twice", operation);
		found = &rows[i];
	}
	ck_assert_msg(found, "no row %s", operation);
	return found;
}

START_TEST(speaks_as_upstream)
{
	struct scene *s = scene_new();
	struct arena arena = { 0 };
	const struct life_row *rows, *r;
	const struct timeline *t;
	size_t n;

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), "app")->scheduler = STR("default-scheduler");
	scene_phase(s, "Pending")->written = false;
	scene_bind(s, AT(200), "node-1");
	scene_status(s, AT(1000));
	scene_condition(s, "Ready", false, AT(1000))->reason = STR("ContainersNotReady");
	scene_event(s, AT(1500), "Pulling", "app", "Pulling image \"x\"");
	scene_status(s, AT(3000));
	scene_phase(s, "Running");
	scene_condition(s, "Ready", true, AT(3000));
	scene_running(s, "app", AT(2000))->count = 1;
	scene_status(s, AT(4000));
	scene_condition(s, "Ready", false, AT(4000))->reason = STR("ContainersNotReady");
	scene_terminated(s, "app", AT(2000), AT(4000), 137)->reason = STR("OOMKilled");
	scene_delete(s, AT(5000), "delete", 200);
	t = scene_only(s);
	n = life_rows(t, &arena, &rows);
	ck_assert(str_eq(rows[0].operation, STR("apicreate")));
	check_text(rows[0].stage, "AdmissionStage");
	ck_assert(!rows[0].error);
	check_text(row(rows, n, "Enters default-scheduler")->stage, "SchedulingStage");
	check_text(row(rows, n, "scheduled")->message, "node-1");
	check_text(row(rows, n, "Pulling")->stage, "RunningStage");
	check_text(row(rows, n, "Pulling")->who, "kubelet");
	check_text(row(rows, n, "pod phase: Running")->stage, "CompleteDelivery");
	check_text(row(rows, n, "condition:Ready:true")->stage, "RunningStage");
	row(rows, n, "app restartCount:1 Ready:true Running");
	r = row(rows, n, "app restartCount:0 Ready:false Terminated:OOMKilled exitCode:137");
	ck_assert(r->error);
	ck_assert_int_eq(r->at, AT(4000));
	ck_assert_int_eq(r->precision, PRECISION_SECOND);
	row(rows, n, "apidelete");
	arena_free(&arena);
	scene_free(s);
}
END_TEST

/* Not ready is an error only after Pending; read back it is no row. */
START_TEST(tells_errors)
{
	struct scene *s = scene_new();
	struct arena arena = { 0 };
	const struct life_row *rows;
	size_t n, errors = 0, conditions = 0;

	scene_create(s, AT(100))->uid = STR("u1");
	scene_phase(s, "Pending")->written = false;
	scene_status(s, AT(1000));
	scene_condition(s, "Ready", false, AT(1000));
	scene_read(s, AT(1500));
	scene_condition(s, "Ready", false, AT(1000));
	scene_status(s, AT(2000));
	scene_phase(s, "Running");
	scene_condition(s, "Ready", true, AT(2000));
	scene_status(s, AT(3000));
	scene_condition(s, "Ready", false, AT(3000));
	n = life_rows(scene_only(s), &arena, &rows);
	for (size_t i = 0; i < n; i++) {
		errors += rows[i].error;
		conditions += str_starts(rows[i].operation, STR("condition:"));
	}
	ck_assert_uint_eq(errors, 1);
	ck_assert_uint_eq(conditions, 3);
	arena_free(&arena);
	scene_free(s);
}
END_TEST

START_TEST(tells_silence)
{
	struct scene *s = scene_new();
	struct arena arena = { 0 };
	const struct life_row *rows;
	size_t n;

	scene_create(s, AT(0))->uid = STR("u1");
	scene_event(s, AT(25000), "A", "app", "at most as long as is quiet");
	scene_event(s, AT(50001), "B", "app", "more");
	scene_event(s, AT(60000), "C", "app", "again and again");
	scene_event(s, AT(80000), "C", "app", "again and again");
	scene_event(s, AT(100000), "D", "app", "behind it");
	n = life_rows(scene_only(s), &arena, &rows);
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(life_gap(rows, 0), LIFE_GAP_NONE);
	ck_assert_int_eq(life_gap(rows, 1), LIFE_GAP_NONE);
	ck_assert_int_eq(life_gap(rows, 2), LIFE_GAP_SILENT);
	ck_assert_uint_eq(rows[3].times, 2);
	ck_assert_int_eq(rows[3].last, AT(80001));
	ck_assert_int_eq(life_gap(rows, 4), LIFE_GAP_REPEATED);
	arena_free(&arena);
	scene_free(s);
}
END_TEST

static struct stage stage(nsec from, nsec to)
{
	return (
	    struct stage){ .start = { .at = from }, .end = { .at = to }, .open = to == NSEC_NONE };
}

START_TEST(finds_the_chain)
{
	/* a, then b and c together, c the longer of those that end last; d ends after the end */
	struct stage stages[] = { stage(AT(0), AT(10)),	 stage(AT(10), AT(40)),
				  stage(AT(20), AT(50)), stage(AT(30), AT(50)),
				  stage(AT(30), AT(90)), stage(AT(20), AT(20)) };
	static const bool expected[] = { true, false, true, false, false, true };
	bool critical[ARRAY_SIZE(stages)];

	stages_critical(stages, ARRAY_SIZE(stages), AT(55), false, critical);
	for (size_t i = 0; i < ARRAY_SIZE(stages); i++)
		ck_assert_msg(critical[i] == expected[i], "stage %zu", i);
}
END_TEST

/* A stage without an end ends with the log; an unknown one is not claimed. */
START_TEST(finds_the_chain_of_what_goes_on)
{
	struct stage stages[] = { stage(AT(0), AT(10)), stage(AT(12), NSEC_NONE),
				  stage(AT(5), NSEC_NONE) };
	bool critical[ARRAY_SIZE(stages)];

	stages[2].open = false;
	stages_critical(stages, ARRAY_SIZE(stages), AT(99), true, critical);
	ck_assert(critical[0] && critical[1] && !critical[2]);
	stages_critical(stages, ARRAY_SIZE(stages), AT(99), false, critical);
	ck_assert(critical[0] && !critical[1] && !critical[2]);
	stages_critical(stages, ARRAY_SIZE(stages), NSEC_NONE, true, critical);
	ck_assert(!critical[0] && !critical[1] && !critical[2]);
}
END_TEST

Suite *suite_lifecycle(void)
{
	Suite *s = suite_create("lifecycle");
	TCase *t = tcase_create("lifecycle");

	tcase_add_test(t, speaks_as_upstream);
	tcase_add_test(t, tells_errors);
	tcase_add_test(t, tells_silence);
	tcase_add_test(t, finds_the_chain);
	tcase_add_test(t, finds_the_chain_of_what_goes_on);
	suite_add_tcase(s, t);
	return s;
}
