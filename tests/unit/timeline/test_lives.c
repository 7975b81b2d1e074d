/* SPDX-License-Identifier: Apache-2.0 */
/* One name with several pod instances, and their order. */
#include "suites.h"

static void gone(struct scene *s, nsec received)
{
	scene_delete(s, received, "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
}

START_TEST(a_uid_is_a_life)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(10000))->uid = STR("u1");
	scene_delete(s, AT(20000), "delete", 200)->uid = STR("u1");
	scene_create(s, AT(30000))->uid = STR("u2");
	/* late, and of the first one */
	scene_event(s, AT(31000), "Killing", "app", "")->uid = STR("u1");
	scene_event(s, AT(32000), "Started", "app", "")->uid = STR("u2");
	t = scene_next(s);
	check_text(t->uid, "u1");
	check_mark(t, MILESTONE_CREATED, AT(10000), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_DELETED, AT(20000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert_uint_eq(t->n_entries, 3);
	ck_assert(!t->marks[MILESTONE_RUNNING].reached);
	t = scene_next(s);
	check_text(t->uid, "u2");
	check_mark(t, MILESTONE_CREATED, AT(30000), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_RUNNING, AT(32000), PRECISION_EXACT, SOURCE_EVENT);
	ck_assert(!t->marks[MILESTONE_DELETED].reached);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(no_uid_anywhere)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	/* a StatefulSet's pod at level Metadata */
	scene_create(s, AT(10000));
	scene_bind(s, AT(11000), NULL);
	scene_delete(s, AT(20000), "delete", 200);
	gone(s, AT(25000));
	scene_create(s, AT(30000));
	scene_bind(s, AT(31000), NULL);
	t = scene_next(s);
	check_text(t->uid, NULL);
	check_mark(t, MILESTONE_CREATED, AT(10000), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_SCHEDULED, AT(11000), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_DELETED, AT(20000), PRECISION_EXACT, SOURCE_AUDIT);
	t = scene_next(s);
	check_mark(t, MILESTONE_CREATED, AT(30000), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_SCHEDULED, AT(31000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert(!t->marks[MILESTONE_DELETED].reached);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* Neither create nor UID: a pod is bound once, so a second binding is of a second pod. */
START_TEST(two_bindings)
{
	struct scene *s = scene_new();

	scene_bind(s, AT(10000), "node-1");
	scene_status(s, AT(12000));
	scene_phase(s, "Running");
	scene_bind(s, AT(30000), "node-2");
	check_text(scene_next(s)->node, "node-1");
	check_text(scene_next(s)->node, "node-2");
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* The create shows no UID; the first record that does names the life that goes on. */
START_TEST(the_uid_comes_later)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(10000));
	scene_bind(s, AT(11000), "node-1")->uid = STR("u1");
	scene_read(s, AT(12000));
	scene_phase(s, "Pending");
	t = scene_only(s);
	check_text(t->uid, "u1");
	ck_assert_uint_eq(t->n_entries, 3);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(a_second_create_without_a_uid)
{
	struct scene *s = scene_new();

	scene_create(s, AT(10000))->uid = STR("u1");
	scene_create(s, AT(30000));
	scene_bind(s, AT(31000), "node-1")->uid = STR("u2");
	check_text(scene_next(s)->uid, "u1");
	check_text(scene_next(s)->uid, "u2");
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/*
 * The log begins in the middle of a pod instance, without UIDs, and the pod is deleted by force: no
 * record shows that it is gone, but otherwise its name could not be reused.
 */
static const char *const next_uids[] = { "u2", NULL };

START_TEST(a_create_behind_a_delete)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_read(s, AT(10000));
	scene_fact(s, FACT_SEEN);
	scene_delete(s, AT(20000), "delete", 200);
	scene_create(s, AT(30000))->uid =
	    next_uids[_i] ? str_from(next_uids[_i]) : (struct str){ 0 };
	t = scene_next(s);
	check_unknown(t, MILESTONE_CREATED);
	check_mark(t, MILESTONE_DELETED, AT(20000), PRECISION_EXACT, SOURCE_AUDIT);
	t = scene_next(s);
	ck_assert_ptr_nonnull(t);
	check_mark(t, MILESTONE_CREATED, AT(30000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert(!t->marks[MILESTONE_DELETED].reached);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* Mirror pods */

START_TEST(a_mirror_pod_by_its_annotation)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	/* the kubelet's Events name the static pod, by the hash of its file */
	scene_event(s, AT(9000), "Started", "app", "")->uid = STR("static");
	scene_create(s, AT(10000))->uid = STR("mirror");
	scene_object(s, AT(10000), "app")->mirror = STR("static");
	scene_event(s, AT(11000), "Started", "app", "")->uid = STR("static");
	t = scene_next(s);
	check_text(t->uid, "mirror");
	ck_assert(t->mirror);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* The answer to the create is not in the log: the UID of the mirror pod comes later. */
START_TEST(a_mirror_pod_without_an_answer)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(10000));
	scene_object(s, AT(10000), "app")->mirror = STR("static");
	scene_event(s, AT(11000), "Started", "app", "")->uid = STR("static");
	scene_status(s, AT(12000))->uid = STR("mirror");
	scene_condition(s, "Ready", true, AT(12000));
	t = scene_next(s);
	check_text(t->uid, "mirror");
	ck_assert(t->mirror);
	check_mark(t, MILESTONE_READY, AT(12000), PRECISION_EXACT, SOURCE_STATUS);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(a_mirror_pod_by_its_writer)
{
	struct scene *s = scene_new();

	scene_create(s, AT(10000))->origin = ORIGIN_KUBELET;
	ck_assert(scene_only(s)->mirror);
	scene_free(s);
	s = scene_new();
	scene_create(s, AT(10000));
	ck_assert(!scene_only(s)->mirror);
	scene_free(s);
}
END_TEST

/* Order */

START_TEST(in_order_of_creation_and_uid)
{
	static const char *const order[] = { "u3", "u1", "u2" };
	struct scene *s = scene_new();

	/* shown by reads, the youngest first; two are of one second */
	scene_read(s, AT(50000))->uid = STR("u2");
	scene_object(s, AT(20000), "app");
	scene_fact(s, FACT_SEEN);
	scene_read(s, AT(51000))->uid = STR("u1");
	scene_object(s, AT(20000), "app");
	scene_fact(s, FACT_SEEN);
	scene_read(s, AT(52000))->uid = STR("u3");
	scene_object(s, AT(10000), "app");
	scene_fact(s, FACT_SEEN);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		check_text(scene_next(s)->uid, order[i]);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(in_order_of_names)
{
	static const char *const order[] = { "a", "b", "web" };
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(10000))->namespace = STR("web");
	scene_create(s, AT(20000))->namespace = STR("b");
	scene_create(s, AT(30000))->namespace = STR("a");
	s->record->cluster = STR("east");
	scene_create(s, AT(30000))->namespace = STR("a");
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		t = scene_next(s);
		check_text(t->namespace, order[i]);
		check_text(t->cluster, "");
		check_text(t->name, "web");
	}
	t = scene_next(s);
	check_text(t->cluster, "east");
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(nothing_at_all)
{
	struct scene *s = scene_new();

	ck_assert_ptr_null(scene_next(s));
	ck_assert_ptr_null(scene_next(s));
	ck_assert_uint_eq(scene_duplicates(s), 0);
	scene_free(s);
	timelines_free(NULL);
}
END_TEST

Suite *suite_lives(void)
{
	Suite *s = suite_create("lives");
	TCase *t = tcase_create("lives");

	suite_add_tcase(s, t);
	tcase_add_test(t, a_uid_is_a_life);
	tcase_add_test(t, no_uid_anywhere);
	tcase_add_test(t, two_bindings);
	tcase_add_test(t, the_uid_comes_later);
	tcase_add_test(t, a_second_create_without_a_uid);
	tcase_add_loop_test(t, a_create_behind_a_delete, 0, (int)ARRAY_SIZE(next_uids));
	tcase_add_test(t, a_mirror_pod_by_its_annotation);
	tcase_add_test(t, a_mirror_pod_without_an_answer);
	tcase_add_test(t, a_mirror_pod_by_its_writer);
	tcase_add_test(t, in_order_of_creation_and_uid);
	tcase_add_test(t, in_order_of_names);
	tcase_add_test(t, nothing_at_all);
	return s;
}
