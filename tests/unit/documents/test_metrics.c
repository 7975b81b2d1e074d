/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics, and the documents of other tools. */
#include "suites.h"

#include "../page/ground.h"
#include "documents/kube_burner.h"
#include "documents/perfdash.h"
#include "documents/slo_metrics.h"

#include <cjson/cJSON.h>

static const nsec bounds[] = { SECOND / 2, SEC(1), SEC(10) };
static const struct metric_family families[] = {
	{ "z_total", "Counted.", NULL, 0 },
	{ "a_seconds", "Measured.", bounds, ARRAY_SIZE(bounds) },
	{ "unused_total", "Nothing.", NULL, 0 },
};

/* Families in their order, samples in that of their labels; buckets add up; a bound is inside. */
START_TEST(exposition)
{
	static const char expected[] = "# HELP z_total Counted.\n"
				       "z_total 2\n"
				       "z_total{a=\"\\\"x\\\\\"} 3\n"
				       "z_total{a=\"\\\\x0a\",b=\"\"} 1\n"
				       "# HELP a_seconds Measured.\n"
				       "# TYPE a_seconds histogram\n"
				       "# UNIT a_seconds seconds\n"
				       "a_seconds_bucket{k=\"v\",le=\"0.5\"} 1\n"
				       "a_seconds_bucket{k=\"v\",le=\"1.0\"} 2\n"
				       "a_seconds_bucket{k=\"v\",le=\"10.0\"} 3\n"
				       "a_seconds_bucket{k=\"v\",le=\"+Inf\"} 4\n"
				       "a_seconds_sum{k=\"v\"} 102.600000000\n"
				       "a_seconds_count{k=\"v\"} 4\n"
				       "# EOF\n";
	static const nsec values[] = { SEC(100), SECOND / 2, SEC(1), SEC(11) / 10 };
	struct metrics m;
	struct buf out = { 0 };

	metrics_begin(&m, families, ARRAY_SIZE(families));
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		metrics_start(&m, 1);
		metrics_label(&m, "k", STR("v"));
		metrics_observe(&m, values[i]);
	}
	metrics_start(&m, 0);
	metrics_label(&m, "a", STR("\n"));
	metrics_label(&m, "b", (struct str){ 0 });
	metrics_count(&m, 1);
	for (uint64_t i = 1; i <= 2; i++) {
		metrics_start(&m, 0);
		metrics_label(&m, "a", STR("\"x\\"));
		metrics_count(&m, i);
	}
	metrics_start(&m, 0);
	metrics_count(&m, 2);
	metrics_write(&m, &out);
	ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "\n" STR_FMT,
		      STR_ARG(buf_str(&out)));
	buf_free(&out);
	metrics_free(&m);
}
END_TEST

static void check_has(const struct buf *out, const char *text)
{
	ck_assert_msg(str_contains(buf_str(out), str_from(text)), "no '%s' in\n" STR_FMT, text,
		      STR_ARG(buf_str(out)));
}

/* Ready after 80 s, 10 of them readiness: 70 s of delivery. */
static void make_ready(struct pod *p)
{
	pod_make(p);
	p->t.workload_kind = STR("Deployment");
	p->containers[0].cpu_milli = 2500;
	pod_mark(p, MILESTONE_SCHEDULED, AT(1));
	pod_mark(p, MILESTONE_READY, AT(80));
	pod_stage(p, STAGE_IMAGE_PULL, AT(2), AT(60));
	pod_stage(p, STAGE_READINESS, AT(60), AT(70));
}

START_TEST(delivery)
{
	static const char pod[] = "cluster=\"\",namespace=\"shop\",ownerref=\"Deployment\","
				  "is_job=\"false\",cores=\"2\"";
	struct buf out = { 0 }, text = { 0 };
	struct metrics m;
	struct outcome o;
	struct pod p;

	make_ready(&p);
	o = pod_outcome(&p);
	slo_metrics_begin(&m);
	slo_metrics_add(&m, &p.t, &o, pod_settings());
	o.verdict = VERDICT_EXCLUDED; /* not counted at all */
	slo_metrics_add(&m, &p.t, &o, pod_settings());
	metrics_write(&m, &out);
	buf_printf(&text, "slo_pod_create_total{%s} 1\n", pod);
	buf_add_char(&text, 0);
	check_has(&out, text.p);
	buf_reset(&text);
	buf_printf(&text, "slo_pod_startup_slo_latency_seconds_sum{%s,slo_time=\"90\"} 70.0000000",
		   pod);
	buf_add_char(&text, 0);
	check_has(&out, text.p);
	check_has(&out, "result=\"success\",verdict=\"success\",delivery_status=\"SUCCESS\"} 1\n");
	check_has(&out, "milestone=\"ready\",le=\"60.0\"} 0\n");
	check_has(&out, "milestone=\"ready\",le=\"120.0\"} 1\n");
	/* 79 s since the binding; nothing from the binding to itself */
	check_has(&out, "milestone=\"ready\"} 79.000000000\n");
	ck_assert(!str_contains(buf_str(&out), STR("milestone=\"scheduled\"} 0.0")));
	check_has(&out, "slo_image_pull_duration_seconds_sum{cluster=\"\",namespace=\"shop\"} 58.");
	buf_free(&text);
	buf_free(&out);
	metrics_free(&m);
}
END_TEST

static const struct {
	enum slo slo;
	const char *line, *sum;
} others[] = {
	{ SLO_DELETE,
	  "slo_pod_delete_results_total{cluster=\"\",namespace=\"shop\",node=\"node-1\","
	  "result=\"kubernetes.io/pvc-protection\",verdict=\"failed\",delivery_status=\"FAIL\"} "
	  "1\n",
	  "slo_pod_delete_latency_seconds_sum{cluster=\"\",namespace=\"shop\",phase=\"killingpod\"}"
	  " "
	  "3.0" },
	{ SLO_UPGRADE,
	  "slo_pod_upgrade_results_total{cluster=\"\",namespace=\"shop\",node=\"node-1\","
	  "result=\"kubernetes.io/pvc-protection\",verdict=\"failed\",delivery_status=\"FAIL\"} "
	  "1\n",
	  "slo_pod_upgrade_latency_seconds_sum{cluster=\"\",namespace=\"shop\"} 7.0" },
	{ SLO_PVC,
	  "slo_pvc_create_results_total{cluster=\"\",namespace=\"shop\","
	  "result=\"kubernetes.io/pvc-protection\",verdict=\"failed\",delivery_status=\"FAIL\"} "
	  "1\n",
	  "slo_pvc_create_latency_seconds_sum{cluster=\"\",namespace=\"shop\"} 7.0" },
};

START_TEST(the_other_slos)
{
	struct deletion deletion = { .requested.at = AT(5), .killing.at = AT(8) };
	struct outcome o = { .slo = others[_i].slo,
			     .verdict = VERDICT_FAILED,
			     .code = STR("kubernetes.io/pvc-protection"),
			     .total = SEC(7) };
	struct buf out = { 0 };
	struct metrics m;
	struct pod p;

	pod_make(&p);
	p.t.deletion = &deletion;
	slo_metrics_begin(&m);
	slo_metrics_add(&m, &p.t, &o, pod_settings());
	metrics_write(&m, &out);
	check_has(&out, others[_i].line);
	check_has(&out, others[_i].sum);
	buf_free(&out);
	metrics_free(&m);
}
END_TEST

/* Also an SLO without a row in slo_metrics.c. */
START_TEST(each_slo_has_metrics)
{
#define RESULTS(id, name, judge, metric, ...) "slo_" metric "_results_total{",
#define LATENCY(id, name, judge, metric, ...) "slo_" metric "_latency_seconds_sum{",
	static const char *const results[] = { SLOS(RESULTS) };
	static const char *const latencies[] = { SLOS(LATENCY) };
	struct outcome o = { .slo = (enum slo)_i,
			     .verdict = VERDICT_SUCCESS,
			     .code = STR(""),
			     .total = SEC(7),
			     .delivery.verdict = VERDICT_SUCCESS };
	struct buf out = { 0 };
	struct metrics m;
	struct pod p;

	make_ready(&p);
	slo_metrics_begin(&m);
	slo_metrics_add(&m, &p.t, &o, pod_settings());
	metrics_write(&m, &out);
	ck_assert_msg(str_contains(buf_str(&out), str_from(results[_i])) &&
			  str_contains(buf_str(&out), str_from(latencies[_i])),
		      "%s lacks %s or %s: see its row in `adders` of documents/slo_metrics.c",
		      slo_names[_i], results[_i], latencies[_i]);
	buf_free(&out);
	metrics_free(&m);
}
END_TEST

/* The documents of other tools */

static struct slo_report *with_transitions(void)
{
	return slo_report_new(&(struct slo_report_config){
	    .grouping = grouping_default(), .settings = pod_settings(), .transitions = true });
}

/* Scheduled after 1 s and n ms; ready after 80 s. */
static void make_scheduled(struct pod *p, int n)
{
	pod_make(p);
	pod_mark(p, MILESTONE_SCHEDULED, AT(1) + n * (SECOND / 1000) + 999);
	pod_mark(p, MILESTONE_READY, AT(80));
}

START_TEST(kube_burner)
{
	static const char expected[] =
	    "[\n"
	    "{\"timestamp\":\"2026-01-01T00:00:00.000000000Z\",\"schedulingLatency\":1001,"
	    "\"readyToStartContainersLatency\":null,\"initializedLatency\":null,"
	    "\"containersStartedLatency\":null,\"containersReadyLatency\":null,"
	    "\"podReadyLatency\":80000,\"metricName\":\"podLatencyMeasurement\",\"uuid\":\"\","
	    "\"namespace\":\"shop\",\"podName\":\"web\",\"nodeName\":\"node-1\",\"jobName\":null},"
	    "\n"
	    "{\"quantileName\":\"PodScheduled\",\"metricName\":\"podLatencyQuantilesMeasurement\","
	    "\"P99\":1001,\"P95\":1001,\"P50\":1001,\"min\":1001,\"max\":1001,\"avg\":1001},\n"
	    "{\"quantileName\":\"Ready\",\"metricName\":\"podLatencyQuantilesMeasurement\","
	    "\"P99\":80000,\"P95\":80000,\"P50\":80000,\"min\":80000,\"max\":80000,\"avg\":80000}\n"
	    "]\n";
	struct slo_report *r = with_transitions();
	struct buf out = { 0 };
	struct pod p;

	make_scheduled(&p, 1);
	pod_report_add(r, &p);
	kube_burner_pod(&out, &p.t, true);
	pod_report_finish(r);
	kube_burner_end(&out, r, false);
	ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "\n" STR_FMT,
		      STR_ARG(buf_str(&out)));
	buf_free(&out);
	slo_report_free(r);
}
END_TEST

/* 1 to 100 ms beside the second: the 50th, 95th and 99th by nearest rank, and their mean, 50.5. */
START_TEST(kube_burner_quantiles)
{
	struct slo_report *r = with_transitions();
	struct buf out = { 0 };
	const cJSON *first;
	cJSON *json;

	for (int i = 100; i > 0; i--) {
		struct pod p;

		make_scheduled(&p, i);
		pod_report_add(r, &p);
	}
	pod_report_finish(r);
	kube_burner_end(&out, r, true);
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_int_eq(cJSON_GetArraySize(json), 2);
	first = cJSON_GetArrayItem(json, 0);
	ck_assert_int_eq(cJSON_GetObjectItem(first, "P50")->valueint, 1050);
	ck_assert_int_eq(cJSON_GetObjectItem(first, "P95")->valueint, 1095);
	ck_assert_int_eq(cJSON_GetObjectItem(first, "P99")->valueint, 1099);
	ck_assert_int_eq(cJSON_GetObjectItem(first, "min")->valueint, 1001);
	ck_assert_int_eq(cJSON_GetObjectItem(first, "max")->valueint, 1100);
	ck_assert_int_eq(cJSON_GetObjectItem(first, "avg")->valueint, 1050);
	cJSON_Delete(json);
	buf_free(&out);
	slo_report_free(r);
}
END_TEST

START_TEST(of_no_pods)
{
	struct slo_report *r = with_transitions();
	struct buf out = { 0 };

	pod_report_finish(r);
	kube_burner_end(&out, r, true);
	ck_assert(str_eq(buf_str(&out), STR("[]\n")));
	buf_reset(&out);
	perfdash_report(&out, r, NULL, (struct table_style){ 0 });
	ck_assert(str_eq(buf_str(&out), STR("{\"version\":\"v1\",\"dataItems\":[]}\n")));
	buf_free(&out);
	slo_report_free(r);
}
END_TEST

START_TEST(perfdash)
{
	static const char expected[] =
	    "{\"version\":\"v1\",\"dataItems\":[{\"data\":{\"Perc50\":1001.000999,"
	    "\"Perc90\":1001.000999,\"Perc99\":1001.000999},\"unit\":\"ms\","
	    "\"labels\":{\"Metric\":\"create_to_schedule\"}},{\"data\":{\"Perc50\":10000,"
	    "\"Perc90\":10000,\"Perc99\":10000},\"unit\":\"ms\","
	    "\"labels\":{\"Metric\":\"pod_startup\"}},{\"data\":{\"Perc50\":8998.999001,"
	    "\"Perc90\":8998.999001,\"Perc99\":8998.999001},\"unit\":\"ms\","
	    "\"labels\":{\"Metric\":\"schedule_to_watch\"}}]}\n";
	struct slo_report *r = with_transitions();
	struct buf out = { 0 };
	struct pod p;

	make_scheduled(&p, 1);
	pod_mark(&p, MILESTONE_OBSERVED, AT(10));
	pod_report_add(r, &p);
	pod_make(&p);
	pod_mark(&p, MILESTONE_OBSERVED, AT(20));
	p.t.mirror = true; /* excluded */
	pod_report_add(r, &p);
	pod_report_finish(r);
	perfdash_report(&out, r, NULL, (struct table_style){ 0 });
	ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "\n" STR_FMT,
		      STR_ARG(buf_str(&out)));
	buf_free(&out);
	slo_report_free(r);
}
END_TEST

Suite *suite_metrics(void)
{
	Suite *s = suite_create("metrics");
	TCase *t = tcase_create("metrics");

	suite_add_tcase(s, t);
	tcase_add_test(t, exposition);
	tcase_add_test(t, delivery);
	tcase_add_loop_test(t, the_other_slos, 0, (int)ARRAY_SIZE(others));
	tcase_add_loop_test(t, each_slo_has_metrics, 0, SLO_COUNT);
	tcase_add_test(t, kube_burner);
	tcase_add_test(t, kube_burner_quantiles);
	tcase_add_test(t, of_no_pods);
	tcase_add_test(t, perfdash);
	return s;
}
