/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: valid characters, and which bytes of invalid ones belong together. */
#include "suites.h"

#include "base/utf8.h"

static const struct {
	const char *text;
	uint32_t c; /* 0: none */
	uint8_t n;
	bool cut;
} firsts[] = {
	{ "a", 'a', 1, false },
	{ "\x7f"
	  "b",
	  0x7f, 1, false },
	{ "\xc2\x80", 0x80, 2, false },
	{ "\xdf\xbf\xbf", 0x7ff, 2, false },
	{ "\xe0\xa0\x80", 0x800, 3, false },
	{ "\xed\x9f\xbf", 0xd7ff, 3, false },
	{ "\xee\x80\x80", 0xe000, 3, false },
	{ "\xef\xbf\xbd", 0xfffd, 3, false },
	{ "\xf0\x90\x80\x80", 0x10000, 4, false },
	{ "\xf4\x8f\xbf\xbf", 0x10ffff, 4, false },
	{ "\x80", 0, 1, false },	     /* goes on, but nothing began */
	{ "\xc1\xbf", 0, 1, false },	     /* overlong */
	{ "\xe0\x9f\xbf", 0, 1, false },     /* overlong */
	{ "\xf0\x8f\xbf\xbf", 0, 1, false }, /* overlong */
	{ "\xed\xa0\x80", 0, 1, false },     /* a surrogate */
	{ "\xf4\x90\x80\x80", 0, 1, false }, /* above U+10FFFF */
	{ "\xf5\x80\x80\x80", 0, 1, false },
	{ "\xff", 0, 1, false },
	{ "\xc3"
	  "a",
	  0, 1, false },
	{ "\xe2\x82"
	  "a",
	  0, 2, false },
	{ "\xf0\x9f\x98"
	  "a",
	  0, 3, false },
	{ "\xc3", 0, 1, true }, /* could continue after the end */
	{ "\xe2\x82", 0, 2, true },
	{ "\xf0\x9f\x98", 0, 3, true },
};

START_TEST(test_first)
{
	struct str text = str_from(firsts[_i].text);
	char *exact = exact_copy(text);
	struct utf8 first = utf8_first((struct str){ exact, text.n });

	ck_assert_int_eq(first.good, firsts[_i].c != 0);
	ck_assert_uint_eq(first.c, firsts[_i].c ? firsts[_i].c : UTF8_REPLACEMENT);
	ck_assert_uint_eq(first.n, firsts[_i].n);
	ck_assert_int_eq(first.cut, firsts[_i].cut);
	ck_assert_int_eq(utf8_valid((struct str){ exact, first.n }), first.good);
	free(exact);
}
END_TEST

/* Every character there is, and none beside them. */
START_TEST(test_all)
{
	unsigned char text[4];
	uint32_t n = 0;

	for (uint32_t x = 0; x < 0x1000000; x++) { /* the first three bytes of four */
		struct utf8 first;

		text[0] = (unsigned char)(x >> 16);
		text[1] = (unsigned char)(x >> 8);
		text[2] = (unsigned char)x;
		text[3] = 0x80;
		first = utf8_first((struct str){ (const char *)text, 4 });
		if (first.good && (first.n > 3 || (first.n > 2 || text[2] == 0)) &&
		    (first.n > 1 || text[1] == 0))
			n += first.n == 4 ? 64 : 1;
	}
	ck_assert_uint_eq(n, 0x110000 - 0x800);
}
END_TEST

START_TEST(test_valid)
{
	ck_assert(utf8_valid((struct str){ 0 }));
	ck_assert(utf8_valid(STR("a\0\xc3\xa4\xf0\x9f\x98\x80z")));
	ck_assert(!utf8_valid(STR("a\xc3")));
	ck_assert(!utf8_valid(STR("\xc3\xa4\xa4")));
	ck_assert(utf8_continues('\x80') && utf8_continues('\xbf'));
	ck_assert(!utf8_continues('a') && !utf8_continues('\xc3'));
}
END_TEST

TCase *utf8_tests(void)
{
	TCase *t = tcase_create("utf8");

	tcase_add_loop_test(t, test_first, 0, ARRAY_SIZE(firsts));
	tcase_add_test(t, test_all);
	tcase_add_test(t, test_valid);
	return t;
}
