/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons: p-values, widths of terminals, and malicious names. */
#include "suites.h"

#include "../page/ground.h"
#include "documents/diff_json.h"
#include "slo/compare.h"

#include <cjson/cJSON.h>

static const struct {
	double p;
	const char *table, *document;
} printed[] = {
	{ 1, "1.00", "1" },
	{ 0.9996, "1.00", "1" },
	{ 0.9994, "0.999", "0.999" },
	{ 0.5, "0.500", "0.5" },
	{ 0.05, "0.0500", "0.05" },
	{ 0.0123456, "0.0123", "0.0123" },
	{ 0.00199999, "0.00200", "0.002" },
	{ 0.001, "0.00100", "0.001" },
	{ 0.0009999, "<0.001", "0.001" },
	{ 0.000123456, "<0.001", "0.000123" },
	{ 0.0000000123, "<0.001", "0.000000012" },
	{ 1e-12, "<0.001", "0" },
	{ 0, "<0.001", "0" },
};

START_TEST(three_digits)
{
	struct buf out = { 0 };

	for (int document = 0; document < 2; document++) {
		const char *expected = document ? printed[_i].document : printed[_i].table;

		buf_reset(&out);
		diff_add_p(&out, printed[_i].p, document);
		ck_assert_msg(str_eq(buf_str(&out), str_from(expected)), "'" STR_FMT "' not '%s'",
			      STR_ARG(buf_str(&out)), expected);
	}
	buf_free(&out);
}
END_TEST

/* Seven pods a side; those after are slower, on a node and with an image that are new. */
static struct compare *compare_of(const char *name, const char *image)
{
	struct compare *c = compare_new(COMPARE_BY_NAMESPACE);

	for (int i = 0; i < 14; i++) {
		int created = i < 7 ? i : 1000 + i;
		struct pod p;

		pod_make(&p);
		p.t.namespace = p.t.name = str_from(name);
		p.t.node = i < 7 ? STR("node-1") : str_from(name);
		p.containers[0].image = i < 7 ? STR("web") : str_from(image);
		pod_mark(&p, MILESTONE_CREATED, AT(created));
		pod_mark(&p, MILESTONE_READY, AT(created + (i < 7 ? 1 + i : 60 + i)));
		compare_add(c, i < 7 ? SIDE_BEFORE : SIDE_AFTER, &p.t, pod_judge(&p));
	}
	return c;
}

static void check_lines(const struct buf *out, size_t width)
{
	struct str rest = buf_str(out), line;

	while (str_cut(rest, '\n', &line, &rest)) {
		size_t n = 0;

		for (size_t i = 0; i < line.n; i++) {
			ck_assert((unsigned char)line.p[i] >= ' ');
			n += ((unsigned char)line.p[i] & 0xc0) != 0x80;
		}
		ck_assert_msg(!width || n <= width, "%zu columns: " STR_FMT, n, STR_ARG(line));
	}
	ck_assert_uint_eq(rest.n, 0);
}

static bool has(const struct buf *out, const char *text)
{
	return str_contains(buf_str(out), str_from(text));
}

static void render(const char *name, struct table_style style, struct buf *out)
{
	struct compare *c = compare_of(name, "a-rather-long-name-of-a-registry.example.org/x:1");
	struct ground g;

	ground_make(&g, STR(""));
	ground_ready(&g);
	diff_text(out,
		  &(struct diff_view){ .found = compare_finish(c, false),
				       .by = COMPARE_BY_NAMESPACE,
				       .at = NSEC_NONE,
				       .after = &g.basis },
		  style);
	ground_free(&g);
	compare_free(c);
}

static const unsigned widths[] = { 0, 80, 200 };

START_TEST(fits_the_terminal)
{
	struct buf out = { 0 };

	render("web-6d4f9c8b7d-x2abc", (struct table_style){ .width = widths[_i] }, &out);
	check_lines(&out, widths[_i]);
	ck_assert(has(&out, "slower: delivery 4.00s \xe2\x86\x92 1m10s"));
	ck_assert(has(&out, "+1m06s"));
	ck_assert(has(&out, "since 2026-01-01T00:16:47.000Z"));
	ck_assert(has(&out, "web-6d4f9c8b7d-x2abc"));
	ck_assert_int_eq(has(&out, "P99"), widths[_i] != 80);
	buf_free(&out);
}
END_TEST

START_TEST(hostile_names)
{
	struct buf out = { 0 };

	render("\033[2J\xff\n\xe2\x80\xae", (struct table_style){ .ascii = _i }, &out);
	check_lines(&out, 0);
	ck_assert(has(&out, "\\x1b[2J"));
	ck_assert(has(&out, "\\u{202e}"));
	for (size_t i = 0; _i && i < out.n; i++)
		ck_assert((unsigned char)out.p[i] < 0x80);
	buf_free(&out);
}
END_TEST

START_TEST(markdown)
{
	struct buf out = { 0 };

	render("</b>|`*\n| x", (struct table_style){ .markdown = true }, &out);
	ck_assert_uint_ge(ground_check_markdown(buf_str(&out)), 3);
	buf_free(&out);
}
END_TEST

START_TEST(document_is_json)
{
	struct compare *c = compare_of("\033\xff\"\\", "x");
	struct buf out = { 0 };
	struct ground g;
	cJSON *document;

	ground_make(&g, STR(""));
	ground_ready(&g);
	diff_json(&out,
		  &(struct diff_view){ .found = compare_finish(c, false),
				       .by = COMPARE_BY_NAMESPACE,
				       .at = AT(500),
				       .after = &g.basis },
		  (struct table_style){ 0 });
	ground_free(&g);
	compare_free(c);
	document = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(document);
	ck_assert_str_eq(cJSON_GetObjectItem(document, "kind")->valuestring, "DeliveryDiff");
	ck_assert_str_eq(cJSON_GetObjectItem(document, "apiVersion")->valuestring, "lunettes/v1");
	ck_assert_str_eq(cJSON_GetObjectItem(document, "order")->valuestring, "follows");
	cJSON_Delete(document);
	buf_free(&out);
}
END_TEST

START_TEST(nothing_on_either_side)
{
	struct compare *c = compare_new(COMPARE_BY_NODE);
	struct diff_view v = { .found = compare_finish(c, false),
			       .by = COMPARE_BY_NODE,
			       .at = NSEC_NONE };
	struct buf out = { 0 };

	diff_text(&out, &v, (struct table_style){ .width = 80 });
	check_lines(&out, 80);
	ck_assert(has(&out, "no evidence of any change in 0 tests"));
	buf_reset(&out);
	diff_json(&out, &v, (struct table_style){ 0 });
	ck_assert(has(&out, "\"order\":\"empty\""));
	compare_free(c);
	buf_free(&out);
}
END_TEST

Suite *suite_diff(void)
{
	Suite *suite = suite_create("diff");
	TCase *tests = tcase_create("diff");

	tcase_add_loop_test(tests, three_digits, 0, ARRAY_SIZE(printed));
	tcase_add_loop_test(tests, fits_the_terminal, 0, ARRAY_SIZE(widths));
	tcase_add_loop_test(tests, hostile_names, 0, 2);
	tcase_add_test(tests, markdown);
	tcase_add_test(tests, document_is_json);
	tcase_add_test(tests, nothing_on_either_side);
	suite_add_tcase(suite, tests);
	return suite;
}
