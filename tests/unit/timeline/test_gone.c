/* SPDX-License-Identifier: Apache-2.0 */
/* Whether and when a deleted pod is gone, and who holds it. */
#include "dying.h"
#include "suites.h"

/* A finalizer holds it from 53.1 s on; a patch takes it off at 70.5 s. */
START_TEST(finalizers_hold_it)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "example/backup,example/log");
	dying_released(s, AT(53100), "example/backup,example/log");
	scene_record(s, AT(60000), ORIGIN_OTHER, "patch");
	dying_shown(s, AT(50000), 0, "example/backup");
	scene_record(s, AT(70500), ORIGIN_OTHER, "patch");
	dying_shown(s, AT(50000), 0, "");
	d = scene_only(s)->deletion;
	dying_check(&d->released, AT(53100), PRECISION_EXACT);
	dying_check(&d->gone, AT(70500), PRECISION_EXACT);
	check_text(d->finalizers, "");
	ck_assert_int_eq(d->grace, 30); /* no request asked for the 0 in the patches */
	dying_check_stage(d, STAGE_FINALIZERS, "example/backup", AT(53100), AT(70500));
	scene_free(s);
}
END_TEST

START_TEST(finalizers_hold_it_still)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	context_cluster(&s->context, STR(""))->status_writes = 1;
	dying_asked(s, 30, "example/backup");
	dying_released(s, AT(53100), "example/backup");
	d = scene_only(s)->deletion;
	ck_assert(!d->gone.reached);
	check_text(d->finalizers, "example/backup");
	dying_check_stage(d, STAGE_FINALIZERS, "example/backup", AT(53100), NSEC_NONE);
	ck_assert(dying_stage(d, STAGE_FINALIZERS, "example/backup")->open);
	ck_assert_int_eq(d->until, INT64_MAX);
	scene_free(s);
}
END_TEST

/* A finalizer that was off before the kubelet was done has held up nothing. */
START_TEST(finalizers_that_were_off_in_time)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	dying_asked(s, 30, "batch.kubernetes.io/job-tracking");
	scene_record(s, AT(51000), ORIGIN_CONTROLLER, "patch");
	dying_shown(s, AT(50000), 30, "");
	dying_released(s, AT(53100), "");
	d = scene_only(s)->deletion;
	dying_check(&d->gone, AT(53100), PRECISION_EXACT);
	for (size_t i = 0; i < d->n_stages; i++)
		ck_assert_int_ne(d->stages[i].stage, STAGE_FINALIZERS);
	scene_free(s);
}
END_TEST

/* --force: grace 0, so the API server waits for no kubelet. */
START_TEST(gone_at_once)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	scene_delete(s, AT(50300), "delete", 200);
	s->facts[0].truth = true;
	dying_shown(s, AT(50000), 0, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	d = scene_only(s)->deletion;
	dying_check(&d->requested, AT(50300), PRECISION_EXACT);
	dying_check(&d->gone, AT(50300), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, 0);
	dying_check(&d->killing, AT(50350), PRECISION_EXACT);
	ck_assert(!d->stopped.reached);
	scene_free(s);
}
END_TEST

/*
 * The DELETE of upstream's tests: created 03:07:38, deletionTimestamp 03:08:04 with grace 0,
 * answered at 03:08:40.591203; from 2026-01-01T03:00:00 on. The kubelet's last request is the
 * only one there is.
 */
START_TEST(the_literal_delete)
{
	const nsec hour = AT(3 * 3600 * 1000);
	struct scene *s = scene_new();
	const struct deletion *d;

	scene_delete(s, hour + MS(520589), "delete", 200)->origin = ORIGIN_KUBELET;
	s->record->uid = STR("u1");
	s->facts[0].truth = true;
	dying_shown(s, hour + MS(484000), 0, "");
	scene_object(s, hour + MS(458000), "app");
	d = scene_only(s)->deletion;
	ck_assert_ptr_null(d->request);
	dying_check(&d->requested, hour + MS(484000), PRECISION_SECOND);
	dying_check(&d->released, hour + MS(520589), PRECISION_EXACT);
	dying_check(&d->gone, hour + MS(520589), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, -1);
	scene_free(s);
}
END_TEST

/* At level Metadata there are no bodies: a kubelet deletes a pod after another client's request. */
START_TEST(only_the_kubelets_request)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	scene_delete(s, AT(53100), "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
	d = scene_only(s)->deletion;
	ck_assert_ptr_null(d->request);
	ck_assert(d->requested.reached);
	ck_assert_int_eq(d->requested.at, NSEC_NONE);
	ck_assert_int_eq(d->requested.until, AT(53100));
	dying_check(&d->gone, AT(53100), PRECISION_EXACT);
	ck_assert_uint_eq(d->n_stages, 0);
	scene_free(s);
}
END_TEST

/* Without bodies the kubelet's request seems to be the end; a later look shows that it is not. */
START_TEST(held_behind_the_kubelets_request)
{
	struct scene *s = dying_scene("app");

	scene_delete(s, AT(50300), "delete", 200);
	scene_delete(s, AT(53100), "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
	if (_i) {
		scene_read(s, AT(60000));
		dying_shown(s, AT(50000), 0, "example/backup");
	} else {
		scene_record(s, AT(60000), ORIGIN_OTHER, "patch");
		scene_fact(s, FACT_SEEN);
	}
	ck_assert(!scene_only(s)->deletion->gone.reached);
	scene_free(s);
}
END_TEST

/* No body shows it, but a pod without a node has no kubelet to stop it. */
static const struct {
	bool bound, seen_later, gone;
} unbound[] = { { false, false, true }, { true, false, false }, { false, true, false } };

START_TEST(never_bound)
{
	struct scene *s = scene_new();
	const struct deletion *d;

	scene_create(s, AT(100));
	if (unbound[_i].bound)
		scene_bind(s, AT(200), NULL);
	scene_delete(s, AT(50300), "delete", 200);
	if (unbound[_i].seen_later) {
		scene_record(s, AT(51000), ORIGIN_OTHER, "patch");
		scene_fact(s, FACT_SEEN);
	}
	d = scene_only(s)->deletion;
	if (unbound[_i].gone)
		dying_check(&d->gone, AT(50300), PRECISION_INFERRED);
	else
		ck_assert(!d->gone.reached);
	scene_free(s);
}
END_TEST

/* A pod that has finished is let go with the request, which its answer need not show. */
static const struct {
	const char *phase;
	bool gone;
} phases[] = { { "Succeeded", true }, { "Failed", true }, { "Running", false } };

START_TEST(finished)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	scene_status(s, AT(40000));
	scene_phase(s, phases[_i].phase);
	scene_delete(s, AT(50300), "deletecollection", 200);
	d = scene_only(s)->deletion;
	if (phases[_i].gone)
		dying_check(&d->gone, AT(50300), PRECISION_INFERRED);
	else
		ck_assert(!d->gone.reached);
	scene_free(s);
}
END_TEST

/* Not found at most 2 s after it was last seen: precise enough. */
static const struct {
	nsec sought, at, until;
} sought[] = {
	{ AT(52300), AT(52300), NSEC_NONE },
	{ AT(52301), NSEC_NONE, AT(52301) },
};

START_TEST(not_found)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	scene_record(s, AT(30000), ORIGIN_KUBELET, "get");
	scene_fact(s, FACT_SEEN);
	scene_delete(s, AT(50300), "delete", 200);
	scene_record(s, sought[_i].sought, ORIGIN_KUBELET, "get")->status = 404;
	scene_fact(s, FACT_SEEN);
	d = scene_only(s)->deletion;
	ck_assert(d->gone.reached);
	ck_assert_int_eq(d->gone.at, sought[_i].at);
	ck_assert_int_eq(d->gone.until, sought[_i].until);
	ck_assert_int_eq(d->gone.precision, PRECISION_INFERRED);
	scene_free(s);
}
END_TEST

/* The next pod of that name proves that this one was gone by then. */
START_TEST(replaced)
{
	struct scene *s = scene_new();
	const struct deletion *d;

	scene_create(s, AT(100));
	scene_bind(s, AT(200), NULL);
	scene_delete(s, AT(50300), "delete", 200);
	scene_create(s, AT(60000));
	d = scene_next(s)->deletion;
	ck_assert(d->gone.reached);
	ck_assert_int_eq(d->gone.at, NSEC_NONE);
	ck_assert_int_eq(d->gone.until, AT(60002));
	ck_assert_ptr_null(scene_next(s)->deletion);
	scene_free(s);
}
END_TEST

/*
 * How long "not gone" is proven: to the end only where the log has kubelets' writes, and bodies
 * that show the deletion, and no write without a body.
 */
static const struct {
	uint64_t status_writes;
	bool body, hidden;
	nsec until;
} proofs[] = {
	{ 1, true, false, INT64_MAX },
	{ 0, true, false, AT(55000) },
	{ 1, false, false, AT(55000) },
	{ 1, true, true, AT(55000) },
};

START_TEST(not_gone_until)
{
	struct scene *s = dying_scene("app");
	const struct deletion *d;

	context_cluster(&s->context, STR(""))->status_writes = proofs[_i].status_writes;
	scene_delete(s, AT(50300), "delete", 200);
	if (proofs[_i].body)
		dying_shown(s, AT(50000), 30, "");
	scene_status(s, AT(55000));
	scene_condition(s, "Ready", false, AT(54000));
	if (proofs[_i].hidden) {
		scene_record(s, AT(56000), ORIGIN_OTHER, "patch")->actor = STR("alice");
		scene_fact(s, FACT_SEEN);
	}
	d = scene_only(s)->deletion;
	ck_assert(!d->gone.reached);
	ck_assert_int_eq(d->until, proofs[_i].until);
	scene_free(s);
}
END_TEST

Suite *suite_gone(void)
{
	Suite *s = suite_create("gone");
	TCase *t = tcase_create("gone");

	suite_add_tcase(s, t);
	tcase_add_test(t, finalizers_hold_it);
	tcase_add_test(t, finalizers_hold_it_still);
	tcase_add_test(t, finalizers_that_were_off_in_time);
	tcase_add_test(t, gone_at_once);
	tcase_add_test(t, the_literal_delete);
	tcase_add_test(t, only_the_kubelets_request);
	tcase_add_loop_test(t, held_behind_the_kubelets_request, 0, 2);
	tcase_add_loop_test(t, never_bound, 0, (int)ARRAY_SIZE(unbound));
	tcase_add_loop_test(t, finished, 0, (int)ARRAY_SIZE(phases));
	tcase_add_loop_test(t, not_found, 0, (int)ARRAY_SIZE(sought));
	tcase_add_test(t, replaced);
	tcase_add_loop_test(t, not_gone_until, 0, (int)ARRAY_SIZE(proofs));
	return s;
}
