/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "page/text.h"

#define FFFD "\xEF\xBF\xBD"

static void check_text(const struct buf *out, const char *expected)
{
	ck_assert_msg(str_eq(buf_str(out), str_from(expected)), "'" STR_FMT "', expected '%s'",
		      STR_ARG(buf_str(out)), expected);
}

static const struct {
	const char *text, *safe, *ascii;
} safes[] = {
	{ "", "", "" },
	{ "web-6d4 ~!\\", "web-6d4 ~!\\", "web-6d4 ~!\\" },
	{ "\x1b[31mred\a", "\\x1b[31mred\\x07", "\\x1b[31mred\\x07" },
	{ "a\nb\tc\rd\x7f", "a\\x0ab\\x09c\\x0dd\\x7f", "a\\x0ab\\x09c\\x0dd\\x7f" },
	{ "\xc2\x9b"
	  "31m",
	  "\\u{009b}31m", "\\u{009b}31m" }, /* CSI as one C1 character */
	{ "\x9b"
	  "31m",
	  FFFD "31m", "?31m" }, /* and as one bare byte */
	{ "\xe2\x80\xae"
	  "gpj",
	  "\\u{202e}gpj", "\\u{202e}gpj" }, /* right-to-left override */
	{ "\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9", "\\u{202a}\\u{2066}\\u{2069}",
	  "\\u{202a}\\u{2066}\\u{2069}" },
	{ "\xe2\x80\xa8", "\\u{2028}", "\\u{2028}" },
	{ "\xe2\x80\x8b\xef\xbb\xbf", "\\u{200b}\\u{feff}", "\\u{200b}\\u{feff}" },
	{ "\xf3\xa0\x81\x81", "\\u{e0041}", "\\u{e0041}" }, /* a tag */
	{ "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x9a\x80", "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x9a\x80",
	  "\\u{00e9}\\u{65e5}\\u{1f680}" },
	{ FFFD, FFFD, "?" },
	{ "\xff\xfe", FFFD FFFD, "??" },
	{ "\xc3", FFFD, "?" },
	{ "\xc3(", FFFD "(", "?(" },
	{ "\xe6\x97", FFFD, "?" },
	{ "\xe6\x97x", FFFD "x", "?x" },
	{ "\xc0\x80", FFFD FFFD, "??" },		     /* overlong NUL */
	{ "\xe0\x80\x80", FFFD FFFD FFFD, "???" },	     /* overlong */
	{ "\xed\xa0\x80", FFFD FFFD FFFD, "???" },	     /* a surrogate */
	{ "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, "????" }, /* beyond U+10FFFF */
	{ "\xf0\x9f\x9a", FFFD, "?" },
	{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "\\u{10ffff}" },
};

START_TEST(makes_safe)
{
	struct buf out = { 0 };

	text_add_safe(&out, str_from(safes[_i].text), false);
	check_text(&out, safes[_i].safe);
	buf_reset(&out);
	text_add_safe(&out, str_from(safes[_i].text), true);
	check_text(&out, safes[_i].ascii);
	buf_free(&out);
}
END_TEST

/* Whatever the input, the output is printable and does not change in a second pass. */
START_TEST(is_safe_for_any_bytes)
{
	uint64_t state = 42;
	struct buf once = { 0 }, twice = { 0 };

	for (int round = 0; round < 4000; round++) {
		char bytes[12];

		for (size_t i = 0; i < sizeof(bytes); i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			/* Mostly the bytes that begin or continue sequences. */
			bytes[i] = (char)(state >> 56 | (state >> 40 & 3 ? 0x80 : 0));
		}
		buf_reset(&once);
		buf_reset(&twice);
		text_add_safe(&once, (struct str){ bytes, sizeof(bytes) }, round % 2);
		text_add_safe(&twice, buf_str(&once), round % 2);
		ck_assert(str_eq(buf_str(&once), buf_str(&twice)));
		for (size_t i = 0; i < once.n; i++)
			ck_assert((unsigned char)once.p[i] >= 0x20 && once.p[i] != 0x7f);
	}
	buf_free(&once);
	buf_free(&twice);
}
END_TEST

START_TEST(measures)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\xc3\xa9", 1 },
		{ "e\xcc\x81", 1 }, /* e and a combining acute */
		{ "\xe6\x97\xa5\xe6\x9c\xac", 4 },
		{ "\xea\xb0\x80", 2 },	   /* Hangul */
		{ "\xef\xbc\xa1", 2 },	   /* fullwidth A */
		{ "\xef\xbd\xb1", 1 },	   /* halfwidth katakana */
		{ "\xf0\x9f\x9a\x80", 2 }, /* a rocket */
		{ "\xf0\xa0\x80\x80", 2 }, /* extension B */
		{ "\xe2\x80\xa6", 1 },	   /* the ellipsis */
		{ "\xc2\xb5s", 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_msg(text_width(str_from(cases[i].text)) == cases[i].width, "%s",
			      cases[i].text);
}
END_TEST

static const struct {
	const char *text;
	size_t width;
	const char *utf8, *ascii;
} shortened[] = {
	{ "abcdefghij", 10, "abcdefghij", "abcdefghij" },
	{ "abcdefghij", 9, "abcd…ghij", "abc...hij" },
	{ "abcdefghij", 8, "abcd…hij", "abc...ij" },
	{ "abcdefghij", 4, "ab…j", "a..." },
	{ "abcdefghij", 3, "a…j", "..." },
	{ "abcdefghij", 2, "a…", ".." },
	{ "abcdefghij", 1, "…", "." },
	{ "abcdefghij", 0, "", "" },
	{ "日本語日本語", 12, "日本語日本語", "日本語日本語" },
	{ "日本語日本語", 11, "日本…日本語", "日本...本語" },
	{ "日本語日本語", 8, "日本…語", "日...語" },
	{ "日本語日本語", 2, "…", ".." },
	{ "e\xcc\x81"
	  "e\xcc\x81"
	  "e\xcc\x81"
	  "e\xcc\x81",
	  3,
	  "e\xcc\x81"
	  "…"
	  "e\xcc\x81",
	  "..." },
};

START_TEST(shortens)
{
	struct str text = str_from(shortened[_i].text);
	struct buf out = { 0 };
	size_t used = text_add_shortened(&out, text, shortened[_i].width, false);

	check_text(&out, shortened[_i].utf8);
	ck_assert_uint_eq(used, text_width(buf_str(&out)));
	ck_assert_uint_le(used, shortened[_i].width);
	buf_reset(&out);
	used = text_add_shortened(&out, text, shortened[_i].width, true);
	check_text(&out, shortened[_i].ascii);
	ck_assert_uint_eq(used, text_width(buf_str(&out)));
	buf_free(&out);
}
END_TEST

Suite *suite_text(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, makes_safe, 0, (int)ARRAY_SIZE(safes));
	tcase_add_test(t, is_safe_for_any_bytes);
	tcase_add_test(t, measures);
	tcase_add_loop_test(t, shortens, 0, (int)ARRAY_SIZE(shortened));
	return s;
}
