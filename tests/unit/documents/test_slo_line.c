/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of deletions, upgrades and claims, and the report of them. */
#include "suites.h"

#include "../page/ground.h"
#include "documents/slo_json.h"
#include "page/slo_text.h"

#include <cjson/cJSON.h>

static void check_line(struct ground *g, const struct pod *p, const struct outcome *o,
		       const char *expected)
{
	struct buf out = { 0 };
	cJSON *json;

	slo_json_line(&out, &p->t, o, &g->basis);
	ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "\n" STR_FMT "is not\n%s",
		      STR_ARG(buf_str(&out)), expected);
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	cJSON_Delete(json);
	buf_free(&out);
}

static struct mark at(int seconds, const struct entry *evidence)
{
	return (struct mark){ .at = AT(seconds), .reached = true, .evidence = evidence };
}

static const struct mark never = { .at = NSEC_NONE };

#define IDENTITY                                                                                   \
	"\"cluster\":\"\",\"namespace\":\"shop\",\"name\":\"web\",\"generateName\":null,"          \
	"\"uid\":\"u1\",\"node\":\"node-1\",\"workload\":null,"

/* Asked for at 5 s with 30 s of grace, killed, stopped 3 s too late; a finalizer holds it. */
START_TEST(deletion)
{
	static const char expected[] =
	    "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodDeletion\"," IDENTITY
	    "\"verdict\":\"failed\",\"reason\":\"\",\"code\":\"a/b\",\"owner\":\"\","
	    "\"requested\":\"2026-01-01T00:00:05.000000000Z\","
	    "\"killing\":\"2026-01-01T00:00:06.000000000Z\","
	    "\"stopped\":\"2026-01-01T00:00:38.000000000Z\",\"released\":null,\"gone\":null,"
	    "\"how\":\"eviction\",\"by\":\"drain\",\"graceSeconds\":30,\"overrunSeconds\":3,"
	    "\"finalizers\":[\"a/b\",\"c\"],\"step\":\"delete\","
	    "\"seconds\":{\"total\":null,\"waited\":595},"
	    "\"limitSeconds\":{\"total\":600},\"stages\":[{\"stage\":\"stop\",\"subject\":\"app\","
	    "\"owner\":\"user\",\"start\":\"2026-01-01T00:00:06.000000000Z\","
	    "\"end\":\"2026-01-01T00:00:38.000000000Z\",\"seconds\":32,\"precision\":\"exact\","
	    "\"source\":\"audit\"}],\"evidence\":[{\"fact\":\"requested\","
	    "\"file\":\"audit.log\",\"line\":7,\"auditID\":\"id\"}]}\n";
	struct entry request = { .fact.reason = STR("eviction"),
				 .actor = STR("drain"),
				 .audit_id = STR("id"),
				 .position.line = 7 };
	struct deletion d = { .request = &request,
			      .requested = at(5, &request),
			      .killing = at(6, NULL),
			      .stopped = at(38, NULL),
			      .released = never,
			      .gone = never,
			      .grace = 30,
			      .overrun = SEC(3),
			      .finalizers = STR("a/b,c") };
	struct outcome o = { .slo = SLO_DELETE,
			     .verdict = VERDICT_FAILED,
			     .code = STR("a/b"),
			     .step = STR("delete"),
			     .total = NSEC_NONE,
			     .waited = SEC(595),
			     .limit = SEC(600) };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	p.t.deletion = &d;
	pod_stage(&p, STAGE_STOP, AT(6), AT(38))->subject = STR("app");
	o.stages = p.stages;
	o.n_stages = 1;
	check_line(&g, &p, &o, expected);
	ground_free(&g);
}
END_TEST

/* Of a pod that was seen to be gone, and nothing else. */
START_TEST(deletion_of_which_nothing_is_known)
{
	static const char expected[] =
	    "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodDeletion\"," IDENTITY
	    "\"verdict\":\"excluded\",\"reason\":\"creation not in the log\",\"code\":\"\","
	    "\"owner\":\"\",\"requested\":null,\"killing\":null,\"stopped\":null,"
	    "\"released\":null,\"gone\":null,\"how\":null,\"by\":null,\"graceSeconds\":null,"
	    "\"overrunSeconds\":null,\"finalizers\":null,\"step\":null,"
	    "\"seconds\":{\"total\":null,\"waited\":null},\"limitSeconds\":{\"total\":null},"
	    "\"stages\":[],\"evidence\":[]}\n";
	struct outcome o = { .slo = SLO_DELETE,
			     .verdict = VERDICT_EXCLUDED,
			     .exclusion = EXCLUSION_UNCREATED,
			     .total = NSEC_NONE,
			     .waited = NSEC_NONE,
			     .limit = NSEC_NONE };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	check_line(&g, &p, &o, expected);
	ground_free(&g);
}
END_TEST

START_TEST(upgrade)
{
	static const char expected[] =
	    "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"PodUpgrade\"," IDENTITY
	    "\"verdict\":\"success\",\"reason\":\"\",\"code\":\"\",\"owner\":\"\","
	    "\"requested\":\"2026-01-01T00:00:05.000000000Z\","
	    "\"ready\":\"2026-01-01T00:00:12.000000000Z\",\"how\":\"image\",\"by\":null,"
	    "\"containers\":[\"app\"],\"before\":\"a:1\",\"after\":\"a:2\","
	    "\"seconds\":{\"total\":7,\"waited\":null},\"limitSeconds\":{\"total\":540},"
	    "\"stages\":[],\"evidence\":[{\"fact\":\"requested\",\"file\":\"audit.log\","
	    "\"line\":3,\"auditID\":null},{\"fact\":\"ready\",\"file\":\"audit.log\",\"line\":9,"
	    "\"auditID\":null}]}\n";
	struct entry trigger = { .position.line = 3 }, ready = { .position.line = 9 };
	struct upgrade u = { .kind = UPGRADE_IMAGE,
			     .containers = STR("app"),
			     .before = STR("a:1"),
			     .after = STR("a:2"),
			     .trigger = &trigger,
			     .begin = at(5, &trigger),
			     .ready = at(12, &ready) };
	struct outcome o = { .slo = SLO_UPGRADE,
			     .verdict = VERDICT_SUCCESS,
			     .total = SEC(7),
			     .waited = NSEC_NONE,
			     .limit = SEC(540),
			     .upgrade = &u };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	check_line(&g, &p, &o, expected);
	ground_free(&g);
}
END_TEST

/* Without a class and not bound: "" is none; the size that was asked for is not shown. */
START_TEST(claim)
{
	static const char expected[] =
	    "{\"apiVersion\":\"lunettes/v1\",\"kind\":\"ClaimBinding\",\"cluster\":\"\","
	    "\"namespace\":\"shop\",\"name\":\"web\",\"uid\":\"u1\",\"verdict\":\"open\","
	    "\"reason\":\"\",\"code\":\"\",\"owner\":\"\","
	    "\"created\":\"2026-01-01T00:00:00.000000000Z\",\"bound\":null,\"deleted\":null,"
	    "\"storageClass\":\"\",\"volume\":\"\",\"requestedBytes\":null,"
	    "\"seconds\":{\"total\":null,\"waited\":20},\"limitSeconds\":{\"total\":600},"
	    "\"stages\":[],\"evidence\":[]}\n";
	struct claim_object object = { .storage_class = STR(""), .volume = STR("") };
	struct outcome o = { .slo = SLO_PVC,
			     .verdict = VERDICT_OPEN,
			     .begin = AT(0),
			     .total = NSEC_NONE,
			     .waited = SEC(20),
			     .limit = SEC(600) };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	p.t.kind = OBJECT_CLAIM;
	p.t.claim = &object;
	check_line(&g, &p, &o, expected);
	ground_free(&g);
}
END_TEST

/* Each SLO names its unit, in the table and in the document. */
static const struct {
	enum slo slo;
	const char *words[3], *keys;
} reports[] = {
	{ SLO_DELETE,
	  { "DELETIONS OF PODS AND THE TIME UNTIL THEY WERE GONE, BY NAMESPACE",
	    "DELETIONS  SUCCESS", "SLOWEST\n" },
	  "{\"deletions\":1,\"verdicts\"" },
	{ SLO_UPGRADE,
	  { "UPGRADES IN PLACE AND THE TIME UNTIL READY AGAIN, BY NAMESPACE", "UPGRADES  SUCCESS",
	    "SLOWEST\n" },
	  "{\"upgrades\":1,\"verdicts\"" },
	{ SLO_PVC,
	  { "CLAIMS AND THE TIME UNTIL BOUND, BY NAMESPACE", "CLAIMS  SUCCESS", "SLOWEST\n" },
	  "{\"claims\":1,\"verdicts\"" },
};

START_TEST(words)
{
	struct slo_report *r =
	    slo_report_new(&(struct slo_report_config){ .slo = reports[_i].slo,
							.grouping = grouping_default(),
							.slowest = 3,
							.settings = pod_settings() });
	struct outcome o = { .slo = reports[_i].slo,
			     .verdict = VERDICT_SUCCESS,
			     .begin = AT(0),
			     .total = SEC(7),
			     .measured = SEC(7),
			     .waited = NSEC_NONE };
	struct buf out = { 0 };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	slo_report_add(r, &p.t, &o);
	pod_report_finish(r);
	slo_text_report(&out, r, &g.basis, (struct table_style){ 0 });
	for (size_t i = 0; i < ARRAY_SIZE(reports[_i].words); i++)
		ck_assert_msg(str_contains(buf_str(&out), str_from(reports[_i].words[i])),
			      "no '%s' in\n" STR_FMT, reports[_i].words[i], STR_ARG(buf_str(&out)));
	ck_assert(!str_contains(buf_str(&out), STR("INDICATORS")));
	buf_reset(&out);
	slo_json_report(&out, r, &g.basis, (struct table_style){ 0 });
	ck_assert(str_contains(buf_str(&out), str_from(reports[_i].keys)));
	ck_assert(str_contains(buf_str(&out), STR("\"seconds\":{\"count\":1,\"p50\":")));
	ck_assert(str_contains(buf_str(&out), STR("\"slis\":[]")));
	buf_free(&out);
	slo_report_free(r);
	ground_free(&g);
}
END_TEST

/* Also an SLO without a row in slo_line.c. */
START_TEST(each_slo_has_a_line)
{
	struct outcome o = { .slo = (enum slo)_i, .code = STR("") };
	struct buf out = { 0 };
	struct upgrade change = { 0 };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	ground_ready(&g);
	pod_make(&p);
	o.upgrade = &change;
	slo_json_line(&out, &p.t, &o, &g.basis);
	ck_assert_msg(str_contains(buf_str(&out), str_from(slo_rows[_i].kind)) &&
			  str_contains(buf_str(&out), STR("\"name\":")) &&
			  str_contains(buf_str(&out), STR("\"verdict\":")) &&
			  str_contains(buf_str(&out), STR("\"seconds\":{")) &&
			  str_contains(buf_str(&out), STR("\"evidence\":[")),
		      "the line of %s lacks what all have: see its row in `writers` of "
		      "documents/slo_line.c\n" STR_FMT,
		      slo_names[_i], STR_ARG(buf_str(&out)));
	buf_free(&out);
	ground_free(&g);
}
END_TEST

Suite *suite_slo_line(void)
{
	Suite *s = suite_create("slo_line");
	TCase *t = tcase_create("slo_line");

	suite_add_tcase(s, t);
	tcase_add_test(t, deletion);
	tcase_add_test(t, deletion_of_which_nothing_is_known);
	tcase_add_test(t, upgrade);
	tcase_add_test(t, claim);
	tcase_add_loop_test(t, words, 0, (int)ARRAY_SIZE(reports));
	tcase_add_loop_test(t, each_slo_has_a_line, 0, SLO_COUNT);
	return s;
}
