/* SPDX-License-Identifier: Apache-2.0 */
/* What silence proves of a delivery: nothing, where its writer may have written unseen. */
#include "suites.h"

#define NEVER INT64_MAX
#define SEC(s) AT((s)*1000)

enum {
	LOG_ENDS = 600, /* seconds */
	BEAT = 10,	/* of the kubelet's lease */
};

static void present(struct scene *s, struct str writer, nsec from, nsec to)
{
	for (nsec at = 0; at <= LOG_ENDS; at += BEAT)
		if (at < from || at >= to)
			presence_add(&s->context.presence, STR(""), writer, SEC(at), WRITING_LEASE);
}

/* Everybody writes all the time; the kubelet of node-1 and the scheduler not from .. to. */
static void log_without(struct scene *s, nsec kubelet_from, nsec kubelet_to, nsec scheduler_from,
			nsec scheduler_to)
{
	struct cluster *cl = context_cluster(&s->context, STR(""));

	for (nsec at = 0; at <= LOG_ENDS; at++)
		context_record(&s->context, STR(""), SEC(at), WRITING_LEASE);
	cl->status_writes = cl->status_bodies = cl->bindings = 9;
	present(s, STR("system:node:node-1"), kubelet_from, kubelet_to);
	present(s, WRITER_SCHEDULER, scheduler_from, scheduler_to);
	context_finish(&s->context);
}

static struct scene *created(void)
{
	struct scene *s = scene_new();

	scene_create(s, SEC(5));
	s->record->object = scene_object(s, SEC(5), "app");
	return s;
}

static struct scene *bound(void)
{
	struct scene *s = created();

	scene_bind(s, SEC(6), "node-1");
	return s;
}

static void unready(struct scene *s, nsec received, nsec since)
{
	scene_status(s, received);
	scene_phase(s, "Pending");
	scene_condition(s, "Ready", false, since);
}

/* Of a pod that is never seen ready. `look`: a later status, not ready since `since`. */
static const struct {
	const char *name;
	nsec from, to; /* without its kubelet */
	nsec look, since;
	const char *event; /* of the kubelet, at 300 s */
	nsec unseen;
	enum unseen why;
} waits[] = {
	{ "all is there", 0, 0, 0, 0, NULL, NEVER, UNSEEN_NOT },
	{ "nothing behind the hole", 100, 200, 0, 0, NULL, 90, UNSEEN_GAP },
	{ "it is not ready behind it, since before it", 100, 200, 300, 7, NULL, NEVER, UNSEEN_NOT },
	{ "it is not ready, since a time in the hole", 100, 200, 300, 150, NULL, 90, UNSEEN_GAP },
	{ "it is not ready, but that was seen before", 100, 200, 80, 7, NULL, 90, UNSEEN_GAP },
	{ "behind it its image cannot be pulled", 100, 200, 0, 0, "Failed", NEVER, UNSEEN_NOT },
	{ "behind it it is only probed", 100, 200, 0, 0, "Unhealthy", 90, UNSEEN_GAP },
	{ "to the end of the log", 300, 700, 0, 0, NULL, 290, UNSEEN_END },
	{ "it never writes", 0, 700, 0, 0, NULL, 7, UNSEEN_KUBELET },
	{ "the hole was over when it was created", 0, 4, 0, 0, NULL, NEVER, UNSEEN_NOT },
};

START_TEST(test_wait)
{
	struct scene *s = bound();
	const struct timeline *t;

	log_without(s, waits[_i].from, waits[_i].to, 0, 0);
	unready(s, SEC(7), SEC(7));
	if (waits[_i].look) {
		scene_status(s, SEC(waits[_i].look));
		scene_condition(s, "Ready", false, SEC(waits[_i].since));
	}
	if (waits[_i].event)
		scene_event(s, SEC(300), waits[_i].event, "app", "no");
	t = scene_only(s);
	ck_assert_msg(t->unseen == waits[_i].why, "%s: %d", waits[_i].name, (int)t->unseen);
	ck_assert_msg(t->unseen_from == (waits[_i].unseen == NEVER ? NEVER : SEC(waits[_i].unseen)),
		      "%s: %lld", waits[_i].name, (long long)((t->unseen_from - EPOCH) / SECOND));
	scene_free(s);
}
END_TEST

/* A job that waits in phase Pending has not run; one whose first run was seen was delivered then.
 */
START_TEST(test_pending)
{
	struct scene *s = bound();

	log_without(s, 100, 200, 0, 0);
	unready(s, SEC(7), SEC(7));
	scene_status(s, SEC(250));
	scene_phase(s, "Pending");
	ck_assert_int_eq(scene_only(s)->unseen, UNSEEN_NOT);
	scene_free(s);
}
END_TEST

/*
 * Ready is seen at 260 s, after a hole from 90 to 201 s. It was the first time if the pod cannot
 * have been ready in the hole.
 */
static const struct {
	const char *name;
	nsec started; /* of the container, as a status shows at 250 s; 0: not shown */
	uint32_t restarts;
	bool known;
} returns[] = {
	{ "it started behind the hole", 240, 0, true },
	{ "it started in the hole, and was not ready so long", 150, 0, false },
	{ "it started behind the hole for the second time", 240, 1, false },
	{ "when it started is not shown", 0, 0, false },
};

START_TEST(test_ready_again)
{
	struct scene *s = bound();
	const struct timeline *t;

	log_without(s, 100, 200, 0, 0);
	unready(s, SEC(7), SEC(7));
	if (returns[_i].started) {
		scene_status(s, SEC(250));
		scene_running(s, "app", SEC(returns[_i].started))->count = returns[_i].restarts;
	}
	scene_status(s, SEC(260));
	scene_condition(s, "Ready", true, SEC(260));
	t = scene_only(s);
	ck_assert_msg((t->marks[MILESTONE_READY].at == SEC(260)) == returns[_i].known, "%s",
		      returns[_i].name);
	ck_assert(t->marks[MILESTONE_READY].reached);
	if (!returns[_i].known)
		ck_assert_int_eq(t->marks[MILESTONE_READY].until, SEC(260));
	scene_free(s);
}
END_TEST

/* A fact before the hole is not doubted because of it. */
START_TEST(test_ready_before)
{
	struct scene *s = bound();

	log_without(s, 100, 200, 0, 0);
	unready(s, SEC(7), SEC(7));
	scene_status(s, SEC(60));
	scene_condition(s, "Ready", true, SEC(60));
	check_mark(scene_only(s), MILESTONE_READY, SEC(60), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/*
 * A pod without a node: to be ready it needs the scheduler, and then a kubelet, both unseen. That
 * it waits for a node is proven wherever bindings are logged, whatever is known of statuses.
 */
static const struct {
	const char *name;
	nsec kubelet_from, kubelet_to, scheduler_from, scheduler_to, look;
	enum unseen why;
	nsec unseen;
} unbound[] = {
	{ "both are there", 0, 0, 0, 0, 0, UNSEEN_NOT, NEVER },
	{ "no scheduler, all kubelets", 0, 0, 0, 700, 0, UNSEEN_NOT, NEVER },
	{ "no kubelet, the scheduler", 0, 700, 0, 0, 0, UNSEEN_NOT, NEVER },
	{ "neither", 0, 700, 0, 700, 0, UNSEEN_SCHEDULER, 5 },
	{ "both for a while", 100, 200, 100, 200, 0, UNSEEN_GAP, 90 },
	{ "one behind the other", 300, 400, 100, 200, 0, UNSEEN_GAP, 290 },
	{ "the kubelet before the scheduler", 40, 70, 100, 200, 0, UNSEEN_NOT, NEVER },
	{ "behind it no node will do", 100, 200, 100, 200, 300, UNSEEN_NOT, NEVER },
};

START_TEST(test_unbound)
{
	struct scene *s = created();
	const struct timeline *t;

	log_without(s, unbound[_i].kubelet_from, unbound[_i].kubelet_to, unbound[_i].scheduler_from,
		    unbound[_i].scheduler_to);
	context_cluster(&s->context, STR(""))->status_writes = 0;
	if (unbound[_i].look) {
		scene_event(s, SEC(unbound[_i].look), "FailedScheduling", "", "0/1 nodes");
		s->facts->origin = ORIGIN_SCHEDULER;
		s->record->origin = ORIGIN_SCHEDULER;
		s->record->node = (struct str){ 0 };
	}
	t = scene_only(s);
	ck_assert_int_eq(t->status_until, NEVER);
	ck_assert_msg(t->unseen == unbound[_i].why, "%s: %d", unbound[_i].name, (int)t->unseen);
	ck_assert_msg(t->unseen_from ==
			  (unbound[_i].unseen == NEVER ? NEVER : SEC(unbound[_i].unseen)),
		      "%s: %lld", unbound[_i].name, (long long)((t->unseen_from - EPOCH) / SECOND));
	scene_free(s);
}
END_TEST

/*
 * What a scheduler writes of a pod without a node, is that it has none. Others, as the collector of
 * pods whose node does not exist, may have written that it failed.
 */
START_TEST(test_unbound_hidden_write)
{
	static const struct {
		enum origin writer;
		nsec until;
	} writes[] = {
		{ ORIGIN_SCHEDULER, NEVER },
		{ ORIGIN_CONTROLLER, NSEC_NONE },
		{ ORIGIN_OTHER, NSEC_NONE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		struct scene *s = created();
		const struct timeline *t;

		log_without(s, 0, 0, 0, 0);
		scene_record(s, SEC(60), writes[i].writer, "patch");
		scene_fact(s, FACT_WRITE);
		t = scene_only(s);
		ck_assert_int_eq(t->status_until, writes[i].until);
		scene_free(s);
	}
}
END_TEST

/* Who ends a stage must be there for its length to mean anything. */
START_TEST(test_covered)
{
	struct scene *s = bound();
	const struct timeline *t;

	log_without(s, 100, 200, 300, 400);
	t = scene_only(s);
	ck_assert(timeline_covered(t, STAGE_SANDBOX, SEC(10), SEC(80)));
	ck_assert(!timeline_covered(t, STAGE_SANDBOX, SEC(10), SEC(110)));
	ck_assert(timeline_covered(t, STAGE_SANDBOX, SEC(205), SEC(500)));
	ck_assert(timeline_covered(t, STAGE_SCHEDULE, SEC(10), SEC(280)));
	ck_assert(!timeline_covered(t, STAGE_SCHEDULE, SEC(10), SEC(500)));
	ck_assert(timeline_covered(t, STAGE_ADMISSION, SEC(10), SEC(500)));
	scene_free(s);
}
END_TEST

/* Bound by hand to a node of which nothing else is known: there is no kubelet to be missed. */
START_TEST(test_no_such_node)
{
	struct scene *s = scene_new();
	struct pod_object *o;

	scene_create(s, SEC(5));
	s->record->object = o = scene_object(s, SEC(5), "app");
	o->node = STR("ghost");
	log_without(s, 0, 0, 0, 0);
	ck_assert_int_eq(scene_only(s)->unseen, UNSEEN_NOT);
	scene_free(s);
}
END_TEST

Suite *suite_silence(void)
{
	Suite *suite = suite_create("silence");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, test_wait, 0, ARRAY_SIZE(waits));
	tcase_add_test(t, test_pending);
	tcase_add_loop_test(t, test_ready_again, 0, ARRAY_SIZE(returns));
	tcase_add_test(t, test_ready_before);
	tcase_add_loop_test(t, test_unbound, 0, ARRAY_SIZE(unbound));
	tcase_add_test(t, test_unbound_hidden_write);
	tcase_add_test(t, test_covered);
	tcase_add_test(t, test_no_such_node);
	suite_add_tcase(suite, t);
	return suite;
}
