/* SPDX-License-Identifier: Apache-2.0 */
/* One pod, one verdict, and one for each of the two criteria. */
#include "suites.h"

/* Nanoseconds after the creation; the deadline of a service is 480 s, a typical limit 90 s. */
#define NEVER NSEC_NONE
#define BIG_LOG SEC(3600)

struct expected {
	nsec ready, failed, deleted, end; /* end: of the log */
	nsec user;			  /* readiness from here to the end */
	enum verdict verdict, deadline, delivery;
};

static const struct expected services[] = {
	/* at the limits, and one nanosecond later */
	{ SEC(90), NEVER, NEVER, BIG_LOG, NEVER, VERDICT_SUCCESS, VERDICT_SUCCESS,
	  VERDICT_SUCCESS },
	{ SEC(90) + 1, NEVER, NEVER, BIG_LOG, NEVER, VERDICT_SLOW, VERDICT_SUCCESS, VERDICT_SLOW },
	{ SEC(480), NEVER, NEVER, BIG_LOG, 0, VERDICT_SUCCESS, VERDICT_SUCCESS, VERDICT_SUCCESS },
	{ SEC(480) + 1, NEVER, NEVER, BIG_LOG, 0, VERDICT_SLOW, VERDICT_SLOW, VERDICT_SUCCESS },
	{ SEC(500), NEVER, NEVER, BIG_LOG, NEVER, VERDICT_SLOW, VERDICT_SLOW, VERDICT_SLOW },
	/* 300 s, of them 210 or a little less of the user: 90 s or a little more of delivery */
	{ SEC(300), NEVER, NEVER, BIG_LOG, SEC(90), VERDICT_SUCCESS, VERDICT_SUCCESS,
	  VERDICT_SUCCESS },
	{ SEC(300), NEVER, NEVER, BIG_LOG, SEC(90) + 1, VERDICT_SLOW, VERDICT_SUCCESS,
	  VERDICT_SLOW },
	/* never ready: the time until the log ended */
	{ NEVER, NEVER, NEVER, SEC(90), NEVER, VERDICT_OPEN, VERDICT_OPEN, VERDICT_OPEN },
	{ NEVER, NEVER, NEVER, SEC(90) + 1, NEVER, VERDICT_FAILED, VERDICT_OPEN, VERDICT_FAILED },
	{ NEVER, NEVER, NEVER, SEC(480), 0, VERDICT_OPEN, VERDICT_OPEN, VERDICT_OPEN },
	{ NEVER, NEVER, NEVER, SEC(480) + 1, 0, VERDICT_FAILED, VERDICT_FAILED, VERDICT_OPEN },
	{ NEVER, NEVER, NEVER, BIG_LOG, NEVER, VERDICT_FAILED, VERDICT_FAILED, VERDICT_FAILED },
	/* never ready: the time until it was deleted */
	{ NEVER, NEVER, SEC(50), BIG_LOG, NEVER, VERDICT_ABORTED, VERDICT_ABORTED,
	  VERDICT_ABORTED },
	{ NEVER, NEVER, SEC(90), BIG_LOG, NEVER, VERDICT_ABORTED, VERDICT_ABORTED,
	  VERDICT_ABORTED },
	{ NEVER, NEVER, SEC(90) + 1, BIG_LOG, NEVER, VERDICT_FAILED, VERDICT_ABORTED,
	  VERDICT_FAILED },
	{ NEVER, NEVER, SEC(480) + 1, BIG_LOG, 0, VERDICT_FAILED, VERDICT_FAILED, VERDICT_ABORTED },
	{ NEVER, NEVER, 0, BIG_LOG, NEVER, VERDICT_ABORTED, VERDICT_ABORTED, VERDICT_ABORTED },
	/* phase Failed: by itself, or because it was deleted, or when it had long been ready */
	{ NEVER, SEC(30), NEVER, BIG_LOG, NEVER, VERDICT_FAILED, VERDICT_FAILED, VERDICT_FAILED },
	{ NEVER, SEC(30), SEC(40), BIG_LOG, NEVER, VERDICT_FAILED, VERDICT_FAILED, VERDICT_FAILED },
	{ NEVER, SEC(30), SEC(20), BIG_LOG, NEVER, VERDICT_ABORTED, VERDICT_ABORTED,
	  VERDICT_ABORTED },
	{ SEC(5), SEC(30), NEVER, BIG_LOG, NEVER, VERDICT_SUCCESS, VERDICT_SUCCESS,
	  VERDICT_SUCCESS },
	/* ready is ready, whatever came of it */
	{ SEC(5), NEVER, SEC(30), BIG_LOG, NEVER, VERDICT_SUCCESS, VERDICT_SUCCESS,
	  VERDICT_SUCCESS },
	/* but not what it becomes while it is being deleted */
	{ SEC(5), NEVER, SEC(3), BIG_LOG, NEVER, VERDICT_ABORTED, VERDICT_ABORTED,
	  VERDICT_ABORTED },
	{ SEC(5), NEVER, SEC(5), BIG_LOG, NEVER, VERDICT_SUCCESS, VERDICT_SUCCESS,
	  VERDICT_SUCCESS },
	{ SEC(200), NEVER, SEC(100), BIG_LOG, NEVER, VERDICT_FAILED, VERDICT_ABORTED,
	  VERDICT_FAILED },
	{ SEC(600), NEVER, SEC(500), BIG_LOG, 0, VERDICT_FAILED, VERDICT_FAILED, VERDICT_ABORTED },
};

static void make(struct pod *p, const struct expected *o)
{
	pod_make(p);
	if (o->ready != NEVER)
		pod_mark(p, MILESTONE_READY, EPOCH + o->ready);
	if (o->failed != NEVER) {
		pod_mark(p, MILESTONE_FAILED, EPOCH + o->failed);
		pod_mark(p, MILESTONE_FINISHED, EPOCH + o->failed);
	}
	if (o->deleted != NEVER)
		pod_mark(p, MILESTONE_DELETED, EPOCH + o->deleted);
	if (o->user != NEVER)
		pod_stage(p, STAGE_READINESS, EPOCH + o->user,
			  o->ready == NEVER ? NSEC_NONE : EPOCH + o->ready);
	p->cluster.last = EPOCH + o->end;
}

static void check(const struct delivery *d, const struct expected *o)
{
	ck_assert_int_eq(d->verdict, o->verdict);
	ck_assert_int_eq(d->deadline_verdict, o->deadline);
	ck_assert_int_eq(d->delivery_verdict, o->delivery);
	ck_assert_int_eq(d->exclusion, EXCLUSION_NONE);
}

START_TEST(service)
{
	struct pod p;

	make(&p, &services[_i]);
	check(pod_judge(&p), &services[_i]);
	ck_assert_int_eq(p.d.deadline_limit, SEC(480));
	ck_assert_int_eq(p.d.delivery_limit, SEC(90));
}
END_TEST

/* Jobs: 90 s of deadline; delivered with the first of Running, Succeeded, Failed. */
static const struct {
	nsec running, finished, failed, end;
	enum verdict verdict;
	nsec deleted; /* 0: never */
} jobs[] = {
	{ SEC(90), NEVER, NEVER, BIG_LOG, VERDICT_SUCCESS },
	{ SEC(90) + 1, NEVER, NEVER, BIG_LOG, VERDICT_SLOW },
	/* it ran: what it then did is no matter of delivery */
	{ SEC(10), SEC(600), SEC(600), BIG_LOG, VERDICT_SUCCESS },
	/* Succeeded, or Failed, without a sight of Running */
	{ NEVER, SEC(50), NEVER, BIG_LOG, VERDICT_SUCCESS },
	{ NEVER, SEC(50), SEC(50), BIG_LOG, VERDICT_SUCCESS },
	{ NEVER, SEC(95), SEC(95), BIG_LOG, VERDICT_SLOW },
	{ NEVER, NEVER, NEVER, SEC(90), VERDICT_OPEN },
	{ NEVER, NEVER, NEVER, SEC(90) + 1, VERDICT_FAILED },
	/* first seen to run, or to have ended, while it was being deleted */
	{ SEC(10), SEC(60), NEVER, BIG_LOG, VERDICT_SUCCESS, SEC(30) },
	{ SEC(40), SEC(60), NEVER, BIG_LOG, VERDICT_ABORTED, SEC(30) },
	{ NEVER, SEC(60), SEC(60), BIG_LOG, VERDICT_ABORTED, SEC(30) },
	{ SEC(98), SEC(99), NEVER, BIG_LOG, VERDICT_FAILED, SEC(95) },
};

START_TEST(job)
{
	struct pod p;
	nsec delivered = jobs[_i].running != NEVER ? jobs[_i].running : jobs[_i].finished;

	if (jobs[_i].deleted && delivered > jobs[_i].deleted)
		delivered = NEVER;

	pod_make(&p);
	p.t.job = p.object.job = true;
	p.cluster.last = EPOCH + jobs[_i].end;
	if (jobs[_i].running != NEVER)
		pod_mark(&p, MILESTONE_RUNNING, EPOCH + jobs[_i].running);
	if (jobs[_i].finished != NEVER)
		pod_mark(&p, MILESTONE_FINISHED, EPOCH + jobs[_i].finished);
	if (jobs[_i].failed != NEVER)
		pod_mark(&p, MILESTONE_FAILED, EPOCH + jobs[_i].failed);
	if (jobs[_i].deleted)
		pod_mark(&p, MILESTONE_DELETED, EPOCH + jobs[_i].deleted);
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, jobs[_i].verdict);
	ck_assert_int_eq(p.d.deadline_limit, SEC(90));
	ck_assert_int_eq(p.d.total, delivered);
}
END_TEST

/* Ready by a known time, but perhaps only after the request: undecidable. */
START_TEST(ready_by_a_time_behind_the_request)
{
	static const int asked[] = { 0, 20, 40 };
	static const enum verdict verdicts[] = { VERDICT_SUCCESS, VERDICT_EXCLUDED,
						 VERDICT_SUCCESS };
	struct pod p;

	pod_make(&p);
	pod_mark_before(&p, MILESTONE_READY, AT(30));
	if (asked[_i])
		pod_mark(&p, MILESTONE_DELETED, AT(asked[_i]));
	ck_assert_int_eq(pod_judge(&p)->verdict, verdicts[_i]);
}
END_TEST

/* The deletion is known to its whole second: what became Ready in it was not too late. */
START_TEST(in_one_second_with_the_request)
{
	static const enum verdict verdicts[] = { VERDICT_SUCCESS, VERDICT_ABORTED };
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(20) + SEC(1) * 9 / 10 + SEC(_i));
	pod_mark(&p, MILESTONE_DELETED, AT(20))->precision = PRECISION_SECOND;
	ck_assert_int_eq(pod_judge(&p)->verdict, verdicts[_i]);
}
END_TEST

/* A job that is ready is not delivered by that, and one that is never ready may be. */
START_TEST(job_readiness_is_nothing)
{
	struct pod p;

	pod_make(&p);
	p.t.job = true;
	p.cluster.last = AT(50);
	pod_mark(&p, MILESTONE_READY, AT(5));
	ck_assert_int_eq(pod_judge(&p)->verdict, VERDICT_OPEN);
}
END_TEST

/* Upstream adds the init time, first image to Initialized, to the deadline alone. */
static const struct {
	nsec init_image, initialized, ready;
	bool job;
	enum verdict deadline;
} extensions[] = {
	{ SEC(10), SEC(110), SEC(580), false, VERDICT_SUCCESS },
	{ SEC(10), SEC(110), SEC(580) + 1, false, VERDICT_SLOW },
	{ SEC(10), SEC(30), SEC(110), true, VERDICT_SUCCESS },
	{ SEC(10), SEC(30), SEC(110) + 1, true, VERDICT_SLOW },
	/* only when both are known and in this order */
	{ NEVER, SEC(110), SEC(480) + 1, false, VERDICT_SLOW },
	{ SEC(10), NEVER, SEC(480) + 1, false, VERDICT_SLOW },
	{ SEC(10), SEC(5), SEC(480), false, VERDICT_SUCCESS },
};

START_TEST(deadline_extended)
{
	struct pod p;

	pod_make(&p);
	p.t.job = extensions[_i].job;
	if (extensions[_i].init_image != NEVER)
		pod_mark(&p, MILESTONE_INIT_IMAGE, EPOCH + extensions[_i].init_image);
	if (extensions[_i].initialized != NEVER)
		pod_mark(&p, MILESTONE_INITIALIZED, EPOCH + extensions[_i].initialized);
	pod_mark(&p, p.t.job ? MILESTONE_RUNNING : MILESTONE_READY, EPOCH + extensions[_i].ready);
	pod_judge(&p);
	ck_assert_int_eq(p.d.deadline_verdict, extensions[_i].deadline);
	/* it is applied, not printed; and the delivery limit knows nothing of it */
	ck_assert_int_eq(p.d.deadline_limit, SEC(p.t.job ? 90 : 480));
	ck_assert_int_eq(p.d.delivery_verdict, VERDICT_SLOW);
}
END_TEST

START_TEST(denied)
{
	struct pod p;

	pod_make(&p);
	p.t.denied = true;
	p.t.refusal = STR("QuotaExceeded");
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, VERDICT_DENIED);
	ck_assert_int_eq(p.d.deadline_verdict, VERDICT_DENIED);
	ck_assert_int_eq(p.d.delivery_verdict, VERDICT_DENIED);
	ck_assert_int_eq(p.d.deadline_limit, NSEC_NONE);
	ck_assert_int_eq(p.d.total, NSEC_NONE);
	ck_assert_int_eq(p.d.waited, NSEC_NONE);
}
END_TEST

/* Exclusions */

START_TEST(excluded)
{
	static const enum exclusion expected[] = { EXCLUSION_MIRROR, EXCLUSION_UNCREATED,
						   EXCLUSION_BEFORE, EXCLUSION_NONE,
						   EXCLUSION_NONE,   EXCLUSION_NONE };
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(5));
	switch (_i) {
	case 0:
		p.t.mirror = true;
		break;
	case 1:
		p.t.marks[MILESTONE_CREATED] = (struct mark){ .at = NSEC_NONE, .until = NSEC_NONE };
		break;
	case 2: /* known from a body alone, and the log is younger */
		p.t.marks[MILESTONE_CREATED].source = SOURCE_STATUS;
		p.cluster.first = AT(0) + 1;
		break;
	case 3: /* its create is in the log */
		p.cluster.first = AT(0) + 1;
		break;
	case 4: /* from its binding, the first that names it */
		p.t.marks[MILESTONE_CREATED].source = SOURCE_BOUND;
		break;
	default:
		p.t.marks[MILESTONE_CREATED].source = SOURCE_STATUS;
		p.cluster.first = AT(0);
	}
	pod_judge(&p);
	ck_assert_int_eq(p.d.exclusion, expected[_i]);
	ck_assert_int_eq(p.d.verdict, expected[_i] ? VERDICT_EXCLUDED : VERDICT_SUCCESS);
	if (expected[_i]) {
		ck_assert_int_eq(p.d.deadline_verdict, VERDICT_EXCLUDED);
		ck_assert_int_eq(p.d.delivery_verdict, VERDICT_EXCLUDED);
	}
}
END_TEST

/* Status writes without bodies: not ready is proven only up to `proven`. */
static const struct {
	nsec proven, deleted, end;
	enum verdict verdict, deadline, delivery;
} blind[] = {
	/* 90 s had passed when it was last seen not ready */
	{ SEC(90) + 1, NEVER, BIG_LOG, VERDICT_FAILED, VERDICT_OPEN, VERDICT_FAILED },
	{ SEC(480) + 1, NEVER, BIG_LOG, VERDICT_FAILED, VERDICT_FAILED, VERDICT_FAILED },
	{ SEC(90), NEVER, BIG_LOG, VERDICT_EXCLUDED, VERDICT_EXCLUDED, VERDICT_EXCLUDED },
	{ SEC(10), SEC(50), BIG_LOG, VERDICT_EXCLUDED, VERDICT_EXCLUDED, VERDICT_EXCLUDED },
	/* never seen at all */
	{ NEVER, NEVER, BIG_LOG, VERDICT_EXCLUDED, VERDICT_EXCLUDED, VERDICT_EXCLUDED },
	/* seen to its end */
	{ SEC(50), SEC(50), BIG_LOG, VERDICT_ABORTED, VERDICT_ABORTED, VERDICT_ABORTED },
	{ SEC(60), NEVER, SEC(50), VERDICT_OPEN, VERDICT_OPEN, VERDICT_OPEN },
};

START_TEST(blind_status_writes)
{
	struct pod p;

	pod_make(&p);
	p.t.status_until = blind[_i].proven == NEVER ? NSEC_NONE : EPOCH + blind[_i].proven;
	if (blind[_i].deleted != NEVER)
		pod_mark(&p, MILESTONE_DELETED, EPOCH + blind[_i].deleted);
	p.cluster.last = EPOCH + blind[_i].end;
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, blind[_i].verdict);
	ck_assert_int_eq(p.d.deadline_verdict, blind[_i].deadline);
	ck_assert_int_eq(p.d.delivery_verdict, blind[_i].delivery);
	ck_assert_int_eq(p.d.exclusion, blind[_i].verdict == VERDICT_EXCLUDED ? EXCLUSION_UNREADY
									      : EXCLUSION_NONE);
}
END_TEST

/* Phase Failed, and the deletion: by itself, or because it was stopped. */
static const struct {
	nsec failed, deleted, deleted_until;
	enum precision precision;
	enum verdict verdict;
} failings[] = {
	{ SEC(20), NEVER, NEVER, PRECISION_EXACT, VERDICT_FAILED },
	{ SEC(20), SEC(30), NEVER, PRECISION_EXACT, VERDICT_FAILED },
	{ SEC(30), SEC(20), NEVER, PRECISION_EXACT, VERDICT_ABORTED },
	/* the answer to the deletion shows it */
	{ SEC(20), SEC(20), NEVER, PRECISION_EXACT, VERDICT_FAILED },
	{ SEC(20), SEC(20), NEVER, PRECISION_SECOND, VERDICT_ABORTED },
	/* only the kubelet's removal is known, right after its last status */
	{ SEC(20), NEVER, SEC(25), PRECISION_INFERRED, VERDICT_ABORTED },
	{ SEC(20), NEVER, SEC(25) + 1, PRECISION_INFERRED, VERDICT_FAILED },
};

START_TEST(failed_by_itself)
{
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_FAILED, EPOCH + failings[_i].failed);
	if (failings[_i].deleted != NEVER)
		pod_mark(&p, MILESTONE_DELETED, EPOCH + failings[_i].deleted)->precision =
		    failings[_i].precision;
	if (failings[_i].deleted_until != NEVER)
		pod_mark_before(&p, MILESTONE_DELETED, EPOCH + failings[_i].deleted_until);
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, failings[_i].verdict);
}
END_TEST

/* It was delivered before a known time: in time, or undecidable. */
START_TEST(delivered_at_an_unknown_time)
{
	struct pod p;

	pod_make(&p);
	p.t.job = true;
	pod_mark_before(&p, MILESTONE_RUNNING, AT(60));
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, VERDICT_SUCCESS);
	ck_assert_int_eq(p.d.total, NSEC_NONE);
	ck_assert_int_eq(p.d.waited, NSEC_NONE);
	ck_assert_int_eq(p.d.until, NSEC_NONE);
	pod_mark_before(&p, MILESTONE_RUNNING, AT(200));
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, VERDICT_EXCLUDED);
	ck_assert_int_eq(p.d.exclusion, EXCLUSION_UNREADY);
}
END_TEST

/* Missing writers are not reported for a log that consists of a few selected records. */
static const struct {
	enum unseen unseen;
	uint64_t records, writes;
	enum exclusion exclusion;
} picked[] = {
	{ UNSEEN_SCHEDULER, 1, 0, EXCLUSION_UNREADY },
	{ UNSEEN_KUBELET, 19, 0, EXCLUSION_UNREADY },
	{ UNSEEN_SCHEDULER, 20, 0, EXCLUSION_SCHEDULER },
	{ UNSEEN_KUBELET, 20, 0, EXCLUSION_KUBELET },
	{ UNSEEN_KUBELET, 19, 1, EXCLUSION_KUBELET },
	{ UNSEEN_GAP, 1, 0, EXCLUSION_GAP },
};

START_TEST(picked_records)
{
	struct pod p;

	pod_make(&p);
	p.t.unseen = picked[_i].unseen;
	p.t.unseen_from = AT(0);
	p.cluster.records = picked[_i].records;
	p.cluster.status_writes = picked[_i].writes;
	pod_judge(&p);
	ck_assert_int_eq(p.d.verdict, VERDICT_EXCLUDED);
	ck_assert_int_eq(p.d.exclusion, picked[_i].exclusion);
}
END_TEST

START_TEST(names)
{
	static const char *const verdicts[] = { "excluded", "denied",  "success", "slow",
						"failed",   "aborted", "open" };
	static const char *const exclusions[] = { "", "ignored namespace", "mirror pod",
						  "created before the log begins" };

	ck_assert_uint_eq(ARRAY_SIZE(verdicts), VERDICT_COUNT);
	for (int i = 0; i < VERDICT_COUNT; i++)
		ck_assert(str_eq(verdict_name((enum verdict)i), str_from(verdicts[i])));
	for (int i = 0; i < (int)ARRAY_SIZE(exclusions); i++)
		ck_assert(str_eq(exclusion_name((enum exclusion)i), str_from(exclusions[i])));
	for (int i = 1; i < EXCLUSION_COUNT; i++)
		ck_assert_uint_gt(exclusion_name((enum exclusion)i).n, 0);
}
END_TEST

Suite *suite_verdict(void)
{
	Suite *s = suite_create("verdict");
	TCase *t = tcase_create("verdict");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, service, 0, (int)ARRAY_SIZE(services));
	tcase_add_loop_test(t, picked_records, 0, (int)ARRAY_SIZE(picked));
	tcase_add_loop_test(t, job, 0, (int)ARRAY_SIZE(jobs));
	tcase_add_test(t, job_readiness_is_nothing);
	tcase_add_loop_test(t, ready_by_a_time_behind_the_request, 0, 3);
	tcase_add_loop_test(t, in_one_second_with_the_request, 0, 2);
	tcase_add_loop_test(t, deadline_extended, 0, (int)ARRAY_SIZE(extensions));
	tcase_add_test(t, denied);
	tcase_add_loop_test(t, excluded, 0, 6);
	tcase_add_loop_test(t, blind_status_writes, 0, (int)ARRAY_SIZE(blind));
	tcase_add_loop_test(t, failed_by_itself, 0, (int)ARRAY_SIZE(failings));
	tcase_add_test(t, delivered_at_an_unknown_time);
	tcase_add_test(t, names);
	return s;
}
