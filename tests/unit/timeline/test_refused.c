/* SPDX-License-Identifier: Apache-2.0 */
/* Creates that the API refused. */
#include "suites.h"

static void check_denied(const struct timeline *t, const char *code, uint32_t attempts, nsec first)
{
	ck_assert_ptr_nonnull(t);
	ck_assert(t->denied);
	check_text(t->refusal, code);
	ck_assert_uint_eq(t->attempts, attempts);
	check_mark(t, MILESTONE_CREATED, first, PRECISION_EXACT, SOURCE_AUDIT);
	check_text(t->uid, NULL);
	check_text(t->node, NULL);
	for (int i = MILESTONE_ADMITTED; i < MILESTONE_COUNT; i++)
		ck_assert(!t->marks[i].reached);
	ck_assert_uint_eq(t->n_stages, 0);
}

START_TEST(attempts_of_a_name)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	for (int i = 0; i < 3; i++)
		scene_refused(s, AT(1000 + 500 * i), 403, "QuotaExceeded");
	t = scene_next(s);
	check_denied(t, "QuotaExceeded", 3, AT(1000));
	check_text(t->name, "web");
	check_text(t->generate_name, NULL);
	ck_assert(!t->job_known);
	check_text(t->workload_kind, NULL);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

static void nameless(struct scene *s, nsec received, const char *code, const char *generate,
		     const char *owner)
{
	struct pod_object *o;

	scene_refused(s, received, 403, code)->name = STR("");
	o = scene_object(s, NSEC_NONE, "app");
	o->generate_name = str_from(generate);
	o->owner_kind = STR("ReplicaSet");
	o->owner_name = str_from(owner);
	o->job = true;
}

START_TEST(nameless_ones_are_told_apart)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	nameless(s, AT(1000), "QuotaExceeded", "web-1-", "web-1");
	nameless(s, AT(1100), "QuotaExceeded", "web-2-", "web-2");
	nameless(s, AT(1200), "PodSecurity", "web-1-", "web-1");
	nameless(s, AT(1300), "QuotaExceeded", "web-1-", "web-1");
	nameless(s, AT(1400), "QuotaExceeded", "web-1-", "other");
	t = scene_next(s);
	check_denied(t, "QuotaExceeded", 2, AT(1000));
	check_text(t->generate_name, "web-1-");
	check_text(t->name, "");
	check_text(t->workload_kind, "ReplicaSet");
	check_text(t->workload_name, "web-1");
	ck_assert(t->job_known && t->job);
	t = scene_next(s);
	check_denied(t, "QuotaExceeded", 1, AT(1100));
	check_text(t->generate_name, "web-2-");
	check_denied(scene_next(s), "PodSecurity", 1, AT(1200));
	t = scene_next(s);
	check_denied(t, "QuotaExceeded", 1, AT(1400));
	check_text(t->workload_name, "other");
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(thousands_of_nameless_ones)
{
	enum { OWNERS = 3, EACH = 3000 };
	static const char *const owners[OWNERS] = { "a", "b", "c" };
	struct scene *s = scene_new();

	for (int i = 0; i < OWNERS * EACH; i++)
		nameless(s, AT(1000 + i), "QuotaExceeded", "web-", owners[i % OWNERS]);
	for (int i = 0; i < OWNERS; i++)
		check_denied(scene_next(s), "QuotaExceeded", EACH, AT(1000 + i));
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* 409 and 429 ask to try again: nothing was denied. */
static const int32_t retries[] = { 409, 429 };

START_TEST(try_again)
{
	struct scene *s = scene_new();

	scene_refused(s, AT(1000), retries[_i], "AlreadyExists");
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(a_later_success_takes_them)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_refused(s, AT(1000), 403, "QuotaExceeded");
	scene_refused(s, AT(1500), 500, "WebhookUnavailable");
	scene_refused(s, AT(2000), 429, "APIThrottled");
	scene_refused(s, AT(2500), 429, "APIThrottled");
	scene_create(s, AT(3000))->uid = STR("u1");
	t = scene_next(s);
	ck_assert(!t->denied);
	ck_assert_uint_eq(t->attempts, 5);
	/* they are reported, each kind once */
	ck_assert_uint_eq(t->n_refused, 3);
	check_text(t->refused[0].fact.reason, "QuotaExceeded");
	ck_assert_uint_eq(t->refused[0].times, 1);
	check_text(t->refused[2].fact.reason, "APIThrottled");
	ck_assert_uint_eq(t->refused[2].times, 2);
	ck_assert_int_eq(t->refused[2].received, AT(2000));
	ck_assert_int_eq(t->refused[2].last, AT(2500));
	check_mark(t, MILESTONE_CREATED, AT(3000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(refused_after_a_success)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(1000))->uid = STR("u1");
	scene_refused(s, AT(2000), 409, "AlreadyExists");
	scene_delete(s, AT(3000), "delete", 200)->uid = STR("u1");
	scene_refused(s, AT(4000), 403, "QuotaExceeded");
	t = scene_next(s);
	check_text(t->uid, "u1");
	ck_assert_uint_eq(t->attempts, 1);
	check_denied(scene_next(s), "QuotaExceeded", 1, AT(4000));
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* Each success takes what came since the one before. */
START_TEST(refused_between_two_lives)
{
	struct scene *s = scene_new();

	scene_refused(s, AT(500), 403, "QuotaExceeded");
	scene_create(s, AT(1000))->uid = STR("u1");
	scene_refused(s, AT(2000), 403, "QuotaExceeded");
	scene_refused(s, AT(3000), 403, "QuotaExceeded");
	scene_create(s, AT(4000))->uid = STR("u2");
	ck_assert_uint_eq(scene_next(s)->attempts, 2);
	ck_assert_uint_eq(scene_next(s)->attempts, 3);
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

/* A webhook chooses its status: a 409 of it asks to try again, and must not hide its 403. */
START_TEST(one_code_two_statuses)
{
	struct scene *s = scene_new();

	scene_refused(s, AT(1000), 409, "WebhookDenied");
	scene_refused(s, AT(2000), 403, "WebhookDenied");
	scene_refused(s, AT(3000), 409, "WebhookDenied");
	scene_refused(s, AT(4000), 403, "WebhookDenied");
	check_denied(scene_next(s), "WebhookDenied", 2, AT(2000));
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

START_TEST(success_of_another_name)
{
	struct scene *s = scene_new();

	scene_refused(s, AT(1000), 403, "QuotaExceeded");
	scene_create(s, AT(3000))->name = STR("web-2");
	check_denied(scene_next(s), "QuotaExceeded", 1, AT(1000));
	check_text(scene_next(s)->name, "web-2");
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

Suite *suite_refused(void)
{
	Suite *s = suite_create("refused");
	TCase *t = tcase_create("refused");

	suite_add_tcase(s, t);
	tcase_add_test(t, attempts_of_a_name);
	tcase_add_test(t, nameless_ones_are_told_apart);
	tcase_add_test(t, thousands_of_nameless_ones);
	tcase_add_loop_test(t, try_again, 0, (int)ARRAY_SIZE(retries));
	tcase_add_test(t, a_later_success_takes_them);
	tcase_add_test(t, refused_after_a_success);
	tcase_add_test(t, refused_between_two_lives);
	tcase_add_test(t, one_code_two_statuses);
	tcase_add_test(t, success_of_another_name);
	return s;
}
