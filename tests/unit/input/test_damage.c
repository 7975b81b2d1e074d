/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Torn and damaged streams: bytes before the damage are used, one note reports it, nothing breaks.
 */
#include "gather.h"

#include <zstd.h>

static const struct way ways[] = {
	{ 0, 0, false }, { 0, 0, true }, { 9, 50, false }, { 9, 50, true }
};

/* The texts of a damaged copy that ended with a newline must be the first ones of the whole log. */
static void check_prefix(struct gathered *g, const struct gathered *want)
{
	struct str got = buf_str(&g->dump);
	const char *torn = got.n ? memmem(got.p, got.n, "!:", 2) : NULL;

	if (torn)
		got.n = (size_t)(torn - got.p);
	while (got.n > 0 && got.p[got.n - 1] != '\n')
		got.n--;
	ck_assert(str_starts(buf_str(&want->dump), got));
}

/* The first bytes of a magic number alone may be text. */
static void check_cuts(struct str packed, size_t from, struct str plain)
{
	struct gathered want = gather(plain, &ways[0], NULL, plain);

	for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
		uint64_t before = 0;

		for (size_t cut = from; cut < packed.n; cut++) {
			struct str part = { packed.p, cut };
			struct gathered g = gather(part, &ways[w], NULL, (struct str){ 0 });

			ck_assert_uint_eq(g.n_notes, 1);
			ck_assert_int_eq((int)g.kind, INPUT_TRUNCATED);
			check_prefix(&g, &want);
			ck_assert_uint_ge(g.produced, before);
			before = g.produced;
			gathered_free(&g);
		}
	}
	gathered_free(&want);
}

START_TEST(test_cut_gzip)
{
	struct buf log = some_log(60), gz = gzip_of(buf_str(&log), 1);

	check_cuts(buf_str(&gz), 1, buf_str(&log));
	buf_free(&gz);
	buf_free(&log);
}
END_TEST

START_TEST(test_cut_zstd)
{
	struct buf log = some_log(60), zst = zstd_of(buf_str(&log), 1);

	check_cuts(buf_str(&zst), 2, buf_str(&log));
	buf_free(&zst);
	buf_free(&log);
}
END_TEST

START_TEST(test_cut_xz)
{
	struct buf log = some_log(20), xz = archive_of(buf_str(&log), "xz");

	check_cuts(buf_str(&xz), 1, buf_str(&log));
	buf_free(&xz);
	buf_free(&log);
}
END_TEST

/*
 * A deflate stream can be decoded up to the bit where it ends: both engines give that, but ISA-L
 * keeps the symbols of the last, incomplete word to itself.
 */
START_TEST(test_cut_gives_all)
{
	struct buf log = some_log(3000), gz = gzip_of(buf_str(&log), 1);

	for (size_t cut = 20; cut < gz.n; cut += 997) {
		struct str part = { gz.p, cut };
		struct gathered a = gather(part, &ways[0], NULL, (struct str){ 0 });
		struct gathered b = gather(part, &ways[1], NULL, (struct str){ 0 });

		ck_assert_uint_le(a.produced, b.produced);
		ck_assert_uint_ge(a.produced + 300, b.produced);
		gathered_free(&a);
		gathered_free(&b);
	}
	buf_free(&log);
	buf_free(&gz);
}
END_TEST

/* Cut between two parts: the missing data cannot be noticed. */
START_TEST(test_cut_between_parts)
{
	struct buf log = some_log(60);
	struct str plain = buf_str(&log);
	struct buf gz = gzip_of(plain, 1), zst = zstd_of(plain, 1);
	struct buf two = { 0 };
	struct gathered g;

	buf_add_str(&two, buf_str(&gz));
	buf_add_str(&two, STR("\x1f"));
	g = gather(buf_str(&two), &ways[0], NULL, (struct str){ 0 });
	ck_assert_int_eq((int)g.kind, INPUT_TRUNCATED);
	ck_assert_uint_eq(g.n_texts, 60);
	gathered_free(&g);
	two.n = 0;
	buf_add_str(&two, buf_str(&zst));
	buf_add_str(&two, STR("\x28\xb5"));
	g = gather(buf_str(&two), &ways[0], NULL, (struct str){ 0 });
	ck_assert_int_eq((int)g.kind, INPUT_TRUNCATED);
	ck_assert_uint_eq(g.n_texts, 60);
	gathered_free(&g);
	buf_free(&two);
	buf_free(&gz);
	buf_free(&zst);
	buf_free(&log);
}
END_TEST

static void check_flips(struct str packed, unsigned char mask)
{
	struct buf damaged = { 0 };

	buf_add_str(&damaged, packed);
	for (size_t at = 0; at < packed.n; at++) {
		uint64_t produced[ARRAY_SIZE(ways)];

		damaged.p[at] = (char)((unsigned char)damaged.p[at] ^ mask);
		for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
			struct gathered g =
			    gather(buf_str(&damaged), &ways[w], NULL, (struct str){ 0 });

			ck_assert_uint_le(g.n_notes, 1);
			produced[w] = g.produced;
			gathered_free(&g);
		}
		/* ISA-L notices some damage later than zlib, and returns a little of it. */
		ck_assert_uint_ge(produced[0], produced[1]);
		ck_assert_uint_ge(produced[2], produced[3]);
		ck_assert_uint_eq(produced[1], produced[3]);
		damaged.p[at] = packed.p[at];
	}
	buf_free(&damaged);
}

START_TEST(test_flips)
{
	struct buf log = some_log(40);
	struct buf gz = gzip_of(buf_str(&log), 2), zst = zstd_of(buf_str(&log), 2);
	struct buf xz = archive_of(buf_str(&log), "xz"), lz4 = archive_of(buf_str(&log), "lz4");

	check_flips(buf_str(&gz), 0x10);
	check_flips(buf_str(&gz), 0xff);
	check_flips(buf_str(&zst), 0x10);
	check_flips(buf_str(&xz), 0x10);
	check_flips(buf_str(&lz4), 0x01);
	buf_free(&gz);
	buf_free(&zst);
	buf_free(&xz);
	buf_free(&lz4);
	buf_free(&log);
}
END_TEST

/* The second of three parts is damaged: the first is used, the third is not. */
static void check_second_part(struct buf part, size_t at)
{
	struct buf all = { 0 };

	for (int i = 0; i < 3; i++)
		buf_add_str(&all, buf_str(&part));
	all.p[part.n + at] = (char)~all.p[part.n + at];
	for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
		struct gathered g = gather(buf_str(&all), &ways[w], NULL, (struct str){ 0 });

		ck_assert_uint_eq(g.n_notes, 1);
		ck_assert_int_eq((int)g.kind, INPUT_CORRUPT);
		ck_assert_uint_ge(g.n_texts, 40);
		ck_assert_uint_le(g.n_texts, 81);
		gathered_free(&g);
	}
	buf_free(&all);
	buf_free(&part);
}

START_TEST(test_second_part)
{
	struct buf log = some_log(40), gz = gzip_of(buf_str(&log), 1);
	size_t n = gz.n;

	buf_free(&gz);
	check_second_part(gzip_of(buf_str(&log), 1), 0);     /* magic */
	check_second_part(gzip_of(buf_str(&log), 1), n / 2); /* data */
	check_second_part(gzip_of(buf_str(&log), 1), n - 8); /* checksum */
	check_second_part(gzip_of(buf_str(&log), 1), n - 1); /* length */
	check_second_part(zstd_of(buf_str(&log), 1), 0);
	check_second_part(zstd_of(buf_str(&log), 1), 60);
	buf_free(&log);
}
END_TEST

START_TEST(test_details)
{
	struct buf log = some_log(40), gz = gzip_of(buf_str(&log), 1), bad = { 0 };
	struct gathered g;

	for (size_t w = 0; w < 2; w++) {
		bad.n = 0;
		buf_add_str(&bad, buf_str(&gz));
		bad.p[bad.n - 6] ^= 1;
		g = gather(buf_str(&bad), &ways[w], NULL, (struct str){ 0 });
		ck_assert_uint_eq(g.n_texts, 40);
		ck_assert(strstr(buf_text(&g.notes), "corrupt 41@") &&
			  strstr(g.notes.p, "wrong gzip checksum"));
		gathered_free(&g);
		bad.p[bad.n - 6] ^= 1;
		buf_add_str(&bad, STR("garbage"));
		g = gather(buf_str(&bad), &ways[w], NULL, (struct str){ 0 });
		ck_assert_uint_eq(g.n_texts, 40);
		ck_assert(strstr(buf_text(&g.notes), "not gzip behind a gzip member") != NULL);
		gathered_free(&g);
	}
	buf_free(&bad);
	buf_free(&gz);
	buf_free(&log);
}
END_TEST

/* Blocks that were decoded before a damaged one are not lost with it. */
START_TEST(test_zstd_blocks)
{
	struct buf log = some_log(20000), zst = zstd_of(buf_str(&log), 1);
	struct gathered whole = gather(buf_str(&zst), &ways[0], NULL, (struct str){ 0 });

	for (size_t at = zst.n / 8; at < zst.n; at += zst.n / 16) {
		struct str part = { zst.p, at };
		struct gathered cut = gather(part, &ways[0], NULL, (struct str){ 0 }), bad;
		char saved[64];

		memcpy(saved, zst.p + at, MIN(sizeof(saved), zst.n - at));
		memset(zst.p + at, 0xff, MIN(sizeof(saved), zst.n - at));
		bad = gather(buf_str(&zst), &ways[0], NULL, (struct str){ 0 });
		ck_assert_int_eq((int)bad.kind, INPUT_CORRUPT);
		ck_assert_uint_ge(bad.produced, cut.produced);
		memcpy(zst.p + at, saved, MIN(sizeof(saved), zst.n - at));
		gathered_free(&cut);
		gathered_free(&bad);
	}
	gathered_free(&whole);
	buf_free(&log);
	buf_free(&zst);
}
END_TEST

START_TEST(test_zstd_window)
{
	struct buf out = { 0 };
	struct gathered g;
	/* magic, no flags and a window of 1 GiB, an empty last raw block */
	static const char frame[] = "\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00";

	buf_add(&out, frame, sizeof(frame) - 1);
	g = gather(buf_str(&out), &ways[0], NULL, (struct str){ 0 });
	ck_assert_dump_eq(&g.notes, "unsupported 1@0 zstd with a window of more than 128 MiB "
				    "(--long=28 or more)\n");
	gathered_free(&g);
	buf_free(&out);
}
END_TEST

Suite *suite_damage(void)
{
	Suite *s = suite_create("damage");
	TCase *tc = tcase_create("damage"), *slow = tcase_create("damage, long");

	tcase_set_timeout(tc, 100);
	tcase_add_test(tc, test_cut_gzip);
	tcase_add_test(tc, test_cut_zstd);
	tcase_add_test(tc, test_cut_gives_all);
	tcase_add_test(tc, test_cut_between_parts);
	tcase_add_test(tc, test_second_part);
	tcase_add_test(tc, test_details);
	tcase_add_test(tc, test_zstd_blocks);
	tcase_add_test(tc, test_zstd_window);
	suite_add_tcase(s, tc);
	tcase_set_timeout(slow, 100);
	tcase_set_tags(slow, "long");
	tcase_add_test(slow, test_cut_xz);
	tcase_add_test(slow, test_flips);
	suite_add_tcase(s, slow);
	return s;
}
