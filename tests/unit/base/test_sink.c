/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "base/sink.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void ignore_sigpipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

START_TEST(writes_all_in_order)
{
	FILE *file = tmpfile();
	int fd = dup(fileno(file));
	struct sink s;
	struct err err = { 0 };
	char *big = calloc(1, 3 * SINK_BUFFER);
	char back[8];

	ck_assert_ptr_nonnull(big);
	memset(big, 'b', 3 * SINK_BUFFER);
	sink_open(&s, fd, "file");
	ck_assert_int_eq(sink_write(&s, STR("first")), SINK_OPEN);
	ck_assert_int_eq(sink_write(&s, (struct str){ big, 3 * SINK_BUFFER }), SINK_OPEN);
	for (int i = 0; i < SINK_BUFFER; i++)
		ck_assert_int_eq(sink_write(&s, STR("xyz")), SINK_OPEN);
	ck_assert_int_eq(sink_write(&s, STR("")), SINK_OPEN);
	ck_assert_int_eq(sink_write(&s, STR("last")), SINK_OPEN);
	ck_assert_int_eq(sink_close(&s, &err), 0);
	ck_assert_int_eq(lseek(fileno(file), 0, SEEK_END), 5 + 6 * SINK_BUFFER + 4);
	ck_assert_int_eq(pread(fileno(file), back, 6, 0), 6);
	ck_assert_int_eq(memcmp(back, "firstb", 6), 0);
	ck_assert_int_eq(pread(fileno(file), back, 7, 5 + 6 * SINK_BUFFER - 3), 7);
	ck_assert_int_eq(memcmp(back, "xyzlast", 7), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	fclose(file);
	free(big);
}
END_TEST

START_TEST(reports_a_full_disk)
{
	struct sink s;
	struct err err = { 0 };
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	sink_open(&s, fd, "/dev/full");
	/* Buffered: it shows when it is flushed, and from then on. */
	ck_assert_int_eq(sink_write(&s, STR("x")), SINK_OPEN);
	ck_assert_int_eq(sink_flush(&s), SINK_FAILED);
	ck_assert_int_eq(sink_write(&s, STR("y")), SINK_FAILED);
	ck_assert_uint_eq(s.pending.n, 0);
	ck_assert_int_eq(sink_close(&s, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
	ck_assert_str_eq(err.message, "cannot write to /dev/full: No space left on device");
}
END_TEST

START_TEST(reports_a_full_disk_at_the_end)
{
	struct sink s;
	struct err err = { 0 };

	sink_open(&s, open("/dev/full", O_WRONLY | O_CLOEXEC), "standard output");
	ck_assert_int_eq(sink_write(&s, STR("x")), SINK_OPEN);
	ck_assert_int_eq(sink_close(&s, &err), -1);
	ck_assert_str_eq(err.message, "cannot write to standard output: No space left on device");
}
END_TEST

START_TEST(ends_at_a_closed_pipe)
{
	struct sink s;
	struct err err = { 0 };
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	sink_open(&s, ends[1], "standard output");
	ck_assert_int_eq(sink_write(&s, STR("x")), SINK_OPEN);
	ck_assert_int_eq(sink_flush(&s), SINK_OPEN);
	close(ends[0]);
	ck_assert_int_eq(sink_write(&s, STR("y")), SINK_OPEN);
	ck_assert_int_eq(sink_flush(&s), SINK_CLOSED);
	ck_assert_int_eq(sink_write(&s, STR("z")), SINK_CLOSED);
	ck_assert_int_eq(sink_close(&s, &err), 0);
	ck_assert_int_eq(s.state, SINK_CLOSED);
	ck_assert_int_eq(err.code, ERR_NONE);
}
END_TEST

START_TEST(reports_a_bad_descriptor)
{
	struct sink s;
	struct err err = { 0 };

	sink_open(&s, 987, "standard output");
	ck_assert_int_eq(sink_close(&s, &err), -1);
	ck_assert_str_eq(err.message, "cannot write to standard output: Bad file descriptor");
}
END_TEST

/* More than a pipe holds, written to a pipe that does not block, while someone reads slowly. */
START_TEST(waits_for_a_slow_reader)
{
	enum { TOTAL = 1 << 20 };
	struct sink s;
	struct err err = { 0 };
	static char bytes[TOTAL];
	size_t got = 0;
	int ends[2];
	pid_t child;

	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	child = check_fork();
	if (child == 0) {
		close(ends[0]);
		sink_open(&s, ends[1], "pipe");
		sink_write(&s, (struct str){ bytes, TOTAL });
		_exit(sink_close(&s, &err) < 0);
	}
	close(ends[1]);
	fcntl(ends[0], F_SETFL, 0);
	for (ssize_t n; (n = read(ends[0], bytes, sizeof(bytes))) > 0; usleep(1000))
		got += (size_t)n;
	check_waitpid_and_exit(got == TOTAL ? child : -1);
}
END_TEST

TCase *sink_tests(void)
{
	TCase *t = tcase_create("sink");

	tcase_add_checked_fixture(t, ignore_sigpipe, NULL);
	tcase_add_test(t, writes_all_in_order);
	tcase_add_test(t, reports_a_full_disk);
	tcase_add_test(t, reports_a_full_disk_at_the_end);
	tcase_add_test(t, ends_at_a_closed_pipe);
	tcase_add_test(t, reports_a_bad_descriptor);
	tcase_add_test(t, waits_for_a_slow_reader);
	return t;
}
