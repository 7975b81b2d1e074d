/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration: the values that are read, and the messages about it. */
#include "suites.h"

static struct settings settings;
static struct err err;

static void setup(void)
{
	settings_init(&settings);
	err = (struct err){ 0 };
}

static void teardown(void)
{
	settings_free(&settings);
}

static void read_good(const char *text)
{
	int r = settings_read(&settings, STR("f"), str_from(text), &err);

	ck_assert_msg(r == 0, "%s", err.message);
}

START_TEST(upstream_keys_are_met_in_any_case)
{
	read_good(
	    "{\"useronlineConfigMap\": {\"test-ns\": \"1m30s\", \"a\": \"1h\"},\n"
	    "\"IGNOREDNAMESPACEFORAUDIT\": [\"kube-system\"], \"PostStartHookTimeout\": \"\",\n"
	    "\"IgnoreDeleteReasonNamespace\": [\"x\", \"y\"]}");
	ck_assert_uint_eq(settings.n_overrides, 2);
	ck_assert(str_eq(settings.overrides[0].match.namespace, STR("test-ns")));
	ck_assert_ptr_null(settings.overrides[0].match.name.p);
	ck_assert_int_eq(settings.overrides[0].deadline, 90 * SECOND);
	ck_assert_int_eq(settings.overrides[0].delivery, NSEC_NONE);
	ck_assert(settings_ignored(&settings, STR("kube-system")));
	ck_assert_uint_eq(settings.n_plain_deletes, 2);
	ck_assert_int_eq(settings.post_start_limit, 180 * SECOND);
	ck_assert_uint_eq(settings.n_notes, 0);
	read_good("PostStartHookTimeout: 5m");
	ck_assert_int_eq(settings.post_start_limit, 300 * SECOND);
	ck_assert_uint_eq(settings.n_overrides, 2);
}
END_TEST

START_TEST(keys_without_effect_are_noted)
{
	read_good("ShouldRetainOldMetrics: 'true'\nUserAppConfigMap: {}\nUserSLAConfigMap: {}\n"
		  "ShouldIgnoreSinglePod: 'false'\n");
	ck_assert_uint_eq(settings.n_notes, 4);
	ck_assert(str_eq(settings.notes[0],
			 STR("f:1:1: ShouldRetainOldMetrics has no effect: there are no metrics of "
			     "an older kind")));
	ck_assert(str_starts(settings.notes[3], STR("f:4:1: ShouldIgnoreSinglePod has no effect")));
}
END_TEST

START_TEST(classes_take_the_place_of_the_default_ones)
{
	read_good("classes:\n"
		  "- {name: small, limit: 1m, cpu: 500m, memory: 1Gi, containers: 2, volumes: 0}\n"
		  "- {name: mid, limit: 2m, cpu: 1.5}\n"
		  "- {name: rest, limit: 1h}\n");
	ck_assert_uint_eq(settings.n_classes, 4);
	ck_assert_ptr_null(settings.classes[CLASS_UNKNOWN].name.p);
	ck_assert_int_eq(settings.classes[CLASS_UNKNOWN].limit, 600 * SECOND);
	ck_assert(str_eq(settings.classes[1].name, STR("small")));
	ck_assert_int_eq(settings.classes[1].limit, MINUTE);
	ck_assert_int_eq(settings.classes[1].cpu_milli, 500);
	ck_assert_int_eq(settings.classes[1].memory, (int64_t)1 << 30);
	ck_assert_uint_eq(settings.classes[1].containers, 2);
	ck_assert_uint_eq(settings.classes[1].volumes, 0);
	ck_assert_int_eq(settings.classes[2].cpu_milli, 1500);
	ck_assert_int_eq(settings.classes[2].memory, INT64_MAX);
	ck_assert_uint_eq(settings.classes[3].containers, UINT32_MAX);
}
END_TEST

START_TEST(deadlines_and_limits_change_one_by_one)
{
	read_good(
	    "deadlines: {job: 5m}\nlimits: {delete: 1m, stale: 2m, terminating: 3m, pvc: 4m}");
	ck_assert_int_eq(settings.deadline_service, 480 * SECOND);
	ck_assert_int_eq(settings.deadline_job, 5 * MINUTE);
	ck_assert_int_eq(settings.limits[SLO_DELETE], MINUTE);
	ck_assert_int_eq(settings.delete_stale, 2 * MINUTE);
	ck_assert_int_eq(settings.delete_terminating, 3 * MINUTE);
	ck_assert_int_eq(settings.limits[SLO_UPGRADE], 9 * MINUTE);
	ck_assert_int_eq(settings.limits[SLO_PVC], 4 * MINUTE);
}
END_TEST

START_TEST(own_overrides_stand_before_those_of_namespaces)
{
	read_good("UserOnlineConfigMap: {shop: 1m}\n"
		  "overrides:\n"
		  "- match: {cluster: c, namespace: 'sh?p', kind: Job, name: 'a*'}\n"
		  "  deadline: 2m\n"
		  "- delivery: 3m\n");
	ck_assert_uint_eq(settings.n_overrides, 3);
	ck_assert(str_eq(settings.overrides[0].match.cluster, STR("c")));
	ck_assert(str_eq(settings.overrides[0].match.namespace, STR("sh?p")));
	ck_assert(str_eq(settings.overrides[0].match.kind, STR("Job")));
	ck_assert(str_eq(settings.overrides[0].match.name, STR("a*")));
	ck_assert_int_eq(settings.overrides[0].deadline, 2 * MINUTE);
	ck_assert_ptr_null(settings.overrides[1].match.namespace.p);
	ck_assert_int_eq(settings.overrides[1].delivery, 3 * MINUTE);
	ck_assert_int_eq(settings.overrides[1].deadline, NSEC_NONE);
	ck_assert(str_eq(settings.overrides[2].match.namespace, STR("shop")));
}
END_TEST

static const struct {
	const char *text;
	struct objective want;
} objectives[] = {
	{ "sli: delivery, target: 99.5%",
	  { .slo = SLO_CREATE,
	    .sli = SLI_DELIVERY,
	    .threshold = NSEC_NONE,
	    .target_ppm = 995000,
	    .window = 30 * 24 * HOUR } },
	{ "sli: startup, threshold: 5s, target: 0.99, window: 7d",
	  { .slo = SLO_CREATE,
	    .sli = SLI_STARTUP,
	    .threshold = 5 * SECOND,
	    .target_ppm = 990000,
	    .window = 7 * 24 * HOUR } },
	{ "sli: total, slo: pvc, threshold: 5s, target: 0.000001",
	  { .slo = SLO_PVC,
	    .sli = SLI_TOTAL,
	    .threshold = 5 * SECOND,
	    .target_ppm = 1,
	    .window = 30 * 24 * HOUR } },
	{ "sli: imagePull, threshold: 20s, target: 99.9999%",
	  { .slo = SLO_CREATE,
	    .sli = SLI_STAGES + STAGE_IMAGE_PULL,
	    .threshold = 20 * SECOND,
	    .target_ppm = 999999,
	    .window = 30 * 24 * HOUR } },
	{ "sli: imagePull, slo: upgrade, threshold: 20s, target: 50%",
	  { .slo = SLO_UPGRADE,
	    .sli = SLI_STAGES + STAGE_IMAGE_PULL,
	    .threshold = 20 * SECOND,
	    .target_ppm = 500000,
	    .window = 30 * 24 * HOUR } },
	{ "sli: finalizers, threshold: 20s, target: 50%", /* the stage decides the SLO */
	  { .slo = SLO_DELETE,
	    .sli = SLI_STAGES + STAGE_FINALIZERS,
	    .threshold = 20 * SECOND,
	    .target_ppm = 500000,
	    .window = 30 * 24 * HOUR } },
	{ "sli: schedulingGate, threshold: 20s, target: 50%",
	  { .slo = SLO_CREATE,
	    .sli = SLI_STAGES + STAGE_SCHEDULING_GATE,
	    .threshold = 20 * SECOND,
	    .target_ppm = 500000,
	    .window = 30 * 24 * HOUR } },
};

static void check_objective(const struct objective *got, const struct objective *want)
{
	ck_assert_int_eq(got->slo, want->slo);
	ck_assert_int_eq(got->sli, want->sli);
	ck_assert_int_eq(got->threshold, want->threshold);
	ck_assert_uint_eq(got->target_ppm, want->target_ppm);
	ck_assert_int_eq(got->window, want->window);
}

START_TEST(objectives_say_what_is_measured)
{
	char text[256];

	snprintf(text, sizeof(text), "objectives: [{name: a, match: {namespace: n}, %s}]",
		 objectives[_i].text);
	read_good(text);
	ck_assert_uint_eq(settings.n_objectives, 1);
	ck_assert(str_eq(settings.objectives[0].name, STR("a")));
	ck_assert(str_eq(settings.objectives[0].match.namespace, STR("n")));
	check_objective(&settings.objectives[0], &objectives[_i].want);
}
END_TEST

#define SLO_HEAD "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec:\n"
#define SLO_TAIL "  objectives: [{op: lte, value: 1.5, target: 0.9}]\n"
#define METRIC(spec) "  indicator: {spec: {thresholdMetric: {metricSource: {" spec "}}}}\n"

static const struct {
	const char *text;
	struct objective want;
} slos[] = {
	{ SLO_HEAD METRIC("type: lunettes, spec: {slo: delete, sli: killWait}") SLO_TAIL,
	  { .slo = SLO_DELETE,
	    .sli = SLI_STAGES + STAGE_KILL_WAIT,
	    .threshold = 1500000000,
	    .target_ppm = 900000,
	    .window = 30 * 24 * HOUR } },
	{ SLO_HEAD "  indicator: {metadata: {name: total}}\n"
		   "  timeWindow: [{duration: 2w, isRolling: true}]\n"
		   "  budgetingMethod: Occurrences\n"
		   "  objectives: [{op: lt, value: 60, targetPercent: 99.95}]\n",
	  { .slo = SLO_CREATE,
	    .sli = SLI_TOTAL,
	    .threshold = 60 * SECOND - 1,
	    .target_ppm = 999500,
	    .window = 14 * 24 * HOUR } },
	{ SLO_HEAD "  indicatorRef: startup\n  timeWindow: [{duration: 90m}]\n" SLO_TAIL,
	  { .slo = SLO_CREATE,
	    .sli = SLI_STARTUP,
	    .threshold = 1500000000,
	    .target_ppm = 900000,
	    .window = 90 * MINUTE } },
	{ SLO_HEAD "  indicatorRef: mine\n" SLO_TAIL
		   "---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {name: mine}\nspec:\n"
		   "  thresholdMetric: {metricSource: {spec: {sli: sandbox}}}\n",
	  { .slo = SLO_CREATE,
	    .sli = SLI_STAGES + STAGE_SANDBOX,
	    .threshold = 1500000000,
	    .target_ppm = 900000,
	    .window = 30 * 24 * HOUR } },
};

START_TEST(openslo_gives_objectives)
{
	read_good(slos[_i].text);
	ck_assert_uint_eq(settings.n_objectives, 1);
	ck_assert(str_eq(settings.objectives[0].name, STR("a")));
	check_objective(&settings.objectives[0], &slos[_i].want);
	ck_assert_uint_eq(settings.n_notes, 0);
}
END_TEST

START_TEST(many_objectives_of_one_slo_are_numbered)
{
	read_good(SLO_HEAD "  indicatorRef: total\n"
			   "  alertPolicies: [x]\n"
			   "  objectives:\n"
			   "  - {op: lte, value: 10, target: 0.9}\n"
			   "  - {op: lte, value: 20, target: 0.99}\n"
			   "---\napiVersion: openslo/v1\nkind: DataSource\n");
	ck_assert_uint_eq(settings.n_objectives, 2);
	ck_assert(str_eq(settings.objectives[0].name, STR("a/1")));
	ck_assert(str_eq(settings.objectives[1].name, STR("a/2")));
	ck_assert_int_eq(settings.objectives[1].threshold, 20 * SECOND);
	ck_assert_uint_eq(settings.n_notes, 2);
	ck_assert(str_eq(settings.notes[0],
			 STR("f:6:3: spec.alertPolicies has no effect: nothing is alerted")));
	ck_assert(str_eq(settings.notes[1], STR("f:11:1: this DataSource is passed over: only SLOs "
						"and their SLIs are read")));
}
END_TEST

START_TEST(manifests_are_opened)
{
	read_good("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lunettes-config}\n"
		  "data:\n  span-config: '['\n"
		  "  lunettes-config: |\n    {\"UserOnlineConfigMap\": {\"a\": \"1m\"}}\n");
	ck_assert_uint_eq(settings.n_overrides, 1);
	ck_assert_uint_eq(settings.n_notes, 0);
	read_good(
	    "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n"
	    "{\"apiVersion\": \"v1\", \"kind\": \"Secret\"},\n"
	    "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {\"lunettes-config\":"
	    " \"IgnoredNamespaceForAudit: [b]\"}},\n"
	    "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {}}]}");
	ck_assert(settings_ignored(&settings, STR("b")));
	ck_assert_uint_eq(settings.n_notes, 2);
	ck_assert(str_eq(settings.notes[0],
			 STR("f:4:1: items[2]: this ConfigMap has no key data.lunettes-config")));
	ck_assert(str_eq(settings.notes[1], STR("f: 1 other manifest is passed over")));
	ck_assert(settings.configured);
}
END_TEST

START_TEST(what_configures_nothing_is_noted)
{
	read_good("# nothing\n");
	ck_assert(!settings.configured);
	ck_assert_uint_eq(settings.n_notes, 1);
	ck_assert(str_eq(settings.notes[0], STR("f configures nothing: the defaults hold")));
	read_good("apiVersion: v1\nkind: ConfigMap\ndata: {span-config: '[]'}\n");
	ck_assert_uint_eq(settings.n_notes, 1); /* of use to others */
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{ "- a", "f:1:1: found a list, expected an object: settings, an SLO of OpenSLO, or a "
		 "ConfigMap" },
	{ "{\"UserOnlineConfigMap\": {\"a\": \"0s\"}}",
	  "f:1:31: UserOnlineConfigMap.a: found \"0s\", expected a duration above 0, such as "
	  "\"90s\", \"1m30s\" or \"30d\"" },
	{ "UserOnlineConfigMap: {'team-*': 1m}",
	  "f:1:23: UserOnlineConfigMap[\"team-*\"]: expected the name of a namespace as the key" },
	{ "IgnoredNamespaceForAudit: [a, 'b*']",
	  "f:1:31: IgnoredNamespaceForAudit[1]: found \"b*\", expected the name of a namespace" },
	{ "Classes: []", "f:1:1: Classes: unknown key; did you mean \"classes\"?" },
	{ "classes: []", "f:1:10: classes: found 0 classes, expected 1 to 100" },
	{ "classes: [{name: a, limit: 1m, cpu: -1}]",
	  "f:1:37: classes[0].cpu: found the number -1, expected an amount of cores such as 8, 0.5 "
	  "or \"500m\"" },
	{ "classes: [{name: a, limit: 1m, memory: 1GB}]",
	  "f:1:40: classes[0].memory: found \"1GB\", expected an amount of memory such as "
	  "\"16Gi\"" },
	{ "classes: [{name: a, limit: 1m, cpu: 1}, {name: a, limit: 1m}]",
	  "f:1:48: classes[1].name: a class of this name stands before it" },
	{ "limits: {stale: 2d}", "f:1:9: limits: expected delete (10m unless it is set) to be at "
				 "most stale (1h), and stale to be at most terminating (1d)" },
	{ "objectives: [{name: a, sli: total, threshold: 1s, target: 1}]",
	  "f:1:59: objectives[0].target: found the number 1, expected a percentage such as "
	  "\"99.5%\" or a share such as 0.995, above 0 and below 1, in whole millionths" },
	{ "objectives: [{name: a, sli: total, threshold: 1s, target: 99.99999%}]",
	  "f:1:59: objectives[0].target: found \"99.99999%\", expected a percentage such as "
	  "\"99.5%\" or a share such as 0.995, above 0 and below 1, in whole millionths" },
	{ "objectives: [{name: a, sli: startup, slo: pvc, threshold: 1s, target: 0.5}]",
	  "f:1:29: objectives[0].sli: found \"startup\", expected an SLI of the SLO pvc; this is "
	  "one "
	  "of create" },
	{ "objectives: [{name: a, sli: readiness, slo: pvc, threshold: 1s, target: 0.5}]",
	  "f:1:29: objectives[0].sli: found \"readiness\", expected an SLI of the SLO pvc; this "
	  "is one of create" },
	{ "objectives: [{name: a, sli: readinessGate, slo: upgrade, threshold: 1s, target: 0.5}]",
	  "f:1:29: objectives[0].sli: found \"readinessGate\", expected an SLI of the SLO "
	  "upgrade; this is one of create" },
	{ "objectives: [{name: a, sli: delivery, target: 0.5}, {name: a, sli: delivery, target: "
	  "0.6}]",
	  "f:1:53: objectives[1]: an objective of this name stands before it" },
	{ "apiVersion: openslo/v2\nkind: SLO",
	  "f:1:13: apiVersion: found \"openslo/v2\", expected openslo/v1" },
	{ SLO_HEAD "  indicatorRef: total\n  objectives: [{op: gte, value: 1, target: 0.9}]\n",
	  "f:6:21: spec.objectives[0].op: found \"gte\", expected lte or lt; did you mean "
	  "\"lte\"?" },
	{ SLO_HEAD "  indicatorRef: total\n  objectives: [{target: 0.9}]\n",
	  "f:6:16: spec.objectives[0]: a threshold is missing; only delivery can do without: there "
	  "the verdict success is good" },
	{ SLO_HEAD "  indicatorRef: total\n  objectives: [{op: lte, value: 1}]\n",
	  "f:6:16: spec.objectives[0]: expected one of the keys target and targetPercent" },
	{ SLO_HEAD "  indicatorRef: other\n" SLO_TAIL,
	  "f:5:17: spec.indicatorRef: found \"other\", expected the name of an SLI in this file, "
	  "or "
	  "of one that lunettes-config(5) names" },
	{ SLO_HEAD "  budgetingMethod: Timeslices\n  indicatorRef: total\n" SLO_TAIL,
	  "f:5:20: spec.budgetingMethod: found \"Timeslices\", expected Occurrences" },
	{ SLO_HEAD "  timeWindow: [{duration: 1M}]\n  indicatorRef: total\n" SLO_TAIL,
	  "f:5:27: spec.timeWindow[0].duration: found \"1M\", expected a number of minutes (m), "
	  "hours (h), days (d) or weeks (w), such as \"30d\"; months, quarters and years are of no "
	  "one length" },
	{ SLO_HEAD "  indicatorRef: total\n  objectives: [{op: lte, value: 1, target: 0.9, "
		   "compositeWeight: 1}]\n",
	  "f:6:49: spec.objectives[0].compositeWeight: objectives that are made of others are not "
	  "read" },
	{ SLO_HEAD "  indicator: {spec: {ratioMetric: {}}}\n" SLO_TAIL,
	  "f:5:35: spec.indicator.spec.ratioMetric: expected a thresholdMetric: time is measured" },
	{ "apiVersion: v1\nkind: ConfigMap\ndata:\n  lunettes-config: |\n    limits:\n      pcv: "
	  "1m\n",
	  "f:6:7: limits.pcv: unknown key; did you mean \"pvc\"?" },
	{ "apiVersion: v1\nkind: ConfigMap\ndata:\n  lunettes-config: |\n    apiVersion: v1\n"
	  "    kind: ConfigMap\n",
	  "f:5:5: found a manifest inside of a ConfigMap" },
};

START_TEST(what_is_wrong_is_told_with_its_place)
{
	ck_assert_int_eq(settings_read(&settings, STR("f"), str_from(bad[_i].text), &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_str_eq(err.message, bad[_i].message);
}
END_TEST

Suite *suite_settings(void)
{
	Suite *suite = suite_create("settings");
	TCase *tc = tcase_create("settings");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, upstream_keys_are_met_in_any_case);
	tcase_add_test(tc, keys_without_effect_are_noted);
	tcase_add_test(tc, classes_take_the_place_of_the_default_ones);
	tcase_add_test(tc, deadlines_and_limits_change_one_by_one);
	tcase_add_test(tc, own_overrides_stand_before_those_of_namespaces);
	tcase_add_loop_test(tc, objectives_say_what_is_measured, 0, ARRAY_SIZE(objectives));
	tcase_add_loop_test(tc, openslo_gives_objectives, 0, ARRAY_SIZE(slos));
	tcase_add_test(tc, many_objectives_of_one_slo_are_numbered);
	tcase_add_test(tc, manifests_are_opened);
	tcase_add_test(tc, what_configures_nothing_is_noted);
	tcase_add_loop_test(tc, what_is_wrong_is_told_with_its_place, 0, ARRAY_SIZE(bad));
	suite_add_tcase(suite, tc);
	return suite;
}
