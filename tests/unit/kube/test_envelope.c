/* SPDX-License-Identifier: Apache-2.0 */
/* Texts: versions of the audit event, its times, lists, damage, and texts that are no event. */
#include "suites.h"

#include "wrap/wrap.h"

#define V1 "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\","
#define REST                                                                                       \
	"\"level\":\"Metadata\",\"auditID\":\"a1\",\"stage\":\"ResponseComplete\",\"verb\":"       \
	"\"get\",\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"web\"},"   \
	"\"responseStatus\":{\"code\":200}"
#define AT(key, second) ",\"" key "\":\"2026-11-22T10:00:0" second "Z\""
#define TIMES AT("requestReceivedTimestamp", "5") AT("stageTimestamp", "6")
#define GOOD V1 REST TIMES "}"
#define BARE "{" REST TIMES "}"
#define SEEN(at) "shop/web 200 | seen code:200 at:" at "/e"
#define WEB SEEN("5")

static struct decoded all;

static void teardown(void)
{
	decoded_free(&all);
}

static const struct row {
	const char *text, *records, *counters, *notes;
} rows[] = {
	{ GOOD, WEB, "", "" },
	{ " " GOOD "\r\n", WEB, "", "" },
	{ "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1beta1\",\"metadata\":{"
	  "\"creationTimestamp\":\"2026-11-22T10:00:04Z\"}," REST AT("timestamp", "4") TIMES "}",
	  WEB, "", "" },
	/* v1alpha1: whole seconds in `timestamp`, later in metadata */
	{ "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1alpha1\"," REST AT("timestamp",
										  "4") "}",
	  SEEN("4"), "", "" },
	{ "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1alpha1\",\"metadata\":{"
	  "\"creationTimestamp\":\"2026-11-22T10:00:03Z\"}," REST "}",
	  SEEN("3"), "", "" },
	{ BARE, WEB, "", "" },
	/* a null time is missing; each of the two replaces the other */
	{ V1 REST AT("stageTimestamp", "6") ",\"requestReceivedTimestamp\":null}", SEEN("6"), "",
	  "" },
	{ V1 REST AT("requestReceivedTimestamp", "5") "}", WEB, "", "" },
	{ V1 REST "}", "", "untimed 1", "untimed@1000+0" },
	{ V1 REST ",\"stageTimestamp\":\"0001-01-01T00:00:00Z\"}", "", "untimed 1",
	  "untimed@1000+0" },
	/* without objectRef (non-resource URLs) there is nothing to see */
	{ V1 "\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"get\"" TIMES "}", "", "",
	  "" },
	{ V1 REST TIMES ",\"objectRef\":null,\"responseStatus\":null,\"annotations\":null,"
			"\"user\":null,\"requestObject\":null,\"items\":null}",
	  WEB, "", "" },
	/* keys that are escaped are the same keys, and so are values */
	{ "{\"k\\u0069nd\":\"Event\",\"apiVersion\":\"audit.k8s.io\\/v1\"," REST
	  ",\"\\u0072equestReceivedTimestamp\":\"2026-11-22T10:00:0\\u0035Z\"}",
	  WEB, "", "" },
	/* lists */
	{ "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/"
	  "v1\",\"metadata\":{},\"items\":[" BARE "," GOOD "]}",
	  WEB "\n" WEB, "", "" },
	{ "{\"items\":[" BARE "],\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\"}", WEB,
	  "", "" },
	{ "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[]}", "", "", "" },
	{ "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":null}", "", "",
	  "" },
	{ "{\"items\":[{\"items\":[" GOOD "]}," GOOD "]}", WEB "\n" WEB, "", "" },
	{ "{\"items\":[7," GOOD ",{\"a\":1},null]}", WEB, "foreign 3",
	  "foreign@1010+0 foreign@1318+0 foreign@1326+0" },
	/* an error inside a list is reported; the items before it count */
	{ "{\"items\":[" GOOD ",{\"a\":tru}]}", WEB, "malformed 1", "malformed@1000+*" },
	/* JSON, but no audit event */
	{ "{}", "", "foreign 1", "foreign@1000+0" },
	{ "[]", "", "foreign 1", "foreign@1000+0" },
	{ "{\"kind\":\"Event\",\"apiVersion\":\"v1\"," REST TIMES "}", "", "foreign 1",
	  "foreign@1000+0" },
	{ "{\"items\":7}", "", "foreign 1", "foreign@1000+0" },
	/* several in one text: Firehose writes no newlines */
	{ GOOD GOOD, WEB "\n" WEB, "", "" },
	{ BARE " " BARE "\t{} " GOOD, WEB "\n" WEB "\n" WEB, "foreign 1", "foreign@1520+*" },
	/* lines of other programs */
	{ "", "", "otherLines 1", "" },
	{ "  ", "", "otherLines 1", "" },
	{ "17", "", "otherLines 1", "" },
	{ "\"x\"", "", "otherLines 1", "" },
	{ "I0109 21:24:54.475483", "", "otherLines 1", "" },
	{ "2026-11-22 x", "", "otherLines 1", "" },
	{ "{\"level\":\"info\",\"msg\":\"started\"}", "", "otherLines 1", "" },
	/* not JSON */
	{ "esponseComplete\",\"verb\":\"get\"}", "", "malformed 1", "malformed@1000+0" },
	{ "ult\"}}", "", "malformed 1", "malformed@1000+0" },
	{ "{\"a\":1}x", "", "malformed 1", "malformed@1000+7" },
	{ "{\"a\" 1}", "", "malformed 1", "malformed@1000+5" },
	{ GOOD "x", "", "malformed 1", "malformed@1000+*" },
};

static void check_row(const struct row *row, bool unterminated)
{
	struct str notes = str_from(row->notes), got, head, tail;

	decoded_text(&all, NULL, str_from(row->text), unterminated);
	ck_assert_str(buf_str(&all.records), str_from(row->records));
	ck_assert_str(buf_str(&all.counters), str_from(row->counters));
	got = buf_str(&all.notes);
	if (str_ends(notes, STR("*")) && str_cut_last(got, '+', &head, &tail)) {
		got.n = head.n + 1; /* any offset */
		notes.n--;
	}
	ck_assert_str(got, notes);
}

START_TEST(test_row)
{
	check_row(&rows[_i], false);
}
END_TEST

#define TORN V1 "\"level\":\"Metadata\",\"auditID\":\"a0\",\"stage\":\"Resp"

static const struct {
	struct row row;
	bool unterminated;
} torn[] = {
	/* the last line of a file that is being written */
	{ { TORN, "", "malformed 1", "torn@1000+*" }, true },
	{ { TORN, "", "malformed 1", "malformed@1000+*" }, false },
	{ { "2026-11-22T10:00:06Z {\"kind\":\"Event\",\"apiVer", "", "malformed 1", "torn@1000+*" },
	  true },
	/* whole, only its newline is missing */
	{ { GOOD, WEB, "", "" }, true },
	/* after a crash the next record follows the torn one on the same line */
	{ { TORN GOOD, WEB, "malformed 1 recovered 1", "malformed@1000+* recovered@*" }, false },
	{ { TORN GOOD, WEB, "malformed 1 recovered 1", "malformed@1000+* recovered@*" }, true },
	{ { TORN BARE, WEB, "malformed 1 recovered 1", "malformed@1000+* recovered@*" }, false },
	{ { GOOD GOOD TORN, WEB "\n" WEB, "malformed 1", "torn@*" }, true },
	{ { TORN "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Event\"," REST TIMES "}", WEB,
	    "malformed 1 recovered 1", "malformed@1000+* recovered@*" },
	  false },
	{ { TORN TORN GOOD, WEB, "malformed 2 recovered 2", "malformed@1000+* recovered@*" },
	  false },
	{ { TORN TORN, "", "malformed 2 recovered 1", "malformed@1000+* recovered@*" }, true },
};

START_TEST(test_torn)
{
	const struct row *row = &torn[_i].row;

	decoded_text(&all, NULL, str_from(row->text), torn[_i].unterminated);
	ck_assert_str(buf_str(&all.records), str_from(row->records));
	ck_assert_str(buf_str(&all.counters), str_from(row->counters));
	ck_assert_uint_eq(all.notes.n == 0, row->notes[0] == 0);
	if (row->notes[0])
		ck_assert_int_eq(all.notes.p[0], row->notes[0]);
	ck_assert_uint_eq(str_contains(buf_str(&all.notes), STR("recovered@")),
			  str_contains(str_from(row->notes), STR("recovered@")));
}
END_TEST

/* The position of a recovered record: its own offset, in the line of the torn one. */
START_TEST(test_recovered_position)
{
	decoded_text(&all, NULL, STR(TORN GOOD), false);
	ck_assert_uint_eq(all.last.position.source, 3);
	ck_assert_uint_eq(all.last.position.line, 17);
	ck_assert_uint_eq(all.last.position.offset, 1000 + sizeof(TORN) - 1);
	decoded_text(&all, NULL, STR(GOOD), false);
	ck_assert_uint_eq(all.last.position.offset, 1000);
}
END_TEST

/* A record cut anywhere is one torn text, and never a record. */
START_TEST(test_cut_anywhere)
{
	for (size_t n = 1; n < sizeof(GOOD) - 1; n++) {
		decoded_free(&all);
		decoded_text(&all, NULL, (struct str){ GOOD, n }, true);
		ck_assert_uint_eq(all.n, 0);
		ck_assert_str(buf_str(&all.counters), STR("malformed 1"));
		ck_assert(str_starts(buf_str(&all.notes), STR("torn@")));
	}
}
END_TEST

/* Lists in lists end somewhere, and what is deeper is not lost without a word. */
START_TEST(test_deep)
{
	struct buf text = { 0 };

	for (int depth = 1; depth <= WRAP_DEPTH + 2; depth++) {
		buf_reset(&text);
		decoded_free(&all);
		for (int i = 0; i < depth; i++)
			buf_printf(&text, "{\"items\":[");
		buf_printf(&text, "%s", GOOD);
		for (int i = 0; i < depth; i++)
			buf_printf(&text, "]}");
		decoded_text(&all, NULL, buf_str(&text), false);
		ck_assert_uint_eq(all.n, depth <= WRAP_DEPTH);
		ck_assert_uint_eq(decoded_counter(&all, "foreign"), depth > WRAP_DEPTH);
	}
	buf_free(&text);
}
END_TEST

/* Many beginnings of records that are none: each must be cheap. */
START_TEST(test_many_beginnings)
{
	enum { N = 20000 };
	struct buf text = { 0 };

	buf_add_char(&text, '[');
	for (int i = 0; i < N; i++)
		buf_printf(&text, "{\"level\":\"x\"},");
	decoded_text(&all, NULL, buf_str(&text), false);
	ck_assert_uint_eq(decoded_counter(&all, "malformed"), N + 1);
	buf_free(&text);
}
END_TEST

static const struct {
	const char *config, *annotation, *cluster;
} clusters[] = {
	{ NULL, "", "" },
	{ NULL, "\"x\":\"y\"", "" },
	{ NULL, "\"cluster\":\"east\"", " cluster:east" },
	{ "west", "\"cluster\":\"east\"", " cluster:west" },
	{ "west", "", " cluster:west" },
};

START_TEST(test_cluster)
{
	char text[1000], expected[100];

	snprintf(text, sizeof(text), V1 REST TIMES ",\"annotations\":{%s}}",
		 clusters[_i].annotation);
	snprintf(expected, sizeof(expected), "shop/web%s 200 | seen code:200 at:5/e",
		 clusters[_i].cluster);
	decoded_text(&all, clusters[_i].config, str_from(text), false);
	ck_assert_str(buf_str(&all.records), str_from(expected));
}
END_TEST

/* A NUL ends a name in the sort key: a record with one would be sorted under another pod. */
static const char *const nuls[] = {
	V1 REST TIMES ",\"objectRef\":{\"resource\":\"pods\",\"name\":\"we\\u0000b\"}}",
	V1 REST TIMES
	",\"objectRef\":{\"resource\":\"pods\",\"name\":\"web\",\"namespace\":\"\\u0000\"}}",
	V1 REST TIMES ",\"annotations\":{\"cluster\":\"a\\u0000\"}}",
};

START_TEST(test_nul)
{
	decoded_text(&all, NULL, str_from(nuls[_i]), false);
	ck_assert_uint_eq(all.n, 0);
	ck_assert_uint_eq(decoded_counter(&all, "records"), 1);
}
END_TEST

START_TEST(test_levels_and_fields)
{
	decoded_text(&all, NULL, STR(GOOD), false);
	decoded_text(&all, NULL, STR(V1 "\"level\":\"Request\"" TIMES "}"), false);
	decoded_text(&all, NULL, STR(V1 "\"level\":\"RequestResponse\"" TIMES "}"), false);
	decoded_text(&all, NULL, STR(V1 "\"level\":\"default\"" TIMES "}"), false);
	ck_assert_uint_eq(decoded_counter(&all, "records"), 4);
	ck_assert_uint_eq(decoded_counter(&all, "levelMetadata"), 1);
	ck_assert_uint_eq(decoded_counter(&all, "levelRequest"), 1);
	ck_assert_uint_eq(decoded_counter(&all, "levelRequestResponse"), 1);
	ck_assert_str(all.last.audit_id, STR("a1"));
	ck_assert_str(all.last.audit_stage, STR("ResponseComplete"));
	ck_assert_str(all.last.verb, STR("get"));
	ck_assert_int_eq(all.last.received, T0 + 5 * SECOND);
	ck_assert_int_eq(all.last.completed, T0 + 6 * SECOND);
}
END_TEST

static int refuse(void *ctx, const struct record *record, struct err *err)
{
	return err_set(err, ERR_SYSTEM, "no");
}

/* A text ends where its consumer rejects a record, also in the middle of a list. */
START_TEST(test_consumer_fails)
{
	struct decode_config config = { .record = refuse };
	struct decoder *d = decoder_new(&config);
	struct position position = { 0 };
	struct err err = { 0 };

	ck_assert_int_lt(
	    decoder_text(d,
			 &(struct decode_text){ STR(""), STR("{\"items\":[" GOOD "," GOOD "]}"),
						position, false },
			 &err),
	    0);
	ck_assert_str_eq(err.message, "no");
	ck_assert_uint_eq(decoder_ingest(d)->records, 1);
	decoder_free(d);
	decoder_free(NULL);
}
END_TEST

TCase *envelope_tests(void)
{
	TCase *t = tcase_create("envelope");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, test_torn, 0, ARRAY_SIZE(torn));
	tcase_add_test(t, test_recovered_position);
	tcase_add_test(t, test_cut_anywhere);
	tcase_add_test(t, test_deep);
	tcase_add_test(t, test_many_beginnings);
	tcase_add_loop_test(t, test_cluster, 0, ARRAY_SIZE(clusters));
	tcase_add_loop_test(t, test_nul, 0, ARRAY_SIZE(nuls));
	tcase_add_test(t, test_levels_and_fields);
	tcase_add_test(t, test_consumer_fails);
	return t;
}
