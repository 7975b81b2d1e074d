/* SPDX-License-Identifier: Apache-2.0 */
/* --fail-on; and the percentiles and the order of groups that it shares with the tables. */
#include "suites.h"

#include "slo/column.h"
#include "slo/condition.h"

static void add_ready(struct slo_report *r, const char *namespace, int seconds)
{
	struct pod p;

	pod_make(&p);
	p.t.namespace = str_from(namespace);
	if (seconds)
		pod_mark(&p, MILESTONE_READY, AT(seconds));
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(2));
	pod_report_add(r, &p);
}

/* Upstream's own test of its quantiles: 550 a, 360 b, 81 c, 9 d; here a is 1 s to d 4 s. */
static struct slo_report *oracle(void)
{
	static const int counts[] = { 550, 360, 81, 9 };
	struct slo_report *r = pod_report_new(0);

	for (int i = 3; i >= 0; i--)
		for (int k = 0; k < counts[i]; k++)
			add_ready(r, "shop", i + 1);
	pod_report_finish(r);
	return r;
}

enum { HOLDS = CONDITION_HOLDS, NOT = CONDITION_HOLDS_NOT, NOTHING = CONDITION_OF_NOTHING };

static const struct {
	const char *text;
	int state;
	const char *found;
} of_oracle[] = {
	{ "p50(delivery)>999ms", HOLDS, "1.00s" },
	{ "p50(delivery)>1s", NOT, "1.00s" },
	{ "p50(delivery)>=1s", HOLDS, "1.00s" },
	{ "p55(total)>1s", NOT, "1.00s" },
	{ "p55.1(total)>1s", HOLDS, "2.00s" }, /* the 551st of 1000 */
	{ "p90(delivery)>1s", HOLDS, "2.00s" },
	{ "p91(delivery)>2s", NOT, "2.00s" },
	{ "p99(delivery)>2s", HOLDS, "3.00s" },
	{ "p99(delivery)>3s", NOT, "3.00s" },
	{ "p99.1(delivery)>3s", NOT, "3.00s" },
	{ "p99.2(delivery)>3s", HOLDS, "4.00s" },
	{ "max(delivery)>=4s", HOLDS, "4.00s" },
	{ "max(delivery)<4s", NOT, "4.00s" },
	{ "max(delivery)<=4s", HOLDS, "4.00s" },
	{ " p99( delivery )>3s", -1, NULL },
	{ "p99(delivery) > 2s", HOLDS, "3.00s" },
	{ "p50(sandbox)>1s", HOLDS, "2.00s" },
	{ "p50(imagePull)>1s", NOTHING, "no pod has a value for it" },
	{ "p50(startup)>1s", NOTHING, "no pod has a value for it" },
	{ "p50(kubelet)>1s", NOTHING, "no pod has a value for it" },
	{ "pods>=1000", HOLDS, "1000" },
	{ "success>1000", NOT, "1000" },
	{ "failed>0", NOT, "0" },
	{ "denied<1", HOLDS, "0" },
	{ "attainment<100", NOT, "100.0000%" },
	{ "attainment<=100%", HOLDS, "100.0000%" },
	{ "burn(1h)>14.4", NOTHING, "there is no objective" },
	{ "p0(delivery)>1s", -1, NULL },
	{ "p101(delivery)>1s", -1, NULL },
	{ "p99.99(delivery)>1s", -1, NULL },
	{ "p99(delivery)>1", -1, NULL },
	{ "p99(delivery)", -1, NULL },
	{ "p99(delivery>1s", -1, NULL },
	{ "p99(arrival)>1s", -1, NULL },
	{ "p99>1s", -1, NULL },
	{ "failed>", -1, NULL },
	{ "failed>-1", -1, NULL },
	{ "failed>1.5", -1, NULL },
	{ "attainment<101", -1, NULL },
	{ "burn(1h)>1h", -1, NULL },
	{ "burn()>1", -1, NULL },
	{ "judged", -1, NULL },
	{ "", -1, NULL },
	{ ">", -1, NULL },
};

START_TEST(conditions)
{
	struct slo_report *r = oracle();
	struct buf found = { 0 };
	struct condition c;
	struct err err = { 0 };

	if (of_oracle[_i].state < 0) {
		ck_assert_int_eq(condition_parse(str_from(of_oracle[_i].text), &c, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.message, "attainment"));
	} else {
		ck_assert_int_eq(condition_parse(str_from(of_oracle[_i].text), &c, &err), 0);
		ck_assert_int_eq(condition_check(&c, r, &found), of_oracle[_i].state);
		ck_assert(str_eq(buf_str(&found), str_from(of_oracle[_i].found)));
	}
	buf_free(&found);
	slo_report_free(r);
}
END_TEST

/* One that never was ready is slower than anything, though it waited an hour only. */
static const struct {
	const char *text;
	int state;
} of_failed[] = {
	{ "max(delivery)>30s", HOLDS },	 { "max(delivery)>2h", HOLDS }, { "max(delivery)<2h", NOT },
	{ "max(total)>2h", HOLDS },	 { "p50(delivery)>1s", NOT },	{ "failed>0", HOLDS },
	{ "attainment<50.0001", HOLDS }, { "attainment<50", NOT },
};

START_TEST(failed_ones_were_never_delivered)
{
	struct slo_report *r = pod_report_new(0);
	struct buf found = { 0 };
	struct condition c;
	struct err err;

	add_ready(r, "shop", 1);
	add_ready(r, "shop", 0);
	pod_report_finish(r);
	ck_assert_int_eq(condition_parse(str_from(of_failed[_i].text), &c, &err), 0);
	ck_assert_int_eq(condition_check(&c, r, &found), of_failed[_i].state);
	buf_free(&found);
	slo_report_free(r);
}
END_TEST

START_TEST(of_nothing)
{
	static const struct {
		const char *text;
		int state;
	} texts[] = {
		{ "p99(delivery)>1s", NOTHING }, { "p99(delivery)<1s", NOTHING },
		{ "attainment<99", NOTHING },	 { "failed>0", NOTHING },
		{ "failed<=0", HOLDS },		 { "denied>0", NOTHING },
		{ "pods>1", NOTHING },		 { "pods<1", HOLDS },
		{ "judged>0", NOTHING },	 { "burn(1s)>1", NOTHING },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct slo_report *r = pod_report_new(0);
		struct buf found = { 0 };
		struct condition c;
		struct err err;

		pod_report_finish(r);
		ck_assert_int_eq(condition_parse(str_from(texts[i].text), &c, &err), 0);
		ck_assert_int_eq(condition_check(&c, r, &found), texts[i].state);
		buf_free(&found);
		slo_report_free(r);
	}
}
END_TEST

/* One of two is bad and half may be: the rate is 1. The log is an hour and 100 s. */
START_TEST(burn)
{
	static const struct {
		const char *text;
		int state;
	} texts[] = {
		{ "burn(1h)>=1", HOLDS },
		{ "burn(1h)>1", NOT },
		{ "burn(2h)>1", NOTHING },
	};
	struct settings settings = *pod_settings();
	struct objective objective;
	struct err err;

	ck_assert_int_eq(objective_parse(STR("delivery<=30s:50"), SLO_CREATE, &objective, &err), 0);
	settings.objectives = &objective;
	settings.n_objectives = 1;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct slo_report *r = slo_report_new(&(struct slo_report_config){
		    .grouping = grouping_default(), .settings = &settings });
		struct buf found = { 0 };
		struct condition c;

		add_ready(r, "shop", 10);
		add_ready(r, "shop", 60);
		pod_report_finish(r);
		ck_assert_int_eq(condition_parse(str_from(texts[i].text), &c, &err), 0);
		ck_assert_int_eq(condition_check(&c, r, &found), texts[i].state);
		buf_free(&found);
		slo_report_free(r);
	}
}
END_TEST

/* Sorting */

static const struct {
	const char *sort, *order;
} sorts[] = {
	/* a: 1 s; b: 9 s and one failed; c: nothing judged; d: 5 s */
	{ "name", "abcd" },   { "-name", "dcba" },  { "pods", "acdb" },	      { "-pods", "bacd" },
	{ "p50", "adbc" },    { "-p50", "bdac" },   { "max", "adbc" },	      { "-max", "bdac" },
	{ "failed", "acdb" }, { "denied", "abdc" }, { "attainment", "badc" }, { "-judged", "badc" },
};

START_TEST(sorting)
{
	struct slo_report *r = pod_report_new(0);
	struct slo_sort sort;
	struct err err;
	struct pod p;

	add_ready(r, "d", 5);
	add_ready(r, "b", 9);
	add_ready(r, "b", 0);
	add_ready(r, "a", 1);
	pod_make(&p);
	p.t.namespace = STR("c");
	p.t.denied = true;
	p.t.refusal = STR("Forbidden");
	pod_report_add(r, &p);
	pod_report_finish(r);
	ck_assert_int_eq(slo_sort_parse(str_from(sorts[_i].sort), &sort, &err), 0);
	slo_sort(r, sort);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(r->groups[i].keys[1].p[0], sorts[_i].order[i]);
	slo_report_free(r);
}
END_TEST

START_TEST(no_such_column)
{
	static const char *const texts[] = { "", "-", "p95", "Pods", "--pods" };
	struct slo_sort sort;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		ck_assert_int_eq(slo_sort_parse(str_from(texts[i]), &sort, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "attainment"));
}
END_TEST

Suite *suite_condition(void)
{
	Suite *s = suite_create("condition");
	TCase *t = tcase_create("condition");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, conditions, 0, (int)ARRAY_SIZE(of_oracle));
	tcase_add_loop_test(t, failed_ones_were_never_delivered, 0, (int)ARRAY_SIZE(of_failed));
	tcase_add_test(t, of_nothing);
	tcase_add_test(t, burn);
	tcase_add_loop_test(t, sorting, 0, (int)ARRAY_SIZE(sorts));
	tcase_add_test(t, no_such_column);
	return s;
}
