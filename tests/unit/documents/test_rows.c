/* SPDX-License-Identifier: Apache-2.0 */
/* CSV and TSV: special characters, and groups. */
#include "suites.h"

#include "../page/ground.h"
#include "documents/csv.h"
#include "documents/slo_rows.h"

static const struct {
	const char *field, *csv, *tsv;
} fields[] = {
	{ "plain", "plain", "plain" },
	{ "", "", "" },
	{ "a,b", "\"a,b\"", "a,b" },
	{ "say \"hi\"", "\"say \"\"hi\"\"\"", "say \"hi\"" },
	{ "two\nlines", "\"two\nlines\"", "two\\nlines" },
	{ "cr\r", "\"cr\r\"", "cr\\r" },
	{ "tab\t", "tab\t", "tab\\t" },
	{ "back\\slash", "back\\slash", "back\\\\slash" },
	/* a spreadsheet's formula is not changed */
	{ "=1+1", "=1+1", "=1+1" },
	{ "@SUM(A1)", "@SUM(A1)", "@SUM(A1)" },
};

START_TEST(quoting)
{
	for (int tabs = 0; tabs < 2; tabs++) {
		struct buf out = { 0 }, expected = { 0 };
		struct csv c = csv_of(&out, tabs);

		csv_put(&c, str_from(fields[_i].field));
		csv_put(&c, STR("x"));
		csv_end_row(&c);
		csv_put(&c, STR("y"));
		csv_end_row(&c);
		buf_printf(&expected, "%s%sx\ny\n", tabs ? fields[_i].tsv : fields[_i].csv,
			   tabs ? "\t" : ",");
		ck_assert(str_eq(buf_str(&out), buf_str(&expected)));
		buf_free(&out);
		buf_free(&expected);
	}
}
END_TEST

static void check_lines(const struct buf *out, const char *const *lines, size_t n)
{
	struct str rest = buf_str(out), line;

	for (size_t i = 0; i < n; i++) {
		ck_assert(str_cut(rest, '\n', &line, &rest));
		ck_assert_msg(str_eq(line, str_from(lines[i])), "'" STR_FMT "' is not\n'%s'",
			      STR_ARG(line), lines[i]);
	}
	ck_assert_uint_eq(rest.n, 0);
}

/*
 * One of each verdict: success took 80 s without 10 of readiness, 70; slow 500 without these 10,
 * 490; failed waited the hour of the log. So p50 is the second of three, all above the third.
 */
START_TEST(groups)
{
	static const char *const lines[] = {
		"cluster,namespace,pods,success,slow,failed,aborted,open,denied,excluded,judged,"
		"attainment,p50Seconds,p50Censored,p90Seconds,p90Censored,p99Seconds,p99Censored,"
		"maxSeconds,maxCensored",
		"\"a,b\",shop,7,1,1,1,1,1,1,1,3,0.333333,490,false,3600,true,3600,true,3600,true",
	};
	struct buf out = { 0 };
	struct ground g;

	ground_make(&g, STR("a,b"));
	ground_add_pods(&g, STR("a,b"), STR("shop"), STR("web"));
	ground_ready(&g);
	slo_rows_report(&out, g.report, NULL, (struct table_style){ 0 });
	check_lines(&out, lines, 2);
	buf_reset(&out);
	slo_rows_report(&out, g.report, NULL, (struct table_style){ .no_headers = true });
	check_lines(&out, lines + 1, 1);
	buf_free(&out);
	ground_free(&g);
}
END_TEST

/* Nothing was judged: no attainment and no percentile, and no 0 in their place. */
START_TEST(nothing_judged)
{
	static const char *const lines[] = {
		"\tshop\t1\t0\t0\t0\t0\t0\t1\t0\t0\t\t\t\t\t\t\t\t\t",
	};
	struct buf out = { 0 };
	struct ground g;
	struct pod p;

	ground_make(&g, STR(""));
	pod_make(&p);
	p.t.denied = true;
	p.t.refusal = STR("Forbidden");
	pod_report_add(g.report, &p);
	ground_ready(&g);
	slo_rows_report(&out, g.report, NULL,
			(struct table_style){ .no_headers = true, .tabs = true });
	check_lines(&out, lines, 1);
	buf_free(&out);
	ground_free(&g);
}
END_TEST

Suite *suite_rows(void)
{
	Suite *s = suite_create("rows");
	TCase *t = tcase_create("rows");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, quoting, 0, (int)ARRAY_SIZE(fields));
	tcase_add_test(t, groups);
	tcase_add_test(t, nothing_judged);
	return s;
}
