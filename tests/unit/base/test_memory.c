/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas, growth, and the end of memory. */
#include "suites.h"

#include "base/arena.h"

#include <signal.h>

static struct arena arena;

static void teardown(void)
{
	arena_free(&arena);
}

/* One assertion for many bytes: each of check's own is a write to a pipe. */
static bool all_are(const unsigned char *p, size_t n, unsigned char value)
{
	size_t same = 0;

	while (same < n && p[same] == value)
		same++;
	return same == n;
}

START_TEST(test_zeroed_and_aligned)
{
	uint64_t seed = 3;

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 500; i++) {
			size_t n = test_random(&seed) % 300;
			unsigned char *p = arena_alloc(&arena, n, 1);

			ck_assert_ptr_nonnull(p);
			ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
			ck_assert(all_are(p, n, 0));
			memset(p, 0xa5, n);
		}
		arena_reset(&arena);
	}
}
END_TEST

/* Two allocations never overlap, and none moves. */
START_TEST(test_stay)
{
	enum { N = 500 };
	unsigned char *p[N];
	size_t size[N];
	uint64_t seed = 5;

	for (unsigned i = 0; i < N; i++) {
		size[i] = i % 50 ? test_random(&seed) % 500 : 40000;
		p[i] = arena_alloc(&arena, size[i], 1);
		memset(p[i], (int)(i % 251), size[i]);
	}
	for (unsigned i = 0; i < N; i++)
		ck_assert(all_are(p[i], size[i], (unsigned char)(i % 251)));
}
END_TEST

START_TEST(test_used_and_reset)
{
	void *first = arena_alloc(&arena, 1, 100), *again;

	ck_assert_uint_ge(arena.used, 100);
	for (int i = 0; i < 100; i++)
		arena_alloc(&arena, 1, 10000);
	ck_assert_uint_ge(arena.used, 1000100);
	arena_reset(&arena);
	ck_assert_uint_eq(arena.used, 0);
	again = arena_alloc(&arena, 1, 100);
	ck_assert_ptr_eq(first, again); /* the first page was kept */
	arena_free(&arena);
	ck_assert(!arena.pages && !arena.cur && !arena.used);
	arena_reset(&arena); /* an empty one may be reset and freed */
	arena_free(&arena);
}
END_TEST

/* Allocations before the mark are kept, whatever pages were added after it. */
START_TEST(test_rollback)
{
	struct arena_mark empty = arena_mark(&arena), mark;
	struct str kept = arena_str(&arena, STR("kept"));
	void *next, *again;

	for (size_t size = 1; size <= 100000; size *= 10) {
		mark = arena_mark(&arena);
		next = arena_alloc(&arena, 1, 1);
		for (int i = 0; i < 10; i++)
			memset(arena_alloc(&arena, size, 1), 0xa5, size);
		arena_rollback(&arena, mark);
		ck_assert_uint_eq(arena.used, mark.used);
		again = arena_alloc(&arena, 1, 1);
		ck_assert_ptr_eq(again, next);
		ck_assert_int_eq(*(unsigned char *)again, 0);
		ck_assert_str(kept, STR("kept"));
	}
	arena_rollback(&arena, empty);
	ck_assert_uint_eq(arena.used, 0);
}
END_TEST

/* Room that an array grows into is zeroed, though pages are used again. */
START_TEST(test_grown_room)
{
	unsigned char *p = arena_alloc(&arena, 4000, 1);

	memset(p, 0xa5, 4000);
	arena_reset(&arena);
	p = arena_grow(&arena, "abc", 3, 4000, 1);
	ck_assert(memcmp(p, "abc", 3) == 0);
	ck_assert(all_are(p + 3, 3997, 0));
}
END_TEST

START_TEST(test_strings)
{
	char text[] = "web-1";
	struct str copy = arena_str(&arena, str_from(text)), empty;

	text[0] = 'x';
	ck_assert_str(copy, STR("web-1"));
	/* absent stays absent and empty stays empty, because some headers distinguish them by p */
	ck_assert_ptr_null(arena_str(&arena, (struct str){ 0 }).p);
	empty = arena_str(&arena, (struct str){ text, 0 });
	ck_assert(empty.p && empty.n == 0);
	ck_assert_str(arena_printf(&arena, "%s:%d", "key", 7), STR("key:7"));
	ck_assert_str(arena_printf(&arena, "%s", ""), STR(""));
	copy = arena_printf(&arena, "%050000d", 1);
	ck_assert_uint_eq(copy.n, 50000);
	ck_assert_int_eq(copy.p[49999], '1');
	ck_assert_int_eq(copy.p[50000], 0);
}
END_TEST

START_TEST(test_grow)
{
	uint32_t *list = NULL, *old = NULL;
	size_t cap = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		old = i == 512 ? list : old;
		arena_reserve(&arena, list, i, cap);
		list[i] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(list[i], i);
	ck_assert_uint_eq(old[511], 511); /* the old copy stays */
}
END_TEST

static const struct {
	size_t cap, want, grown;
} growths[] = {
	{ 0, 0, 16 },
	{ 0, 1, 16 },
	{ 0, 17, 17 },
	{ 16, 17, 24 },
	{ 100, 101, 150 },
	{ 100, 151, 151 },
	{ 100, 150, 150 },
	{ 1, 2, 16 },
	{ 0, SIZE_MAX, SIZE_MAX },
	{ SIZE_MAX / 4 * 3, SIZE_MAX, SIZE_MAX }, /* what wraps around is not taken */
};

START_TEST(test_grown)
{
	ck_assert_uint_eq(mem_grown(growths[_i].cap, growths[_i].want), growths[_i].grown);
}
END_TEST

START_TEST(test_reserve)
{
	int *list = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < 1000; i++) {
		array_reserve(list, cap, i + 1);
		ck_assert_uint_ge(cap, i + 1);
		list[i] = (int)i;
	}
	ck_assert_uint_le(cap, 1500);
	ck_assert_int_eq(list[999], 999);
	mem_free(list);
	mem_free(NULL);
}
END_TEST

START_TEST(test_nothing_asked)
{
	void *p = mem_alloc(0), *q = mem_zalloc(0), *r = mem_realloc(NULL, 0, 8);

	ck_assert(p && q && r);
	mem_free(p);
	mem_free(q);
	mem_free(r);
}
END_TEST

/* A failed allocation ends the program; a product that overflows must not give a small piece. */
static size_t huge = SIZE_MAX / 2;

START_TEST(test_abort_alloc)
{
	mem_free(mem_alloc(huge));
}
END_TEST

START_TEST(test_abort_realloc)
{
	mem_free(mem_realloc(NULL, huge, 4));
}
END_TEST

START_TEST(test_abort_arena)
{
	arena_alloc(&arena, huge, 4);
}
END_TEST

START_TEST(test_abort_buf)
{
	struct buf b = { 0 };

	buf_add_char(&b, 'x');
	buf_reserve(&b, SIZE_MAX);
	buf_free(&b);
}
END_TEST

TCase *memory_tests(void)
{
	TCase *t = tcase_create("memory");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_zeroed_and_aligned);
	tcase_add_test(t, test_stay);
	tcase_add_test(t, test_used_and_reset);
	tcase_add_test(t, test_rollback);
	tcase_add_test(t, test_grown_room);
	tcase_add_test(t, test_strings);
	tcase_add_test(t, test_grow);
	tcase_add_loop_test(t, test_grown, 0, ARRAY_SIZE(growths));
	tcase_add_test(t, test_reserve);
	tcase_add_test(t, test_nothing_asked);
	tcase_add_test_raise_signal(t, test_abort_alloc, SIGABRT);
	tcase_add_test_raise_signal(t, test_abort_realloc, SIGABRT);
	tcase_add_test_raise_signal(t, test_abort_arena, SIGABRT);
	tcase_add_test_raise_signal(t, test_abort_buf, SIGABRT);
	return t;
}
