/* SPDX-License-Identifier: Apache-2.0 */
/* Groups by anything; and which pods the startup SLI leaves out. */
#include "suites.h"

static struct slo_report *report_by(const char *by)
{
	struct grouping g;
	struct err err;

	ck_assert_int_eq(grouping_parse(str_from(by), &g, &err), 0);
	return slo_report_new(
	    &(struct slo_report_config){ .grouping = g, .settings = pod_settings() });
}

/* The groups' keys joined: "a/b=2 c/-=1"; unknown is "-". */
static void check_groups(struct slo_report *r, const char *expected)
{
	struct buf text = { 0 };

	pod_report_finish(r);
	for (size_t i = 0; i < r->n_groups; i++) {
		for (size_t k = 0; k < r->config.grouping.n; k++) {
			struct str key = r->groups[i].keys[k];

			buf_printf(&text, "%s" STR_FMT,
				   k   ? "|"
				   : i ? " "
				       : "",
				   STR_ARG(key.p ? key : STR("-")));
		}
		buf_printf(&text, "=%llu", (unsigned long long)r->groups[i].pods);
	}
	ck_assert_msg(str_eq(buf_str(&text), str_from(expected)), STR_FMT " is not %s",
		      STR_ARG(buf_str(&text)), expected);
	buf_free(&text);
}

static void add_container(struct pod *p, const char *image, int64_t cpu_milli)
{
	size_t n = p->object.n_containers++;

	p->containers[n] = (struct container_spec){ .kind = CONTAINER_APP,
						    .image = str_from(image),
						    .cpu_milli = cpu_milli };
}

static void make(struct pod *p)
{
	pod_make(p);
	p->t.cluster = STR("east");
	p->t.workload_kind = STR("Deployment");
	p->t.workload_name = STR("web");
	p->object.n_containers = 0;
	pod_mark(p, MILESTONE_READY, AT(3));
}

/* Two pods: of one everything is known, five containers too; of the other nothing. */
static const struct {
	const char *by, *groups;
} cases[] = {
	{ "namespace", "east|shop=1 west|shop=1" },
	{ "cluster", "east=1 west=1" },
	{ "workload", "east|shop|Deployment/web=1 west|shop|-=1" },
	{ "ownerKind", "Deployment=1 -=1" },
	{ "node", "east|node-1=1 west|-=1" },
	{ "class", "nontypical1=1 -=1" },
	/* 1.9 and 2.5 cores are 1 and 2 whole ones */
	{ "cores", "3=1 -=1" },
	/* the pod counts for each of its four images, but for each registry once */
	{ "image", "localhost:5000/a=1 redis=1 registry.example/a/b:1=1 team/redis=1 -=1" },
	{ "registry", "docker.io=1 localhost:5000=1 registry.example=1 -=1" },
	{ "code", "=2" },
	{ "time=1h", "2026-01-01T00:00:00.000000000Z=2" },
	{ "storageClass", "east|-=1 west|-=1" },
	{ "ownerKind,class", "Deployment|nontypical1=1 -|-=1" },
	{ "class,namespace", "nontypical1|east|shop=1 -|west|shop=1" },
	/* the registry of that image, not every pair */
	{ "registry,image", "docker.io|redis=1 docker.io|team/redis=1 "
			    "localhost:5000|localhost:5000/a=1 "
			    "registry.example|registry.example/a/b:1=1 -|-=1" },
	{ "namespace,namespace", "east|shop=1 west|shop=1" },
};

START_TEST(grouping)
{
	struct slo_report *r = report_by(cases[_i].by);
	struct pod known, unknown;

	make(&known);
	add_container(&known, "redis", 1900);
	add_container(&known, "registry.example/a/b:1", 2500);
	add_container(&known, "team/redis", 0);
	add_container(&known, "redis", 0);
	add_container(&known, "localhost:5000/a", 0);
	pod_make(&unknown);
	unknown.t.cluster = STR("west");
	unknown.t.object = NULL;
	unknown.t.node = (struct str){ 0 };
	pod_report_add(r, &unknown);
	pod_report_add(r, &known);
	check_groups(r, cases[_i].groups);
	ck_assert_uint_eq(r->all.pods, 2);
	slo_report_free(r);
}
END_TEST

START_TEST(each_dimension_is_a_case)
{
	const char *name = dimension_rows[_i].name;
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		found = found || str_starts(str_from(cases[i].by), str_from(name));
	ck_assert_msg(found, "dimension %s needs a line in cases of this test", name);
}
END_TEST

/* Numbers, not texts: 2 comes before 16. */
START_TEST(cores_sort_as_numbers)
{
	struct slo_report *r = report_by("cores");
	static const int cores[] = { 16, 2, 0, 100 };

	for (size_t i = 0; i < ARRAY_SIZE(cores); i++) {
		struct pod p;

		make(&p);
		add_container(&p, "a", cores[i] * 1000);
		pod_report_add(r, &p);
	}
	check_groups(r, "0=1 2=1 16=1 100=1");
	slo_report_free(r);
}
END_TEST

/* Created at 0, 20 and 61 minutes: rows of 20 minutes, one of them empty. */
START_TEST(empty_buckets_are_rows)
{
	static const int minutes[] = { 61, 0, 20, 39 };
	struct slo_report *r = report_by("time=20m");

	for (size_t i = 0; i < ARRAY_SIZE(minutes); i++) {
		struct pod p;

		make(&p);
		pod_mark(&p, MILESTONE_CREATED, AT(60 * minutes[i]));
		pod_mark(&p, MILESTONE_READY, AT(60 * minutes[i] + 1));
		pod_report_add(r, &p);
	}
	check_groups(r, "2026-01-01T00:00:00.000000000Z=1 2026-01-01T00:20:00.000000000Z=2 "
			"2026-01-01T00:40:00.000000000Z=0 2026-01-01T01:00:00.000000000Z=1");
	slo_report_free(r);
}
END_TEST

/* Two pods a year apart, by second: there must not be 31 million rows. */
START_TEST(too_many_buckets_stay_out)
{
	struct slo_report *r = report_by("time=1s");

	for (int i = 0; i < 2; i++) {
		struct pod p;

		make(&p);
		pod_mark(&p, MILESTONE_CREATED, AT(i * 365 * 86400));
		pod_report_add(r, &p);
	}
	pod_report_finish(r);
	ck_assert_uint_eq(r->n_groups, 2);
	slo_report_free(r);
}
END_TEST

START_TEST(no_such_dimension)
{
	static const char *const texts[] = { "",	 "pod",	    "namespace,",	 ",node",
					     "time",	 "time=",   "time=0s",		 "time=5",
					     "time=1ms", "node=1m", "node,class,time=1m" };
	struct grouping g;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct err err = { 0 };

		ck_assert_int_eq(grouping_parse(str_from(texts[i]), &g, &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.message, "--by"));
	}
}
END_TEST

/* Startup */

enum { EXCLUDE, DENY, NO_OBJECT, NO_SPEC, STATEFUL, PREEMPTED, UNSEEN, ENDED, TAKEN };

static const struct {
	int change;
	enum startup_reason startup, kubelet;
} reasons[] = {
	{ EXCLUDE, STARTUP_EXCLUDED, STARTUP_EXCLUDED },
	{ DENY, STARTUP_DENIED, STARTUP_DENIED },
	{ NO_OBJECT, STARTUP_NO_SPEC, STARTUP_NO_SPEC },
	{ NO_SPEC, STARTUP_NO_SPEC, STARTUP_NO_SPEC },
	{ STATEFUL, STARTUP_STATEFUL, STARTUP_STATEFUL },
	{ PREEMPTED, STARTUP_UNSCHEDULABLE, STARTUP_UNSCHEDULABLE },
	{ UNSEEN, STARTUP_UNSEEN, STARTUP_UNSEEN },
	{ ENDED, STARTUP_TAKEN, STARTUP_ENDED },
	{ TAKEN, STARTUP_TAKEN, STARTUP_TAKEN },
};

/*
 * Created half a second after its timestamp, seen started after 10 s, 4 of them a pull: 6 s, and
 * 6.5 s for the kubelet, which counts from the timestamp.
 */
START_TEST(startup_reasons)
{
	struct slo_report *r = report_by("namespace");
	struct entry seen = { .fact.kind = FACT_RUNNING };
	struct pod p;

	make(&p);
	pod_mark(&p, MILESTONE_CREATED, AT(0) + SECOND / 2);
	pod_mark(&p, MILESTONE_OBSERVED, AT(10) + SECOND / 2)->evidence = &seen;
	pod_mark(&p, MILESTONE_RUNNING, AT(10));
	pod_mark(&p, MILESTONE_READY, AT(12));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(2), AT(6));
	p.t.mirror = reasons[_i].change == EXCLUDE;
	p.t.denied = reasons[_i].change == DENY;
	p.t.object = reasons[_i].change == NO_OBJECT ? NULL : &p.object;
	p.object.has_spec = reasons[_i].change != NO_SPEC;
	p.object.stateful = reasons[_i].change == STATEFUL;
	p.t.unschedulable = reasons[_i].change == PREEMPTED;
	if (reasons[_i].change == UNSEEN)
		p.t.marks[MILESTONE_OBSERVED] = (struct mark){ .at = NSEC_NONE };
	if (reasons[_i].change == ENDED)
		seen.fact.kind = FACT_TERMINATED;
	pod_report_add(r, &p);
	ck_assert_int_eq(p.d.startup_reason, reasons[_i].startup);
	ck_assert_int_eq(p.d.kubelet_reason, reasons[_i].kubelet);
	ck_assert_int_eq(p.d.startup, reasons[_i].startup ? NSEC_NONE : SEC(6));
	ck_assert_int_eq(p.d.kubelet, reasons[_i].kubelet ? NSEC_NONE : SEC(6) + SECOND / 2);
	ck_assert_uint_eq(r->startup.excluded[reasons[_i].startup], 1);
	ck_assert_uint_eq(r->kubelet.excluded[reasons[_i].kubelet], 1);
	ck_assert_uint_eq(r->startup.seconds.n, reasons[_i].startup == STARTUP_TAKEN);
	ck_assert_uint_eq(r->kubelet.seconds.n, reasons[_i].kubelet == STARTUP_TAKEN);
	slo_report_free(r);
}
END_TEST

Suite *suite_dimension(void)
{
	Suite *s = suite_create("dimension");
	TCase *t = tcase_create("dimension");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, each_dimension_is_a_case, 0, DIMENSION_COUNT);
	tcase_add_loop_test(t, grouping, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(t, cores_sort_as_numbers);
	tcase_add_test(t, empty_buckets_are_rows);
	tcase_add_test(t, too_many_buckets_stay_out);
	tcase_add_test(t, no_such_dimension);
	tcase_add_loop_test(t, startup_reasons, 0, (int)ARRAY_SIZE(reasons));
	return s;
}
