/* SPDX-License-Identifier: Apache-2.0 */
/* The three implementations must agree with each other, at every distance from a block's border. */
#include "suites.h"

enum { NOWHERE = -1 };

/* Where the skip ends, the same for all that this processor has. */
static ptrdiff_t skip_at(struct str text)
{
	ptrdiff_t first = 0;
	char *copy = exact_copy(text);

	for (int which = JSON_SIMD_SCALAR; which <= JSON_SIMD_AVX2; which++) {
		const char *after;
		ptrdiff_t at;

		if (!json_skip_use((enum json_simd)which))
			continue;
		after = json_skip_container(copy, copy + text.n);
		at = after ? after - copy : NOWHERE;
		if (which == JSON_SIMD_SCALAR)
			first = at;
		ck_assert_msg(at == first, "implementation %d: %td, scalar %td, of: " STR_FMT,
			      which, at, first, STR_ARG(text));
	}
	free(copy);
	return first;
}

/* a, then so many times c, then b, then more that does not belong to the container. */
static void check_filled(const char *a, char c, size_t times, const char *b)
{
	static const size_t tails[] = { 0, 1, 63, 64, 65 };
	char text[1024];
	size_t n = 0;

	memcpy(text, a, strlen(a));
	n += strlen(a);
	memset(text + n, c, times);
	n += times;
	memcpy(text + n, b, strlen(b));
	n += strlen(b);
	memset(text + n, '}', 70);
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++)
		ck_assert_int_eq(skip_at((struct str){ text, n + tails[i] }), (ptrdiff_t)n);
	/* truncated: around every border of a block, and just before the end */
	for (size_t cut = 0; cut < n; cut++)
		if ((cut + 1) % 64 < 3 || n - cut < 4)
			ck_assert_int_eq(skip_at((struct str){ text, cut }), NOWHERE);
}

static void check_borders(size_t n)
{
	check_filled("{", ' ', n, "}");
	check_filled("[\"", 'x', n, "\"]");
	check_filled("[\"", 'x', n, "}]\"]");
	check_filled("[\"", '}', n, "\"]");
	check_filled("[\"", '{', n, "\"]");
	check_filled("[\"", 'x', n, "\\\"]}\"]");
	check_filled("[\"", 'x', n, "\\\\\"]");
	check_filled("[\"", 'x', n, "\\\\\\\"]\"]");
	check_filled("[\"", '\\', 2 * n, "\"]");
	check_filled("[\"", '\\', 2 * n + 1, "\"]\"]");
	check_filled("[\"x", '\\', 2 * n, "\"]");
	check_filled("[\"x", '\\', 2 * n + 1, "\"]\"]");
	check_filled("{\"a\":[", ' ', n, "{},[[{}]]]}");
	check_filled("{\"a\":\"b\",", ' ', n, "\"c\":{\"d\":\"e\"}}");
}

START_TEST(test_borders)
{
	for (size_t n = 0; n <= 130; n++)
		check_borders(n);
}
END_TEST

START_TEST(test_depth)
{
	for (size_t depth = 1; depth < 400; depth++) {
		char text[1024];

		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = ']';
		ck_assert_int_eq(skip_at((struct str){ text, 2 * depth + 1 }),
				 (ptrdiff_t)depth * 2);
		ck_assert_int_eq(skip_at((struct str){ text, 2 * depth - 1 }), NOWHERE);
	}
}
END_TEST

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

START_TEST(test_random)
{
	static const char alphabets[][17] = {
		"{}[]\"\"\\\\  ,:ab{}", "{{}}[[]]{}[]\"\"\\a", "\\\\\\\\\\\\\\\\\\\"\"\"\"{}x",
		"abcdefgh   {}\"\"\\",	"{{{{{[[[[[}}}}]]]",
	};
	uint32_t state = (uint32_t)_i + 1;
	char text[400] = { '{' };
	int closed = 0;

	for (int round = 0; round < 4000; round++) {
		const char *alphabet = alphabets[next_random(&state) % ARRAY_SIZE(alphabets)];
		size_t n = 1 + next_random(&state) % (sizeof(text) - 1);

		for (size_t i = 1; i < n; i++)
			text[i] = alphabet[next_random(&state) % 16];
		closed += skip_at((struct str){ text, n }) != NOWHERE;
	}
	ck_assert_int_gt(closed, 400);
}
END_TEST

/* From every bracket of every line, also of those inside of strings, to the end and to the middle.
 */
START_TEST(test_lines)
{
	struct str text = read_file(test_data, "lines.ndjson"), line, rest = text;

	while (str_cut(rest, '\n', &line, &rest)) {
		ck_assert_int_eq(skip_at(line), (ptrdiff_t)line.n);
		for (size_t i = 0; i < line.n; i++) {
			if (line.p[i] != '{' && line.p[i] != '[')
				continue;
			skip_at(str_after(line, i));
			skip_at((struct str){ line.p + i, (line.n - i) / 2 });
		}
	}
	free((char *)(uintptr_t)text.p);
}
END_TEST

START_TEST(test_use)
{
	ck_assert(json_skip_use(JSON_SIMD_SCALAR));
	ck_assert(json_skip_use(JSON_SIMD_AUTO));
#ifdef __x86_64__
	ck_assert(json_skip_use(JSON_SIMD_SSE2));
#endif
}
END_TEST

TCase *skip_tests(void)
{
	TCase *tcase = tcase_create("skip");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_borders);
	tcase_add_test(tcase, test_depth);
	tcase_add_loop_test(tcase, test_random, 0, 4);
	tcase_add_test(tcase, test_lines);
	tcase_add_test(tcase, test_use);
	return tcase;
}
