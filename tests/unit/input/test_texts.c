/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to texts: tables of inputs and expected texts, however the bytes arrive. */
#include "gather.h"

struct row {
	const char *name;
	size_t record_max; /* 0: the default */
	const char *in;
	const char *out;
	const char *notes; /* NULL: none */
};

static const struct row lines[] = {
	{ "nothing", 0, "", "", NULL },
	{ "only newlines", 0, "\n\n \r\n\t\n", "", NULL },
	{ "one line", 0, "{\"a\":1}\n", "1@0:{\"a\":1}\n", NULL },
	{ "no newline at the end", 0, "{\"a\":1}\n{\"b\":2}", "1@0:{\"a\":1}\n2@8!:{\"b\":2}\n",
	  NULL },
	{ "torn at the end", 0, "{\"a\":1}\n{\"b\":", "1@0:{\"a\":1}\n2@8!:{\"b\":\n", NULL },
	{ "CRLF", 0, "{\"a\":1}\r\n\r\n{\"b\":2}\r\n", "1@0:{\"a\":1}\n3@11:{\"b\":2}\n", NULL },
	{ "blanks around", 0, "  {\"a\":1} \n", "1@0:  {\"a\":1} \n", NULL },
	{ "byte order mark", 0, "\xef\xbb\xbf{\"a\":1}\n{\"b\":2}\n",
	  "1@3:{\"a\":1}\n2@11:{\"b\":2}\n", NULL },
	{ "only a byte order mark", 0, "\xef\xbb\xbf", "", NULL },
	{ "no JSON at all", 0, "hello\nworld\n", "1@0:hello\n2@6:world\n", NULL },
	{ "a prefix", 0, "2026-01-01 stdout F {\"a\":[\n{\"b\":2}\n",
	  "1@0:2026-01-01 stdout F {\"a\":[\n2@27:{\"b\":2}\n", NULL },
	{ "two on one line", 0, "{\"a\":1}{\"b\":2}\n", "1@0:{\"a\":1}{\"b\":2}\n", NULL },
	{ "torn lines among others", 0,
	  "{\"a\":{\"b\":\n{\"c\":1}\n{\"d\":\"x\n{\"e\":[\n{\"f\":2}\n",
	  "1@0:{\"a\":{\"b\":\n2@11:{\"c\":1}\n3@19:{\"d\":\"x\n4@27:{\"e\":[\n5@34:{\"f\":2}\n",
	  NULL },
	{ "a torn brace", 0, "{\n{\"a\":1}\n{\"b\":2}\n", "1@0:{\n2@2:{\"a\":1}\n3@10:{\"b\":2}\n",
	  NULL },
	{ "a line of the limit", 8, "{\"a\":12}\n{\"a\":123}\n{\"b\":3}\n",
	  "1@0:{\"a\":12}\n3@19:{\"b\":3}\n", "oversize 2@9 a line longer than the limit\n" },
	{ "an endless last line", 8, "{\"b\":3}\n{\"a\":123456789", "1@0:{\"b\":3}\n",
	  "oversize 2@8 a line longer than the limit\n" },
	{ "an item called items that is none", 20, "{\"items\":null,\"b\":\"cccccccccc\"}\n{}\n",
	  "2@32:{}\n", "oversize 1@0 a line longer than the limit\n" },
};

static const struct row arrays[] = {
	{ "array", 0, "[{\"a\":1},{\"b\":2}]\n", "1@1:{\"a\":1}\n1@9:{\"b\":2}\n", NULL },
	{ "array without newline", 0, " [ {\"a\":1} , {\"b\":2} ] ",
	  "1@3:{\"a\":1}\n1@13:{\"b\":2}\n", NULL },
	{ "no items", 0, "[]\n[ ]\n[\n]\n{\"a\":1}\n", "5@11:{\"a\":1}\n", NULL },
	{ "arrays behind each other", 0, "[{\"a\":1}]\n[{\"b\":2}]\n",
	  "1@1:{\"a\":1}\n2@11:{\"b\":2}\n", NULL },
	{ "arrays on one line", 0, "[{\"a\":1}][{\"b\":2}] {\"c\":3}\n",
	  "1@1:{\"a\":1}\n1@10:{\"b\":2}\n1@19:{\"c\":3}\n", NULL },
	{ "arrays in arrays", 0, "[[{\"a\":1}],[[{\"b\":[2]}]],[]]\n",
	  "1@2:{\"a\":1}\n1@13:{\"b\":[2]}\n", NULL },
	{ "scalars", 0, "[1,\"x]\",null]\n", "1@1:1\n1@3:\"x]\"\n1@8:null\n", NULL },
	{ "the end of a torn record", 0, "[\"system:masters\"]},\"verb\":\"get\"}\n{\"a\":1}\n",
	  "1@0:[\"system:masters\"]},\"verb\":\"get\"}\n2@34:{\"a\":1}\n", NULL },
	{ "a torn array", 0, "[{\"a\":1},{\"b\":\"x\n{\"c\":3}\n",
	  "1@0:[{\"a\":1},{\"b\":\"x\n2@17:{\"c\":3}\n", NULL },
	{ "a torn array at the end", 0, "[{\"a\":1},{\"b\":\"x", "1@1:{\"a\":1}\n1@9!:{\"b\":\"x\n",
	  NULL },
	{ "array of lines", 0, "[\n{\"a\":1},\n{\"b\":2}\n]\n{\"c\":3}\n",
	  "2@2:{\"a\":1}\n3@11:{\"b\":2}\n5@21:{\"c\":3}\n", NULL },
	{ "array that begins with its first item", 0, "[{\"a\":1},\n {\"b\":2}]\n",
	  "1@1:{\"a\":1}\n2@11:{\"b\":2}\n", NULL },
	{ "lines behind a torn array", 0, "[{\"a\":1},\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}\n",
	  "1@1:{\"a\":1}\n2@10:{\"b\":2}\n3@18:{\"c\":3}\n4@26:{\"d\":4}\n", NULL },
	{ "lines behind a torn item", 0, "[{\n\"a\": 1,\n{\"c\":3}\n{\"d\":4}\n",
	  "1@1:{\n\"a\": 1,\n3@11:{\"c\":3}\n4@19:{\"d\":4}\n", NULL },
	{ "long array", 16, "[{\"a\":1},{\"b\":2},{\"c\":3}]\r\n{\"d\":4}\n",
	  "1@1:{\"a\":1}\n1@9:{\"b\":2}\n1@17:{\"c\":3}\n2@27:{\"d\":4}\n", NULL },
	{ "long array with a long item", 16,
	  "[{\"a\":1},{\"b\":\"xxxxxxxxxxx\"},{\"c\":3}]\n{\"d\":4}\n",
	  "1@1:{\"a\":1}\n1@29:{\"c\":3}\n2@38:{\"d\":4}\n",
	  "oversize 1@9 a value longer than the limit\n" },
	{ "long line that is an array only at first", 16,
	  "[{\"a\":1},{\"b\":2} [{\"c\":3} [\n{\"d\":4}\n",
	  "1@1:{\"a\":1}\n1@9:{\"b\":2}\n2@28:{\"d\":4}\n",
	  "oversize 1@17 a line longer than the limit, and no array to its end\n" },
	{ "long array, torn", 16, "[{\"a\":1},{\"b\":2},{\"c\":\n{\"d\":4}\n{\"e\":5}\n",
	  "1@1:{\"a\":1}\n1@9:{\"b\":2}\n1@17:{\"c\":\n2@23:{\"d\":4}\n3@31:{\"e\":5}\n", NULL },
};

static const struct row envelopes[] = {
	{ "short", 0, "{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\":2}]}\n",
	  "1@0:{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\":2}]}\n", NULL },
	{ "long", 32, "{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\":2}],\"z\":{}} x\n{\"c\":3}\n",
	  "1@24:{\"a\":1}\n1@32:{\"b\":2}\n2@51:{\"c\":3}\n", NULL },
	{ "items begin at the limit", 24, "{\"kind\":\"List\",\"items\":[{\"a\":1}]}\n",
	  "1@24:{\"a\":1}\n", NULL },
	{ "items begin too late", 23, "{\"kind\":\"List\",\"items\":[{\"a\":1}]}\n{\"c\":3}\n",
	  "2@34:{\"c\":3}\n", "oversize 1@0 a line longer than the limit\n" },
	{ "items inside something else", 32,
	  "{\"x\":{\"items\":[{\"a\":1}]},\"y\":\"zzzzzzzz\"}\n{}\n", "2@41:{}\n",
	  "oversize 1@0 a line longer than the limit\n" },
	{ "items in a string", 32, "{\"x\":\"\\\",\\\"items\\\":[1,2]\",\"y\":\"zzzzzzzz\"}\n{}\n",
	  "2@42:{}\n", "oversize 1@0 a line longer than the limit\n" },
	{ "long, torn", 24, "{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\"\n{\"c\":3}\n",
	  "1@24:{\"a\":1}\n1@32:{\"b\"\n2@37:{\"c\":3}\n", NULL },
	{ "multi-line, long", 32,
	  "{\n  \"kind\": \"List\",\n  \"items\": [\n    {\n      \"a\": 1\n    },\n    {}\n  ],\n"
	  "  \"metadata\": {\n    \"x\": \"}\"\n  }\n}\n{\"c\":3}\n",
	  "4@37:{\n      \"a\": 1\n    }\n7@63:{}\n13@106:{\"c\":3}\n", NULL },
	{ "multi-line, long, the rest torn", 16,
	  "{\n\"items\": [\n{\"a\":1},\n{\"b\":2}\n],\n\"z\": {\n{\"c\":3}\n{\"d\":4}\n",
	  "3@13:{\"a\":1}\n4@22:{\"b\":2}\n7@40:{\"c\":3}\n8@48:{\"d\":4}\n", NULL },
};

static const struct row values[] = {
	{ "pretty", 0, "{\n  \"a\": 1,\n  \"b\": [\n    {\"c\": \"}\\\"{\"}\n  ]\n}\n{\"d\":4}\n",
	  "1@0:{\n  \"a\": 1,\n  \"b\": [\n    {\"c\": \"}\\\"{\"}\n  ]\n}\n7@45:{\"d\":4}\n",
	  NULL },
	{ "pretty, CRLF and blanks", 0, " { \r\n\r\n\"a\": 1\r\n}\r\n",
	  "1@1:{ \r\n\r\n\"a\": 1\r\n}\n", NULL },
	{ "pretty, one behind the other", 0, "{\n\"a\": 1\n}{\n\"b\": 2\n}\n{\n}\n",
	  "1@0:{\n\"a\": 1\n}\n3@10:{\n\"b\": 2\n}\n6@21:{\n}\n", NULL },
	{ "pretty, no newline at the end", 0, "{\n\"a\": 1\n}", "1@0:{\n\"a\": 1\n}\n", NULL },
	{ "pretty, not finished", 0, "{\n\"a\": {\n\"b\": 2\n}\n",
	  "1@0!:{\n\"a\": {\n\"b\": 2\n}\n", NULL },
	{ "pretty, torn in a string", 0, "{\n\"a\": \"xx\n{\"b\":2}\n",
	  "1@0:{\n\"a\": \"xx\n3@11:{\"b\":2}\n", NULL },
	{ "pretty, torn between keys", 0, "{\n\"a\": 1,\n{\n\"b\": 2\n}\n",
	  "1@0:{\n\"a\": 1,\n3@10:{\n\"b\": 2\n}\n", NULL },
	{ "pretty, something else in a line", 0, "{\n\"a\": 1 I0109 log\n\"b\": 2\n}\n",
	  "1@0:{\n\"a\": 1 I0109 log\n3@19:\"b\": 2\n4@26:}\n", NULL },
	{ "pretty array", 0, "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": 2\n  }\n]\n{\"c\":3}\n",
	  "2@4:{\n    \"a\": 1\n  }\n5@24:{\n    \"b\": 2\n  }\n9@43:{\"c\":3}\n", NULL },
	{ "pretty array, brackets together", 0, "[{\n\"a\": 1\n}, {\n\"b\": 2\n}]\n",
	  "1@1:{\n\"a\": 1\n}\n3@13:{\n\"b\": 2\n}\n", NULL },
	{ "pretty array, longer than the limit", 12,
	  "[\n{\n\"a\": 1\n},\n{\n\"bbbbbbb\": 2\n},\n{\n\"c\": 3\n}\n]\n",
	  "2@2:{\n\"a\": 1\n}\n8@32:{\n\"c\": 3\n}\n",
	  "oversize 5@14 a value longer than the limit\n" },
	{ "pretty, longer than the limit", 12, "{\n\"a\": 1,\n\"b\": 2\n}\n{\"c\":3}\n",
	  "5@19:{\"c\":3}\n", "oversize 1@0 a value longer than the limit\n" },
	{ "a brace and nothing else", 0, "{", "1@0!:{\n", NULL },
};

static void check_row(const struct row *row, const struct way *way)
{
	struct str in = str_from(row->in);
	struct input_config limits = { .record_max = row->record_max };
	struct gathered g = gather(in, way, &limits, in);

	if (strcmp(buf_text(&g.dump), row->out) != 0 ||
	    strcmp(buf_text(&g.notes), row->notes ? row->notes : "") != 0)
		ck_abort_msg("%s (chunk %zu, block %zu):\n%s%s--- instead of\n%s%s", row->name,
			     way->chunk_max, way->block, g.dump.p, g.notes.p, row->out,
			     row->notes ? row->notes : "");
	gathered_free(&g);
}

static void check_rows(const struct row *rows, size_t n)
{
	static const struct way ways[] = {
		{ 0, 0, false },  { 0, 1, false }, { 0, 2, false }, { 0, 3, false },
		{ 0, 7, false },  { 0, 8, false }, { 0, 9, false }, { 0, 64, false },
		{ 1, 0, false },  { 5, 0, false }, { 9, 4, false }, { 3, 16, false },
		{ 30, 0, false },
	};

	for (size_t i = 0; i < n; i++)
		for (size_t w = 0; w < ARRAY_SIZE(ways); w++)
			check_row(&rows[i], &ways[w]);
}

START_TEST(test_lines)
{
	check_rows(lines, ARRAY_SIZE(lines));
}
END_TEST

START_TEST(test_arrays)
{
	check_rows(arrays, ARRAY_SIZE(arrays));
}
END_TEST

START_TEST(test_envelopes)
{
	check_rows(envelopes, ARRAY_SIZE(envelopes));
}
END_TEST

START_TEST(test_values)
{
	check_rows(values, ARRAY_SIZE(values));
}
END_TEST

/* Every cut of every table's bytes, with every small limit: nothing is lost track of. */
START_TEST(test_cuts_and_limits)
{
	const struct row *tables[] = { lines, arrays, envelopes, values };
	const size_t sizes[] = { ARRAY_SIZE(lines), ARRAY_SIZE(arrays), ARRAY_SIZE(envelopes),
				 ARRAY_SIZE(values) };
	static const size_t record_maxs[] = { 1, 2, 5, 8, 13, 21, 34, 1000 };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (size_t k = 0; k < sizes[i] * ARRAY_SIZE(record_maxs); k++) {
			struct str in = str_from(tables[i][k / ARRAY_SIZE(record_maxs)].in);
			struct input_config limits = {
				.record_max = record_maxs[k % ARRAY_SIZE(record_maxs)],
			};

			for (; in.n > 0; in.n--) {
				struct way whole = { 0 }, pieces = { 3, 1 + in.n % 11, false };
				struct gathered a = gather(in, &whole, &limits, in);
				struct gathered b = gather(in, &pieces, &limits, in);

				ck_assert_dump_eq(&a.dump, buf_text(&b.dump));
				ck_assert_dump_eq(&a.notes, buf_text(&b.notes));
				gathered_free(&a);
				gathered_free(&b);
			}
		}
}
END_TEST

/* Lines longer than blocks, and bytes that are no text. */
START_TEST(test_big)
{
	struct way way = { 0 };
	struct buf in = { 0 };
	struct gathered g;

	for (int i = 0; i < 3; i++) {
		buf_add_str(&in, STR("{\"a\":\""));
		for (size_t n = 0; n < 700 * KIB; n++)
			buf_add_char(&in, (char)('a' + n % 26));
		buf_add_str(&in, STR("\"}\n"));
	}
	g = gather(buf_str(&in), &way, NULL, buf_str(&in));
	ck_assert_uint_eq(g.n_texts, 3);
	ck_assert_uint_eq(g.n_notes, 0);
	gathered_free(&g);

	in.n = 0;
	for (unsigned i = 0, dice = 1; i < 3 * MIB; i++) {
		dice = dice * 1664525 + 1013904223;
		buf_add_char(&in, (char)(i % 5000 == 0 ? '\n' : i < MIB ? dice >> 24 : 0));
	}
	g = gather(buf_str(&in), &way, &(struct input_config){ .record_max = 4500 },
		   (struct str){ 0 });
	ck_assert_uint_ge(g.n_notes, 400);
	ck_assert_int_eq((int)g.kind, INPUT_OVERSIZE);
	gathered_free(&g);
	buf_free(&in);
}
END_TEST

/* Inputs that would take forever if a line were scanned again after each item. */
START_TEST(test_not_quadratic)
{
	static const char *const pieces[] = { "[]",   "[1 ",  "[1] {", "{\n",
					      "{\n}", "[{\n", "[\n1 ", "[[" };

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		static const size_t record_maxs[] = { 300000, 0 };

		for (size_t k = 0; k < ARRAY_SIZE(record_maxs); k++) {
			struct input_config limits = { .record_max = record_maxs[k] };
			struct buf in = { 0 };
			struct gathered g;

			while (in.n < MIB)
				buf_add_str(&in, str_from(pieces[i]));
			g = gather(buf_str(&in), &(struct way){ 0 }, &limits, (struct str){ 0 });
			gathered_free(&g);
			buf_free(&in);
		}
	}
}
END_TEST

/* Nested deeper than anything that is read: no recursion, no overflow. */
START_TEST(test_deep)
{
	static const char *const openings[] = { "[", "{\"a\":", "[{\"a\":", "{\n\"a\":" };

	for (size_t i = 0; i < ARRAY_SIZE(openings); i++) {
		struct way way = { 100, 1000, false };
		struct buf in = { 0 };
		struct gathered g;

		for (int k = 0; k < 5000; k++)
			buf_add_str(&in, str_from(openings[i]));
		buf_add_str(&in, STR("\n{\"z\":1}\n"));
		g = gather(buf_str(&in), &way, NULL, buf_str(&in));
		ck_assert(str_ends(buf_str(&g.dump), STR(":{\"z\":1}\n")));
		gathered_free(&g);
		buf_free(&in);
	}
}
END_TEST

Suite *suite_texts(void)
{
	Suite *s = suite_create("texts");
	TCase *tc = tcase_create("texts");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_lines);
	tcase_add_test(tc, test_arrays);
	tcase_add_test(tc, test_envelopes);
	tcase_add_test(tc, test_values);
	tcase_add_test(tc, test_cuts_and_limits);
	tcase_add_test(tc, test_big);
	tcase_add_test(tc, test_not_quadratic);
	tcase_add_test(tc, test_deep);
	suite_add_tcase(s, tc);
	return s;
}
