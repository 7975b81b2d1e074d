/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "ground.h"
#include "page/slo_text.h"
#include "page/text.h"

static const unsigned widths[] = { 0, 80, 200 };

static void check_width(const struct buf *out, size_t width)
{
	struct str rest = buf_str(out), line;

	while (str_cut(rest, '\n', &line, &rest)) {
		size_t n = 0;

		for (size_t i = 0; i < line.n; i++)
			n += ((unsigned char)line.p[i] & 0xc0) != 0x80; /* code points */
		ck_assert_msg(n <= width, "%zu columns: " STR_FMT, n, STR_ARG(line));
		ck_assert(!str_ends(line, STR(" ")));
	}
	ck_assert_uint_eq(rest.n, 0);
}

static void check_has(const struct buf *out, const char *text)
{
	ck_assert_msg(str_contains(buf_str(out), str_from(text)), "no '%s' in\n" STR_FMT, text,
		      STR_ARG(buf_str(out)));
}

static void render(struct ground *g, unsigned width, struct buf *out)
{
	slo_text_report(out, g->report, &g->basis, (struct table_style){ .width = width });
	if (width == 80)
		check_width(out, 80);
}

START_TEST(all_verdicts_are_shown)
{
	static const char *const words[] = { "SUCCESS", "SLOW",	  "FAILED", "ABORTED",
					     "OPEN",	"DENIED", "EXCL",   "ATTAIN" };
	struct buf out = { 0 };
	struct ground g;

	ground_make(&g, STR(""));
	ground_add_pods(&g, STR(""), STR("shop"), STR("web-6d4f9c8b7d-x2abc"));
	ground_ready(&g);
	render(&g, widths[_i], &out);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		check_has(&out, words[i]);
	check_has(&out, "excluded: ");
	check_has(&out, "33.33%"); /* one of three */
	/* failed: the last of three, after an hour */
	check_has(&out, "> 1h00m");
	buf_free(&out);
	ground_free(&g);
}
END_TEST

START_TEST(nothing_to_show)
{
	struct buf out = { 0 };
	struct ground g;

	ground_make(&g, STR(""));
	ground_ready(&g);
	render(&g, widths[_i], &out);
	check_has(&out, "RESTS ON");
	buf_free(&out);
	ground_free(&g);
}
END_TEST

/* All notes, with numbers of a large cluster. */
START_TEST(everything_is_said)
{
	struct buf out = { 0 };
	struct ground g;
	struct ingest *in = &g.ingest;

	ground_make(&g, STR("production-eu-central-1-cluster-of-the-shop"));
	in->records = 123456789;
	in->podRecords = 23456789;
	in->levelMetadata = in->levelRequest = in->levelRequestResponse = 41152263;
	in->malformed = in->foreign = in->untimed = in->truncated = 1234567;
	in->unattributed = in->unnamedDeletes = in->dryRun = in->duplicates = 1234567;
	for (int i = 1; i < 9; i++)
		context_record(&g.context, STR("production-eu-central-1-cluster-of-the-shop"),
			       AT(3600 + 7200 * i), WRITING_OTHER);
	ground_add_pods(&g, STR(""), STR("shop"), STR("web"));
	for (int i = 1; i < EXCLUSION_COUNT; i++)
		g.report->all.exclusions[i] = 1234567;
	ground_ready(&g);
	render(&g, widths[_i], &out);
	check_has(&out, "123,456,789 audit events");
	check_has(&out, "no pods/status writes");
	check_has(&out, "GAPS");
	buf_free(&out);
	/* the same cluster with status writes, half of them hidden */
	g.context.clusters[0].status_writes = 2469134;
	g.context.clusters[0].status_bodies = 1234567;
	render(&g, widths[_i], &out);
	check_has(&out, "1,234,567");
	buf_free(&out);
	ground_free(&g);
}
END_TEST

START_TEST(several_clusters)
{
	struct buf out = { 0 };
	struct ground g;

	ground_make(&g, STR("production-eu-central-1-cluster-of-the-shop"));
	context_record(&g.context, STR("west"), AT(5), WRITING_OTHER);
	ground_add_pods(&g, STR("production-eu-central-1-cluster-of-the-shop"),
			STR("a-namespace-with-a-rather-long-name"), STR("web-6d4f9c8b7d-x2abc"));
	ground_add_pods(&g, STR("west"), STR("shop"), STR("web"));
	ground_ready(&g);
	render(&g, widths[_i], &out);
	check_has(&out, "west");
	check_has(&out, "shop");
	buf_free(&out);
	ground_free(&g);
}
END_TEST

/* A hundred thousand pods: the numbers are as wide as they come. */
START_TEST(large_numbers)
{
	struct buf out = { 0 };
	struct ground g;

	ground_make(&g, STR(""));
	ground_add_pods(&g, STR(""), STR("shop"), STR("web-6d4f9c8b7d-x2abc"));
	g.report->groups[0].pods = g.report->all.pods = 999999;
	for (int i = 0; i < VERDICT_COUNT; i++)
		g.report->groups[0].verdicts[i] = g.report->all.verdicts[i] = 142857;
	g.report->stages[STAGE_IMAGE_PULL].sum = SEC(123456789);
	g.report->total_sum = SEC(123456789);
	ground_ready(&g);
	render(&g, widths[_i], &out);
	check_has(&out, "999999");
	buf_free(&out);
	ground_free(&g);
}
END_TEST

/* Escape sequences, bidi overrides, line separators, newlines: none is printed, anywhere. */
static const char *const hostile[] = {
	"\x1b[31mred",
	"\x9b"
	"31m",
	"a\nb",
	"a\rb",
	"\xe2\x80\xae"
	"live",
	"\xe2\x80\xa8",
	"\x07",
};

START_TEST(hostile_names)
{
	struct str name = str_from(hostile[_i]);
	struct buf out = { 0 };
	struct ground g;

	for (int ascii = 0; ascii < 2; ascii++)
		for (size_t w = 0; w < ARRAY_SIZE(widths); w++) {
			size_t lines = 0;

			ground_make(&g, name);
			context_record(&g.context, STR("z"), AT(5), WRITING_OTHER);
			ground_add_pods(&g, name, name, name);
			ground_add_pods(&g, STR("z"), name, name);
			ground_ready(&g);
			buf_reset(&out);
			slo_text_report(&out, g.report, &g.basis,
					(struct table_style){
					    .width = widths[w], .ascii = ascii, .wide = true });
			ck_assert(!str_contains(buf_str(&out), name));
			for (size_t i = 0; i < out.n; i++) {
				unsigned char c = (unsigned char)out.p[i];

				lines += c == '\n';
				ck_assert(c == '\n' || (c >= 0x20 && c != 0x7f));
				ck_assert(!ascii || c < 0x80);
			}
			ck_assert_uint_gt(lines, 10);
			ground_free(&g);
		}
	buf_free(&out);
}
END_TEST

Suite *suite_slo_text(void)
{
	Suite *s = suite_create("slo_text");
	TCase *t = tcase_create("slo_text");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, all_verdicts_are_shown, 0, (int)ARRAY_SIZE(widths));
	tcase_add_loop_test(t, nothing_to_show, 0, (int)ARRAY_SIZE(widths));
	tcase_add_loop_test(t, everything_is_said, 0, (int)ARRAY_SIZE(widths));
	tcase_add_loop_test(t, several_clusters, 0, (int)ARRAY_SIZE(widths));
	tcase_add_loop_test(t, large_numbers, 0, (int)ARRAY_SIZE(widths));
	tcase_add_loop_test(t, hostile_names, 0, (int)ARRAY_SIZE(hostile));
	return s;
}
