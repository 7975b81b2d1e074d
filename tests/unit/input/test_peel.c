/* SPDX-License-Identifier: Apache-2.0 */
/* The content decides, not the name; the texts are the same with any compression. */
#include "gather.h"

static void check_same(struct str packed, struct str plain, const char *form)
{
	static const struct way ways[] = {
		{ 0, 0, false },     { 0, 0, true },	 { 1, 0, false },     { 1, 0, true },
		{ 300, 100, false }, { 300, 100, true }, { 7, 40000, false }, { 7, 40000, true },
		{ 0, 1, false },     { 0, 1, true },
	};
	struct gathered want = gather(plain, &ways[0], NULL, (struct str){ 0 });

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct gathered g = gather(packed, &ways[i], NULL, (struct str){ 0 });

		ck_assert_dump_eq(&g.notes, "");
		ck_assert_str_eq(g.form, form);
		ck_assert_uint_eq(g.produced, plain.n);
		ck_assert(str_eq(buf_str(&g.dump), buf_str(&want.dump)));
		gathered_free(&g);
	}
	gathered_free(&want);
}

static void check_same_free(struct buf packed, struct str plain, const char *form)
{
	check_same(buf_str(&packed), plain, form);
	buf_free(&packed);
}

START_TEST(test_same_texts)
{
	static const unsigned sizes[] = { 1, 5, 3000 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct buf log = some_log(sizes[i]);
		struct str plain = buf_str(&log);

		check_same(plain, plain, "plain");
		check_same_free(gzip_of(plain, 1), plain, "gzip");
		check_same_free(gzip_of(plain, 7), plain, "gzip");
		check_same_free(zstd_of(plain, 1), plain, "zstd");
		check_same_free(zstd_of(plain, 7), plain, "zstd");
		check_same_free(archive_of(plain, "xz"), plain, "xz");
		check_same_free(archive_of(plain, "bzip2"), plain, "bzip2");
		check_same_free(archive_of(plain, "lz4"), plain, "lz4");
		buf_free(&log);
	}
}
END_TEST

START_TEST(test_empty_inside)
{
	struct str nothing = STR("");
	/* libarchive cannot write this one */
	static const char lz4[] = "\x04\x22\x4d\x18\x64\x40\xa7\0\0\0\0\x05\x5d\xcc\x02";

	check_same_free(gzip_of(nothing, 1), nothing, "gzip");
	check_same_free(gzip_of(nothing, 3), nothing, "gzip");
	check_same_free(zstd_of(nothing, 3), nothing, "zstd");
	check_same_free(archive_of(nothing, "xz"), nothing, "xz");
	check_same_free(archive_of(nothing, "bzip2"), nothing, "bzip2");
	check_same((struct str){ lz4, sizeof(lz4) - 1 }, nothing, "lz4");
}
END_TEST

/* Members that are empty, padding, skippable frames. */
START_TEST(test_odd_parts)
{
	static const char zeros[3000];
	struct buf log = some_log(50), parts = { 0 };
	struct buf gz = gzip_of(buf_str(&log), 2), gz0 = gzip_of(STR(""), 1);
	struct buf zst = zstd_of(buf_str(&log), 2), zst0 = zstd_of(STR(""), 1);

	buf_add_str(&parts, buf_str(&gz0));
	buf_add_str(&parts, buf_str(&gz));
	buf_add_str(&parts, buf_str(&gz0));
	buf_add(&parts, zeros, sizeof(zeros));
	check_same(buf_str(&parts), buf_str(&log), "gzip");

	parts.n = 0;
	buf_add(&parts, "\x5a\x2a\x4d\x18\x04\0\0\0skip", 12);
	buf_add_str(&parts, buf_str(&zst0));
	buf_add_str(&parts, buf_str(&zst));
	buf_add(&parts, "\x50\x2a\x4d\x18\0\0\0\0", 8);
	check_same(buf_str(&parts), buf_str(&log), "zstd");
	buf_add(&parts, zeros, sizeof(zeros));
	check_same(buf_str(&parts), buf_str(&log), "zstd");

	buf_free(&parts);
	buf_free(&gz);
	buf_free(&gz0);
	buf_free(&zst);
	buf_free(&zst0);
	buf_free(&log);
}
END_TEST

START_TEST(test_onion)
{
	struct buf log = some_log(100);
	struct buf a = gzip_of(buf_str(&log), 2), b = zstd_of(buf_str(&a), 3);
	struct buf c = archive_of(buf_str(&b), "xz"), d = gzip_of(buf_str(&c), 1);
	struct buf e = gzip_of(buf_str(&d), 1);
	struct way way = { 0 };
	struct gathered g;

	check_same(buf_str(&b), buf_str(&log), "zstd+gzip");
	check_same(buf_str(&d), buf_str(&log), "gzip+xz+zstd+gzip");
	g = gather(buf_str(&e), &way, NULL, (struct str){ 0 });
	ck_assert_dump_eq(&g.dump, "");
	ck_assert_dump_eq(&g.notes, "unsupported 0@0 compressed more than 4 times\n");
	gathered_free(&g);
	buf_free(&a);
	buf_free(&b);
	buf_free(&c);
	buf_free(&d);
	buf_free(&e);
	buf_free(&log);
}
END_TEST

START_TEST(test_byte_order_mark)
{
	struct buf gz = gzip_of(STR("\xef\xbb\xbf{\"a\":1}\n"), 1);
	struct way way = { 1, 0, false };
	struct gathered g = gather(buf_str(&gz), &way, NULL, (struct str){ 0 });

	ck_assert_dump_eq(&g.dump, "1@3:{\"a\":1}\n");
	gathered_free(&g);
	buf_free(&gz);
}
END_TEST

START_TEST(test_unsupported)
{
	static const struct {
		struct str magic;
		const char *name;
	} forms[] = {
		{ { "7z\xbc\xaf\x27\x1c", 6 }, "7z archive" },
		{ { "Rar!\x1a\x07\1", 7 }, "rar archive" },
		{ { "\x1f\x9d\x90", 3 }, "compress (.Z) file" },
		{ { "LZIP\1", 5 }, "lzip file" },
		{ { "PAR1", 4 }, "Parquet file" },
	};
	struct way way = { 0 };
	struct gathered g;
	char note[80];

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		g = gather(forms[i].magic, &way, NULL, (struct str){ 0 });
		snprintf(note, sizeof(note), "unsupported 0@0 %s\n", forms[i].name);
		ck_assert_dump_eq(&g.notes, note);
		ck_assert_uint_eq(g.n_texts, 0);
		gathered_free(&g);
	}
}
END_TEST

/* 200 MB of zeros in a few bytes: stopped soon after the free amount, with any outer layer. */
START_TEST(test_bomb)
{
	size_t n = 200 * MIB;
	char *zeros = calloc(1, n);
	struct buf zst = zstd_of((struct str){ zeros, n }, 1), gz = gzip_of(buf_str(&zst), 1);
	struct str packed[] = { buf_str(&zst), buf_str(&gz) };
	struct input_config limits = { .record_max = 100 };
	struct way way = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		struct gathered g = gather(packed[i], &way, &limits, (struct str){ 0 });

		ck_assert_uint_eq(g.n_texts, 0);
		ck_assert_int_eq((int)g.kind, INPUT_BOMB);
		ck_assert_uint_eq(g.n_notes, 2); /* and the long line */
		ck_assert_uint_ge(g.produced, INPUT_RATIO_FREE);
		ck_assert_uint_le(g.produced, INPUT_RATIO_FREE + MIB);
		gathered_free(&g);
	}
	free(zeros);
	buf_free(&zst);
	buf_free(&gz);
}
END_TEST

Suite *suite_peel(void)
{
	Suite *s = suite_create("peel");
	TCase *tc = tcase_create("peel");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_same_texts);
	tcase_add_test(tc, test_empty_inside);
	tcase_add_test(tc, test_odd_parts);
	tcase_add_test(tc, test_onion);
	tcase_add_test(tc, test_byte_order_mark);
	tcase_add_test(tc, test_unsupported);
	tcase_add_test(tc, test_bomb);
	suite_add_tcase(s, tc);
	return s;
}
