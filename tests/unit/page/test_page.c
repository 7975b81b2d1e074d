/* SPDX-License-Identifier: Apache-2.0 */
/* Each part of a page, for a terminal and as Markdown, with hostile text that must not break it. */
#include "suites.h"

#include "ground.h"
#include "page/slo_text.h"

static void gather(struct page *p, const char *text)
{
	buf_printf(&p->text, "%s", text);
}

static void check_page(struct page *p, const char *expected)
{
	ck_assert_msg(str_eq(buf_str(p->out), str_from(expected)), "\n" STR_FMT "\nis not\n%s",
		      STR_ARG(buf_str(p->out)), expected);
	buf_free(p->out);
	page_free(p);
}

static const struct table_style styles[] = { { .width = 24 }, { .markdown = true, .width = 24 } };

/* One of everything but tables, logs and evidence. */
static void add_parts(struct page *p)
{
	gather(p, ": slow *today*");
	page_head(p, STR("pod/a"), false);
	gather(p, "a|b");
	page_value(p, "key", PAGE_SHORTEN);
	gather(p, "more");
	page_value(p, "", PAGE_UNCUT);
	page_title(p, NULL, "TITLE");
	gather(p, "one item that is wrapped");
	page_item(p, 1, 0);
	gather(p, "its own");
	page_item(p, 2, 0);
	gather(p, "below");
	page_paragraph(p, PAGE_BELOW);
	gather(p, "apart");
	page_paragraph(p, PAGE_APART);
	gather(p, "inside");
	page_paragraph(p, PAGE_INSIDE);
	page_subtitle(p, "ALSO THIS");
	gather(p, "a sentence that is shortened");
	page_item(p, 1, 1);
	gather(p, "* |##|\n");
	page_drawing(p);
	gather(p, "do this next");
	page_hint(p, PAGE_BELOW);
}

START_TEST(parts)
{
	static const char *const expected[] = {
		"pod/a: slow *today*\n"
		"  key        a|b\n"
		"             more\n"
		"\nTITLE\n"
		"  one item that is\n"
		"    wrapped\n"
		"    its own\n"
		"below\n"
		"\napart\n"
		"  inside\n"
		"\nALSO THIS\n"
		"  a sentence\xE2\x80\xA6shortened\n"
		"* |##|\n"
		"do this next\n",
		"## pod/a: slow \\*today\\*\n\n"
		"- **key**: a\\|b\n"
		"  - more\n"
		"\n## TITLE\n\n"
		"- one item that is wrapped\n"
		"  - its own\n"
		"\nbelow\n"
		"\napart\n"
		"\ninside\n"
		"\nAlso this:\n\n"
		"- a sentence that is shortened\n"
		"\n```\n* |##|\n```\n",
	};
	struct buf out = { 0 };
	struct page p = page_of(&out, styles[_i]);

	add_parts(&p);
	check_page(&p, expected[_i]);
}
END_TEST

/* A word that is longer than its column: shortened, on a line of its own, or left as it is. */
START_TEST(long_values)
{
	struct buf out = { 0 };
	struct page p = page_of(&out, styles[0]);

	for (int i = 0; i < 3; i++) {
		gather(&p, "0123456789012345678901234");
		page_value(&p, "key", (enum page_wrap)i);
	}
	check_page(&p, "  key        0123456789\xE2\x80\xA6"
		       "678901234\n"
		       "  key       \n    0123456789012345678901234\n"
		       "  key        0123456789012345678901234\n");
}
END_TEST

START_TEST(logs)
{
	static const char *const expected[] = {
		"\nTIME       +SINCE WHO       WHAT\n"
		"10:00:01      +1s kubelet ! a|b\n"
		"-- 1m --\n"
		"10:01:01   +1m01s -         one two three four\n"
		"                            five six seven\n",
		"| TIME | +SINCE | WHO | STAGE | WHERE | WHAT |\n"
		"| --- | ---: | --- | --- | --- | --- |\n"
		"| 10:00:01 | +1s | kubelet | - | - | ! a\\|b |\n"
		"| | | | | | -- 1m -- |\n"
		"| 10:01:01 | +1m01s | - | - | - | one two three four five six seven |\n",
	};
	const struct page_log_row rows[] = {
		{ .cells = { STR("10:00:01"), STR("+1s"), STR("kubelet") },
		  .what = STR("a|b"),
		  .error = true },
		{ .before = STR("-- 1m --\n"),
		  .cells = { STR("10:01:01"), STR("+1m01s"), STR("") },
		  .what = STR("one two three four five six seven") },
	};
	struct page_log log = { .columns = { { .name = "TIME", .least = 10 },
					     { .name = "+SINCE", .align = TABLE_RIGHT },
					     { .name = "WHO" },
					     { .name = "STAGE", .sparse = true },
					     { .name = "WHERE", .from = 100 } },
				.rows = rows,
				.n = ARRAY_SIZE(rows) };
	struct table_style style = { .width = 48, .markdown = _i };
	struct buf out = { 0 };
	struct page p = page_of(&out, style);

	if (!_i)
		buf_add_str(&out, STR("x"));
	page_log(&p, &log);
	if (!_i) {
		ck_assert_int_eq(out.p[0], 'x');
		memmove(out.p, out.p + 1, --out.n);
	}
	check_page(&p, expected[_i]);
}
END_TEST

/* Nothing that a log holds moves a cursor, closes a fence, a cell or a tag. */
START_TEST(hostile_text)
{
	static const char *const expected[] = {
		"  \\x1b[2J</b>```|\\x0a# x\n\nA\nhead\\x0a: \\x1b[2J</b>```|\\x0a# x\n",
		"- \\\\x1b\\[2J\\</b\\>\\`\\`\\`\\|\\\\x0a\\# x\n\nA:\n\n"
		"## head\\\\x0a: \\\\x1b\\[2J\\</b\\>\\`\\`\\`\\|\\\\x0a\\# x\n\n",
	};
	const char *text = "\033[2J</b>```|\n# x";
	struct buf out = { 0 };
	struct page p = page_of(&out, (struct table_style){ .markdown = _i });

	gather(&p, text);
	page_item(&p, 1, 0);
	page_subtitle(&p, "A");
	gather(&p, ": ");
	gather(&p, text);
	page_head(&p, STR("head\n"), false);
	check_page(&p, expected[_i]);
}
END_TEST

START_TEST(fence_is_longer_than_any_inside)
{
	struct buf out = { 0 };
	struct page p = page_of(&out, (struct table_style){ .markdown = true });

	gather(&p, "````\n");
	page_drawing(&p);
	check_page(&p, "`````\n````\n`````\n");
}
END_TEST

START_TEST(markdown_table)
{
	static const struct table_column columns[] = {
		{ .name = "POD" },
		{ .name = "TIME", .align = TABLE_RIGHT, .drop = 1 },
		{ .name = "NODE", .wide_only = true },
	};
	struct buf out = { 0 };
	/* a narrow terminal does not matter here */
	struct page p = page_of(&out, (struct table_style){ .markdown = true, .width = 5 });
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	table_put(&t, cell_str(STR("a|b\n")));
	table_put(&t, cell_duration(SEC(21) / 5, true));
	table_put(&t, cell_str(STR("n")));
	gather(&p, "c");
	page_put_cell(&p, &t);
	page_put_cell(&p, &t);
	table_put(&t, cell_empty());
	page_table(&p, &t);
	check_page(&p, "| POD | TIME |\n| --- | ---: |\n"
		       "| a\\|b\\\\x0a | \\> 4.20s |\n| c | - |\n");
}
END_TEST

START_TEST(markdown_report)
{
	struct buf out = { 0 };
	struct ground g;

	ground_make(&g, STR(""));
	ground_add_pods(&g, STR(""), STR("shop"), STR("web|x"));
	ground_ready(&g);
	slo_text_report(&out, g.report, &g.basis, (struct table_style){ .markdown = true });
	/* groups, SLIs, stages, slowest */
	ck_assert_uint_eq(ground_check_markdown(buf_str(&out)), 4);
	ck_assert(str_starts(buf_str(&out), STR("## RESTS ON\n\n- 15 audit events")));
	buf_free(&out);
	ground_free(&g);
}
END_TEST

Suite *suite_page(void)
{
	Suite *s = suite_create("page");
	TCase *t = tcase_create("page");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, parts, 0, (int)ARRAY_SIZE(styles));
	tcase_add_test(t, long_values);
	tcase_add_loop_test(t, logs, 0, 2);
	tcase_add_loop_test(t, hostile_text, 0, 2);
	tcase_add_test(t, fence_is_longer_than_any_inside);
	tcase_add_test(t, markdown_table);
	tcase_add_test(t, markdown_report);
	return s;
}
