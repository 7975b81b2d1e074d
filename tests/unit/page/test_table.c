/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "page/table.h"
#include "page/text.h"

static const struct table_column columns[] = {
	{ .name = "NAMESPACE" },
	{ .name = "POD", .min_width = 10 },
	{ .name = "TOTAL", .align = TABLE_RIGHT },
	{ .name = "NODE", .drop = 1 },
	{ .name = "N", .align = TABLE_RIGHT, .drop = 2 },
	{ .name = "UID", .wide_only = true },
};

static void fill(struct table *t)
{
	table_begin(t, columns, ARRAY_SIZE(columns));
	table_put(t, cell_str(STR("shop")));
	table_put(t, cell_str(STR("web-6d4f9c8b7d-x2abc")));
	table_put(t, cell_duration(3214 * (SECOND / 1000), false));
	table_put(t, cell_str(STR("node-7.example.org")));
	table_put(t, cell_count(12));
	table_put(t, cell_str(STR("u-1")));
	table_put(t, cell_str(STR("kube-system")));
	table_put(t, cell_str(STR("db-0")));
	table_put(t, cell_duration(4200 * (SECOND / 1000), true));
	table_put(t, cell_empty());
	table_put(t, cell_count(3));
	table_put(t, cell_str(STR("")));
}

static void check_render(struct table_style style, const char *expected)
{
	struct table t;
	struct buf out = { 0 };
	struct str rest, line;

	fill(&t);
	table_render(&t, style, &out);
	ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "\n" STR_FMT "expected\n%s",
		      STR_ARG(buf_str(&out)), expected);
	rest = buf_str(&out);
	while (str_cut(rest, '\n', &line, &rest))
		ck_assert(!str_ends(line, STR(" ")));
	buf_free(&out);
	table_free(&t);
}

START_TEST(renders_without_limit)
{
	check_render((struct table_style){ 0 },
		     "NAMESPACE    POD                     TOTAL  NODE                 N\n"
		     "shop         web-6d4f9c8b7d-x2abc    3.21s  node-7.example.org  12\n"
		     "kube-system  db-0                  > 4.20s  -                    3\n");
	check_render((struct table_style){ .width = 200, .wide = true },
		     "NAMESPACE    POD                     TOTAL  NODE                 N  UID\n"
		     "shop         web-6d4f9c8b7d-x2abc    3.21s  node-7.example.org  12  u-1\n"
		     "kube-system  db-0                  > 4.20s  -                    3  -\n");
}
END_TEST

START_TEST(renders_headers_or_not)
{
	check_render((struct table_style){ .no_headers = true },
		     "shop         web-6d4f9c8b7d-x2abc    3.21s  node-7.example.org  12\n"
		     "kube-system  db-0                  > 4.20s  -                    3\n");
	check_render((struct table_style){ .width = 48, .bold = true },
		     "\x1b[1mNAMESPACE    POD                     TOTAL\x1b[0m\n"
		     "shop         web-6d4f9c8b7d-x2abc    3.21s\n"
		     "kube-system  db-0                  > 4.20s\n");
}
END_TEST

START_TEST(drops_columns)
{
	/* 66 columns are just enough; one less, and N goes; then NODE. */
	check_render((struct table_style){ .width = 66 },
		     "NAMESPACE    POD                     TOTAL  NODE                 N\n"
		     "shop         web-6d4f9c8b7d-x2abc    3.21s  node-7.example.org  12\n"
		     "kube-system  db-0                  > 4.20s  -                    3\n");
	check_render((struct table_style){ .width = 65 },
		     "NAMESPACE    POD                     TOTAL  NODE\n"
		     "shop         web-6d4f9c8b7d-x2abc    3.21s  node-7.example.org\n"
		     "kube-system  db-0                  > 4.20s  -\n");
	check_render((struct table_style){ .width = 61 },
		     "NAMESPACE    POD                     TOTAL\n"
		     "shop         web-6d4f9c8b7d-x2abc    3.21s\n"
		     "kube-system  db-0                  > 4.20s\n");
}
END_TEST

START_TEST(shortens_columns)
{
	check_render((struct table_style){ .width = 38 },
		     "NAMESPACE    POD                 TOTAL\n"
		     "shop         web-6d4f…d-x2abc    3.21s\n"
		     "kube-system  db-0              > 4.20s\n");
	check_render((struct table_style){ .width = 38, .ascii = true },
		     "NAMESPACE    POD                 TOTAL\n"
		     "shop         web-6d4...-x2abc    3.21s\n"
		     "kube-system  db-0              > 4.20s\n");
	/* No column gets narrower than its header or its minimum: the table exceeds the limit. */
	check_render((struct table_style){ .width = 5 }, "NAMESPACE  POD           TOTAL\n"
							 "shop       web-6…2abc    3.21s\n"
							 "kube…stem  db-0        > 4.20s\n");
	check_render((struct table_style){ .width = 1, .no_headers = true },
		     "shop      web-6…2abc    3.21s\n"
		     "kube…tem  db-0        > 4.20s\n");
}
END_TEST

START_TEST(aligns_by_columns_not_bytes)
{
	static const struct table_column two[] = { { .name = "A" }, { .name = "B" } };
	struct table t;
	struct buf out = { 0 };

	table_begin(&t, two, 2);
	table_put(&t, cell_str(STR("日本")));
	table_put(&t, cell_str(STR("x")));
	table_put(&t, cell_str(STR("é")));
	table_put(&t, cell_str(STR("x  ")));
	table_put(&t, cell_str(STR("\x1b[2J")));
	table_put(&t, cell_str(STR("\xff")));
	table_render(&t, (struct table_style){ 0 }, &out);
	ck_assert(str_eq(buf_str(&out), STR("A        B\n"
					    "日本     x\n"
					    "é        x\n"
					    "\\x1b[2J  \xEF\xBF\xBD\n")));
	buf_free(&out);
	table_free(&t);
}
END_TEST

static void check_cell(struct table_cell cell, bool ascii, const char *expected)
{
	static const struct table_column one[] = { { .name = "A" } };
	struct table_style style = { .no_headers = true, .ascii = ascii };
	struct table t;
	struct buf out = { 0 };

	table_begin(&t, one, 1);
	table_put(&t, cell);
	table_render(&t, style, &out);
	ck_assert_uint_gt(out.n, 0);
	out.p[out.n - 1] = 0;
	ck_assert_str_eq(out.p, expected);
	buf_free(&out);
	table_free(&t);
}

START_TEST(formats_cells)
{
	check_cell(cell_empty(), false, "-");
	check_cell(cell_str((struct str){ 0 }), false, "-");
	check_cell(cell_count(0), false, "0");
	check_cell(cell_count(UINT64_MAX), false, "18446744073709551615");
	check_cell(cell_duration(NSEC_NONE, true), false, "-");
	check_cell(cell_duration(0, false), false, "0s");
	check_cell(cell_duration(843000, false), false, "843\xc2\xb5s");
	check_cell(cell_duration(843000, true), true, "> 843us");
	check_cell(cell_duration(125 * SECOND, false), true, "2m05s");
	check_cell(cell_time(NSEC_NONE), false, "-");
	check_cell(cell_time(2 * SECOND + 123999999), false, "1970-01-01T00:00:02.123Z");
	check_cell(cell_percent(9995), false, "99.95%");
	check_cell(cell_percent(10000), false, "100.00%");
	check_cell(cell_percent(7), false, "0.07%");
	check_cell(cell_ratio(12, 340), false, "12/340");
	check_cell(cell_share(0, 0), false, "-");
	check_cell(cell_share(99999, 100000), false, "99.99%");
	check_cell(cell_share(3, 3), false, "100.00%");
	check_cell(cell_share(UINT64_MAX, UINT64_MAX), false, "100.00%");
}
END_TEST

START_TEST(stands_empty_tables)
{
	struct table t;
	struct buf out = { 0 };

	table_begin(&t, columns, 0);
	table_render(&t, (struct table_style){ .width = 80 }, &out);
	ck_assert_uint_eq(out.n, 0);
	table_free(&t);
	table_begin(&t, columns, ARRAY_SIZE(columns));
	table_render(&t, (struct table_style){ .width = 80 }, &out);
	ck_assert(str_eq(buf_str(&out), STR("NAMESPACE  POD         TOTAL  NODE  N\n")));
	table_free(&t);
	buf_free(&out);
}
END_TEST

START_TEST(keeps_copies)
{
	static const struct table_column one[] = { { .name = "A" } };
	char name[] = "first";
	struct table t;
	struct buf out = { 0 };

	table_begin(&t, one, 1);
	for (int i = 0; i < 1000; i++)
		table_put(&t, cell_str(str_from(name)));
	memset(name, 'x', sizeof(name));
	table_render(&t, (struct table_style){ .no_headers = true }, &out);
	ck_assert_uint_eq(out.n, 6000);
	ck_assert(str_ends(buf_str(&out), STR("first\n")));
	table_free(&t);
	buf_free(&out);
}
END_TEST

/* At every width: no line is longer than the narrowest the table can be, or than the width. */
START_TEST(fits_every_width)
{
	struct table t;
	struct buf out = { 0 };

	fill(&t);
	for (unsigned width = 1; width <= 120; width++) {
		struct str rest, line;

		buf_reset(&out);
		table_render(&t, (struct table_style){ .width = width, .wide = width % 2 }, &out);
		rest = buf_str(&out);
		while (str_cut(rest, '\n', &line, &rest))
			ck_assert_uint_le(text_width(line), MAX(width, 40));
	}
	table_free(&t);
	buf_free(&out);
}
END_TEST

/* A sparse column is there if any row has something in it. */
START_TEST(leaves_out_empty_columns)
{
	static const struct table_column some[] = { { .name = "A" },
						    { .name = "B", .sparse = true },
						    { .name = "C" } };
	struct buf out = { 0 };
	struct table t;

	table_begin(&t, some, ARRAY_SIZE(some));
	for (int i = 0; i < 2; i++) {
		table_put(&t, cell_count(1));
		table_put(&t, i ? cell_empty() : cell_str(STR("")));
		table_put(&t, cell_empty());
	}
	table_render(&t, (struct table_style){ 0 }, &out);
	ck_assert(str_eq(buf_str(&out), STR("A  C\n1  -\n1  -\n")));
	for (int i = 0; i < 3; i++)
		table_put(&t, cell_count(7));
	buf_reset(&out);
	table_render(&t, (struct table_style){ 0 }, &out);
	ck_assert(str_eq(buf_str(&out), STR("A  B  C\n1  -  -\n1  -  -\n7  7  7\n")));
	table_free(&t);
	buf_free(&out);
}
END_TEST

Suite *suite_table(void)
{
	Suite *s = suite_create("table");
	TCase *t = tcase_create("table");

	suite_add_tcase(s, t);
	tcase_add_test(t, renders_without_limit);
	tcase_add_test(t, renders_headers_or_not);
	tcase_add_test(t, drops_columns);
	tcase_add_test(t, shortens_columns);
	tcase_add_test(t, aligns_by_columns_not_bytes);
	tcase_add_test(t, formats_cells);
	tcase_add_test(t, stands_empty_tables);
	tcase_add_test(t, keeps_copies);
	tcase_add_test(t, fits_every_width);
	tcase_add_test(t, leaves_out_empty_columns);
	return s;
}
