/* SPDX-License-Identifier: Apache-2.0 */
/* How a pod was deleted: from the request to gone. */
#include "suites.h"

/* Created at 0.1 s, bound, running since 2 s; deletions begin at 50.3 s. */
static struct scene *running(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), containers);
	scene_bind(s, AT(200), "node-1");
	scene_status(s, AT(3000));
	scene_running(s, "app", AT(2000));
	return s;
}

/* What an object shows that is being deleted since `at`; finalizers NULL: not shown. */
static struct fact *deleting(struct scene *s, nsec at, int32_t grace, const char *finalizers)
{
	struct fact *f = scene_fact(s, FACT_DELETING);

	f->at = at;
	f->precision = PRECISION_SECOND;
	f->origin = ORIGIN_APISERVER;
	f->code = grace;
	f->message = finalizers ? str_from(finalizers) : (struct str){ 0 };
	f->written = false;
	return f;
}

static void asked(struct scene *s, int32_t grace, const char *finalizers)
{
	scene_delete(s, AT(50300), "delete", 200)->actor = STR("alice");
	deleting(s, AT(50000), grace, finalizers);
}

/* The kubelet deletes it for good, which finalizers may keep from being so. */
static void released(struct scene *s, nsec at, const char *finalizers)
{
	scene_delete(s, at, "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].origin = ORIGIN_KUBELET;
	s->facts[0].truth = !*finalizers;
	deleting(s, AT(50000), 0, finalizers);
}

static void stopped(struct scene *s, const char *container, nsec at)
{
	scene_status(s, at + MS(500));
	scene_terminated(s, container, AT(2000), at, 0);
}

static void check_edge(const struct mark *m, nsec at, enum precision precision)
{
	ck_assert(m->reached);
	ck_assert_int_eq((m->at - EPOCH) / 1000, (at - EPOCH) / 1000);
	ck_assert_int_eq(m->at, at);
	ck_assert_int_eq(m->precision, precision);
}

static const struct stage *find(const struct deletion *d, enum lifecycle_stage stage,
				const char *subject)
{
	for (size_t i = 0; i < d->n_stages; i++)
		if (d->stages[i].stage == stage && str_eq(d->stages[i].subject, str_from(subject)))
			return &d->stages[i];
	return NULL;
}

static void check_part(const struct deletion *d, enum lifecycle_stage stage, const char *subject,
		       nsec start, nsec end)
{
	const struct stage *s = find(d, stage, subject);

	ck_assert_msg(s, "no stage %s", lifecycle_rows[stage].name);
	ck_assert_int_eq((s->start.at - EPOCH) / 1000, (start - EPOCH) / 1000);
	ck_assert_int_eq(s->end.at == NSEC_NONE ? -1 : (s->end.at - EPOCH) / 1000,
			 end == NSEC_NONE ? -1 : (end - EPOCH) / 1000);
}

START_TEST(nobody_asked)
{
	struct scene *s = running("app");

	ck_assert_ptr_null(scene_only(s)->deletion);
	scene_free(s);
}
END_TEST

START_TEST(from_request_to_gone)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	stopped(s, "app", AT(52000));
	released(s, AT(53100), "");
	d = scene_only(s)->deletion;
	ck_assert(str_eq(d->request->actor, STR("alice")));
	ck_assert(str_eq(d->request->fact.reason, STR("delete")));
	check_edge(&d->requested, AT(50300), PRECISION_EXACT);
	check_edge(&d->killing, AT(50350), PRECISION_EXACT);
	check_edge(&d->stopped, AT(52000), PRECISION_SECOND);
	check_edge(&d->released, AT(53100), PRECISION_EXACT);
	check_edge(&d->gone, AT(53100), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, 30);
	ck_assert_int_eq(d->overrun, 0);
	check_text(d->finalizers, "");
	ck_assert_int_eq(d->until, NSEC_NONE);
	ck_assert_uint_eq(d->n_stages, 3);
	check_part(d, STAGE_KILL_WAIT, "", AT(50300), AT(50350));
	check_part(d, STAGE_STOP, "app", AT(50350), AT(52000));
	check_part(d, STAGE_CLEANUP, "", AT(52000), AT(53100));
	scene_free(s);
}
END_TEST

/* The whole second of its end begins before it was killed. */
START_TEST(stopped_within_the_second)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	stopped(s, "app", AT(50000));
	released(s, AT(51000), "");
	d = scene_only(s)->deletion;
	check_part(d, STAGE_STOP, "app", AT(50350), AT(50350));
	check_edge(&d->stopped, AT(50350), PRECISION_SECOND);
	check_part(d, STAGE_CLEANUP, "", AT(50350), AT(51000));
	scene_free(s);
}
END_TEST

/* 10 s of grace from 50.3 s on: up to 62.3 s the whole seconds prove nothing. */
static const struct {
	nsec end, overrun;
	int32_t grace;
} overruns[] = {
	{ AT(60000), 0, 10 },	     { AT(62000), 0, 10 },	  { AT(63000), MS(2700), 10 },
	{ AT(64000), MS(3700), 10 }, { AT(64000), MS(13700), 0 }, { AT(64000), NSEC_NONE, -1 },
};

START_TEST(longer_than_its_grace)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, overruns[_i].grace, "");
	if (overruns[_i].grace == 0)
		s->facts[1].message = STR("example/hold"); /* else it were gone */
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	stopped(s, "app", overruns[_i].end);
	d = scene_only(s)->deletion;
	ck_assert_int_eq(d->grace, overruns[_i].grace);
	ck_assert_int_eq(d->overrun, overruns[_i].overrun);
	scene_free(s);
}
END_TEST

/* Two containers: the pod has stopped with the last. */
START_TEST(the_last_container_counts)
{
	struct scene *s = running("app sidecar:log");
	const struct deletion *d;

	scene_running(s, "log", AT(1000));
	asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	scene_event(s, AT(50360), "Killing", "log", "Stopping container log");
	stopped(s, "app", AT(52000));
	stopped(s, "log", AT(57000));
	d = scene_only(s)->deletion;
	check_edge(&d->killing, AT(50350), PRECISION_EXACT);
	check_edge(&d->stopped, AT(57000), PRECISION_SECOND);
	check_part(d, STAGE_STOP, "app", AT(50350), AT(52000));
	check_part(d, STAGE_STOP, "log", AT(50360), AT(57000));
	check_part(d, STAGE_CLEANUP, "", AT(57000), NSEC_NONE);
	ck_assert(find(d, STAGE_CLEANUP, "")->open);
	scene_free(s);
}
END_TEST

START_TEST(one_container_goes_on)
{
	struct scene *s = running("app log");
	const struct deletion *d;

	scene_running(s, "log", AT(1000));
	asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	scene_event(s, AT(50360), "Killing", "log", "Stopping container log");
	stopped(s, "app", AT(52000));
	d = scene_only(s)->deletion;
	ck_assert(!d->stopped.reached);
	ck_assert_int_eq(d->overrun, NSEC_NONE);
	check_part(d, STAGE_STOP, "log", AT(50360), NSEC_NONE);
	ck_assert(find(d, STAGE_STOP, "log")->open);
	ck_assert_ptr_null(find(d, STAGE_CLEANUP, ""));
	scene_free(s);
}
END_TEST

/* Released within 2 s of Killing: the end in between is known well enough; else it is not. */
static const struct {
	nsec released, stopped;
} betweens[] = { { AT(52350), AT(52350) }, { AT(52351), NSEC_NONE } };

START_TEST(stopped_between_neighbours)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	released(s, betweens[_i].released, "");
	d = scene_only(s)->deletion;
	ck_assert(d->stopped.reached);
	ck_assert_int_eq(d->stopped.at, betweens[_i].stopped);
	check_part(d, STAGE_STOP, "app", AT(50350), betweens[_i].stopped);
	ck_assert(!find(d, STAGE_STOP, "app")->open);
	scene_free(s);
}
END_TEST

/* A finalizer holds it from 53.1 s on; a patch takes it off at 70.5 s. */
START_TEST(finalizers_hold_it)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "example/backup,example/log");
	released(s, AT(53100), "example/backup,example/log");
	scene_record(s, AT(60000), ORIGIN_OTHER, "patch");
	deleting(s, AT(50000), 0, "example/backup");
	scene_record(s, AT(70500), ORIGIN_OTHER, "patch");
	deleting(s, AT(50000), 0, "");
	d = scene_only(s)->deletion;
	check_edge(&d->released, AT(53100), PRECISION_EXACT);
	check_edge(&d->gone, AT(70500), PRECISION_EXACT);
	check_text(d->finalizers, "");
	ck_assert_int_eq(d->grace, 30); /* nobody asked for the 0 that the patches show */
	check_part(d, STAGE_FINALIZERS, "example/backup", AT(53100), AT(70500));
	scene_free(s);
}
END_TEST

START_TEST(finalizers_hold_it_still)
{
	struct scene *s = running("app");
	const struct deletion *d;

	context_cluster(&s->context, STR(""))->status_writes = 1;
	asked(s, 30, "example/backup");
	released(s, AT(53100), "example/backup");
	d = scene_only(s)->deletion;
	ck_assert(!d->gone.reached);
	check_text(d->finalizers, "example/backup");
	check_part(d, STAGE_FINALIZERS, "example/backup", AT(53100), NSEC_NONE);
	ck_assert(find(d, STAGE_FINALIZERS, "example/backup")->open);
	ck_assert_int_eq(d->until, INT64_MAX);
	scene_free(s);
}
END_TEST

/* A finalizer that was off before the kubelet was done has held up nothing. */
START_TEST(finalizers_that_were_off_in_time)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "batch.kubernetes.io/job-tracking");
	scene_record(s, AT(51000), ORIGIN_CONTROLLER, "patch");
	deleting(s, AT(50000), 30, "");
	released(s, AT(53100), "");
	d = scene_only(s)->deletion;
	check_edge(&d->gone, AT(53100), PRECISION_EXACT);
	for (size_t i = 0; i < d->n_stages; i++)
		ck_assert_int_ne(d->stages[i].stage, STAGE_FINALIZERS);
	scene_free(s);
}
END_TEST

/* --force: grace 0, and the API server waits for nobody. */
START_TEST(gone_at_once)
{
	struct scene *s = running("app");
	const struct deletion *d;

	scene_delete(s, AT(50300), "delete", 200);
	s->facts[0].truth = true;
	deleting(s, AT(50000), 0, "");
	scene_event(s, AT(50350), "Killing", "app", "Stopping container app");
	d = scene_only(s)->deletion;
	check_edge(&d->requested, AT(50300), PRECISION_EXACT);
	check_edge(&d->gone, AT(50300), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, 0);
	check_edge(&d->killing, AT(50350), PRECISION_EXACT);
	ck_assert(!d->stopped.reached);
	scene_free(s);
}
END_TEST

/* Asked for again: the first request counts, and the shorter grace. */
START_TEST(asked_again)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "");
	scene_delete(s, AT(55000), "delete", 200)->actor = STR("bob");
	deleting(s, AT(50000), 5, "");
	d = scene_only(s)->deletion;
	check_edge(&d->requested, AT(50300), PRECISION_EXACT);
	ck_assert(str_eq(d->request->actor, STR("alice")));
	ck_assert_int_eq(d->grace, 5);
	scene_free(s);
}
END_TEST

START_TEST(evicted)
{
	struct scene *s = running("app");
	const struct deletion *d;

	scene_delete(s, AT(45000), "eviction", 429);
	scene_delete(s, AT(50300), "eviction", 201)->actor = STR("drain");
	released(s, AT(53100), "");
	d = scene_only(s)->deletion;
	ck_assert(str_eq(d->request->fact.reason, STR("eviction")));
	check_edge(&d->requested, AT(50300), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, -1); /* only the kubelet's own 0 was seen */
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
	deleting(s, hour + MS(484000), 0, "");
	scene_object(s, hour + MS(458000), "app");
	d = scene_only(s)->deletion;
	ck_assert_ptr_null(d->request);
	check_edge(&d->requested, hour + MS(484000), PRECISION_SECOND);
	check_edge(&d->released, hour + MS(520589), PRECISION_EXACT);
	check_edge(&d->gone, hour + MS(520589), PRECISION_EXACT);
	ck_assert_int_eq(d->grace, -1);
	scene_free(s);
}
END_TEST

/* At level Metadata there are no bodies: a kubelet deletes what it was asked to, by somebody. */
START_TEST(only_the_kubelets_request)
{
	struct scene *s = running("app");
	const struct deletion *d;

	scene_delete(s, AT(53100), "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
	d = scene_only(s)->deletion;
	ck_assert_ptr_null(d->request);
	ck_assert(d->requested.reached);
	ck_assert_int_eq(d->requested.at, NSEC_NONE);
	ck_assert_int_eq(d->requested.until, AT(53100));
	check_edge(&d->gone, AT(53100), PRECISION_EXACT);
	ck_assert_uint_eq(d->n_stages, 0);
	scene_free(s);
}
END_TEST

/* Without bodies the kubelet's request seems to be the end; a later look shows that it is not. */
START_TEST(held_behind_the_kubelets_request)
{
	struct scene *s = running("app");

	scene_delete(s, AT(50300), "delete", 200);
	scene_delete(s, AT(53100), "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
	if (_i) {
		scene_read(s, AT(60000));
		deleting(s, AT(50000), 0, "example/backup");
	} else {
		scene_record(s, AT(60000), ORIGIN_OTHER, "patch");
		scene_fact(s, FACT_SEEN);
	}
	ck_assert(!scene_only(s)->deletion->gone.reached);
	scene_free(s);
}
END_TEST

/* No body shows it, but a pod without a node has nobody who could stop it. */
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
		check_edge(&d->gone, AT(50300), PRECISION_INFERRED);
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
	struct scene *s = running("app");
	const struct deletion *d;

	scene_status(s, AT(40000));
	scene_phase(s, phases[_i].phase);
	scene_delete(s, AT(50300), "deletecollection", 200);
	d = scene_only(s)->deletion;
	if (phases[_i].gone)
		check_edge(&d->gone, AT(50300), PRECISION_INFERRED);
	else
		ck_assert(!d->gone.reached);
	scene_free(s);
}
END_TEST

/* Not found 2 s behind the last sight at most: known well enough. */
static const struct {
	nsec sought, at, until;
} sought[] = {
	{ AT(52300), AT(52300), NSEC_NONE },
	{ AT(52301), NSEC_NONE, AT(52301) },
};

START_TEST(not_found)
{
	struct scene *s = running("app");
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

/* What else is killed is not the deletion's. */
static const char *const others[] = {
	"Container app failed liveness probe, will be restarted",
	"Container app definition changed, will be restarted",
	"Container app resize requires restart",
	"FailedPostStartHook",
	"Init container app failed startup probe",
};

START_TEST(killed_for_another_reason)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "");
	scene_event(s, AT(50310), "Killing", "app", others[_i]);
	d = scene_only(s)->deletion;
	ck_assert(!d->killing.reached);
	check_part(d, STAGE_KILL_WAIT, "", AT(50300), NSEC_NONE);
	ck_assert(find(d, STAGE_KILL_WAIT, "")->open);
	scene_free(s);
}
END_TEST

/* A node's clock that is a little behind puts Killing before the request. */
START_TEST(killed_by_a_slow_clock)
{
	struct scene *s = running("app");
	const struct deletion *d;

	asked(s, 30, "");
	scene_event(s, AT(50290), "Killing", "app", "Stopping container app");
	s->record->received = AT(50340);
	d = scene_only(s)->deletion;
	check_edge(&d->killing, AT(50300), PRECISION_INFERRED);
	scene_free(s);
}
END_TEST

/* It had ended long before: there was nothing to stop, only to clean up. */
START_TEST(ended_before)
{
	struct scene *s = running("app");
	const struct deletion *d;

	stopped(s, "app", AT(20000));
	asked(s, 30, "");
	released(s, AT(50900), "");
	d = scene_only(s)->deletion;
	check_edge(&d->stopped, AT(50300), PRECISION_SECOND);
	ck_assert_uint_eq(d->n_stages, 1);
	check_part(d, STAGE_CLEANUP, "", AT(50300), AT(50900));
	scene_free(s);
}
END_TEST

/*
 * How long "not gone" is proven: to the end only where the log holds what kubelets write, and
 * bodies that show the deletion; and nobody wrote what is not shown.
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
	struct scene *s = running("app");
	const struct deletion *d;

	context_cluster(&s->context, STR(""))->status_writes = proofs[_i].status_writes;
	scene_delete(s, AT(50300), "delete", 200);
	if (proofs[_i].body)
		deleting(s, AT(50000), 30, "");
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

Suite *suite_deletion(void)
{
	Suite *s = suite_create("deletion");
	TCase *t = tcase_create("deletion");

	suite_add_tcase(s, t);
	tcase_add_test(t, nobody_asked);
	tcase_add_test(t, from_request_to_gone);
	tcase_add_test(t, stopped_within_the_second);
	tcase_add_loop_test(t, longer_than_its_grace, 0, (int)ARRAY_SIZE(overruns));
	tcase_add_test(t, the_last_container_counts);
	tcase_add_test(t, one_container_goes_on);
	tcase_add_loop_test(t, stopped_between_neighbours, 0, (int)ARRAY_SIZE(betweens));
	tcase_add_test(t, finalizers_hold_it);
	tcase_add_test(t, finalizers_hold_it_still);
	tcase_add_test(t, finalizers_that_were_off_in_time);
	tcase_add_test(t, gone_at_once);
	tcase_add_test(t, asked_again);
	tcase_add_test(t, evicted);
	tcase_add_test(t, the_literal_delete);
	tcase_add_test(t, only_the_kubelets_request);
	tcase_add_loop_test(t, held_behind_the_kubelets_request, 0, 2);
	tcase_add_loop_test(t, never_bound, 0, (int)ARRAY_SIZE(unbound));
	tcase_add_loop_test(t, finished, 0, (int)ARRAY_SIZE(phases));
	tcase_add_loop_test(t, not_found, 0, (int)ARRAY_SIZE(sought));
	tcase_add_test(t, replaced);
	tcase_add_loop_test(t, killed_for_another_reason, 0, (int)ARRAY_SIZE(others));
	tcase_add_test(t, killed_by_a_slow_clock);
	tcase_add_test(t, ended_before);
	tcase_add_loop_test(t, not_gone_until, 0, (int)ARRAY_SIZE(proofs));
	return s;
}
