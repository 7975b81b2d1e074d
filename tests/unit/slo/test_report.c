/* SPDX-License-Identifier: Apache-2.0 */
/* Deliveries to groups, percentiles, stages and the slowest. */
#include "suites.h"

#include <stdlib.h>

/* A pod that was ready after so many seconds (0: never, and deleted after 1000 s). */
static void add(struct slo_report *r, const char *namespace, const char *name, int ready)
{
	struct pod p;

	pod_make(&p);
	p.t.namespace = str_from(namespace);
	p.t.name = str_from(name);
	if (ready)
		pod_mark(&p, MILESTONE_READY, AT(ready));
	else
		pod_mark(&p, MILESTONE_DELETED, AT(1000));
	pod_report_add(r, &p);
}

static void check_quantile(struct quantile *q, unsigned permille, nsec value, bool censored)
{
	struct quantile_value v;

	ck_assert(quantile_at(q, permille, &v));
	ck_assert_int_eq(v.value, value);
	ck_assert_int_eq(v.censored, censored);
}

/* Names of a hostile log: they differ only in the last byte, far beyond any expected length. */
START_TEST(long_names_stay_apart)
{
	struct slo_report *r = pod_report_new(3);
	char one[4096], other[4096];

	memset(one, 'n', sizeof(one) - 1);
	one[sizeof(one) - 1] = 0;
	memcpy(other, one, sizeof(one));
	other[sizeof(other) - 2] = 'm';
	add(r, one, "web", 3);
	add(r, other, "web", 3);
	add(r, one, "db", 3);
	pod_report_finish(r);
	ck_assert_uint_eq(r->n_groups, 2);
	ck_assert_uint_eq(r->groups[0].pods, 1); /* m comes before n */
	ck_assert_uint_eq(r->groups[1].pods, 2);
	slo_report_free(r);
}
END_TEST

START_TEST(groups_are_sorted_and_add_up)
{
	static const char *const names[] = { "shop", "a", "web", "b", "a", "shop", "a" };
	static const char *const order[] = { "a", "b", "shop", "web" };
	struct slo_report *r = pod_report_new(3);
	uint64_t pods = 0, verdicts = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add(r, names[i], "p", i % 2 ? 5 : 0);
	pod_report_finish(r);
	ck_assert_uint_eq(r->n_groups, ARRAY_SIZE(order));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		ck_assert(str_eq(r->groups[i].keys[1], str_from(order[i])));
		pods += r->groups[i].pods;
		for (int v = 0; v < VERDICT_COUNT; v++)
			verdicts += r->groups[i].verdicts[v];
	}
	ck_assert_uint_eq(pods, 7);
	ck_assert_uint_eq(verdicts, 7);
	ck_assert_uint_eq(r->all.pods, 7);
	ck_assert_uint_eq(r->groups[0].pods, 3);
	/* i = 1, 3, 5 were ready */
	ck_assert_uint_eq(r->all.verdicts[VERDICT_SUCCESS], 3);
	ck_assert_uint_eq(r->all.verdicts[VERDICT_FAILED], 4);
	slo_report_free(r);
}
END_TEST

START_TEST(clusters_come_first)
{
	static const struct {
		const char *cluster, *namespace;
	} order[] = { { "", "z" }, { "east", "a" }, { "east", "b" }, { "west", "a" } };
	struct slo_report *r = pod_report_new(0);

	for (size_t i = ARRAY_SIZE(order); i-- > 0;) {
		struct pod p;

		pod_make(&p);
		p.t.cluster = str_from(order[i].cluster);
		p.t.namespace = str_from(order[i].namespace);
		pod_report_add(r, &p);
	}
	pod_report_finish(r);
	ck_assert_uint_eq(r->n_groups, ARRAY_SIZE(order));
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		ck_assert(str_eq(r->groups[i].keys[0], str_from(order[i].cluster)));
		ck_assert(str_eq(r->groups[i].keys[1], str_from(order[i].namespace)));
	}
	slo_report_free(r);
}
END_TEST

/* Only success, slow and failed are judged; the others are shown. */
START_TEST(who_is_judged)
{
	struct slo_report *r = pod_report_new(9);

	for (int v = 0; v < VERDICT_COUNT; v++)
		for (int i = 0; i <= v; i++) {
			struct outcome o;
			struct pod p;

			pod_make(&p);
			o = pod_outcome(&p);
			o.verdict = (enum verdict)v;
			o.exclusion = v == VERDICT_EXCLUDED ? EXCLUSION_MIRROR : EXCLUSION_NONE;
			o.measured = v == VERDICT_SUCCESS || v == VERDICT_SLOW ? SEC(5) : NSEC_NONE;
			o.total = o.measured;
			o.waited = o.measured == NSEC_NONE ? SEC(7) : NSEC_NONE;
			slo_report_add(r, &p.t, &o);
		}
	pod_report_finish(r);
	for (int v = 0; v < VERDICT_COUNT; v++)
		ck_assert_uint_eq(r->all.verdicts[v], (uint64_t)v + 1);
	/* success is the third, slow the fourth, failed the fifth: 3 + 4 + 5 */
	ck_assert_uint_eq(slo_group_judged(&r->all), 12);
	ck_assert_uint_eq(r->all.measured.n, 12);
	ck_assert_uint_eq(r->slowest.n, 9);
	ck_assert_uint_eq(r->all.exclusions[EXCLUSION_MIRROR], 1);
	slo_report_free(r);
}
END_TEST

/* 1, 2, 3 s and one that failed after 1000 s: nearest rank of 4 is ceil(p * 4). */
START_TEST(failed_ones_are_censored)
{
	struct slo_report *r = pod_report_new(0);

	add(r, "shop", "c", 3);
	add(r, "shop", "x", 0);
	add(r, "shop", "a", 1);
	add(r, "shop", "b", 2);
	pod_report_finish(r);
	check_quantile(&r->all.measured, 500, SEC(2), false);
	check_quantile(&r->all.measured, 750, SEC(3), false);
	check_quantile(&r->all.measured, 900, SEC(1000), true);
	check_quantile(&r->all.measured, 1000, SEC(1000), true);
	check_quantile(&r->groups[0].measured, 990, SEC(1000), true);
	slo_report_free(r);
}
END_TEST

START_TEST(nothing)
{
	struct slo_report *r = pod_report_new(5);
	struct quantile_value v;

	pod_report_finish(r);
	ck_assert_uint_eq(r->n_groups, 0);
	ck_assert_uint_eq(r->all.pods, 0);
	ck_assert_uint_eq(slo_group_judged(&r->all), 0);
	ck_assert(!quantile_at(&r->all.measured, 500, &v));
	slo_report_free(r);
	slo_report_free(NULL);
}
END_TEST

/* Pulls of 1 to 5 and 3 to 8 are 7 s of pulling, one of 10 to 12 is 2 more: 9 s of one pod. */
START_TEST(stage_time_is_a_union)
{
	struct slo_report *r = pod_report_new(0);
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(20));
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(1));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(1), AT(5));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(3), AT(8));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(4), AT(6));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(10), AT(12));
	pod_stage(&p, STAGE_CREATE, AT(12), NSEC_NONE)->open = false;
	pod_report_add(r, &p);
	pod_report_finish(r);
	ck_assert_uint_eq(r->stages[STAGE_IMAGE_PULL].seconds.n, 1);
	ck_assert_int_eq(r->stages[STAGE_IMAGE_PULL].sum, SEC(9));
	check_quantile(&r->stages[STAGE_IMAGE_PULL].seconds, 500, SEC(9), false);
	ck_assert_int_eq(r->stages[STAGE_SANDBOX].sum, SEC(1));
	ck_assert_uint_eq(r->stages[STAGE_CREATE].seconds.n, 0);
	ck_assert_int_eq(r->total_sum, SEC(20));
	slo_report_free(r);
}
END_TEST

/* Stages are of the pods that were delivered. */
START_TEST(stages_of_the_undelivered_do_not_count)
{
	struct slo_report *r = pod_report_new(0);
	struct pod p;

	pod_make(&p);
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(1));
	pod_report_add(r, &p);
	pod_make(&p);
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(1));
	pod_mark(&p, MILESTONE_READY, AT(2));
	p.t.mirror = true;
	pod_report_add(r, &p);
	ck_assert_uint_eq(r->stages[STAGE_SANDBOX].seconds.n, 0);
	ck_assert_int_eq(r->total_sum, 0);
	slo_report_free(r);
}
END_TEST

/* The slowest */

static const struct {
	const char *namespace, *name;
	int ready;
} pods[] = {
	/* in the expected order: failed, then by time, then by namespace and name */
	{ "shop", "f", 0 },  { "shop", "z", 70 }, { "a", "q", 60 },   { "shop", "a", 60 },
	{ "shop", "b", 60 }, { "web", "a", 60 },  { "shop", "c", 8 }, { "shop", "d", 7 },
};

/* The stage in which a pod failed is to blame, not the longest that it had left. */
START_TEST(failed_ones_blame_where_they_stood)
{
	static const struct stage stages[] = {
		{ .stage = STAGE_ADMISSION, .start = { .at = AT(0) }, .end = { .at = AT(30) } },
		{ .stage = STAGE_SANDBOX,
		  .start = { .at = AT(30) },
		  .end = { .at = NSEC_NONE },
		  .open = true },
	};
	static const enum verdict verdicts[] = { VERDICT_FAILED, VERDICT_SLOW };
	struct slo_report *r = pod_report_new(2);

	for (size_t i = 0; i < 2; i++) {
		struct outcome o;
		struct pod p;

		pod_make(&p);
		o = pod_outcome(&p);
		o.verdict = verdicts[i];
		o.measured = i ? SEC(50) : NSEC_NONE;
		o.waited = i ? NSEC_NONE : SEC(50);
		o.until = AT(31);
		o.stages = stages;
		o.n_stages = ARRAY_SIZE(stages);
		slo_report_add(r, &p.t, &o);
	}
	pod_report_finish(r);
	ck_assert_uint_eq(r->slowest.n, 2);
	ck_assert_int_eq(r->slowest.items[0].stage, STAGE_SANDBOX);
	ck_assert_int_eq(r->slowest.items[0].stage_time, SEC(1));
	ck_assert_int_eq(r->slowest.items[1].stage, STAGE_ADMISSION);
	slo_report_free(r);
}
END_TEST

START_TEST(slowest_in_any_order_of_adding)
{
	struct slo_report *r = pod_report_new(6);
	size_t n = ARRAY_SIZE(pods);

	/* 3 has no factor in common with 8, so every start gives another order of all */
	for (size_t i = 0; i < n; i++) {
		size_t at = ((size_t)_i + 3 * i) % n;

		add(r, pods[at].namespace, pods[at].name, pods[at].ready);
	}
	pod_report_finish(r);
	ck_assert_uint_eq(r->slowest.n, 6);
	for (size_t i = 0; i < 6; i++) {
		ck_assert(str_eq(r->slowest.items[i].namespace, str_from(pods[i].namespace)));
		ck_assert(str_eq(r->slowest.items[i].name, str_from(pods[i].name)));
	}
	ck_assert_int_eq(r->slowest.items[0].verdict, VERDICT_FAILED);
	ck_assert_int_eq(r->slowest.items[0].waited, SEC(1000));
	ck_assert_int_eq(r->slowest.items[0].measured, NSEC_NONE);
	ck_assert_int_eq(r->slowest.items[1].measured, SEC(70));
	slo_report_free(r);
}
END_TEST

START_TEST(slowest_limits)
{
	struct slo_report *none = pod_report_new(0), *all = pod_report_new(100);

	for (size_t i = 0; i < ARRAY_SIZE(pods); i++) {
		add(none, pods[i].namespace, pods[i].name, pods[i].ready);
		add(all, pods[i].namespace, pods[i].name, pods[i].ready);
	}
	ck_assert_uint_eq(none->slowest.n, 0);
	ck_assert_uint_eq(all->slowest.n, ARRAY_SIZE(pods));
	slo_report_free(none);
	slo_report_free(all);
}
END_TEST

/* Data of a pod in the report outlives the pod, and null stays null. */
START_TEST(slowest_are_copies)
{
	struct slo_report *r = pod_report_new(2);
	char name[] = "web-1";
	struct pod p;

	pod_make(&p);
	p.t.name = (struct str){ name, 5 };
	p.t.uid = (struct str){ 0 };
	p.t.node = STR("");
	pod_stage(&p, STAGE_IMAGE_PULL, AT(1), AT(5))->subject = (struct str){ name, 5 };
	pod_mark(&p, MILESTONE_READY, AT(6));
	pod_report_add(r, &p);
	memset(name, 'x', 5);
	ck_assert(str_eq(r->slowest.items[0].name, STR("web-1")));
	ck_assert(str_eq(r->slowest.items[0].subject, STR("web-1")));
	ck_assert_ptr_null(r->slowest.items[0].uid.p);
	ck_assert_ptr_nonnull(r->slowest.items[0].node.p);
	slo_report_free(r);
}
END_TEST

START_TEST(longest_stage_of_a_delivered_pod)
{
	struct slo_report *r = pod_report_new(1);
	struct pod p;

	pod_make(&p);
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(3));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(3), AT(9));
	pod_stage(&p, STAGE_READINESS, AT(9), AT(14));
	pod_mark(&p, MILESTONE_READY, AT(14));
	pod_report_add(r, &p);
	ck_assert_int_eq(r->slowest.items[0].stage, STAGE_IMAGE_PULL);
	ck_assert_int_eq(r->slowest.items[0].stage_time, SEC(6));
	slo_report_free(r);
}
END_TEST

/*
 * Deleted after 1000 s, the probe never passed: it waited 5 s of delivery time, but the stage that
 * it hung in is the 995 s of readiness.
 */
START_TEST(longest_stage_of_a_failed_pod)
{
	struct slo_report *r = pod_report_new(1);
	struct pod p;

	pod_make(&p);
	pod_stage(&p, STAGE_SANDBOX, AT(0), AT(5));
	pod_stage(&p, STAGE_READINESS, AT(5), NSEC_NONE);
	pod_mark(&p, MILESTONE_DELETED, AT(1000));
	pod_report_add(r, &p);
	ck_assert_int_eq(r->slowest.items[0].verdict, VERDICT_FAILED);
	ck_assert_int_eq(r->slowest.items[0].waited, SEC(5));
	ck_assert_int_eq(r->slowest.items[0].stage, STAGE_READINESS);
	ck_assert_int_eq(r->slowest.items[0].stage_time, SEC(995));
	slo_report_free(r);
}
END_TEST

START_TEST(no_stage_is_known)
{
	struct slo_report *r = pod_report_new(1);

	add(r, "shop", "web", 5);
	ck_assert_int_eq(r->slowest.items[0].stage, STAGE_COUNT);
	slo_report_free(r);
}
END_TEST

Suite *suite_report(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	suite_add_tcase(s, t);
	tcase_add_test(t, groups_are_sorted_and_add_up);
	tcase_add_test(t, long_names_stay_apart);
	tcase_add_test(t, clusters_come_first);
	tcase_add_test(t, who_is_judged);
	tcase_add_test(t, failed_ones_are_censored);
	tcase_add_test(t, nothing);
	tcase_add_test(t, stage_time_is_a_union);
	tcase_add_test(t, stages_of_the_undelivered_do_not_count);
	tcase_add_loop_test(t, slowest_in_any_order_of_adding, 0, 8);
	tcase_add_test(t, failed_ones_blame_where_they_stood);
	tcase_add_test(t, slowest_limits);
	tcase_add_test(t, slowest_are_copies);
	tcase_add_test(t, longest_stage_of_a_delivered_pod);
	tcase_add_test(t, longest_stage_of_a_failed_pod);
	tcase_add_test(t, no_stage_is_known);
	return s;
}
