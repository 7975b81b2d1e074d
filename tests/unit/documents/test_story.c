/* SPDX-License-Identifier: Apache-2.0 */
/* One pod's life for people, its waterfall, and the rows of pods. */
#include "suites.h"

#include "../page/ground.h"
#include "documents/pod_story_json.h"
#include "page/pod_story.h"
#include "documents/pods.h"
#include "page/text.h"

#include <cjson/cJSON.h>

#define FULL "\xE2\x96\x88"
#define LIGHT "\xE2\x96\x92"
#define THIN "\xE2\x96\x8F"
#define ARROW "\xE2\x96\xB6"

/* One hundred seconds: the user's from 50 to 75, and something in no time. */
static void make_pod(struct pod *p)
{
	pod_make(p);
	pod_mark(p, MILESTONE_READY, AT(100));
	pod_stage(p, STAGE_SCHEDULE, AT(0), AT(50));
	pod_stage(p, STAGE_INIT, AT(50), AT(75))->subject = STR("wait");
	pod_stage(p, STAGE_CREATE, AT(75), AT(75) + 1000);
	pod_stage(p, STAGE_READINESS_GATE, AT(75), AT(100));
	pod_judge(p);
}

static struct str line_of(const struct buf *out, const char *word)
{
	struct str rest = buf_str(out), line;

	while (str_cut(rest, '\n', &line, &rest))
		if (str_contains(line, str_from(word)))
			return line;
	ck_abort_msg("no '%s' in\n" STR_FMT, word, STR_ARG(buf_str(out)));
	return rest;
}

static size_t count(struct str s, const char *mark)
{
	size_t n = 0, length = strlen(mark);

	for (size_t i = 0; i + length <= s.n; i++)
		n += memcmp(s.p + i, mark, length) == 0;
	return n;
}

static void waterfall(struct pod *p, struct table_style style, struct buf *out)
{
	struct page page = page_of(out, style);
	struct story s;
	struct ground g;

	ground_make(&g, STR(""));
	ground_ready(&g);
	story_make(&s, &p->t, &p->d, &g.basis, AT(3600));
	ck_assert_uint_eq(s.n_parts, 1);
	waterfall_add(&page, &s.parts[0]);
	page_free(&page);
	story_free(&s);
	ground_free(&g);
}

static const unsigned widths[] = { 60, 80, 120, 200 };

/* Bars are as long as their share of the width, and no line is longer than the terminal. */
START_TEST(bars_tell_the_truth)
{
	struct table_style style = { .width = widths[_i] };
	struct buf out = { 0 };
	struct str rest, line;
	struct pod p;
	size_t whole;

	make_pod(&p);
	waterfall(&p, style, &out);
	whole = count(line_of(&out, "schedule"), FULL) * 2;
	ck_assert_uint_ge(whole, 10);
	ck_assert_int_le(labs((long)count(line_of(&out, "init"), LIGHT) * 4 - (long)whole), 4);
	ck_assert_int_le(labs((long)count(line_of(&out, "readinessGate"), FULL) * 4 - (long)whole),
			 4);
	ck_assert_uint_eq(count(line_of(&out, "create"), THIN), 1);
	ck_assert_uint_eq(count(line_of(&out, "create"), FULL), 0);
	for (rest = buf_str(&out); str_cut(rest, '\n', &line, &rest);)
		ck_assert_uint_le(text_width(line), widths[_i]);
	buf_free(&out);
}
END_TEST

START_TEST(marks_what_decides_and_what_goes_on)
{
	struct table_style style = { .width = 80 };
	struct buf out = { 0 };
	struct pod p;

	make_pod(&p);
	p.t.stages = p.stages;
	p.stages[3].end.at = NSEC_NONE;
	p.stages[3].open = true;
	p.stages[1].end.precision = PRECISION_SECOND;
	p.t.marks[MILESTONE_READY] = (struct mark){ .at = NSEC_NONE, .until = NSEC_NONE };
	pod_judge(&p);
	waterfall(&p, style, &out);
	ck_assert(str_starts(line_of(&out, "readinessGate"), STR("* ")));
	ck_assert(str_starts(line_of(&out, "init"), STR("* ")));
	ck_assert(str_ends(line_of(&out, "readinessGate"), STR(ARROW)));
	ck_assert(str_contains(line_of(&out, "readinessGate"), STR("> ")));
	ck_assert(str_contains(line_of(&out, "init"), STR("\xC2\xB1"
							  "25.0s")));
	buf_free(&out);
}
END_TEST

START_TEST(ascii_alone_if_asked)
{
	struct table_style style = { .width = 80, .ascii = true };
	struct buf out = { 0 };
	struct page page;
	struct pod p;

	make_pod(&p);
	waterfall(&p, style, &out);
	page = page_of(&out, style);
	waterfall_legend(&page);
	page_free(&page);
	for (size_t i = 0; i < out.n; i++)
		ck_assert_uint_lt((unsigned char)out.p[i], 0x7F);
	ck_assert(str_contains(line_of(&out, "schedule"), STR("####")));
	ck_assert(str_contains(line_of(&out, "init"), STR("====")));
	ck_assert(str_contains(line_of(&out, "create"), STR("|")));
	buf_free(&out);
}
END_TEST

/* Names of pods can neither steer a terminal nor end a table or a block of code. */
START_TEST(nothing_steers_the_terminal)
{
	static const char evil[] = "a\033[2J\xE2\x80\xAE\r</b>|``` b";
	struct table_style styles[] = {
		{ .width = 80 }, { .wide = true }, { .ascii = true }, { .markdown = true }
	};
	struct entry entry = { .fact = { .kind = FACT_EVENT, .at = AT(1), .begin = AT(1) },
			       .received = AT(1),
			       .times = 1 };
	struct buf out = { 0 };
	struct story s;
	struct ground g;
	struct pod p;

	make_pod(&p);
	entry.fact.reason = entry.fact.message = entry.actor = str_from(evil);
	p.t.namespace = p.t.name = p.t.uid = p.t.node = str_from(evil);
	p.t.workload_kind = p.t.workload_name = p.stages[1].subject = str_from(evil);
	p.containers[0].name = p.containers[0].image = str_from(evil);
	if (_i == 2) /* and its creation is unknown */
		p.t.marks[MILESTONE_CREATED].at = NSEC_NONE;
	p.t.entries = &entry;
	p.t.n_entries = 1;
	ground_make(&g, STR(""));
	ground_ready(&g);
	story_make(&s, &p.t, &p.d, &g.basis, AT(3600));
	story_text(&out, &s, styles[_i]);
	if (styles[_i].markdown)
		ck_assert_uint_eq(ground_check_markdown(buf_str(&out)), 1);
	else
		ck_assert_uint_ge(count(buf_str(&out), "\\x1b[2J"), 7);
	for (size_t i = 0; i < out.n; i++)
		ck_assert(out.p[i] == '\n' || (unsigned char)out.p[i] >= 0x20);
	ck_assert_uint_eq(count(buf_str(&out), "\xE2\x80\xAE"), 0);
	buf_free(&out);
	story_free(&s);
	ground_free(&g);
}
END_TEST

/* A column that no fact fills is not shown. */
START_TEST(no_column_without_facts)
{
	struct table_style style = { 0 };
	struct buf out = { 0 };
	struct story s;
	struct ground g;
	struct pod p;

	make_pod(&p);
	ground_make(&g, STR(""));
	ground_ready(&g);
	story_make(&s, &p.t, &p.d, &g.basis, AT(3600));
	story_text(&out, &s, style);
	ck_assert_uint_eq(count(buf_str(&out), "WHO"), 1);
	ck_assert_uint_eq(count(buf_str(&out), "STAGE"), 1); /* of the bars */
	ck_assert_uint_eq(count(buf_str(&out), "WHERE"), 0);
	buf_free(&out);
	story_free(&s);
	ground_free(&g);
}
END_TEST

START_TEST(documents_are_json)
{
	struct buf out = { 0 };
	struct story s;
	struct ground g;
	struct pod p;
	cJSON *doc;

	make_pod(&p);
	ground_make(&g, STR(""));
	ground_ready(&g);
	story_make(&s, &p.t, &p.d, &g.basis, AT(3600));
	story_json(&out, &s, (struct table_style){ 0 });
	buf_add_char(&out, 0);
	doc = cJSON_Parse(out.p);
	ck_assert(doc);
	ck_assert_str_eq(cJSON_GetObjectItem(doc, "kind")->valuestring, "PodTimeline");
	ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(doc, "stages")), 4);
	ck_assert(cJSON_IsNull(cJSON_GetObjectItem(doc, "deletion")));
	cJSON_Delete(doc);
	buf_free(&out);
	story_free(&s);
	ground_free(&g);
}
END_TEST

/* The boundaries of kubectl's ages. */
static const struct {
	nsec age;
	const char *text;
} ages[] = {
	{ -5 * SECOND, "0s" },	     { 119 * SECOND, "119s" },	    { 120 * SECOND, "2m" },
	{ 599 * SECOND, "9m59s" },   { 600 * SECOND, "10m" },	    { 179 * MINUTE, "179m" },
	{ 3 * HOUR, "3h" },	     { 3 * HOUR + MINUTE, "3h1m" }, { 47 * HOUR, "47h" },
	{ 49 * HOUR, "2d1h" },	     { 8 * 24 * HOUR, "8d" },	    { 729 * 24 * HOUR, "729d" },
	{ 731 * 24 * HOUR, "2y1d" }, { 8 * 365 * 24 * HOUR, "8y" },
};

START_TEST(ages_are_kubectls)
{
	char text[DURATION_TEXT];

	pods_age_format(ages[_i].age, text);
	ck_assert_str_eq(text, ages[_i].text);
}
END_TEST

START_TEST(fields_are_quoted)
{
	struct pods csv = { .format = PODS_ROWS, .at = NSEC_NONE },
		    tsv = { .format = PODS_ROWS,
			    .at = NSEC_NONE,
			    .style = { .no_headers = true, .tabs = true } };
	struct pod p;

	make_pod(&p);
	p.t.name = STR("a,\"b\"\tc\n");
	pods_begin(&csv);
	pods_add(&csv, &p.t, &p.d, AT(3600));
	pods_end(&csv);
	ck_assert(str_starts(buf_str(&csv.out),
			     STR("cluster,namespace,name,verdict,deliverySeconds,totalSeconds,")));
	ck_assert(
	    str_contains(buf_str(&csv.out), STR("\n,shop,\"a,\"\"b\"\"\tc\n\",success,75,100,,3600,"
						"node-1,,,2026-01-01T00:00:00.000000000Z,u1,")));
	pods_begin(&tsv);
	pods_add(&tsv, &p.t, &p.d, AT(3600));
	pods_end(&tsv);
	ck_assert(str_starts(buf_str(&tsv.out), STR("\tshop\ta,\"b\"\\tc\\n\tsuccess\t75\t100\t")));
	ck_assert_uint_eq(count(buf_str(&tsv.out), "\n"), 1);
	pods_free(&csv);
	pods_free(&tsv);
}
END_TEST

Suite *suite_story(void)
{
	Suite *s = suite_create("story");
	TCase *t = tcase_create("story");

	tcase_add_loop_test(t, bars_tell_the_truth, 0, ARRAY_SIZE(widths));
	tcase_add_test(t, marks_what_decides_and_what_goes_on);
	tcase_add_test(t, ascii_alone_if_asked);
	tcase_add_loop_test(t, nothing_steers_the_terminal, 0, 4);
	tcase_add_test(t, no_column_without_facts);
	tcase_add_test(t, documents_are_json);
	tcase_add_loop_test(t, ages_are_kubectls, 0, ARRAY_SIZE(ages));
	tcase_add_test(t, fields_are_quoted);
	suite_add_tcase(s, t);
	return s;
}
