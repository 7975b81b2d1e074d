/* SPDX-License-Identifier: Apache-2.0 */
/* Causes that delay the end of a pod, and normal ends. */
#include "builtin.h"
#include "suites.h"

#include "diagnose/diagnose.h"

#define AT(seconds) ((nsec)1767225600 * SECOND + (nsec)((seconds)*1e9))

enum { NOT = 1 << 20 }; /* no such time */

static nsec time_of(double seconds)
{
	return seconds >= NOT ? NSEC_NONE : AT(seconds);
}

static struct mark mark_of(double seconds)
{
	return (
	    struct mark){ .at = time_of(seconds), .reached = seconds < NOT, .until = NSEC_NONE };
}

/* A pod that was ready at 2 s and deleted by a request at 60 s; the outcome, in seconds. */
struct end {
	const char *name;
	double killing, ended, stopped, released, gone, until, log_end;
	int grace, exit_code;
	const char *reason;	/* of its container's end */
	const char *finalizers; /* that held it from released to gone */
	const char *code;	/* NULL: no cause */
};

static const struct end ends[] = {
	{ "in time", 60.1, 61, 61.2, 62, 62, NOT, 600, 30, 0, "Completed", NULL, NULL },
	/* killed within the second in which the grace period was over */
	{ "killed at last", 60.2, 90, 90, 91, 91, NOT, 600, 30, 137, "Error", NULL,
	  "GraceIgnored" },
	{ "killed before", 60.2, 75, 75, 76, 76, NOT, 600, 30, 137, "Error", NULL, NULL },
	{ "ended in the last second", 60.2, 89, 89, 91, 91, NOT, 600, 30, 137, "Error", NULL,
	  NULL },
	{ "at last, but by itself", 60.2, 90, 90, 91, 91, NOT, 600, 30, 0, "Completed", NULL,
	  NULL },
	{ "out of memory", 60.2, 91, 91, 92, 92, NOT, 600, 30, 137, "OOMKilled", NULL, NULL },
	{ "lost by the kubelet", 60.2, 91, 91, 92, 92, NOT, 600, 30, 137, "ContainerStatusUnknown",
	  NULL, NULL },
	{ "forced", 60.2, 61, 61, 62, 62, NOT, 600, 0, 137, "Error", NULL, NULL },
	{ "grace not shown", 60.2, 91, 91, 92, 92, NOT, 600, -1, 137, "Error", NULL, NULL },
	/* the kubelet came back later, and gave it all of its grace period */
	{ "late kubelet", 110, 141, 141, 142, 142, NOT, 600, 30, 137, "Error", NULL,
	  "GraceIgnored" },
	{ "late kubelet, early end", 110, 120, 120, 121, 121, NOT, 600, 30, 137, "Error", NULL,
	  NULL },
	{ "held", 60.1, 61, 61.2, 62, 90, NOT, 600, 30, 0, "Completed", "a/b", "FinalizersHeld" },
	{ "held for a moment", 60.1, 61, 61.2, 62, 64, NOT, 600, 30, 0, "Completed", "a/b", NULL },
	{ "still held", 60.1, 61, 61.2, 62, NOT, 300, 300, 30, 0, "Completed", "a/b",
	  "FinalizersHeld" },
	/* a cause that the log does not prove is not reported */
	{ "perhaps held", 60.1, 61, 61.2, 62, NOT, 65, 300, 30, 0, "Completed", "a/b", NULL },
	{ "stuck", 60.1, NOT, NOT, NOT, NOT, 300, 300, 30, 0, "", NULL, "StopHangs" },
	{ "stuck, to the log's end", 60.1, NOT, NOT, NOT, NOT, 1e6, 300, 30, 0, "", NULL,
	  "StopHangs" },
	{ "never begun, stuck", NOT, NOT, NOT, NOT, NOT, 300, 300, 30, 0, "", NULL,
	  "StuckTerminating" },
	{ "not yet stuck", 60.1, NOT, NOT, NOT, NOT, 300, 149, 30, 0, "", NULL, NULL },
	{ "a long grace period", 60.1, NOT, NOT, NOT, NOT, 300, 300, 200, 0, "", NULL, NULL },
	{ "gone at last", 60.1, 61, 61.2, NOT, 200, NOT, 300, 30, 0, "Completed", NULL,
	  "StuckTerminating" },
	{ "gone, nobody knows when", 60.1, 61, 61.2, NOT, NOT, NOT, 300, 30, 0, "Completed", NULL,
	  NULL },
};

struct dying {
	struct timeline t;
	struct deletion deletion;
	struct container_life container;
	struct stage stage;
	struct delivery d;
	struct cluster cluster;
};

static void make(struct dying *y, const struct end *e)
{
	*y = (struct dying){ 0 };
	for (unsigned i = 0; i < MILESTONE_COUNT; i++)
		y->t.marks[i] = mark_of(NOT);
	y->t.marks[MILESTONE_CREATED] = mark_of(0);
	y->t.marks[MILESTONE_READY] = mark_of(2);
	y->t.marks[MILESTONE_DELETED] = mark_of(60);
	y->container = (struct container_life){ .name = STR("app"),
						.started = mark_of(1),
						.ended = mark_of(e->ended),
						.exit_code = e->exit_code,
						.reason = str_from(e->reason) };
	y->t.containers = &y->container;
	y->t.n_containers = 1;
	y->t.deletion = &y->deletion;
	y->deletion = (struct deletion){ .requested = mark_of(60),
					 .killing = mark_of(e->killing),
					 .stopped = mark_of(e->stopped),
					 .released = mark_of(e->released),
					 .gone = mark_of(e->gone),
					 .until = e->until == 1e6 ? INT64_MAX : time_of(e->until),
					 .grace = e->grace };
	if (e->gone >= NOT && e->until >= NOT && e->until != 1e6)
		y->deletion.gone.reached = true;
	if (e->finalizers) {
		y->stage = (struct stage){ .stage = STAGE_FINALIZERS,
					   .subject = str_from(e->finalizers),
					   .start = mark_of(e->released),
					   .end = mark_of(e->gone),
					   .open = e->gone >= NOT };
		y->deletion.stages = &y->stage;
		y->deletion.n_stages = 1;
	}
	y->d = (struct delivery){ .verdict = VERDICT_SUCCESS, .until = NSEC_NONE };
	y->cluster = (struct cluster){
		.first = AT(-10), .last = AT(e->log_end), .records = 100, .dumped_last = NSEC_NONE
	};
}

START_TEST(test_end)
{
	const struct end *e = &ends[_i];
	struct arena arena = { 0 };
	struct dying y;
	struct diagnosis d;

	make(&y, e);
	d = diagnose(builtin(), &y.t, &y.d, &y.cluster, &arena);
	if (!e->code) {
		ck_assert_msg(!d.primary, "%s: " STR_FMT, e->name, STR_ARG(d.primary->rule->code));
	} else {
		ck_assert_msg(d.primary && str_eq(d.primary->rule->code, str_from(e->code)), "%s",
			      e->name);
		ck_assert_int_eq(d.primary->scope, SCOPE_DELETE);
	}
	arena_free(&arena);
}
END_TEST

/* One fact by a user, about a pod that ran from 2 s to 60 s. */
static const struct other {
	const char *name;
	struct fact fact;
	double received, deleted, finished;
	const char *actor, *code;
	enum scope scope;
	double at; /* of the fact itself; 0: not known */
} others[] = {
	{ "evicted",
	  { .kind = FACT_DELETE, .reason = { "eviction", 8 }, .code = 201 },
	  60,
	  60,
	  NOT,
	  "alice",
	  "APIEviction",
	  SCOPE_RUN },
	{ "asked to be evicted, and not heard",
	  { .kind = FACT_DELETE,
	    .reason = { "eviction", 8 },
	    .code = 429,
	    .message = { "would violate the pod's disruption budget.", 42 } },
	  60,
	  NOT,
	  NOT,
	  "alice",
	  "PDBBlocked",
	  SCOPE_DELETE },
	{ "deleted by a user",
	  { .kind = FACT_DELETE, .reason = { "delete", 6 }, .code = 200 },
	  60,
	  60,
	  NOT,
	  "alice",
	  NULL,
	  0 },
	{ "read back, but of before",
	  { .kind = FACT_CONDITION,
	    .subject = { "DisruptionTarget", 16 },
	    .reason = { "PreemptionByScheduler", 21 },
	    .truth = true },
	  63,
	  60,
	  NOT,
	  NULL,
	  "Preempted",
	  SCOPE_RUN,
	  59 },
	{ "not ready, read back when it long was",
	  { .kind = FACT_CONDITION,
	    .subject = { "Ready", 5 },
	    .reason = { "ContainersNotReady", 18 } },
	  30,
	  NOT,
	  NOT,
	  NULL,
	  NULL,
	  0,
	  1 },
	{ "deleted by the scheduler when it had finished",
	  { .kind = FACT_DELETE, .reason = { "delete", 6 }, .code = 200 },
	  60,
	  60,
	  30,
	  "system:kube-scheduler",
	  NULL,
	  0 },
	{ "not ready while it is being stopped",
	  { .kind = FACT_EVENT,
	    .reason = { "Unhealthy", 9 },
	    .message = { "Readiness probe failed: HTTP probe failed with statuscode: 500", 62 },
	    .count = 5,
	    .begin = NSEC_NONE },
	  61,
	  60,
	  NOT,
	  NULL,
	  NULL,
	  0 },
};

START_TEST(test_other)
{
	const struct other *o = &others[_i];
	struct arena arena = { 0 };
	struct entry entry = { .fact = o->fact,
			       .received = AT(o->received),
			       .completed = AT(o->received),
			       .last = AT(o->received),
			       .times = 1,
			       .writer = ORIGIN_OTHER };
	struct end end = { .killing = NOT,
			   .ended = NOT,
			   .stopped = NOT,
			   .released = NOT,
			   .gone = o->deleted < NOT ? 62 : NOT,
			   .until = NOT,
			   .log_end = 600,
			   .grace = 30,
			   .reason = "" };
	struct dying y;
	struct diagnosis d;

	make(&y, &end);
	entry.fact.at = o->at > 0 ? AT(o->at) : NSEC_NONE;
	if (o->actor)
		entry.actor = str_from(o->actor);
	y.t.marks[MILESTONE_DELETED] = mark_of(o->deleted);
	y.t.marks[MILESTONE_FINISHED] = mark_of(o->finished);
	if (o->deleted >= NOT)
		y.t.deletion = NULL;
	y.t.entries = &entry;
	y.t.n_entries = 1;
	d = diagnose(builtin(), &y.t, &y.d, &y.cluster, &arena);
	ck_assert_msg(!o->code == !d.primary, "%s", o->name);
	if (o->code) {
		ck_assert_msg(str_eq(d.primary->rule->code, str_from(o->code)), "%s", o->name);
		ck_assert_int_eq(d.primary->scope, o->scope);
	}
	arena_free(&arena);
}
END_TEST

Suite *suite_deletion(void)
{
	Suite *suite = suite_create("deletion");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, test_end, 0, ARRAY_SIZE(ends));
	tcase_add_loop_test(tcase, test_other, 0, ARRAY_SIZE(others));
	suite_add_tcase(suite, tcase);
	return suite;
}
