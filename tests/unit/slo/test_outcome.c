/* SPDX-License-Identifier: Apache-2.0 */
/* Deletions, upgrades and claims: the same words as for deliveries. */
#include "suites.h"

#include "slo/outcome.h"

#define NEVER NSEC_NONE

static size_t outcomes(struct pod *p, enum slo slo, struct outcome *ret)
{
	struct judging judging = { &p->t, &p->cluster, pod_settings() };

	return outcomes_of(slo, &judging, ret);
}

static struct outcome only(struct pod *p, enum slo slo)
{
	struct outcome list[OUTCOMES_MAX];

	ck_assert_uint_eq(outcomes(p, slo, list), 1);
	ck_assert_int_eq(list[0].slo, slo);
	return list[0];
}

static struct mark edge(nsec at)
{
	return (struct mark){ .at = at, .reached = at != NSEC_NONE, .until = NSEC_NONE };
}

/* Deletions: requested at 100 s, limit 10 min; the log ends at an hour unless set. */

static struct entry request;

static void dying(struct pod *p, struct deletion *d, nsec gone)
{
	pod_make(p);
	*d = (struct deletion){
		.request = &request,
		.requested = edge(AT(100)),
		.gone = edge(gone),
		.grace = 30,
		.until = INT64_MAX,
	};
	p->t.deletion = d;
	pod_mark(p, MILESTONE_DELETED, AT(100));
}

static const struct {
	nsec gone, log; /* seconds after the request */
	enum verdict verdict;
	const char *code, *step;
} deletions[] = {
	{ SEC(0), SEC(9000), VERDICT_SUCCESS, "", "delete" },
	{ SEC(600), SEC(9000), VERDICT_SUCCESS, "", "delete" },
	{ SEC(600) + 1, SEC(9000), VERDICT_SLOW, "timeout", "stale" },
	{ SEC(3600), SEC(9000), VERDICT_SLOW, "timeout", "stale" },
	{ SEC(3601), SEC(9000), VERDICT_SLOW, "timeout", "terminating" },
	{ NEVER, SEC(600), VERDICT_OPEN, "", "delete" },
	{ NEVER, SEC(601), VERDICT_FAILED, "timeout", "stale" },
	{ NEVER, SEC(3601), VERDICT_FAILED, "timeout", "terminating" },
	{ NEVER, SEC(90000), VERDICT_FAILED, "timeout", "terminating" },
};

START_TEST(deletion)
{
	nsec gone = deletions[_i].gone;
	struct deletion d;
	struct outcome o;
	struct pod p;

	dying(&p, &d, gone == NEVER ? NEVER : AT(100) + gone);
	p.cluster.last = AT(100) + deletions[_i].log;
	o = only(&p, SLO_DELETE);
	ck_assert_int_eq(o.verdict, deletions[_i].verdict);
	ck_assert_int_eq(o.exclusion, EXCLUSION_NONE);
	ck_assert(str_eq(o.code, str_from(deletions[_i].code)));
	ck_assert(str_eq(o.step, str_from(deletions[_i].step)));
	ck_assert_int_eq(o.begin, AT(100));
	ck_assert_int_eq(o.limit, SEC(600));
	ck_assert_int_eq(o.total, gone);
	ck_assert_int_eq(o.measured, gone);
	ck_assert_int_eq(o.end, gone == NEVER ? NEVER : AT(100) + gone);
	ck_assert_int_eq(o.waited, gone == NEVER ? deletions[_i].log : NEVER);
	ck_assert_int_eq(o.until, gone == NEVER ? p.cluster.last : NEVER);
}
END_TEST

/* Finalizers at 100 s, at 400 s and, if it goes on, at 2000 s: the first that is left is named. */
static const struct {
	nsec gone;
	const char *last, *code;
} holders[] = {
	{ NEVER, "example/b,example/c", "example/b" },
	{ NEVER, "", "timeout" },
	{ AT(2000), "", "example/a" }, /* at the limit it was that one */
	{ AT(300), "example/b", "" },
};

START_TEST(held_by_finalizers)
{
	static const nsec at[] = { 100, 400, 2000 };
	const char *names[] = { "example/x", "example/a,example/b", holders[_i].last };
	struct entry entries[3];
	struct deletion d;
	struct pod p;

	dying(&p, &d, holders[_i].gone);
	for (int i = 0; i < 3; i++)
		entries[i] = (struct entry){
			.fact = { .kind = FACT_DELETING, .message = str_from(names[i]) },
			.received = AT(at[i]),
		};
	p.t.entries = entries;
	p.t.n_entries = 3;
	ck_assert(str_eq(only(&p, SLO_DELETE).code, str_from(holders[_i].code)));
}
END_TEST

/* A value that the log does not show is neither good nor bad. */
START_TEST(deletion_not_in_the_log)
{
	static const enum exclusion expected[] = {
		EXCLUSION_UNGONE, EXCLUSION_NONE,   EXCLUSION_UNREQUESTED, EXCLUSION_EARLIER,
		EXCLUSION_MIRROR, EXCLUSION_UNGONE, EXCLUSION_NONE,	   EXCLUSION_NONE,
	};
	struct deletion d;
	struct outcome o;
	struct pod p;

	dying(&p, &d, NEVER);
	if (_i == 0)
		d.until = AT(700); /* 600 s are proven, and not more */
	if (_i == 1)
		d.until = AT(701);
	if (_i == 2)
		d.requested.at = NEVER;
	if (_i == 3 || _i == 7) {
		d.request = NULL;
		d.requested.at = AT(-101);
		d.gone = edge(AT(-50));
		p.t.dumped = _i == 7;
	}
	if (_i == 4)
		p.t.mirror = true;
	if (_i == 5 || _i == 6) {
		d.gone.reached = true;
		d.gone.until = AT(_i == 5 ? 701 : 700);
	}
	o = only(&p, SLO_DELETE);
	ck_assert_int_eq(o.exclusion, expected[_i]);
	ck_assert_int_eq(o.verdict, expected[_i] ? VERDICT_EXCLUDED
				    : _i == 1	 ? VERDICT_FAILED
						 : VERDICT_SUCCESS);
}
END_TEST

/* The DELETE of upstream's tests, in a log that begins before it was asked for. */
START_TEST(the_literal_delete)
{
	const nsec asked = AT(3 * 3600 + 8 * 60 + 4);
	struct deletion d;
	struct outcome o;
	struct pod p;

	dying(&p, &d, asked + 36589 * (SECOND / 1000));
	d.request = NULL;
	d.requested.at = asked;
	p.cluster.last = AT(4 * 3600);
	o = only(&p, SLO_DELETE);
	ck_assert_int_eq(o.verdict, VERDICT_SUCCESS);
	ck_assert_int_eq(o.total, 36589 * (SECOND / 1000));
	ck_assert(str_eq(o.step, STR("delete")));
	p.cluster.first = asked + 1; /* the same request, and nothing of before */
	ck_assert_int_eq(only(&p, SLO_DELETE).exclusion, EXCLUSION_EARLIER);
}
END_TEST

START_TEST(nothing_to_judge)
{
	struct outcome list[OUTCOMES_MAX];
	struct pod p;

	pod_make(&p);
	ck_assert_uint_eq(outcomes(&p, SLO_CREATE, list), 1);
	ck_assert_uint_eq(outcomes(&p, SLO_DELETE, list), 0);
	ck_assert_uint_eq(outcomes(&p, SLO_UPGRADE, list), 0);
	ck_assert_uint_eq(outcomes(&p, SLO_PVC, list), 0);
	p.t.kind = OBJECT_CLAIM;
	ck_assert_uint_eq(outcomes(&p, SLO_CREATE, list), 0);
	ck_assert_uint_eq(outcomes(&p, SLO_PVC, list), 1);
	ck_assert_uint_eq(outcomes(&p, SLO_DELETE, list), 0);
}
END_TEST

/* Upgrades: begun at 100 s, 9 min. */

static const struct {
	nsec ready, deleted, next, log; /* seconds */
	enum verdict verdict;
	const char *code;
} upgrades[] = {
	{ 640, -1, -1, 3600, VERDICT_SUCCESS, "" },
	{ 641, -1, -1, 3600, VERDICT_SLOW, "timeout" },
	{ -1, -1, -1, 640, VERDICT_OPEN, "" },
	{ -1, -1, -1, 641, VERDICT_FAILED, "timeout" },
	{ -1, 200, -1, 3600, VERDICT_ABORTED, "beforeFinish" },
	{ -1, 641, -1, 3600, VERDICT_FAILED, "timeout" },
	{ -1, -1, 200, 3600, VERDICT_ABORTED, "beforeFinish" },
};

START_TEST(upgrade)
{
	struct outcome list[OUTCOMES_MAX];
	struct upgrade u[2] = { { .begin = edge(AT(100)) } };
	struct pod p;

	pod_make(&p);
	u[0].ready = edge(upgrades[_i].ready < 0 ? NEVER : AT(upgrades[_i].ready));
	u[1] = (struct upgrade){ .begin = edge(AT(upgrades[_i].next)), .ready = edge(NEVER) };
	p.t.upgrades = u;
	p.t.n_upgrades = upgrades[_i].next < 0 ? 1 : 2;
	if (upgrades[_i].deleted >= 0)
		pod_mark(&p, MILESTONE_DELETED, AT(upgrades[_i].deleted));
	p.cluster.last = AT(upgrades[_i].log);
	ck_assert_uint_eq(outcomes(&p, SLO_UPGRADE, list), p.t.n_upgrades);
	ck_assert_int_eq(list[0].verdict, upgrades[_i].verdict);
	ck_assert(str_eq(list[0].code, str_from(upgrades[_i].code)));
	ck_assert_ptr_eq(list[0].upgrade, &u[0]);
	ck_assert_ptr_null(list[0].step.p);
	ck_assert_int_eq(list[0].limit, SEC(540));
}
END_TEST

START_TEST(upgrade_not_in_the_log)
{
	struct entry trigger = { .received = AT(100) };
	struct upgrade u = { .begin = edge(AT(100)), .ready = edge(NEVER), .trigger = &trigger };
	struct pod p;

	pod_make(&p);
	p.t.upgrades = &u;
	p.t.n_upgrades = 1;
	p.t.status_until = AT(640);
	ck_assert_int_eq(only(&p, SLO_UPGRADE).exclusion, EXCLUSION_UNREADY);
	p.t.status_until = AT(641);
	ck_assert_int_eq(only(&p, SLO_UPGRADE).verdict, VERDICT_FAILED);
	p.t.mirror = true;
	ck_assert_int_eq(only(&p, SLO_UPGRADE).exclusion, EXCLUSION_MIRROR);
	ck_assert_int_eq(only(&p, SLO_UPGRADE).begin, AT(100));
	p.t.mirror = false;
	u.begin.at = NEVER;
	ck_assert_int_eq(only(&p, SLO_UPGRADE).exclusion, EXCLUSION_UNREQUESTED);
}
END_TEST

/* Resources that are taken on without a restart are no upgrade. */
START_TEST(resized)
{
	struct outcome list[OUTCOMES_MAX];
	struct upgrade u = { .kind = UPGRADE_RESIZE,
			     .begin = edge(AT(100)),
			     .ready = edge(AT(105)) };
	struct pod p;

	pod_make(&p);
	p.t.upgrades = &u;
	p.t.n_upgrades = 1;
	ck_assert_uint_eq(outcomes(&p, SLO_UPGRADE, list), 0);
	u.restarted = true;
	ck_assert_int_eq(only(&p, SLO_UPGRADE).verdict, VERDICT_SUCCESS);
}
END_TEST

/* Claims: created at 0 s, 10 min, without the wait for the first consumer. */
static const struct {
	nsec bound, waited, deleted, log; /* seconds; the wait is from 0 s on */
	enum verdict verdict;
	nsec measured;
	const char *code;
} claims[] = {
	{ 600, 0, -1, 3600, VERDICT_SUCCESS, 600, "" },
	{ 601, 0, -1, 3600, VERDICT_SLOW, 601, "timeout" },
	{ 2000, 1400, -1, 3600, VERDICT_SUCCESS, 600, "" },
	{ 2000, 1399, -1, 3600, VERDICT_SLOW, 601, "timeout" },
	{ -1, 0, -1, 600, VERDICT_OPEN, 600, "" },
	{ -1, 0, -1, 601, VERDICT_FAILED, 601, "timeout" },
	{ -1, 3000, -1, 3600, VERDICT_OPEN, 600, "" },
	{ -1, 2999, -1, 3600, VERDICT_FAILED, 601, "timeout" },
	{ -1, 0, 50, 3600, VERDICT_ABORTED, 50, "beforeFinish" },
	{ -1, 0, 601, 3600, VERDICT_FAILED, 601, "timeout" },
};

START_TEST(claim)
{
	struct outcome o;
	struct pod p;

	pod_make(&p);
	p.t.kind = OBJECT_CLAIM;
	p.cluster.last = AT(claims[_i].log);
	if (claims[_i].waited)
		pod_stage(&p, STAGE_CONSUMER, AT(0), AT(claims[_i].waited));
	if (claims[_i].bound >= 0)
		pod_mark(&p, MILESTONE_BOUND, AT(claims[_i].bound));
	if (claims[_i].deleted >= 0)
		pod_mark(&p, MILESTONE_DELETED, AT(claims[_i].deleted));
	o = only(&p, SLO_PVC);
	ck_assert_int_eq(o.verdict, claims[_i].verdict);
	ck_assert(str_eq(o.code, str_from(claims[_i].code)));
	ck_assert_int_eq(claims[_i].bound >= 0 ? o.measured : o.waited, SEC(claims[_i].measured));
	ck_assert_int_eq(o.total, claims[_i].bound >= 0 ? SEC(claims[_i].bound) : NEVER);
	ck_assert_int_eq(o.limit, SEC(600));
}
END_TEST

/* A claim that waits, however long, has not failed. */
START_TEST(claim_waits)
{
	struct outcome o;
	struct pod p;

	pod_make(&p);
	p.t.kind = OBJECT_CLAIM;
	pod_stage(&p, STAGE_CONSUMER, AT(0), NEVER);
	o = only(&p, SLO_PVC);
	ck_assert_int_eq(o.verdict, VERDICT_OPEN);
	ck_assert_int_eq(o.waited, 0);
}
END_TEST

START_TEST(claim_not_in_the_log)
{
	struct outcome o;
	struct pod p;

	pod_make(&p);
	p.t.kind = OBJECT_CLAIM;
	p.t.status_until = AT(0);
	ck_assert_int_eq(only(&p, SLO_PVC).exclusion, EXCLUSION_UNBOUND);
	pod_mark_before(&p, MILESTONE_BOUND, AT(601));
	ck_assert_int_eq(only(&p, SLO_PVC).exclusion, EXCLUSION_UNBOUND);
	pod_mark_before(&p, MILESTONE_BOUND, AT(600));
	ck_assert_int_eq(only(&p, SLO_PVC).verdict, VERDICT_SUCCESS);
	p.t.marks[MILESTONE_CREATED].at = NEVER;
	ck_assert_int_eq(only(&p, SLO_PVC).exclusion, EXCLUSION_UNCREATED);
	p.t.marks[MILESTONE_CREATED].at = AT(-101);
	p.t.marks[MILESTONE_CREATED].source = SOURCE_STATUS;
	ck_assert_int_eq(only(&p, SLO_PVC).exclusion, EXCLUSION_BEFORE);
	p.t.denied = true;
	p.t.refusal = STR("ExceededQuota");
	o = only(&p, SLO_PVC);
	ck_assert_int_eq(o.verdict, VERDICT_DENIED);
	ck_assert(str_eq(o.code, STR("ExceededQuota")));
}
END_TEST

START_TEST(rows_are_complete)
{
	const struct slo_row *row = &slo_rows[_i];

	ck_assert_msg(row->stages && row->kind && row->column && row->things && row->count &&
			  row->time && row->note && row->time_column && row->percentiles &&
			  row->done,
		      "%s needs stages and all words: SLOS in slo/slos.h", slo_names[_i]);
}
END_TEST

/* A stage has the SLOs whose rows have it. */
START_TEST(slos_of_stages)
{
	ck_assert_uint_eq(sli_slos((enum sli)(SLI_STAGES + STAGE_ADMISSION)), 1 << SLO_CREATE);
	ck_assert_uint_eq(sli_slos((enum sli)(SLI_STAGES + STAGE_IMAGE_PULL)),
			  1 << SLO_CREATE | 1 << SLO_UPGRADE);
	ck_assert_uint_eq(sli_slos((enum sli)(SLI_STAGES + STAGE_STOP)),
			  1 << SLO_DELETE | 1 << SLO_UPGRADE);
	ck_assert_uint_eq(sli_slos((enum sli)(SLI_STAGES + STAGE_BIND)), 1 << SLO_PVC);
}
END_TEST

START_TEST(slis_have_names)
{
	enum sli sli = (enum sli)_i, found;

	ck_assert_msg(sli_name(sli) && sli_find(str_from(sli_name(sli)), &found) && found == sli,
		      "SLI %d needs a name of its own in sli_name of slo/sli.c, its value in "
		      "outcome_measure of slo/outcome.c and in add_durations of slo/compare.c",
		      _i);
	ck_assert_msg(sli_slos(sli), "no row of SLOS in slo/slos.h has the stage %s",
		      sli_name(sli));
}
END_TEST

Suite *suite_outcome(void)
{
	Suite *s = suite_create("outcome");
	TCase *t = tcase_create("outcome");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, deletion, 0, (int)ARRAY_SIZE(deletions));
	tcase_add_loop_test(t, held_by_finalizers, 0, (int)ARRAY_SIZE(holders));
	tcase_add_loop_test(t, deletion_not_in_the_log, 0, 8);
	tcase_add_test(t, the_literal_delete);
	tcase_add_test(t, nothing_to_judge);
	tcase_add_loop_test(t, upgrade, 0, (int)ARRAY_SIZE(upgrades));
	tcase_add_test(t, upgrade_not_in_the_log);
	tcase_add_test(t, resized);
	tcase_add_loop_test(t, claim, 0, (int)ARRAY_SIZE(claims));
	tcase_add_test(t, claim_waits);
	tcase_add_test(t, claim_not_in_the_log);
	tcase_add_loop_test(t, rows_are_complete, 0, SLO_COUNT);
	tcase_add_test(t, slos_of_stages);
	tcase_add_loop_test(t, slis_have_names, 0, SLI_COUNT);
	return s;
}
