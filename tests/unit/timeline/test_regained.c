/* SPDX-License-Identifier: Apache-2.0 */
/* Ready regained is not Ready gained: what contradicts the last transition, and what does not. */
#include "suites.h"

enum {
	DUMP = 1,
	PROBE = 2,
	JOB = 4,
	GAP = 8,
	MIDDLE = 16,
	HOST = 32,
	SAY_STARTED = 64,
	HOOK = 128,
	GATE = 256
};

static const struct row {
	const char *name;
	int what;
	int transition;	      /* s; Ready and ContainersReady are True since */
	int restarts;	      /* of the only container, which started at 5 s */
	int lost;	      /* s; a Ready=False before it; 0: none */
	int code;	      /* of that: readiness_code */
	int unhealthy;	      /* s; the first failure of its readiness probe; 0: none */
	int node_back;	      /* s; its node is Ready since, and is an old one; 0: not known */
	int kubelet, unready; /* s; its kubelet was started; Event NodeNotReady; 0: not */
	int written;	      /* s; when the transition is written; 0: at once */
	int at, until;	      /* s; expected; at 0: a bound */
} rows[] = {
	{ "a dump", DUMP, .transition = 6, .at = 6 },
	{ "a dump of one with a probe", DUMP | PROBE, .transition = 300, .at = 300 },
	{ "no probe, and long behind its start", DUMP, .transition = 11, .until = 11 },
	{ "so is one with a hook", DUMP | HOOK, .transition = 60, .at = 60 },
	{ "restarted", DUMP | PROBE, .transition = 300, .restarts = 1, .until = 300 },
	{ "it was lost", DUMP | PROBE, 300, .lost = 100, .code = READINESS_LOST, .until = 100 },
	{ "it never was Ready", DUMP | PROBE, 300, .lost = 8, .code = READINESS_NEVER, .at = 300 },
	{ "False behind its start", DUMP | PROBE, 300, .lost = 7, .until = 7 },
	{ "False since before its start", DUMP | PROBE, 300, .lost = 4, .at = 300 },
	{ "its probe failed at once", DUMP | PROBE, 300, .unhealthy = 8, .at = 300 },
	{ "its probe failed late", DUMP | PROBE, 300, .unhealthy = 200, .until = 200 },
	{ "its probe never failed", DUMP | PROBE | SAY_STARTED, 300, .until = 300 },
	{ "its gate may have been late", DUMP | PROBE | SAY_STARTED | GATE, 300, .at = 300 },
	{ "whatever failed late", DUMP | PROBE | GATE, 300, .unhealthy = 200, .at = 300 },
	{ "lost behind its gate", DUMP | PROBE | GATE, 300, .lost = 100, .until = 100 },
	{ "but nothing tells of that time", DUMP | PROBE, 300, .at = 300 },
	{ "no probes during a hook", DUMP | PROBE | HOOK, 300, .unhealthy = 200, .at = 300 },
	{ "its node came back", DUMP | PROBE, 300, .node_back = 290, .until = 300 },
	{ "its node came back before", DUMP | PROBE, 300, .node_back = 4, .at = 300 },
	{ "its node came back later", DUMP | PROBE, 300, .node_back = 400, .at = 300 },
	{ "a pod of the host", DUMP | PROBE | HOST, 300, .node_back = 290, .at = 300 },
	{ "its kubelet was started", DUMP | PROBE, 300, .kubelet = 280, .until = 300 },
	{ "its node was called not ready", DUMP | PROBE, 300, .unready = 250, .until = 250 },
	{ "a job", DUMP | JOB, .transition = 60, .until = 60 },
	/* the log begins in the middle of its life: what is written may be written again */
	{ "written, in the middle", MIDDLE | PROBE, 300, .at = 300 },
	{ "written, restarted", MIDDLE | PROBE, 300, .restarts = 2, .until = 300 },
	{ "written, lost", MIDDLE | PROBE, 300, .lost = 100, .code = READINESS_LOST, .until = 100 },
	{ "written again", MIDDLE | PROBE, 300, .lost = 400, .written = 500, .at = 300 },
	{ "written again, no probe", MIDDLE, 300, .lost = 400, .written = 500, .until = 300 },
	{ "written late", MIDDLE | PROBE, 300, .written = 310, .at = 310 },
	{ "written, its node came back", MIDDLE | PROBE, 300, .node_back = 299, .until = 300 },
	/* the whole life is there: it crashed while it started, and its probe was slow to fail */
	{ "whole", PROBE, 300, .restarts = 2, .unhealthy = 200, .node_back = 250, .at = 300 },
	/* and the same with a hole in it, in which it ran: it may have been ready there */
	{ "behind a gap", PROBE | GAP, 300, .restarts = 2, .until = 300 },
	{ "behind a gap, probed", PROBE | GAP, 300, .unhealthy = 200, .until = 300 },
	{ "behind a gap, no probe", GAP, 300, .until = 300 },
	{ "behind a gap, lost", GAP, 300, .lost = 200, .code = READINESS_LOST, .until = 200 },
	{ "behind a gap, nothing else", PROBE | GAP, 300, .until = 300 },
};

static void tell_node(struct scene *s, const struct row *r)
{
	if (r->node_back)
		context_node_change(
		    &s->context, STR(""), STR("node-1"),
		    &(struct node_change){ AT(r->node_back * 1000), STR("Ready"), true });
	if (r->kubelet)
		context_node_change(
		    &s->context, STR(""), STR("node-1"),
		    &(struct node_change){ AT(r->kubelet * 1000), STR(NODE_KUBELET), true });
	if (!(r->what & HOST))
		context_node_created(&s->context, STR(""), STR("node-1"), AT(-3600000));
}

static void tell_events(struct scene *s, const struct row *r)
{
	if (r->what & SAY_STARTED)
		scene_event(s, AT(5000), "Started", "app", "Started container app");
	if (r->unhealthy)
		scene_event(s, AT(r->unhealthy * 1000), "Unhealthy", "app",
			    "Readiness probe failed: HTTP probe failed with statuscode: 503");
	if (r->unready)
		scene_event(s, AT(r->unready * 1000), "NodeNotReady", "", "Node is not ready");
}

static struct scene *tell(const struct row *r)
{
	struct scene *s = scene_new();
	struct container_spec *c;
	struct pod_object *o;

	if (!(r->what & (DUMP | MIDDLE)))
		scene_create(s, AT(100));
	else
		scene_read(s, AT(r->what & DUMP ? 900000 : 1000));
	s->record->dumped = r->what & DUMP;
	o = scene_object(s, AT(0), r->what & HOOK ? "hook:app" : "app");
	o->node = STR("node-1");
	o->job = r->what & JOB;
	o->host_network = r->what & HOST;
	o->n_readiness_gates = r->what & GATE ? 1 : 0;
	c = arena_new(&s->arena, struct container_spec);
	*c = o->containers[0];
	c->readiness_probe = r->what & PROBE;
	c->probed_by = r->what & PROBE ? 6 : 0;
	o->containers = c;
	if (r->lost) {
		if (!(r->what & DUMP))
			scene_status(s, AT(r->lost * 1000 + 400));
		scene_condition(s, "Ready", false, AT(r->lost * 1000))->code = r->code;
		scene_condition(s, "ContainersReady", false, AT(r->lost * 1000))->code = r->code;
	}
	if (!(r->what & DUMP))
		scene_status(s, AT((r->written ? r->written : r->transition) * 1000));
	scene_running(s, "app", AT(5000))->count = (uint32_t)r->restarts;
	scene_condition(s, "ContainersReady", true, AT(r->transition * 1000));
	scene_condition(s, "Ready", true, AT(r->transition * 1000));
	tell_events(s, r);
	tell_node(s, r);
	return s;
}

/* The kubelet of its node writes each 10 s, but not until 290 s. */
static void leave_gap(struct scene *s)
{
	for (int second = 0; second <= 900; second++)
		context_record(&s->context, STR(""), AT(second * 1000), WRITING_LEASE);
	for (int second = 290; second <= 900; second += 10)
		presence_add(&s->context.presence, STR(""), STR("system:node:node-1"),
			     AT(second * 1000), WRITING_LEASE);
}

START_TEST(contradicted)
{
	const struct row *r = &rows[_i];
	struct scene *s = tell(r);
	const struct timeline *t;
	const struct mark *m;

	if (r->what & GAP)
		leave_gap(s);
	context_finish(&s->context);
	t = scene_next(s);
	m = &t->marks[MILESTONE_READY];
	ck_assert_msg(m->reached, "%s", r->name);
	ck_assert_msg(m->at == (r->at ? AT(r->at * 1000) : NSEC_NONE), "%s: at", r->name);
	if (!r->at)
		ck_assert_msg(m->until == AT(r->until * 1000), "%s: until %lld", r->name,
			      (long long)(m->until - EPOCH));
	scene_free(s);
}
END_TEST

/* It is not Ready now, but it was; the time of the phase alone proves nothing about that. */
static const struct served {
	const char *name;
	int lost, code;
	const char *phase, *reason, *message;
	bool ready, unseen, failed;
	int started, restarts; /* s; when its container started, and how often since then; 0: not */
} served[] = {
	{ "served, then ended", 3600, READINESS_LOST, "Failed", "Evicted", "", true, false, false },
	{ "runs, and is not ready any more", 3600, READINESS_LOST, "Running", "", "", true },
	{ "never ready", 1, READINESS_NEVER, "Failed", "Evicted", "", false, false, false },
	{ "False since before its start", 1, READINESS_UNTOLD, "Failed", "Evicted", "",
	  .started = 3 },
	{ "False in the second of its start", 3, READINESS_UNTOLD, "Failed", "Evicted", "",
	  .unseen = true, .started = 3 },
	{ "False since before its last start", 1, READINESS_UNTOLD, "Failed", "Evicted", "",
	  .unseen = true, .started = 3, .restarts = 1 },
	{ "nothing but the phase", 0, 0, "Failed", "Evicted",
	  "The node was low on resource: memory.", false, true, false },
	{ "rejected by its name", 0, 0, "Failed", "OutOfcpu", "", false, false, true },
	{ "rejected by its message", 0, 0, "Failed", "Whatever", "Pod was rejected: no", false,
	  false, true },
	{ "rejected for its node", 0, 0, "Failed", "Evicted",
	  "The node had condition: [DiskPressure]. ", false, false, true },
};

START_TEST(served_then_ended)
{
	const struct served *r = &served[_i];
	struct scene *s = scene_new();
	const struct timeline *t;
	struct fact *phase;

	scene_read(s, AT(4000000));
	s->record->dumped = true;
	scene_object(s, AT(0), "app")->node = STR("node-1");
	if (r->lost)
		scene_condition(s, "Ready", false, AT(r->lost * 1000))->code = r->code;
	if (r->started)
		scene_running(s, "app", AT(r->started * 1000))->count = (uint32_t)r->restarts;
	phase = scene_phase(s, r->phase);
	phase->subject = str_from(r->reason);
	phase->message = str_from(r->message);
	phase->begin = AT(1000);
	t = scene_only(s);
	ck_assert_msg(t->marks[MILESTONE_READY].reached == r->ready, "%s", r->name);
	if (r->ready)
		ck_assert_int_eq(t->marks[MILESTONE_READY].until, AT(r->lost * 1000));
	ck_assert_msg(t->failed_unseen == r->unseen, "%s", r->name);
	ck_assert_msg((t->marks[MILESTONE_FAILED].at == AT(1000)) == r->failed, "%s", r->name);
	scene_free(s);
}
END_TEST

/* After phase Failed nothing is waited for: a stage that ends later is cut there, and is open. */
START_TEST(stages_end_with_the_pod)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	scene_object(s, AT(0), "app");
	scene_bind(s, AT(200), "node-1");
	scene_event(s, AT(1000), "Pulling", "app", "Pulling image \"x\"");
	scene_status(s, AT(5000));
	scene_phase(s, "Failed");
	scene_event(s, AT(7000), "Pulled", "app", "Successfully pulled image \"x\" in 6s");
	scene_event(s, AT(8000), "Created", "app", "");
	t = scene_only(s);
	ck_assert(check_stage(t, STAGE_IMAGE_PULL, "x", AT(1000), NSEC_NONE)->open);
	check_no_stage(t, STAGE_CREATE, "app");
	scene_free(s);
}
END_TEST

/* A node that failed takes Ready and leaves ContainersReady: the first Ready came with that. */
START_TEST(ready_with_its_containers)
{
	for (int gates = 0; gates < 2; gates++) {
		struct scene *s = scene_new();
		const struct timeline *t;

		scene_read(s, AT(900000));
		s->record->dumped = true;
		scene_object(s, AT(0), "app")->n_readiness_gates = (uint32_t)gates;
		scene_running(s, "app", AT(5000));
		scene_condition(s, "ContainersReady", true, AT(6000));
		scene_condition(s, "Ready", false, AT(600000))->code = READINESS_LOST;
		t = scene_only(s);
		ck_assert_int_eq(t->marks[MILESTONE_READY].at, gates ? NSEC_NONE : AT(6000));
		ck_assert_int_eq(t->marks[MILESTONE_READY].reached, true);
		scene_free(s);
	}
}
END_TEST

/* Without probe, hook and gate the time from started to Ready is the kubelet's status delay. */
START_TEST(whose_readiness_it_is)
{
	for (int probe = 0; probe < 2; probe++) {
		struct scene *s = scene_new();
		struct container_spec *c = arena_new(&s->arena, struct container_spec);
		const struct timeline *t;
		struct pod_object *o;

		scene_create(s, AT(100));
		o = scene_object(s, AT(0), "app");
		*c = o->containers[0];
		c->readiness_probe = probe;
		o->containers = c;
		scene_event(s, AT(1000), "Started", "app", "");
		scene_status(s, AT(1600));
		scene_condition(s, "ContainersReady", true, AT(1000));
		scene_condition(s, "Ready", true, AT(1000));
		t = scene_only(s);
		ck_assert_int_eq(
		    stage_owner(check_stage(t, STAGE_READINESS, "", AT(1000), AT(1600))),
		    probe ? OWNER_USER : OWNER_PLATFORM);
		scene_free(s);
	}
}
END_TEST

/* A node whose clock is slow: a time that it reports before the pod's creation is unknown. */
START_TEST(before_its_creation)
{
	static const int created[] = { 5000, 6000, 6999, 7000, 40000 };
	bool known = created[_i] < 7000;
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_read(s, AT(900000));
	s->record->dumped = true;
	scene_object(s, AT(created[_i] / 1000 * 1000), "app");
	scene_running(s, "app", AT(6000));
	scene_condition(s, "Ready", true, AT(6000));
	t = scene_only(s);
	ck_assert_int_eq(t->marks[MILESTONE_READY].at, known ? AT(6000) : NSEC_NONE);
	ck_assert_int_eq(t->marks[MILESTONE_RUNNING].at, known ? AT(6000) : NSEC_NONE);
	ck_assert(t->marks[MILESTONE_READY].reached && t->marks[MILESTONE_RUNNING].reached);
	scene_free(s);
}
END_TEST

/* But what the API server received counts by its own clock. */
START_TEST(written_by_a_node_that_is_behind)
{
	struct scene *s = scene_new();

	scene_create(s, AT(40100));
	scene_object(s, AT(40000), "app");
	scene_status(s, AT(44000));
	scene_condition(s, "Ready", true, AT(6000) + 9 * SECOND);
	check_mark(scene_only(s), MILESTONE_READY, AT(44000), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The minimum skew: the largest that any pod proves, unless Events are more precise. */
START_TEST(how_far_behind)
{
	struct context one = { 0 }, sum = { 0 };

	context_node_behind(&one, STR(""), STR("n1"), 34 * SECOND);
	context_node_behind(&sum, STR(""), STR("n1"), 5 * SECOND);
	context_merge(&sum, &one);
	ck_assert_int_eq(context_clock_behind(context_find_node(&sum, STR(""), STR("n1"))),
			 34 * SECOND);
	for (int i = 0; i < 8; i++)
		context_delay(&sum, STR(""), STR("n1"), 40 * SECOND);
	ck_assert_int_eq(context_clock_behind(context_find_node(&sum, STR(""), STR("n1"))), 0);
	ck_assert_ptr_null(context_find_node(&sum, STR(""), STR("n2")));
	context_free(&one);
	context_free(&sum);
}
END_TEST

Suite *suite_regained(void)
{
	Suite *s = suite_create("regained");
	TCase *t = tcase_create("regained");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, contradicted, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(t, served_then_ended, 0, (int)ARRAY_SIZE(served));
	tcase_add_test(t, ready_with_its_containers);
	tcase_add_test(t, stages_end_with_the_pod);
	tcase_add_loop_test(t, before_its_creation, 0, 5);
	tcase_add_test(t, written_by_a_node_that_is_behind);
	tcase_add_test(t, how_far_behind);
	tcase_add_test(t, whose_readiness_it_is);
	return s;
}
