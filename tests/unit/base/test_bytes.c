/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers, and reading them back. */
#include "suites.h"

static struct buf out;

static void teardown(void)
{
	buf_free(&out);
}

START_TEST(test_buf)
{
	buf_add(&out, NULL, 0);
	ck_assert_ptr_null(out.p);
	buf_add_str(&out, STR("ab"));
	buf_add_char(&out, 0);
	buf_printf(&out, "%d-%s", 17, "x");
	buf_printf(&out, "%s", "");
	ck_assert_str(buf_str(&out), ((struct str){ "ab\0"
						    "17-x",
						    7 }));
	buf_reset(&out);
	ck_assert_uint_eq(out.n, 0);
	ck_assert_ptr_nonnull(out.p);
	for (int i = 0; i < 100000; i++)
		buf_add_char(&out, (char)i);
	ck_assert_uint_eq(out.n, 100000);
	for (int i = 0; i < 100000; i += 997)
		ck_assert_int_eq(out.p[i], (char)i);
	buf_free(&out);
	ck_assert(!out.p && !out.n && !out.cap);
}
END_TEST

START_TEST(test_printf_long)
{
	char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	buf_add_char(&out, '<');
	buf_printf(&out, "%s>", text);
	ck_assert_uint_eq(out.n, sizeof(text) + 1);
	ck_assert_int_eq(out.p[0], '<');
	ck_assert_int_eq(out.p[4999], 'x');
	ck_assert_int_eq(out.p[5000], '>');
}
END_TEST

/* 2^(7k) needs one byte more than 2^(7k) - 1: LEB128 carries seven bits a byte. */
START_TEST(test_varint_borders)
{
	for (unsigned k = 1; k <= 9; k++) {
		uint64_t border = (uint64_t)1 << (7 * k);
		struct bytes in;

		buf_reset(&out);
		buf_put_varint(&out, border - 1);
		ck_assert_uint_eq(out.n, k);
		buf_put_varint(&out, border);
		ck_assert_uint_eq(out.n, k + k + 1);
		buf_put_varint(&out, border + 1);
		in = bytes_of(buf_str(&out));
		ck_assert_uint_eq(bytes_varint(&in), border - 1);
		ck_assert_uint_eq(bytes_varint(&in), border);
		ck_assert_uint_eq(bytes_varint(&in), border + 1);
		ck_assert(!in.bad && in.p == in.end);
	}
}
END_TEST

static const struct {
	uint64_t value;
	struct str bytes;
} varints[] = {
	{ 0, { "\x00", 1 } },
	{ 1, { "\x01", 1 } },
	{ 127, { "\x7f", 1 } },
	{ 128, { "\x80\x01", 2 } },
	{ 300, { "\xac\x02", 2 } }, /* the example of the format's first description */
	{ 16384, { "\x80\x80\x01", 3 } },
	{ UINT32_MAX, { "\xff\xff\xff\xff\x0f", 5 } },
	{ (uint64_t)1 << 63, { "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 10 } },
	{ UINT64_MAX, { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10 } },
};

START_TEST(test_varint_bytes)
{
	struct bytes in = bytes_of(varints[_i].bytes);

	buf_put_varint(&out, varints[_i].value);
	ck_assert_str(buf_str(&out), varints[_i].bytes);
	ck_assert_uint_eq(bytes_varint(&in), varints[_i].value);
	ck_assert(!in.bad && in.p == in.end);
}
END_TEST

static const struct {
	int64_t value;
	uint64_t zigzag;
} zigzags[] = {
	{ 0, 0 },
	{ -1, 1 },
	{ 1, 2 },
	{ -2, 3 },
	{ 63, 126 },
	{ -64, 127 },
	{ 64, 128 },
	{ INT64_MAX, UINT64_MAX - 1 },
	{ INT64_MIN, UINT64_MAX },
};

START_TEST(test_zigzag)
{
	struct bytes in;

	buf_put_zigzag(&out, zigzags[_i].value);
	in = bytes_of(buf_str(&out));
	ck_assert_uint_eq(bytes_varint(&in), zigzags[_i].zigzag);
	in = bytes_of(buf_str(&out));
	ck_assert_int_eq(bytes_zigzag(&in), zigzags[_i].value);
	ck_assert(!in.bad && in.p == in.end);
}
END_TEST

START_TEST(test_be64)
{
	struct bytes in;

	buf_put_be64(&out, 0x0102030405060708u);
	ck_assert_str(buf_str(&out), STR("\x01\x02\x03\x04\x05\x06\x07\x08"));
	in = bytes_of(buf_str(&out));
	ck_assert_uint_eq(bytes_be64(&in), 0x0102030405060708u);
	ck_assert(!in.bad);
	in = bytes_of((struct str){ out.p, 7 });
	ck_assert_uint_eq(bytes_be64(&in), 0);
	ck_assert(in.bad);
}
END_TEST

START_TEST(test_strings)
{
	struct bytes in;

	buf_put_str(&out, STR(""));
	buf_put_str(&out, STR("a\0b"));
	in = bytes_of(buf_str(&out));
	ck_assert_str(bytes_str(&in), STR(""));
	ck_assert_str(bytes_str(&in), ((struct str){ "a\0b", 3 }));
	ck_assert(!in.bad && in.p == in.end);
}
END_TEST

/* Bytes that end too early, or ask for more than there is. */
static const struct str broken_strings[] = {
	{ "", 0 },
	{ "\x01", 1 },
	{ "\x05"
	  "abcd",
	  5 },
	{ "\x80", 1 },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
	  "x",
	  11 },
	{ "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11 }, /* eleven bytes of a number */
};

START_TEST(test_broken)
{
	struct str text = broken_strings[_i];
	char *copy = exact_copy(text);
	struct bytes in = bytes_of((struct str){ copy, text.n });

	ck_assert_uint_eq(bytes_str(&in).n, 0);
	ck_assert(in.bad);
	/* an error is permanent: nothing is read after it */
	ck_assert_uint_eq(bytes_varint(&in), 0);
	ck_assert_int_eq(bytes_zigzag(&in), 0);
	ck_assert_uint_eq(bytes_be64(&in), 0);
	ck_assert_uint_eq(bytes_str(&in).n, 0);
	ck_assert(in.bad && in.p == in.end);
	free(copy);
}
END_TEST

START_TEST(test_nothing)
{
	struct bytes in = bytes_of((struct str){ 0 });

	ck_assert_uint_eq(bytes_varint(&in), 0);
	ck_assert(in.bad);
}
END_TEST

/* Any bytes read in any way: the sanitizer sees every byte beyond the end. */
START_TEST(test_random_reads)
{
	uint64_t seed = (uint64_t)_i;
	size_t n = test_random(&seed) % 64;
	char *copy = malloc(n ? n : 1);
	struct bytes in = bytes_of((struct str){ copy, n });

	for (size_t i = 0; i < n; i++)
		copy[i] = (char)(test_random(&seed) & (test_random(&seed) % 4 ? 0x83 : 0xff));
	for (int i = 0; i < 80; i++) {
		bool bad = in.bad;
		struct str s;

		switch (test_random(&seed) % 4) {
		case 0:
			ck_assert(bytes_varint(&in) == 0 || !bad);
			break;
		case 1:
			ck_assert(bytes_zigzag(&in) == 0 || !bad);
			break;
		case 2:
			ck_assert(bytes_be64(&in) == 0 || !bad);
			break;
		default:
			s = bytes_str(&in);
			ck_assert(s.n == 0 || (!bad && s.p >= copy && s.p + s.n <= copy + n));
		}
		ck_assert(in.bad || !bad);
	}
	ck_assert(in.bad);
	free(copy);
}
END_TEST

TCase *bytes_tests(void)
{
	TCase *t = tcase_create("bytes");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, test_buf);
	tcase_add_test(t, test_printf_long);
	tcase_add_test(t, test_varint_borders);
	tcase_add_loop_test(t, test_varint_bytes, 0, ARRAY_SIZE(varints));
	tcase_add_loop_test(t, test_zigzag, 0, ARRAY_SIZE(zigzags));
	tcase_add_test(t, test_be64);
	tcase_add_test(t, test_strings);
	tcase_add_loop_test(t, test_broken, 0, ARRAY_SIZE(broken_strings));
	tcase_add_test(t, test_nothing);
	tcase_add_loop_test(t, test_random_reads, 0, 200);
	return t;
}
