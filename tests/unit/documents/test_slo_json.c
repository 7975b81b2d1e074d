/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "../page/ground.h"
#include "documents/slo_json.h"

#include <cjson/cJSON.h>

/* The keys of the contract, in its order. */
static const char *const keys[] = {
	"apiVersion", "kind",	  "cluster",  "namespace", "name",     "generateName",
	"uid",	      "node",	  "workload", "class",	   "job",      "verdict",
	"verdicts",   "reason",	  "code",     "owner",	   "attempts", "created",
	"scheduled",  "running",  "ready",    "deleted",   "seconds",  "limitSeconds",
	"stages",     "evidence",
};

static void check_keys(const cJSON *object, const char *const *names, size_t n)
{
	const cJSON *item = object->child;

	for (size_t i = 0; i < n; i++, item = item->next) {
		ck_assert_msg(item, "no key %s", names[i]);
		ck_assert_str_eq(item->string, names[i]);
	}
	ck_assert_msg(!item, "an unknown key %s", item ? item->string : "");
}

static void check_line(struct pod *p, const struct ground *g, const char *expected)
{
	struct outcome o = pod_outcome(p);
	struct buf out = { 0 };
	cJSON *json;

	slo_json_line(&out, &p->t, &o, &g->basis);
	ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "\n" STR_FMT "is not\n%s",
		      STR_ARG(buf_str(&out)), expected);
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	check_keys(json, keys, ARRAY_SIZE(keys));
	cJSON_Delete(json);
	buf_free(&out);
}

/* Evidence of a milestone: line 10 + milestone of the file 0. */
static void prove(struct pod *p, struct entry *entries)
{
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		entries[i] = (struct entry){ .audit_id = STR("id"),
					     .position = { .line = 10 + (uint64_t)i } };
		if (p->t.marks[i].reached)
			p->t.marks[i].evidence = &entries[i];
	}
}

static const char delivered[] =
    "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodDelivery\",\"cluster\":\"east\","
    "\"namespace\":\"shop\",\"name\":\"web\",\"generateName\":null,\"uid\":\"u1\","
    "\"node\":\"node-1\",\"workload\":{\"kind\":\"Deployment\",\"name\":\"web\"},"
    "\"class\":\"typical\",\"job\":false,\"verdict\":\"success\","
    "\"verdicts\":{\"deadline\":\"success\",\"delivery\":\"success\"},\"reason\":\"\","
    "\"code\":\"\",\"owner\":\"\",\"attempts\":2,"
    "\"created\":\"2026-01-01T00:00:00.000000000Z\","
    "\"scheduled\":\"2026-01-01T00:00:01.004000000Z\","
    "\"running\":\"2026-01-01T00:00:03.000000000Z\","
    "\"ready\":\"2026-01-01T00:00:03.214000000Z\","
    "\"deleted\":\"2026-01-01T00:00:04.000000000Z\","
    "\"seconds\":{\"total\":3.214,\"delivery\":2.914,\"user\":0.3,\"startup\":null},"
    "\"limitSeconds\":{\"deadline\":480,\"delivery\":90},\"stages\":["
    "{\"stage\":\"schedule\",\"subject\":\"\",\"owner\":\"platform\","
    "\"start\":\"2026-01-01T00:00:00.000000000Z\","
    "\"end\":\"2026-01-01T00:00:01.004000000Z\",\"seconds\":1.004,"
    "\"precision\":\"exact\",\"source\":\"audit\"},"
    "{\"stage\":\"init\",\"subject\":\"mig\",\"owner\":\"user\","
    "\"start\":\"2026-01-01T00:00:02.000000000Z\","
    "\"end\":\"2026-01-01T00:00:02.300000000Z\",\"seconds\":0.3,"
    "\"precision\":\"second\",\"source\":\"status\"},"
    "{\"stage\":\"imagePull\",\"subject\":\"x:1\",\"owner\":\"platform\","
    "\"start\":\"2026-01-01T00:00:02.500000000Z\",\"end\":null,\"seconds\":null,"
    "\"precision\":\"exact\",\"source\":\"event\","
    "\"waitSeconds\":null,\"imageBytes\":null},"
    "{\"stage\":\"imagePull\",\"subject\":\"y:2\",\"owner\":\"platform\","
    "\"start\":\"2026-01-01T00:00:02.500000000Z\","
    "\"end\":\"2026-01-01T00:00:03.000000000Z\",\"seconds\":0.5,"
    "\"precision\":\"exact\",\"source\":\"event\","
    "\"waitSeconds\":0.25,\"imageBytes\":441636745}],\"evidence\":["
    "{\"fact\":\"created\",\"file\":\"audit.log\",\"line\":10,\"auditID\":\"id\"},"
    "{\"fact\":\"scheduled\",\"file\":\"audit.log\",\"line\":12,\"auditID\":\"id\"},"
    "{\"fact\":\"running\",\"file\":\"audit.log\",\"line\":17,\"auditID\":\"id\"},"
    "{\"fact\":\"ready\",\"file\":\"audit.log\",\"line\":21,\"auditID\":\"id\"},"
    "{\"fact\":\"deleted\",\"file\":\"audit.log\",\"line\":24,\"auditID\":null}]}\n";

START_TEST(a_pod_that_was_delivered)
{
	struct entry entries[MILESTONE_COUNT];
	struct ground g;
	struct pod p;
	struct stage *s;

	ground_make(&g, STR("east"));
	ground_ready(&g);
	pod_make(&p);
	p.t.cluster = STR("east");
	p.t.workload_kind = STR("Deployment");
	p.t.workload_name = STR("web");
	p.t.attempts = 2;
	pod_mark(&p, MILESTONE_SCHEDULED, AT(1) + 4000000);
	pod_mark(&p, MILESTONE_RUNNING, AT(3));
	pod_mark(&p, MILESTONE_READY, AT(3) + 214000000);
	pod_mark(&p, MILESTONE_DELETED, AT(4));
	prove(&p, entries);
	entries[MILESTONE_DELETED].audit_id = (struct str){ 0 };
	pod_stage(&p, STAGE_SCHEDULE, AT(0), AT(1) + 4000000);
	s = pod_stage(&p, STAGE_INIT, AT(2), AT(2) + 300000000);
	s->subject = STR("mig");
	s->end.precision = PRECISION_SECOND;
	s->end.source = SOURCE_STATUS;
	s = pod_stage(&p, STAGE_IMAGE_PULL, AT(2) + 500000000, NSEC_NONE);
	s->subject = STR("x:1");
	s->start.source = SOURCE_EVENT;
	s->waited = NSEC_NONE;
	s = pod_stage(&p, STAGE_IMAGE_PULL, AT(2) + 500000000, AT(3));
	s->subject = STR("y:2");
	s->end.source = SOURCE_EVENT;
	s->waited = 250000000;
	s->bytes = 441636745;
	pod_judge(&p);
	/*
	 * total 3.214; from 2 to 2.3 only the user's time counts: user 0.3, delivery 2.914. The
	 * pull continues after that, from 2.5.
	 */
	check_line(&p, &g, delivered);
	ground_free(&g);
}
END_TEST

/* null is unknown, "" is none: of a pod that only its binding shows hardly anything is known. */
START_TEST(a_pod_of_which_nothing_is_known)
{
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	p.t.uid = p.t.node = (struct str){ 0 };
	p.t.object = NULL;
	p.t.job_known = false;
	p.t.marks[MILESTONE_CREATED] = (struct mark){ .at = NSEC_NONE, .until = NSEC_NONE };
	pod_judge(&p);
	check_line(&p, &g,
		   "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodDelivery\",\"cluster\":\"\","
		   "\"namespace\":\"shop\",\"name\":\"web\",\"generateName\":null,\"uid\":null,"
		   "\"node\":null,\"workload\":null,\"class\":null,\"job\":null,"
		   "\"verdict\":\"excluded\","
		   "\"verdicts\":{\"deadline\":\"excluded\",\"delivery\":\"excluded\"},"
		   "\"reason\":\"creation not in the log\",\"code\":\"\",\"owner\":\"\","
		   "\"attempts\":1,\"created\":null,\"scheduled\":null,\"running\":null,"
		   "\"ready\":null,\"deleted\":null,\"seconds\":{\"total\":null,"
		   "\"delivery\":null,\"user\":null,\"startup\":null},"
		   "\"limitSeconds\":{\"deadline\":480,\"delivery\":null},\"stages\":[],"
		   "\"evidence\":[]}\n");
	/* known: it was not bound and has no controller */
	p.t.node = p.t.workload_kind = p.t.workload_name = STR("");
	check_line(&p, &g,
		   "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodDelivery\",\"cluster\":\"\","
		   "\"namespace\":\"shop\",\"name\":\"web\",\"generateName\":null,\"uid\":null,"
		   "\"node\":\"\",\"workload\":{\"kind\":\"\",\"name\":\"\"},\"class\":null,"
		   "\"job\":null,\"verdict\":\"excluded\","
		   "\"verdicts\":{\"deadline\":\"excluded\",\"delivery\":\"excluded\"},"
		   "\"reason\":\"creation not in the log\",\"code\":\"\",\"owner\":\"\","
		   "\"attempts\":1,\"created\":null,\"scheduled\":null,\"running\":null,"
		   "\"ready\":null,\"deleted\":null,\"seconds\":{\"total\":null,"
		   "\"delivery\":null,\"user\":null,\"startup\":null},"
		   "\"limitSeconds\":{\"deadline\":480,\"delivery\":null},\"stages\":[],"
		   "\"evidence\":[]}\n");
	ground_free(&g);
}
END_TEST

/* The requested name; null with generateName, which then has the name; both may be null. */
static const struct {
	const char *name, *generate, *shown_name, *shown_generate;
} denials[] = {
	{ "web", NULL, "\"web\"", "null" },
	{ "web", "web-", "\"web\"", "null" },
	{ "", "web-", "null", "\"web-\"" },
	{ "", NULL, "null", "null" },
};

START_TEST(a_pod_that_was_denied)
{
	struct ground g;
	struct pod p;
	char expected[2048];

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	p.t.denied = true;
	p.t.refusal = STR("QuotaExceeded");
	p.t.attempts = 17;
	p.t.uid = p.t.node = (struct str){ 0 };
	p.t.name = str_from(denials[_i].name);
	if (denials[_i].generate)
		p.t.generate_name = str_from(denials[_i].generate);
	pod_judge(&p);
	snprintf(expected, sizeof(expected),
		 "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodDelivery\",\"cluster\":\"\","
		 "\"namespace\":\"shop\",\"name\":%s,\"generateName\":%s,\"uid\":null,"
		 "\"node\":null,\"workload\":null,\"class\":\"typical\",\"job\":false,"
		 "\"verdict\":\"denied\","
		 "\"verdicts\":{\"deadline\":\"denied\",\"delivery\":\"denied\"},\"reason\":\"\","
		 "\"code\":\"QuotaExceeded\",\"owner\":\"user\",\"attempts\":17,"
		 "\"created\":\"2026-01-01T00:00:00.000000000Z\",\"scheduled\":null,"
		 "\"running\":null,\"ready\":null,\"deleted\":null,\"seconds\":{\"total\":null,"
		 "\"delivery\":null,\"user\":null,\"startup\":null},"
		 "\"limitSeconds\":{\"deadline\":null,\"delivery\":null},\"stages\":[],"
		 "\"evidence\":[]}\n",
		 denials[_i].shown_name, denials[_i].shown_generate);
	check_line(&p, &g, expected);
	ground_free(&g);
}
END_TEST

/* Whatever a name contains, the line is one line of JSON and the name can be read back. */
START_TEST(hostile_names)
{
	static const char name[] = "a\"b\\c\n\x1b[31m\xe2\x80\xae";
	struct buf out = { 0 };
	struct outcome o;
	struct ground g;
	struct pod p;
	cJSON *json;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	p.t.name = str_from(name);
	o = pod_outcome(&p);
	slo_json_line(&out, &p.t, &o, &g.basis);
	ck_assert_ptr_eq(memchr(out.p, '\n', out.n), out.p + out.n - 1);
	ck_assert_ptr_null(memchr(out.p, 0x1b, out.n));
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(cJSON_GetObjectItem(json, "name")->valuestring, name);
	cJSON_Delete(json);
	buf_free(&out);
	ground_free(&g);
}
END_TEST

/* SloReport */

static double number(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItem(object, key);

	ck_assert_msg(cJSON_IsNumber(item), "%s is no number", key);
	return item->valuedouble;
}

/* Every pod in one verdict, and every judged one in the percentiles' count. */
static double check_group(const cJSON *group)
{
	const cJSON *verdicts = cJSON_GetObjectItem(group, "verdicts"), *item;
	double sum = 0;

	cJSON_ArrayForEach(item, verdicts) sum += item->valuedouble;
	ck_assert_int_eq(cJSON_GetArraySize(verdicts), VERDICT_COUNT);
	ck_assert_double_eq(sum, number(group, "pods"));
	ck_assert_double_eq(number(group, "judged"), number(verdicts, "success") +
							 number(verdicts, "slow") +
							 number(verdicts, "failed"));
	return sum;
}

START_TEST(report)
{
	static const char *const top[] = { "apiVersion", "kind",       "slo",		"basis",
					   "totals",	 "by",	       "bucketSeconds", "groups",
					   "slis",	 "objectives", "stages",	"slowest" };
	struct buf out = { 0 };
	struct ground g;
	const cJSON *group, *totals;
	double sum = 0;
	cJSON *json;

	ground_make(&g, STR(""));
	ground_add_pods(&g, STR(""), STR("shop"), STR("web"));
	ground_add_pods(&g, STR(""), STR("api"), STR("web"));
	ground_ready(&g);
	slo_json_report(&out, g.report, &g.basis, (struct table_style){ 0 });
	ck_assert_int_eq(out.p[out.n - 1], '\n');
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	check_keys(json, top, ARRAY_SIZE(top));
	ck_assert_str_eq(cJSON_GetObjectItem(json, "kind")->valuestring, "SloReport");
	totals = cJSON_GetObjectItem(json, "totals");
	cJSON_ArrayForEach(group, cJSON_GetObjectItem(json, "groups")) sum += check_group(group);
	ck_assert_double_eq(check_group(totals), sum);
	ck_assert_double_eq(sum, 2 * VERDICT_COUNT);
	/* success, slow and failed once each: 1/3 is truncated, not rounded */
	ck_assert_ptr_nonnull(memmem(out.p, out.n, "\"attainment\":0.333333", 21));
	ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(json, "slowest")), 6);
	ck_assert_int_eq(
	    cJSON_GetArraySize(cJSON_GetObjectItem(cJSON_GetObjectItem(json, "basis"), "sources")),
	    2);
	cJSON_Delete(json);
	buf_free(&out);
	ground_free(&g);
}
END_TEST

/* Nothing was judged: a dash in tables, null here. */
START_TEST(empty_report)
{
	struct buf out = { 0 };
	struct ground g;
	const cJSON *totals;
	cJSON *json;

	ground_make(&g, STR(""));
	ground_ready(&g);
	slo_json_report(&out, g.report, &g.basis, (struct table_style){ 0 });
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	totals = cJSON_GetObjectItem(json, "totals");
	ck_assert(cJSON_IsNull(cJSON_GetObjectItem(totals, "attainment")));
	ck_assert(cJSON_IsNull(
	    cJSON_GetObjectItem(cJSON_GetObjectItem(totals, "deliverySeconds"), "p50")));
	ck_assert_double_eq(check_group(totals), 0);
	cJSON_Delete(json);
	buf_free(&out);
	ground_free(&g);
}
END_TEST

Suite *suite_slo_json(void)
{
	Suite *s = suite_create("slo_json");
	TCase *t = tcase_create("slo_json");

	suite_add_tcase(s, t);
	tcase_add_test(t, a_pod_that_was_delivered);
	tcase_add_test(t, a_pod_of_which_nothing_is_known);
	tcase_add_loop_test(t, a_pod_that_was_denied, 0, (int)ARRAY_SIZE(denials));
	tcase_add_test(t, hostile_names);
	tcase_add_test(t, report);
	tcase_add_test(t, empty_report);
	return s;
}
