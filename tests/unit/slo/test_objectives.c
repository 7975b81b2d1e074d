/* SPDX-License-Identifier: Apache-2.0 */
/* What an objective counts as good and as bad; how objectives are written. */
#include "suites.h"

enum { NO = -1, GOOD, BAD };

/* An outcome by hand, in seconds; -1: not known. */
static const struct {
	const char *objective;
	enum verdict verdict;
	int measured, waited, total, until, startup;
	int result;
} cases[] = {
	{ "success:99%", VERDICT_SUCCESS, 5, -1, 5, -1, -1, GOOD },
	{ "success:99%", VERDICT_SLOW, 500, -1, 500, -1, -1, BAD },
	{ "success:99%", VERDICT_FAILED, -1, 600, -1, 600, -1, BAD },
	{ "success:99%", VERDICT_ABORTED, -1, 5, -1, 5, -1, NO },
	{ "success:99%", VERDICT_OPEN, -1, 5, -1, 5, -1, NO },
	{ "success:99%", VERDICT_DENIED, -1, -1, -1, -1, -1, NO },
	{ "success:99%", VERDICT_EXCLUDED, 5, -1, 5, -1, -1, NO },
	/* at most the threshold is good, whatever the verdict */
	{ "delivery<=30s:99%", VERDICT_SUCCESS, 30, -1, 40, -1, -1, GOOD },
	{ "delivery<=30s:99%", VERDICT_SUCCESS, 31, -1, 40, -1, -1, BAD },
	{ "delivery<=600s:99%", VERDICT_SLOW, 500, -1, 500, -1, -1, GOOD },
	{ "delivery<=30s:99%", VERDICT_SUCCESS, -1, -1, -1, -1, -1, NO },
	{ "delivery<=30s:99%", VERDICT_EXCLUDED, 31, -1, 31, -1, -1, NO },
	/* in progress: bad once it is too late, unknown before that */
	{ "delivery<=30s:99%", VERDICT_OPEN, -1, 31, -1, 31, -1, BAD },
	{ "delivery<=30s:99%", VERDICT_OPEN, -1, 30, -1, 30, -1, NO },
	{ "delivery<=30s:99%", VERDICT_ABORTED, -1, 31, -1, 31, -1, BAD },
	{ "delivery<=30s:99%", VERDICT_ABORTED, -1, 3, -1, 3, -1, NO },
	/* what failed was not delivered in time, also if it failed at once */
	{ "delivery<=30s:99%", VERDICT_FAILED, -1, 2, -1, 2, -1, BAD },
	{ "total<=30s:99%", VERDICT_SUCCESS, 5, -1, 31, -1, -1, BAD },
	{ "total<=30s:99%", VERDICT_OPEN, -1, 5, -1, 31, -1, BAD },
	{ "startup<=5s:99%", VERDICT_SLOW, 500, -1, 500, -1, 5, GOOD },
	{ "startup<=5s:99%", VERDICT_SUCCESS, 5, -1, 5, -1, 6, BAD },
	{ "startup<=5s:99%", VERDICT_SUCCESS, 5, -1, 5, -1, -1, NO },
	{ "startup<=5s:99%", VERDICT_FAILED, -1, 600, -1, 600, -1, NO },
	/* its stages: 0 to 4 s of sandbox, then a pull that goes on */
	{ "sandbox<=4s:99%", VERDICT_SUCCESS, 5, -1, 5, -1, -1, GOOD },
	{ "sandbox<=3s:99%", VERDICT_SUCCESS, 5, -1, 5, -1, -1, BAD },
	{ "imagePull<=60s:99%", VERDICT_OPEN, -1, 65, -1, 65, -1, BAD },
	{ "imagePull<=61s:99%", VERDICT_OPEN, -1, 65, -1, 65, -1, NO },
	{ "imagePull<=61s:99%", VERDICT_SUCCESS, 5, -1, 5, -1, -1, NO },
	{ "init<=61s:99%", VERDICT_SUCCESS, 5, -1, 5, -1, -1, NO },
};

static nsec known(int seconds)
{
	return seconds < 0 ? NSEC_NONE : SEC(seconds);
}

START_TEST(good_and_bad)
{
	struct settings settings = *pod_settings();
	struct objective objective;
	struct objectives list;
	struct err err;
	struct outcome o;
	struct pod p;

	ck_assert_int_eq(
	    objective_parse(str_from(cases[_i].objective), SLO_CREATE, &objective, &err), 0);
	settings.objectives = &objective;
	settings.n_objectives = 1;
	pod_make(&p);
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(4));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(4), NSEC_NONE);
	o = (struct outcome){
		.slo = SLO_CREATE,
		.verdict = cases[_i].verdict,
		.begin = AT(0),
		.measured = known(cases[_i].measured),
		.waited = known(cases[_i].waited),
		.total = known(cases[_i].total),
		.until = cases[_i].until < 0 ? NSEC_NONE : AT(cases[_i].until),
		.startup = known(cases[_i].startup),
		.stages = p.stages,
		.n_stages = p.t.n_stages,
	};
	objectives_begin(&list, &settings, SLO_CREATE);
	ck_assert_uint_eq(list.n, 1);
	objectives_add(&list, &p.t, &o);
	ck_assert_uint_eq(list.results[0].judged, cases[_i].result != NO);
	ck_assert_uint_eq(list.results[0].bad, cases[_i].result == BAD);
	objectives_free(&list);
	objectives_begin(&list, &settings, SLO_DELETE); /* it is none of that SLO's */
	ck_assert_uint_eq(list.n, 0);
	objectives_free(&list);
}
END_TEST

/* Only the workloads that it names; 200 of them, 3 bad, 99 % good: 1.5 % of 1 % is 1.5. */
START_TEST(budget)
{
	struct settings settings = *pod_settings();
	struct objective objective;
	struct objectives list;
	struct err err;
	struct pod p;

	ck_assert_int_eq(objective_parse(STR("delivery<=30s:99%"), SLO_CREATE, &objective, &err),
			 0);
	objective.match.namespace = STR("sh*");
	settings.objectives = &objective;
	settings.n_objectives = 1;
	objectives_begin(&list, &settings, SLO_CREATE);
	for (int i = 0; i < 400; i++) {
		struct outcome o;

		pod_make(&p);
		p.t.namespace = i % 2 ? STR("shop") : STR("other");
		pod_mark(&p, MILESTONE_READY, AT(i < 6 ? 60 : 10));
		o = pod_outcome(&p);
		objectives_add(&list, &p.t, &o);
	}
	objectives_finish(&list, (struct burn_span){ AT(-100), AT(7200) });
	ck_assert_uint_eq(list.results[0].judged, 200);
	ck_assert_uint_eq(list.results[0].bad, 3);
	ck_assert_uint_eq(list.results[0].rate, 1500);
	ck_assert(list.results[0].projected);
	ck_assert_int_eq(list.results[0].exhaustion, 20 * 24 * HOUR); /* 30 d / 1.5 */
	objectives_free(&list);
}
END_TEST

static const struct {
	const char *text;
	int sli; /* < 0: it is none */
	nsec threshold;
	unsigned ppm;
} texts[] = {
	{ "delivery<=30s:99.5%", SLI_DELIVERY, SEC(30), 995000 },
	{ "total<=1m30s:99", SLI_TOTAL, SEC(90), 990000 },
	{ "startup<=500ms:99.9999%", SLI_STARTUP, SECOND / 2, 999999 },
	{ "imagePull<=1m:50", SLI_STAGES + STAGE_IMAGE_PULL, SEC(60), 500000 },
	{ "success:100%", SLI_DELIVERY, NSEC_NONE, 1000000 },
	{ "success:0.0001", SLI_DELIVERY, NSEC_NONE, 1 },
	{ "success", -1, 0, 0 },
	{ "success:", -1, 0, 0 },
	{ "success:0", -1, 0, 0 },
	{ "success:101", -1, 0, 0 },
	{ "success:100.0001", -1, 0, 0 },
	{ "success:99.99999", -1, 0, 0 },
	{ "success:-1", -1, 0, 0 },
	{ "delivery:99", -1, 0, 0 },
	{ "delivery<30s:99", -1, 0, 0 },
	{ "delivery<=30:99", -1, 0, 0 },
	{ "delivery<=:99", -1, 0, 0 },
	{ "arrival<=30s:99", -1, 0, 0 },
	{ "", -1, 0, 0 },
	{ ":", -1, 0, 0 },
};

START_TEST(parsing)
{
	struct objective o;
	struct err err = { 0 };
	int r = objective_parse(str_from(texts[_i].text), SLO_PVC, &o, &err);

	if (texts[_i].sli < 0) {
		ck_assert_int_eq(r, -1);
		ck_assert_ptr_nonnull(strstr(err.message, "delivery<=30s:99.5%"));
		return;
	}
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(o.slo, SLO_PVC);
	ck_assert_int_eq(o.sli, (enum sli)texts[_i].sli);
	ck_assert_int_eq(o.threshold, texts[_i].threshold);
	ck_assert_uint_eq(o.target_ppm, texts[_i].ppm);
}
END_TEST

Suite *suite_objectives(void)
{
	Suite *s = suite_create("objectives");
	TCase *t = tcase_create("objectives");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, good_and_bad, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(t, budget);
	tcase_add_loop_test(t, parsing, 0, (int)ARRAY_SIZE(texts));
	return s;
}
