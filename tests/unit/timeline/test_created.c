/* SPDX-License-Identifier: Apache-2.0 */
/* When a pod was created, and when the create was answered. */
#include "suites.h"

/*
 * `created` is metadata.creationTimestamp refined by the create's requestReceivedTimestamp: the
 * true time is in [stamp, stamp + 1 s) and not before the request arrived.
 */
static const struct {
	nsec received, stamp, created;
	enum precision precision;
} creates[] = {
	{ AT(10250), AT(10000), AT(10250), PRECISION_EXACT },
	{ AT(10000), AT(10000), AT(10000), PRECISION_EXACT },
	/* received 10 ms before the second that is stamped */
	{ AT(10990), AT(11000), AT(11000), PRECISION_EXACT },
	/* the body arrived slowly: the timestamp is more than a second after the arrival */
	{ AT(10250), AT(14000), AT(14000), PRECISION_SECOND },
	/* level Metadata: no stamp */
	{ AT(10250), NSEC_NONE, AT(10250), PRECISION_EXACT },
};

START_TEST(created_by_a_create)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, creates[_i].received)->completed = AT(14500);
	if (creates[_i].stamp != NSEC_NONE)
		scene_object(s, creates[_i].stamp, "app");
	t = scene_only(s);
	check_mark(t, MILESTONE_CREATED, creates[_i].created, creates[_i].precision, SOURCE_AUDIT);
	check_mark(t, MILESTONE_ADMITTED, AT(14500), PRECISION_EXACT, SOURCE_AUDIT);
	check_stage(t, STAGE_ADMISSION, "", creates[_i].created, AT(14500));
	ck_assert_uint_eq(t->attempts, 1);
	scene_free(s);
}
END_TEST

START_TEST(the_stamp_may_come_with_a_later_body)
{
	struct scene *s = scene_new();

	scene_create(s, AT(10990));
	scene_read(s, AT(12000));
	scene_object(s, AT(11000), "app");
	scene_phase(s, "Pending");
	check_mark(scene_only(s), MILESTONE_CREATED, AT(11000), PRECISION_EXACT, SOURCE_AUDIT);
	scene_free(s);
}
END_TEST

START_TEST(created_only_in_a_body)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_bind(s, AT(12500), "node-1");
	scene_read(s, AT(30000));
	scene_object(s, AT(12000), "app");
	scene_phase(s, "Pending");
	t = scene_only(s);
	check_mark(t, MILESTONE_CREATED, AT(12000), PRECISION_SECOND, SOURCE_STATUS);
	check_unknown(t, MILESTONE_ADMITTED);
	check_no_stage(t, STAGE_ADMISSION, "");
	check_stage(t, STAGE_SCHEDULE, "", AT(12000), AT(12500));
	scene_free(s);
}
END_TEST

START_TEST(created_from_the_binding_alone)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_bind(s, AT(12500), "node-1");
	scene_status(s, AT(13000));
	scene_phase(s, "Pending");
	t = scene_only(s);
	check_mark(t, MILESTONE_CREATED, AT(12500), PRECISION_INFERRED, SOURCE_BOUND);
	check_no_stage(t, STAGE_SCHEDULE, "");
	scene_free(s);
}
END_TEST

static void bare_event(struct scene *s, nsec at)
{
	scene_event(s, at, NULL, NULL, NULL)->about_pod = false;
}

/* It is not known what the Event is about, but if it is about the pod, then the pod was older. */
START_TEST(not_created_at_a_binding_behind_an_event)
{
	struct scene *s = scene_new();

	bare_event(s, AT(10000));
	scene_bind(s, AT(12500), "node-1");
	check_unknown(scene_only(s), MILESTONE_CREATED);
	scene_free(s);
}
END_TEST

START_TEST(an_event_behind_the_binding_changes_nothing)
{
	struct scene *s = scene_new();

	scene_bind(s, AT(12500), "node-1");
	bare_event(s, AT(13000));
	check_mark(scene_only(s), MILESTONE_CREATED, AT(12500), PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

/* Only a successful record names the pod: a read of what is not there proves no earlier life. */
START_TEST(a_failed_read_names_nothing)
{
	struct scene *s = scene_new();

	scene_record(s, AT(11000), ORIGIN_KUBELET, "get")->status = 404;
	scene_fact(s, FACT_SEEN);
	scene_bind(s, AT(12500), "node-1");
	check_mark(scene_only(s), MILESTONE_CREATED, AT(12500), PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

START_TEST(not_created_by_anything_else)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_read(s, AT(11000));
	scene_fact(s, FACT_SEEN);
	scene_bind(s, AT(12500), "node-1");
	t = scene_only(s);
	check_unknown(t, MILESTONE_CREATED);
	check_mark(t, MILESTONE_SCHEDULED, AT(12500), PRECISION_EXACT, SOURCE_AUDIT);
	scene_free(s);
}
END_TEST

/* A record that names the first instance proves nothing about the creation of the second. */
START_TEST(an_event_before_an_earlier_life)
{
	struct scene *s = scene_new();

	bare_event(s, AT(5000));
	scene_create(s, AT(10000))->uid = STR("u1");
	scene_delete(s, AT(20000), "delete", 200)->uid = STR("u1");
	s->facts[0].truth = true;
	scene_bind(s, AT(30000), "node-1")->uid = STR("u2");
	check_text(scene_next(s)->uid, "u1");
	check_mark(scene_next(s), MILESTONE_CREATED, AT(30000), PRECISION_INFERRED, SOURCE_BOUND);
	scene_free(s);
}
END_TEST

START_TEST(an_event_alone_is_no_pod)
{
	struct scene *s = scene_new();

	bare_event(s, AT(5000));
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

Suite *suite_created(void)
{
	Suite *s = suite_create("created");
	TCase *t = tcase_create("created");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, created_by_a_create, 0, (int)ARRAY_SIZE(creates));
	tcase_add_test(t, the_stamp_may_come_with_a_later_body);
	tcase_add_test(t, created_only_in_a_body);
	tcase_add_test(t, created_from_the_binding_alone);
	tcase_add_test(t, not_created_at_a_binding_behind_an_event);
	tcase_add_test(t, an_event_behind_the_binding_changes_nothing);
	tcase_add_test(t, a_failed_read_names_nothing);
	tcase_add_test(t, not_created_by_anything_else);
	tcase_add_test(t, an_event_before_an_earlier_life);
	tcase_add_test(t, an_event_alone_is_no_pod);
	return s;
}
