/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "page/phrase.h"

static const struct {
	uint64_t value;
	const char *text;
} counts[] = {
	{ 0, "0" },
	{ 7, "7" },
	{ 999, "999" },
	{ 1000, "1,000" },
	{ 12345, "12,345" },
	{ 123456, "123,456" },
	{ 1234567, "1,234,567" },
	{ UINT64_MAX, "18,446,744,073,709,551,615" },
};

START_TEST(count)
{
	char text[STR_GROUPED];
	struct str got = str_grouped(counts[_i].value, text);

	ck_assert_str_eq(text, counts[_i].text);
	ck_assert_uint_eq(got.n, strlen(text));
	ck_assert_ptr_eq(got.p, text);
}
END_TEST

static void check_text(struct buf *out, const char *expected)
{
	ck_assert_msg(str_eq(buf_str(out), str_from(expected)), "\n" STR_FMT "\nis not\n%s",
		      STR_ARG(buf_str(out)), expected);
	buf_free(out);
}

START_TEST(one_and_many)
{
	struct buf out = { 0 };

	phrase_add_count(&out, 1, "file", "files");
	buf_add_char(&out, '|');
	phrase_add_count(&out, 0, "file", "files");
	buf_add_char(&out, '|');
	phrase_add_count(&out, 2000, "file", "files");
	check_text(&out, "1 file|0 files|2,000 files");
}
END_TEST

START_TEST(times)
{
	struct buf out = { 0 };

	phrase_add_second(&out, NULL, (nsec)1767225661 * SECOND + 999999999);
	buf_add_char(&out, '|');
	phrase_add_duration(&out, 90 * SECOND, false);
	buf_add_char(&out, '|');
	phrase_add_duration(&out, 2500, false);
	buf_add_char(&out, '|');
	phrase_add_duration(&out, 2500, true);
	check_text(&out, "2026-01-01T00:01:01Z|1m30s|2.50\xC2\xB5s|2.50us");
}
END_TEST

static const struct {
	unsigned width;
	const char *text, *lines;
} wraps[] = {
	{ 0, "  a b c\n", "  a b c\n" },
	{ 7, "  a b c\n", "  a b c\n" },
	{ 6, "  a b c\n", "  a b\n    c\n" },
	{ 5, "  a b c d\n", "  a b\n    c\n    d\n" },
	/* too long a word stays whole, alone on its line */
	{ 8, "a bbbbbbbbbbbb c\n", "a\n  bbbbbbbbbbbb\n  c\n" },
	{ 8, "bbbbbbbbbbbb c\n", "bbbbbbbbbbbb\n  c\n" },
	{ 1, "a b\n", "a\n  b\n" },
	/* each line for itself */
	{ 9, "one two\n    three four\n", "one two\n    three\n      four\n" },
	{ 80, "\n\na\n", "\n\na\n" },
	{ 80, "", "" },
	/* the last line needs no newline */
	{ 80, "a b", "a b\n" },
	/* columns, not bytes */
	{ 5, "\xc3\xbc\xc3\xbc \xc3\xbc\xc3\xbc\n", "\xc3\xbc\xc3\xbc \xc3\xbc\xc3\xbc\n" },
	{ 5, "\xe6\x96\x87 \xe6\x96\x87\xe6\x96\x87\n",
	  "\xe6\x96\x87\n  \xe6\x96\x87\xe6\x96\x87\n" },
};

START_TEST(wrapped)
{
	struct buf out = { 0 };

	phrase_add_wrapped(&out, str_from(wraps[_i].text), wraps[_i].width);
	check_text(&out, wraps[_i].lines);
}
END_TEST

Suite *suite_phrase(void)
{
	Suite *s = suite_create("phrase");
	TCase *t = tcase_create("phrase");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, count, 0, (int)ARRAY_SIZE(counts));
	tcase_add_test(t, one_and_many);
	tcase_add_test(t, times);
	tcase_add_loop_test(t, wrapped, 0, (int)ARRAY_SIZE(wraps));
	return s;
}
