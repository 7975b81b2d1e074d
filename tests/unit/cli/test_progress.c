/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include "suites.h"

static const struct {
	struct progress_view view;
	const char *text;
} shown[] = {
	{ { PROGRESS_READING, 1514 * (SECOND / 1000), 1229000000, 4560000000, 3400112, 23481, 0 },
	  "lunettes: 1.23 of 4.56 GB (26%), 812 MB/s, 4s left, 3,400,112 records, 23,481 about "
	  "pods" },
	{ { PROGRESS_READING, 2 * SECOND, 1000, 0, 999, 0, 0 },
	  "lunettes: 1.00 kB, 500 B/s, 999 records, 0 about pods" },
	{ { PROGRESS_READING, SECOND, 0, 0, 0, 0, 0 },
	  "lunettes: 0 B, 0 B/s, 0 records, 0 about pods" },
	/* Nothing has been read yet: the remaining time is unknown. */
	{ { PROGRESS_READING, SECOND, 0, 5000000, 0, 0, 0 },
	  "lunettes: 0.00 of 5.00 MB (0%), 0 B/s, 0 records, 0 about pods" },
	{ { PROGRESS_READING, SECOND, 1000000, 99960000, 1, 1, 0 },
	  "lunettes: 1 of 100 MB (1%), 1.00 MB/s, 1m39s left, 1 records, 1 about pods" },
	{ { PROGRESS_READING, SECOND, 1000000, 36001000000, 1, 1, 0 },
	  "lunettes: 0.0 of 36.0 GB (0%), 1.00 MB/s, 10h00m left, 1 records, 1 about pods" },
	/* The live log, which has grown. */
	{ { PROGRESS_READING, SECOND, 20, 10, 1, 1, 0 },
	  "lunettes: 20 of 20 B (100%), 20 B/s, 0s left, 1 records, 1 about pods" },
	{ { PROGRESS_SORTING, SECOND, 20, 10, 7, 1234567, 0 },
	  "lunettes: sorting, 1,234,567 records about pods" },
	{ { PROGRESS_PODS, SECOND, 20, 10, 7, 7, 1000 },
	  "lunettes: all is read, 1,000 pods so far" },
};

START_TEST(tells_how_far_it_is)
{
	struct buf text = { 0 };

	progress_text(&shown[_i].view, 200, &text);
	buf_add_char(&text, 0);
	ck_assert_str_eq(text.p, shown[_i].text);
	buf_free(&text);
}
END_TEST

START_TEST(keeps_to_the_width)
{
	for (size_t width = 0; width < 40; width++) {
		struct buf text = { 0 };

		buf_add_char(&text, '\r');
		progress_text(&shown[0].view, width, &text);
		ck_assert_uint_eq(text.n, 1 + width);
		ck_assert_mem_eq(text.p + 1, shown[0].text, width);
		buf_free(&text);
	}
}
END_TEST

START_TEST(may_be_absent)
{
	struct options o = { .quiet = true, .progress = PROGRESS_ALWAYS };

	ck_assert_ptr_null(progress_new(&o));
	progress_begin(NULL, 1);
	progress_add_bytes(NULL, 1);
	progress_add_records(NULL, 1, 1);
	progress_sorting(NULL);
	progress_add_pod(NULL);
	progress_end(NULL);
	progress_free(NULL);
}
END_TEST

Suite *suite_progress(void)
{
	Suite *s = suite_create("progress");
	TCase *t = tcase_create("progress");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, tells_how_far_it_is, 0, (int)ARRAY_SIZE(shown));
	tcase_add_test(t, keeps_to_the_width);
	tcase_add_test(t, may_be_absent);
	return s;
}
