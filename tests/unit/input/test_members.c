/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that libarchive writes, complete, torn and damaged; files before a damage are returned.
 */
#include <archive.h> /* first: it brings <time.h>, some of which the prelude forbids */
#include <archive_entry.h>

#include "pack.h"

#include "input/members.h"

#include <locale.h>
#include <zlib.h>

#define LONG_NAME_N 3000

struct got {
	struct buf dump; /* "NAME=BYTES\n", "NAME=BYTES!KIND TEXT\n", in the end "!KIND TEXT\n" */
	unsigned n, n_faults;
	int end; /* the kind of the fault that ended it, or -1 */
	uint64_t given;
};

static const struct {
	const char *format, *options;
} forms[] = {
	{ "ustar", NULL }, { "gnutar", NULL },
	{ "pax", NULL },   { "zip", "zip:compression=store" },
	{ "v7tar", NULL }, { "zip", "zip:compression=deflate" },
};

static char long_name[LONG_NAME_N + 1];

/* at_most: of each file. */
static struct got unpack_stream(struct stream *from, size_t at_most)
{
	struct peel_config config = { 0 };
	struct members *m = members_open(from, &config);
	struct got got = { .end = -1 };
	struct stream_fault fault;
	struct str name;
	int r;

	while ((r = members_next(m, &name, &fault)) > 0) {
		struct stream *s = members_stream(m);
		ssize_t n = 1;
		char some[5000];

		buf_add_str(&got.dump, name);
		buf_add_char(&got.dump, '=');
		while (n > 0 && s->given < at_most) {
			n = stream_read(s, some, MIN(sizeof(some), at_most - s->given), &fault);
			if (n > 0)
				buf_add(&got.dump, some, (size_t)n);
		}
		if (n < 0)
			buf_printf(&got.dump, "!%d %s", (int)fault.kind, fault.text);
		got.n_faults += n < 0;
		stream_close(s);
		buf_add_char(&got.dump, '\n');
		got.n++;
		ck_assert_uint_lt(got.n, 100000);
	}
	if (r < 0) {
		buf_printf(&got.dump, "!%d %s\n", (int)fault.kind, fault.text);
		got.end = (int)fault.kind;
	}
	/* The end stays the end. */
	ck_assert_int_eq(members_next(m, &name, &fault), r);
	got.given = members_given(m);
	members_close(m);
	return got;
}

static struct got unpack(struct str bytes, size_t chunk_max)
{
	return unpack_stream(stream_of_memory(bytes, chunk_max), SIZE_MAX);
}

static struct buf dump_of(const struct file *files, size_t n)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_printf(&out, "%s=", files[i].name);
		buf_add_str(&out, files[i].bytes);
		buf_add_char(&out, '\n');
	}
	return out;
}

static void check_dump(struct str packed, const char *want)
{
	struct got got = unpack(packed, 0);

	ck_assert_dump_eq(&got.dump, want);
	buf_free(&got.dump);
}

static void check_same(const struct file *files, size_t n, size_t form)
{
	static const size_t chunks[] = { 0, 1, 700 };
	static const char *const locales[] = { "C", "C.UTF-8" };
	struct buf packed = pack_files(files, n, forms[form].format, forms[form].options);
	struct buf want = dump_of(files, n);

	if (n > 0) /* an empty tar is nothing but zeros */
		ck_assert(members_is((struct str){ packed.p, MIN(packed.n, 512) }));
	for (size_t i = 0; i < ARRAY_SIZE(chunks) * ARRAY_SIZE(locales); i++) {
		struct got got;

		setlocale(LC_ALL, locales[i % 2]);
		got = unpack(buf_str(&packed), chunks[i / 2]);
		ck_assert_str_eq(setlocale(LC_ALL, NULL), locales[i % 2]);
		setlocale(LC_ALL, "C");
		ck_assert_dump_eq(&got.dump, buf_text(&want));
		ck_assert_uint_eq(got.n, n);
		buf_free(&got.dump);
	}
	buf_free(&packed);
	buf_free(&want);
}

START_TEST(test_same)
{
	struct buf log = some_log(3000), inner, zip;
	struct file files[] = {
		{ "a.log", buf_str(&log) },   { "empty", { NULL, 0 } },
		{ "dir/sub/one", STR("x") },  { "./b", STR("{\"a\":1}\n") },
		{ "in.tar", { NULL, 0 } },    { "in.zip", { NULL, 0 } },
		{ "/abs/../c", STR("last") },
	};

	inner = pack_files(files, 4, "gnutar", NULL);
	zip = pack_files(files, 4, "zip", NULL);
	files[4].bytes = buf_str(&inner);
	files[5].bytes = buf_str(&zip);
	check_same(files, ARRAY_SIZE(files), (size_t)_i);
	check_same(files, 0, (size_t)_i);
	buf_free(&log);
	buf_free(&inner);
	buf_free(&zip);
}
END_TEST

START_TEST(test_names)
{
	struct file files[] = {
		{ "d/\xc3\xbc\xe6\x96\x87\xf0\x9f\x98\x80.log", STR("utf-8") },
		{ "d/e\xcc\x81", STR("not composed") },
		{ "d/\xff\xfe.log", STR("no utf-8") },
		{ long_name, STR("long") },
	};
	bool has_long = (size_t)_i < 4 && strcmp(forms[_i].format, "ustar") != 0;

	memset(long_name, 'n', LONG_NAME_N);
	for (size_t i = 0; i < LONG_NAME_N; i += 90)
		long_name[i] = '/';
	check_same(files, has_long ? 4 : 3, (size_t)_i);
}
END_TEST

/* A zip whose names are flagged as UTF-8, like most. */
START_TEST(test_zip_utf8_names)
{
	struct file files[] = { { "\xc3\xbc-\xe6\x96\x87", STR("one") }, { "two", STR("2") } };
	static const char *const locales[] = { "C", "C.UTF-8" };
	struct buf zip = pack_files(files, 2, "zip", "zip:compression=store");

	zip.p[7] |= 8;
	for (size_t i = 0; i < 2; i++) {
		setlocale(LC_ALL, locales[i]);
		check_dump(buf_str(&zip), "\xc3\xbc-\xe6\x96\x87=one\ntwo=2\n");
		setlocale(LC_ALL, "C");
	}
	zip.p[30] = '\xff'; /* then the name is lost, and nothing else */
	check_dump(buf_str(&zip), "?=one\ntwo=2\n");
	buf_free(&zip);
}
END_TEST

START_TEST(test_passed_over)
{
	static const char *const formats[] = { "ustar", "gnutar", "pax" };

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct archive_entry *entry = archive_entry_new();
		struct buf out;
		struct archive *a = begin_archive(&out, 64 * KIB, formats[i], NULL);

		write_entry(a, &(struct file){ "dir", STR("") }, AE_IFDIR);
		write_entry(a, &(struct file){ "dir/a", STR("aaa") }, AE_IFREG);
		archive_entry_set_pathname(entry, "hard");
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_hardlink(entry, "dir/a");
		ck_assert_int_eq(archive_write_header(a, entry), ARCHIVE_OK);
		archive_entry_clear(entry);
		archive_entry_set_pathname(entry, "soft");
		archive_entry_set_filetype(entry, AE_IFLNK);
		archive_entry_set_symlink(entry, "dir/a");
		ck_assert_int_eq(archive_write_header(a, entry), ARCHIVE_OK);
		write_entry(a, &(struct file){ "fifo", STR("") }, AE_IFIFO);
		write_entry(a, &(struct file){ "b", STR("bbb") }, AE_IFREG);
		archive_entry_free(entry);
		end_archive(a);
		check_dump(buf_str(&out), "dir/a=aaa\nb=bbb\n");
		buf_free(&out);
	}
}
END_TEST

static const struct file three[] = {
	{ "one", { "1111111111111111111111111111111111111111111111111111111111111111111", 67 } },
	{ "two", { "2", 1 } },
	{ "three", { "33333333333333333333", 20 } },
};

START_TEST(test_cuts)
{
	struct buf log = some_log(300);
	struct file files[] = { three[0], { "log", buf_str(&log) }, three[1], three[2] };
	struct buf packed = pack_files(files, 4, forms[_i].format, forms[_i].options);
	struct buf want = dump_of(files, 4);
	uint64_t before = 0;

	for (size_t cut = 0; cut < packed.n; cut += cut % 512 ? 37 : 1) {
		struct got got = unpack((struct str){ packed.p, cut }, 0);
		struct str dump = buf_str(&got.dump);
		const char *torn = dump.n ? memchr(dump.p, '!', dump.n) : NULL;

		/* A damage between two files of a tar, or after the last, is not noticed. */
		ck_assert(got.end == INPUT_TRUNCATED || (got.end == -1 && !torn));
		if (torn)
			dump.n = (size_t)(torn - dump.p);
		if (got.n_faults == 0 && dump.n)
			ck_assert_int_eq(dump.p[dump.n - 1], '\n');
		ck_assert(str_starts(buf_str(&want), dump));
		/* of deflated data one step may be lost */
		ck_assert_uint_ge(got.given + (_i == 5 ? 20000 : 0), before);
		before = got.given;
		buf_free(&got.dump);
	}
	buf_free(&packed);
	buf_free(&want);
	buf_free(&log);
}
END_TEST

START_TEST(test_flips)
{
	struct buf packed = pack_files(three, 3, forms[_i].format, forms[_i].options);

	for (size_t at = 0; at < packed.n; at++)
		for (unsigned bit = 0; bit < 8; bit += 3) {
			struct got got;

			packed.p[at] = (char)(packed.p[at] ^ 1 << bit);
			got = unpack(buf_str(&packed), 0);
			ck_assert_uint_le(got.n, 3);
			buf_free(&got.dump);
			packed.p[at] = (char)(packed.p[at] ^ 1 << bit);
		}
	buf_free(&packed);
}
END_TEST

/* The next good one is searched, also when the first one is bad. */
START_TEST(test_tar_header)
{
	struct buf tar = pack_files(three, 3, "ustar", NULL);

	tar.p[1024] ^= 1;
	check_dump(buf_str(&tar), "one=1111111111111111111111111111111111111111111111111111111111"
				  "111111111\nthree=33333333333333333333\n"
				  "!3 damaged archive: a file without its header\n");
	tar.p[0] ^= 1;
	check_dump(buf_str(&tar), "three=33333333333333333333\n"
				  "!3 damaged archive: a file without its header\n");
	buf_free(&tar);
}
END_TEST

static void add_le(struct buf *out, uint64_t value, int n)
{
	for (int i = 0; i < n; i++)
		buf_add_char(out, (char)(value >> 8 * i));
}

/* As zip(1) writes into a file; libarchive writes the lengths after the bytes. */
static void add_stored(struct buf *out, const struct file *file, uint32_t crc)
{
	buf_add_str(out, STR("PK\3\4\12\0\0\0\0\0\0\0\0\0"));
	add_le(out, crc, 4);
	add_le(out, file->bytes.n, 4);
	add_le(out, file->bytes.n, 4);
	add_le(out, strlen(file->name), 4);
	buf_printf(out, "%s", file->name);
	buf_add_str(out, file->bytes);
}

/* A file with a wrong checksum is returned, and so are the files after it. */
START_TEST(test_zip_checksum)
{
	struct buf zip = { 0 };

	for (uint32_t i = 0; i < 3; i++) {
		const Bytef *bytes = (const Bytef *)three[i].bytes.p;

		add_stored(&zip, &three[i],
			   (uint32_t)crc32(0, bytes, (uInt)three[i].bytes.n) ^ (i == 1));
	}
	buf_add_str(&zip, STR("PK\5\6"));
	buf_add(&zip, (char[18]){ 0 }, 18);
	for (size_t chunk = 0; chunk < 2; chunk++) {
		struct got got = unpack(buf_str(&zip), chunk);

		ck_assert_uint_eq(got.n, 3);
		ck_assert_ptr_nonnull(strstr(buf_text(&got.dump),
					     "111\ntwo=2!3 damaged file in an archive\n"
					     "three=33333333333333333333\n"));
		ck_assert_int_eq(got.end, -1);
		buf_free(&got.dump);
	}
	buf_free(&zip);
}
END_TEST

START_TEST(test_concatenated)
{
	struct buf a = pack_files(three, 1, "pax", NULL),
		   b = pack_files(three + 1, 2, "gnutar", NULL);
	struct buf want = dump_of(three, 3);

	buf_add_str(&a, buf_str(&b));
	check_dump(buf_str(&a), buf_text(&want));
	buf_free(&a);
	buf_free(&b);
	buf_free(&want);
}
END_TEST

/* Holes of 3000 bytes before and after "data", which store no zeros. */
START_TEST(test_sparse)
{
	struct archive_entry *entry = archive_entry_new();
	struct buf out, want = { 0 };
	struct archive *a = begin_archive(&out, 64 * KIB, "pax", NULL);
	static const char zeros[6004];

	archive_entry_set_pathname(entry, "sparse");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, 6004);
	archive_entry_sparse_add_entry(entry, 3000, 4);
	ck_assert_int_eq(archive_write_header(a, entry), ARCHIVE_OK);
	buf_add(&want, zeros, sizeof(zeros));
	memcpy(want.p + 3000, "data", 4);
	ck_assert_int_eq(archive_write_data(a, want.p, want.n), (la_ssize_t)want.n);
	archive_entry_free(entry);
	write_entry(a, &(struct file){ "b", STR("bbb") }, AE_IFREG);
	end_archive(a);
	ck_assert_uint_lt(out.n, 6004);
	for (size_t chunk = 0; chunk < 2; chunk++) {
		struct got got = unpack(buf_str(&out), chunk);

		ck_assert_uint_eq(got.dump.n, 7 + 6004 + 1 + 6);
		ck_assert_int_eq(memcmp(got.dump.p + 7, want.p, want.n), 0);
		ck_assert_uint_eq(got.given, 6004 + 3);
		buf_free(&got.dump);
	}
	buf_free(&out);
	buf_free(&want);
}
END_TEST

/* 8 GiB of nothing in a few blocks. */
START_TEST(test_sparse_bomb)
{
	struct peel_config config = { .ratio_max = 100, .ratio_free = MIB };
	struct stream_fault fault;
	struct members *m;
	struct str name;
	char tar[2048] = "sparse", some[5000];
	unsigned sum = 0;

	memcpy(tar + 100, "0000644", 7);
	memcpy(tar + 124, "00000000004", 11);
	memcpy(tar + 136, "00000000000", 11);
	memcpy(tar + 148, "        S", 9);
	memcpy(tar + 257, "ustar  ", 7);
	memcpy(tar + 386, "77777777770", 11); /* 4 bytes there */
	memcpy(tar + 398, "00000000004", 11);
	memcpy(tar + 483, "77777777774", 11);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)tar[i];
	snprintf(tar + 148, 8, "%06o", sum);
	memcpy(tar + 512, "data", 4);

	m = members_open(stream_of_memory((struct str){ tar, sizeof(tar) }, 0), &config);
	ck_assert_int_eq(members_next(m, &name, &fault), 1);
	while (stream_read(members_stream(m), some, sizeof(some), &fault) > 0)
		;
	ck_assert_int_eq((int)fault.kind, INPUT_BOMB);
	ck_assert_uint_ge(members_given(m), MIB);
	ck_assert_uint_le(members_given(m), MIB + sizeof(some));
	ck_assert_int_eq(members_next(m, &name, &fault), -1);
	ck_assert_int_eq((int)fault.kind, INPUT_BOMB);
	members_close(m);
}
END_TEST

START_TEST(test_closed_early)
{
	struct buf packed = pack_files(three, 3, forms[_i].format, forms[_i].options);

	for (size_t at_most = 0; at_most < 3; at_most++) {
		static const char *const want[] = { "one=\ntwo=\nthree=\n",
						    "one=1\ntwo=2\nthree=3\n",
						    "one=11\ntwo=2\nthree=33\n" };
		struct got got = unpack_stream(stream_of_memory(buf_str(&packed), 0), at_most);

		ck_assert_dump_eq(&got.dump, want[at_most]);
		ck_assert_int_eq(got.end, -1);
		buf_free(&got.dump);
	}
	buf_free(&packed);
}
END_TEST

START_TEST(test_refused)
{
	/* bzip2 of unknown length; an unknown method, with 3 bytes; and a file after each */
	static const char bzip2[] = "PK\3\4\24\0\10\0\14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0"
				    "aBZh91AY&SYPK\7\10\0\0\0\0\12\0\0\0\0\0\0\0";
	static const char none[] = "PK\3\4\24\0\0\0\x77\0\0\0\0\0\0\0\0\0\3\0\0\0\3\0\0\0\1\0\0\0"
				   "axyz";
	struct buf zip = pack_files(three, 3, "zip", "zip:encryption=traditional"), two = { 0 };

	check_dump(buf_str(&zip), "one=!6 encrypted\ntwo=!6 encrypted\nthree=!6 encrypted\n");
	buf_free(&zip);
	zip = pack_files(three + 1, 1, "zip", NULL);
	buf_add(&two, bzip2, sizeof(bzip2) - 1);
	buf_add_str(&two, buf_str(&zip));
	check_dump(buf_str(&two),
		   "a=!6 in a zip of unknown length, neither stored nor deflated\ntwo=2\n");
	two.n = 0;
	buf_add(&two, none, sizeof(none) - 1);
	buf_add_str(&two, buf_str(&zip));
	check_dump(buf_str(&two), "a=!6 packed in a way that is not read\ntwo=2\n");
	buf_free(&two);
	buf_free(&zip);
}
END_TEST

/* The stream below reports its error, even one after the end of the archive. */
START_TEST(test_fault_below)
{
	struct buf tar = pack_files(three, 3, forms[_i].format, forms[_i].options);
	struct buf gz = gzip_of(buf_str(&tar), 1);
	struct peel_config config = { 0 };
	struct got got;

	gz.p[gz.n - 6] ^= 1;
	got = unpack_stream(gzip_open(stream_of_memory(buf_str(&gz), 0), &config), SIZE_MAX);
	ck_assert_uint_eq(got.n, 3);
	ck_assert(strstr(buf_text(&got.dump), "!3 wrong gzip checksum") != NULL);
	buf_free(&got.dump);
	got = unpack_stream(gzip_open(stream_of_memory((struct str){ gz.p, 100 }, 0), &config),
			    SIZE_MAX);
	ck_assert_int_eq(got.end, INPUT_TRUNCATED);
	ck_assert(strstr(buf_text(&got.dump), "gzip") != NULL);
	buf_free(&got.dump);
	buf_free(&gz);
	buf_free(&tar);
}
END_TEST

START_TEST(test_is)
{
	struct buf tar = pack_files(three, 1, "v7tar", NULL);
	struct str head = { tar.p, 512 };
	static const char zeros[512];

	ck_assert(members_is(head));
	ck_assert(!members_is((struct str){ tar.p, 511 }));
	tar.p[0] ^= 1;
	ck_assert(!members_is(head));
	memcpy(tar.p + 257, "ustar", 5);
	ck_assert(members_is(head));
	ck_assert(members_is((struct str){ tar.p, 262 }));
	ck_assert(!members_is((struct str){ tar.p, 261 }));
	ck_assert(members_is(STR("PK\3\4....")));
	ck_assert(members_is(STR("PK\5\6....")));
	ck_assert(!members_is(STR("PK\3")));
	ck_assert(!members_is(STR("{\"kind\":\"Event\"}")));
	ck_assert(!members_is(STR("")));
	ck_assert(!members_is((struct str){ zeros, sizeof(zeros) }));
	buf_free(&tar);
}
END_TEST

Suite *suite_members(void)
{
	Suite *s = suite_create("members");
	TCase *tc = tcase_create("members"), *slow = tcase_create("members, long");
	int n = ARRAY_SIZE(forms);

	tcase_set_timeout(tc, 100);
	tcase_add_loop_test(tc, test_same, 0, n);
	tcase_add_loop_test(tc, test_names, 0, n);
	tcase_add_test(tc, test_zip_utf8_names);
	tcase_add_test(tc, test_passed_over);
	tcase_add_loop_test(tc, test_cuts, 0, n);
	tcase_add_test(tc, test_tar_header);
	tcase_add_test(tc, test_zip_checksum);
	tcase_add_test(tc, test_concatenated);
	tcase_add_test(tc, test_sparse);
	tcase_add_test(tc, test_sparse_bomb);
	tcase_add_loop_test(tc, test_closed_early, 0, n);
	tcase_add_test(tc, test_refused);
	tcase_add_loop_test(tc, test_fault_below, 0, n);
	tcase_add_test(tc, test_is);
	suite_add_tcase(s, tc);
	tcase_set_timeout(slow, 100);
	tcase_set_tags(slow, "long");
	tcase_add_loop_test(slow, test_flips, 0, n);
	suite_add_tcase(s, slow);
	return s;
}
