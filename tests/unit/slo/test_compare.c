/* SPDX-License-Identifier: Apache-2.0 */
/* Two sides of deliveries to rows, tests, onsets, new things and groups. */
#include "suites.h"

#include "slo/compare.h"

#include <stdio.h>

static struct compare *c;

static void setup(void)
{
	c = compare_new(COMPARE_BY_NODE);
}

static void teardown(void)
{
	compare_free(c);
	c = NULL;
}

/* A pod created at so many seconds, delivered after so many, all of it in one stage; 0: it failed
 * in that stage, which never ended. */
struct made {
	int created, took;
	const char *node, *image;
};

static void add(enum side side, const char *name, struct made m)
{
	struct pod p;

	pod_make(&p);
	p.t.name = p.t.uid = str_from(name);
	p.t.node = str_from(m.node ? m.node : "node-1");
	p.containers[0].image = str_from(m.image ? m.image : "quay.io/web:1");
	pod_mark(&p, MILESTONE_CREATED, AT(m.created));
	if (m.took) {
		pod_mark(&p, MILESTONE_READY, AT(m.created + m.took));
		pod_stage(&p, STAGE_SANDBOX, AT(m.created), AT(m.created + m.took));
	} else {
		pod_mark(&p, MILESTONE_DELETED, AT(m.created + 1000));
		pod_stage(&p, STAGE_SANDBOX, AT(m.created), NSEC_NONE);
	}
	compare_add(c, side, &p.t, pod_judge(&p));
}

/* n pods a second apart, which take took, took + 1, ... seconds. */
static void add_many(enum side side, int from, int n, int took)
{
	char name[32];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "pod-%d-%d", from, i);
		add(side, name, (struct made){ from + i, took + i, NULL, NULL });
	}
}

static const struct compare_duration *duration(const struct comparison *r, enum sli measure)
{
	for (size_t i = 0; i < r->n_durations; i++)
		if (r->durations[i].measure == measure)
			return &r->durations[i];
	return NULL;
}

static const struct compare_share *share(const struct comparison *r, const char *name)
{
	for (size_t i = 0; i < r->n_shares; i++)
		if (str_eq(r->shares[i].name, str_from(name)))
			return &r->shares[i];
	return NULL;
}

/* n pods a second apart, all of which take as long. */
static void add_equal(enum side side, int from, int n, int took)
{
	char name[32];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "pod-%d-%d", from, i);
		add(side, name, (struct made){ from + i, took, NULL, NULL });
	}
}

/* 5 and 5 without overlap: 2 of 252 orders. */
START_TEST(slower_after)
{
	const struct comparison *r;
	const struct compare_duration *d;

	add_many(SIDE_BEFORE, 0, 5, 1);
	add_many(SIDE_AFTER, 100, 5, 11);
	r = compare_finish(c, false);
	d = duration(r, SLI_DELIVERY);
	ck_assert_int_eq(d->change, SEC(10));
	ck_assert_int_eq(d->test.kind, TEST_RANKSUM_EXACT);
	ck_assert(d->test.p > 2.0 / 252 - 1e-12 && d->test.p < 2.0 / 252 + 1e-12);
	/* delivery, total, the stage, attainment, success: 5 tests, and the three durations tie */
	ck_assert_uint_eq(r->n_tests, 5);
	ck_assert(d->test.corrected > 10.0 / 252 - 1e-12 && d->test.corrected < 10.0 / 252 + 1e-12);
	ck_assert_int_eq(d->test.tendency, TENDENCY_MORE);
	ck_assert(d->test.share == 1);
	ck_assert_int_eq(duration(r, SLI_STAGES + STAGE_SANDBOX)->change, SEC(10));
	ck_assert_ptr_null(duration(r, SLI_STAGES + STAGE_INIT));
	ck_assert(comparison_is_slower(r));
	ck_assert_int_eq(share(r, "attainment")->test.tendency, TENDENCY_NONE);
	ck_assert(share(r, "attainment")->test.p == 1);
}
END_TEST

START_TEST(faster_after)
{
	const struct comparison *r;

	add_many(SIDE_BEFORE, 0, 5, 11);
	add_many(SIDE_AFTER, 100, 5, 1);
	r = compare_finish(c, false);
	ck_assert_int_eq(duration(r, SLI_DELIVERY)->change, -SEC(10));
	ck_assert_int_eq(duration(r, SLI_DELIVERY)->test.tendency, TENDENCY_LESS);
	ck_assert_uint_eq(r->n_worse, 0);
	ck_assert(!comparison_is_slower(r));
}
END_TEST

START_TEST(four_are_too_few)
{
	const struct comparison *r;

	add_many(SIDE_BEFORE, 0, 4, 1);
	add_many(SIDE_AFTER, 100, 50, 1000);
	r = compare_finish(c, false);
	ck_assert_int_eq(duration(r, SLI_TOTAL)->test.kind, TEST_NONE);
	ck_assert_int_eq(duration(r, SLI_TOTAL)->test.tendency, TENDENCY_UNTESTED);
	/* 1000 s are slow: 4 of 4 and 0 of 50 are good, and that is tested */
	ck_assert_int_eq(share(r, "attainment")->test.tendency, TENDENCY_LESS);
	ck_assert(comparison_is_slower(r));
}
END_TEST

/* Pods that fail were never delivered: they rank after the slowest. */
START_TEST(failed_ones_are_slowest)
{
	struct comparison *r;
	struct compare_duration *d;
	struct quantile_value v;
	char name[8];

	add_many(SIDE_BEFORE, 0, 8, 1);
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		add(SIDE_AFTER, name, (struct made){ 100 + i, 0, NULL, NULL });
	}
	r = compare_finish(c, false);
	d = &r->durations[0];
	ck_assert_int_eq(d->measure, SLI_DELIVERY);
	ck_assert_int_eq(d->test.tendency, TENDENCY_MORE);
	ck_assert_int_eq(d->test.kind, TEST_RANKSUM_NORMAL); /* they are tied */
	ck_assert_int_eq(d->change, NSEC_NONE);
	ck_assert_uint_eq(d->censored[SIDE_AFTER], 8);
	ck_assert(quantile_at(&d->values[SIDE_AFTER], 500, &v) && v.censored);
	ck_assert_int_eq(v.value, SEC(1000));
	ck_assert_uint_eq(duration(r, SLI_STAGES + STAGE_SANDBOX)->censored[SIDE_AFTER], 8);
	ck_assert_int_eq(share(r, "failed")->test.tendency, TENDENCY_MORE);
	ck_assert(comparison_is_worse(share(r, "failed")));
}
END_TEST

/* 14 good ones and 12 slow ones, split among the good ones: it began after the split. */
START_TEST(onset_behind_the_cut)
{
	const struct compare_duration *d;

	add_equal(SIDE_BEFORE, 0, 10, 1);
	add_equal(SIDE_AFTER, 10, 4, 1);
	add_equal(SIDE_AFTER, 14, 12, 50);
	d = duration(compare_finish(c, false), SLI_DELIVERY);
	ck_assert_int_eq(d->test.tendency, TENDENCY_MORE);
	ck_assert(d->onset.clear);
	ck_assert(!d->onset.in_before);
	ck_assert_int_eq(d->onset.at, AT(14));
	/* p99 of before is 1 s */
	ck_assert(str_eq(d->onset.first->name, STR("pod-14-0")));
	ck_assert_int_eq(d->onset.value->value, SEC(50));
}
END_TEST

START_TEST(onset_before_the_cut)
{
	const struct compare_duration *d;

	add_equal(SIDE_BEFORE, 0, 12, 1);
	add_equal(SIDE_BEFORE, 12, 3, 50);
	add_equal(SIDE_AFTER, 15, 12, 50);
	d = duration(compare_finish(c, false), SLI_DELIVERY);
	ck_assert(d->onset.clear);
	ck_assert(d->onset.in_before);
	ck_assert_int_eq(d->onset.at, AT(12));
}
END_TEST

static const struct {
	int before, after;
	bool other_cluster;
	enum compare_order order;
} orders[] = {
	{ 0, 100, false, ORDER_FOLLOWS },  { 0, 100, true, ORDER_CLUSTERS },
	{ 0, 3, false, ORDER_OVERLAP },	   { 0, 0, false, ORDER_OVERLAP },
	{ 100, 0, false, ORDER_REVERSED },
};

START_TEST(order_of_the_sides)
{
	const struct comparison *r;

	add_many(SIDE_BEFORE, orders[_i].before, 5, 1);
	add_many(SIDE_AFTER, orders[_i].after, 5, 50);
	r = compare_finish(c, orders[_i].other_cluster);
	ck_assert_int_eq(r->order, orders[_i].order);
	ck_assert_uint_eq(r->n_worse, 3); /* delivery, total, the stage */
	for (size_t i = 0; i < r->n_worse; i++)
		if (r->order != ORDER_FOLLOWS)
			ck_assert(!r->worse[i].duration->onset.clear);
}
END_TEST

START_TEST(empty_sides)
{
	const struct comparison *r;

	if (_i)
		add_many(_i == 1 ? SIDE_BEFORE : SIDE_AFTER, 0, 6, 1);
	r = compare_finish(c, false);
	ck_assert_int_eq(r->order, ORDER_EMPTY);
	ck_assert_uint_eq(r->n_tests, 0);
	ck_assert_uint_eq(r->n_worse, 0);
}
END_TEST

/* Half of the pods after have a new image of a new registry, and those take 10 s longer. */
START_TEST(new_things)
{
	const struct comparison *r;
	char name[8];

	add_many(SIDE_BEFORE, 0, 6, 1);
	for (int i = 0; i < 12; i++) {
		bool new = i % 2;

		snprintf(name, sizeof(name), "n%d", i);
		add(SIDE_AFTER, name,
		    (struct made){ 100 + i, 1 + i / 2 + (new ? 10 : 0), new ? "node-9" : NULL,
				   new ? "registry.local:5000/web:2" : NULL });
	}
	r = compare_finish(c, false);
	ck_assert_uint_eq(r->n_news, 3);
	ck_assert_int_eq(r->news[0].thing, THING_IMAGE);
	ck_assert(str_eq(r->news[0].name, STR("registry.local:5000/web:2")));
	ck_assert_uint_eq(r->news[0].pods, 6);
	ck_assert_int_eq(r->news[0].without, SEC(3));
	ck_assert_int_eq(r->news[0].with, SEC(13));
	ck_assert_int_eq(r->news[0].test.tendency, TENDENCY_MORE);
	ck_assert_int_eq(r->news[1].thing, THING_REGISTRY);
	ck_assert(str_eq(r->news[1].name, STR("registry.local:5000")));
	ck_assert_int_eq(r->news[2].thing, THING_NODE);
	ck_assert(str_eq(r->news[2].name, STR("node-9")));
}
END_TEST

START_TEST(groups_by_node)
{
	const struct comparison *r;
	static const char *const nodes[] = { "a", "b", "c" };
	char name[16];

	for (int side = 0; side < 2; side++)
		for (int i = 0; i < 18; i++) {
			const char *node = nodes[i % 3];
			int more = side && *node == 'b' ? 20 : 0;

			snprintf(name, sizeof(name), "g%d-%d", side, i);
			if (side && *node == 'c')
				node = "d"; /* c is before only, d after only */
			add((enum side)side, name,
			    (struct made){ side * 100 + i, 1 + i + more, node, NULL });
		}
	r = compare_finish(c, false);
	ck_assert_uint_eq(r->n_groups, 2);
	ck_assert_uint_eq(r->n_alone[SIDE_BEFORE], 1);
	ck_assert_uint_eq(r->n_alone[SIDE_AFTER], 1);
	ck_assert(str_eq(r->groups[0].name, STR("b")));
	ck_assert_int_eq(r->groups[0].change, SEC(20));
	ck_assert_int_eq(r->groups[0].test.tendency, TENDENCY_MORE);
	ck_assert(str_eq(r->groups[1].name, STR("a")));
	ck_assert_int_eq(r->groups[1].change, 0);
	ck_assert_int_eq(r->groups[1].test.tendency, TENDENCY_NONE);
}
END_TEST

/* [0, 10) and [5, 12) and [20, 21) are 13 s; an open one from 30 to 40 makes 23 s and more. */
START_TEST(time_in_a_stage)
{
	struct stage_edge end;
	struct pod p;
	size_t n;

	pod_make(&p);
	pod_stage(&p, STAGE_IMAGE_PULL, AT(0), AT(10));
	pod_stage(&p, STAGE_SANDBOX, AT(1), AT(2));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(5), AT(12));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(20), AT(21));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(30), NSEC_NONE);
	n = p.t.n_stages;
	ck_assert_int_eq(stages_time(p.stages, n, STAGE_IMAGE_PULL, NSEC_NONE, &end), SEC(13));
	ck_assert(!end.open);
	ck_assert_int_eq(stages_time(p.stages, n, STAGE_IMAGE_PULL, AT(40), &end), SEC(23));
	ck_assert(end.open);
	ck_assert_int_eq(stages_time(p.stages, n, STAGE_INIT, AT(40), NULL), NSEC_NONE);
}
END_TEST

Suite *suite_compare(void)
{
	Suite *suite = suite_create("compare");
	TCase *tests = tcase_create("compare");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, slower_after);
	tcase_add_test(tests, faster_after);
	tcase_add_test(tests, four_are_too_few);
	tcase_add_test(tests, failed_ones_are_slowest);
	tcase_add_test(tests, onset_behind_the_cut);
	tcase_add_test(tests, onset_before_the_cut);
	tcase_add_loop_test(tests, order_of_the_sides, 0, ARRAY_SIZE(orders));
	tcase_add_loop_test(tests, empty_sides, 0, 3);
	tcase_add_test(tests, new_things);
	tcase_add_test(tests, groups_by_node);
	tcase_add_test(tests, time_in_a_stage);
	suite_add_tcase(suite, tests);
	return suite;
}
