/* SPDX-License-Identifier: Apache-2.0 */
#include "testlib.h"

#include "sort/spill.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char *dir;
	struct spill_file file;
	struct pairs items;
	struct spill_run run;
	struct err err;
};

static int write_items(struct fixture *f, size_t block)
{
	struct spill_writer *w = spill_writer_new(block);
	int rc = 0;

	spill_writer_begin(w, &f->file);
	for (size_t i = 0; i < f->items.n && rc == 0; i++)
		rc = spill_writer_add(w, f->items.p[i].key, f->items.p[i].value, &f->err);
	if (rc == 0)
		rc = spill_writer_end(w, &f->run, &f->err);
	spill_writer_free(w);
	return rc;
}

static struct fixture fixture_new(enum pairs_shape shape, size_t n)
{
	uint64_t seed = n;
	struct fixture f = { .dir = test_dir_new() };

	f.items = pairs_random(shape, n, &seed);
	ck_assert_int_eq(spill_file_open(&f.file, f.dir, &f.err), 1);
	return f;
}

static void fixture_free(struct fixture *f)
{
	spill_file_close(&f->file);
	pairs_free(&f->items);
	test_dir_free(f->dir);
}

/* How many items come out, or -1. */
static long read_items(struct fixture *f)
{
	struct spill_unpacker *u = spill_unpacker_new();
	struct spill_reader r;
	struct str key, value;
	long n = 0;
	int rc;

	spill_reader_init(&r, &f->run);
	while ((rc = spill_reader_next(&r, u, &key, &value, &f->err)) > 0) {
		ck_assert_int_lt(n, (long)f->items.n);
		ck_assert(str_eq(key, f->items.p[n].key));
		ck_assert(str_eq(value, f->items.p[n].value));
		n++;
	}
	ck_assert_uint_le(spill_unpacker_memory(u), SPILL_UNPACKER_MEMORY);
	spill_reader_free(&r);
	spill_unpacker_free(u);
	return rc < 0 ? -1 : n;
}

START_TEST(gives_back_what_was_written)
{
	struct fixture f = fixture_new((enum pairs_shape)_i, 3000);

	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), 0);
	ck_assert_int_eq(read_items(&f), 3000);
	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MAX), 0); /* a second run in the same file */
	ck_assert_uint_gt(f.run.offset, 0);
	ck_assert_int_eq(read_items(&f), 3000);
	spill_run_discard(&f.run);
	fixture_free(&f);
}
END_TEST

START_TEST(empty_and_huge_items)
{
	struct fixture f = fixture_new(SHAPE_TINY, 10);
	char *bytes = mem_zalloc(3 << 20);
	struct str huge = { bytes, 3 << 20 };

	for (size_t i = 0; i < huge.n; i++)
		bytes[i] = (char)(i * i >> 7);
	pairs_add(&f.items, huge, STR(""));
	pairs_add(&f.items, STR(""), huge);
	pairs_add(&f.items, STR(""), STR(""));
	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), 0);
	ck_assert_int_eq(read_items(&f), 13);
	mem_free(bytes);
	fixture_free(&f);
}
END_TEST

START_TEST(memory_is_as_stated)
{
	struct fixture f = fixture_new(SHAPE_PODS, 4000);

	for (size_t block = SPILL_BLOCK_MIN; block <= SPILL_BLOCK_MAX; block *= 2) {
		struct spill_writer *w = spill_writer_new(block);

		spill_writer_begin(w, &f.file);
		for (size_t i = 0; i < f.items.n; i++)
			spill_writer_add(w, f.items.p[i].key, f.items.p[i].value, &f.err);
		ck_assert_int_eq(spill_writer_end(w, &f.run, &f.err), 0);
		ck_assert_uint_le(spill_writer_memory(w), SPILL_WRITER_MEMORY);
		ck_assert_uint_le(f.run.plain_max, block);
		spill_writer_free(w);
		ck_assert_int_eq(read_items(&f), 4000);
	}
	fixture_free(&f);
}
END_TEST

/* Any one bit of the run: reading must fail or, in bits that mean nothing, give the same items. */
START_TEST(damage_is_found)
{
	struct fixture f = fixture_new(SHAPE_PODS, 60);
	size_t found = 0;

	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), 0);
	for (uint64_t at = 0; at < f.run.size; at++) {
		char byte, bad;
		long n;

		ck_assert_int_eq(pread(f.file.fd, &byte, 1, (off_t)at), 1);
		bad = (char)(byte ^ (1 << (at % 8)));
		ck_assert_int_eq(pwrite(f.file.fd, &bad, 1, (off_t)at), 1);
		n = read_items(&f);
		ck_assert(n == -1 || n == 60);
		found += n == -1;
		if (n == -1)
			ck_assert_ptr_nonnull(strstr(f.err.message, "is damaged"));
		ck_assert_int_eq(pwrite(f.file.fd, &byte, 1, (off_t)at), 1);
	}
	ck_assert_uint_gt(found, f.run.size * 9 / 10);
	ck_assert_int_eq(read_items(&f), 60);
	ck_assert_ptr_nonnull(strstr(f.err.message, f.dir));
	fixture_free(&f);
}
END_TEST

START_TEST(a_short_file_is_found)
{
	struct fixture f = fixture_new(SHAPE_PODS, 60);

	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), 0);
	for (uint64_t size = f.run.size; size-- > 0;) {
		ck_assert_int_eq(ftruncate(f.file.fd, (off_t)size), 0);
		ck_assert_int_eq(read_items(&f), -1);
	}
	ck_assert_ptr_nonnull(strstr(f.err.message, "too short"));
	close(f.file.fd);
	f.file.fd = open("/dev/null", O_WRONLY);
	ck_assert_int_eq(read_items(&f), -1);
	ck_assert_ptr_nonnull(strstr(f.err.message, "cannot read"));
	fixture_free(&f);
}
END_TEST

START_TEST(missing_blocks_are_found)
{
	struct fixture f = fixture_new(SHAPE_PODS, 200);
	struct spill_run whole;
	unsigned char head[4];

	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), 0);
	whole = f.run;
	ck_assert_int_eq(pread(f.file.fd, head, 4, 0), 4);
	f.run.size = 8 + (uint64_t)(head[0] | head[1] << 8); /* the first block alone */
	ck_assert_int_eq(read_items(&f), -1);
	f.run = whole;
	f.run.items--;
	ck_assert_int_eq(read_items(&f), -1);
	fixture_free(&f);
}
END_TEST

START_TEST(files_are_private_and_have_no_name)
{
	struct fixture f = fixture_new(SHAPE_TINY, 100);
	struct stat st;

	for (int named = 0; named < 2; named++) {
		if (named) {
			spill_file_close(&f.file);
			ck_assert_int_eq(spill_file_open_named(&f.file, f.dir, &f.err), 1);
		}
		ck_assert_uint_eq(test_dir_entries(f.dir), 0);
		ck_assert_int_eq(fstat(f.file.fd, &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0600);
		ck_assert_uint_eq(st.st_nlink, 0);
		ck_assert_int_ne(fcntl(f.file.fd, F_GETFD) & FD_CLOEXEC, 0);
		ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), 0);
		ck_assert_int_eq(read_items(&f), 100);
	}
	fixture_free(&f);
}
END_TEST

START_TEST(errors_of_opening)
{
	struct spill_file file;
	struct err err;

	ck_assert_int_eq(spill_file_open(&file, "/nowhere/at/all", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/at/all"));
	ck_assert_ptr_nonnull(strstr(err.message, "--tmpdir"));
	ck_assert_ptr_nonnull(strstr(err.message, "No such file"));
	ck_assert_int_eq(spill_file_open_named(&file, "/nowhere/at/all", &err), -1);
	ck_assert_int_eq(spill_file_open(&file, "", &err), -1);
	ck_assert_int_eq(spill_file_open(&file, NULL, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
	struct fixture f = fixture_new(SHAPE_PODS, 3000);
	struct rlimit limit = { 20000, 20000 };
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0); /* also cuts a write short */
	ck_assert_int_eq(write_items(&f, SPILL_BLOCK_MIN), -1);
	ck_assert_int_eq(f.err.code, ERR_SYSTEM);
	ck_assert_ptr_nonnull(strstr(f.err.message, f.dir));
	ck_assert_ptr_nonnull(strstr(f.err.message, "--tmpdir"));
	ck_assert_int_eq(fstat(f.file.fd, &st), 0);
	ck_assert_int_eq(st.st_size, 0); /* what was written is given back */
	fixture_free(&f);
}
END_TEST

Suite *spill_suite(void)
{
	Suite *suite = suite_create("spill");
	TCase *tcase = tcase_create("spill"), *slow = tcase_create("spill, long");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, gives_back_what_was_written, 0, SHAPES);
	tcase_add_test(tcase, empty_and_huge_items);
	tcase_add_test(tcase, memory_is_as_stated);
	tcase_add_test(tcase, missing_blocks_are_found);
	tcase_add_test(tcase, files_are_private_and_have_no_name);
	tcase_add_test(tcase, errors_of_opening);
	tcase_add_test(tcase, a_full_disk_is_an_error);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(slow, 60);
	tcase_set_tags(slow, "long");
	tcase_add_test(slow, damage_is_found);
	tcase_add_test(slow, a_short_file_is_found);
	suite_add_tcase(suite, slow);
	return suite;
}
