/* SPDX-License-Identifier: Apache-2.0 */
/* Operands to sources, with real files. Each test runs in a new directory. */
#include "gather.h"

#include "base/mem.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *dir;
static struct buf notes;

static void enter(void)
{
	const char *parent = getenv("TMPDIR");
	struct buf path = { 0 };

	/* P_tmpdir is the C library's own choice; mkdtemp asks for the six letters */
	buf_printf(&path, "%s/lunettes-input-XXXXXX", parent ? parent : P_tmpdir);
	dir = mkdtemp(path.p);
	ck_assert(dir && chdir(dir) == 0);
	notes = (struct buf){ 0 };
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void leave(void)
{
	ck_assert(chdir("/") == 0);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(dir);
	buf_free(&notes);
}

static void make(const char *path, const char *content)
{
	FILE *f = fopen(path, "w");

	ck_assert(f != NULL);
	fputs(content, f);
	fclose(f);
}

static void on_note(void *ctx, const struct input_note *note)
{
	buf_printf(&notes, "%d " STR_FMT "%s: %s\n", (int)note->kind, STR_ARG(note->name),
		   note->named ? " named" : "", note->detail);
}

static const struct input_config config = { .note = on_note };

/* "name|name": named ones with a star, clusters after an at sign. */
static struct buf find(const struct operand *operands, size_t n)
{
	struct sources s = { 0 };
	struct buf out = { 0 };
	struct err err = { 0 };

	if (sources_find(operands, n, &config, &s, &err) < 0)
		buf_printf(&out, "error %d: %s", (int)err.code, err.message);
	for (size_t i = 0; i < s.n; i++) {
		const struct source *x = &s.list[i];

		buf_printf(&out, "%s" STR_FMT "%s%s" STR_FMT, i ? "|" : "", STR_ARG(x->name),
			   x->named ? "*" : "", x->cluster.n ? "@" : "", STR_ARG(x->cluster));
	}
	sources_free(&s);
	return out;
}

static void check_find(const char *const *paths, const char *want)
{
	struct operand operands[8];
	size_t n = 0;
	struct buf got;

	for (; paths[n]; n++)
		operands[n] = (struct operand){ paths[n], NULL };
	got = find(operands, n);
	ck_assert_dump_eq(&got, want);
	buf_free(&got);
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(test_order)
{
	ck_assert(mkdir("logs", 0777) == 0 && mkdir("logs/z", 0777) == 0 &&
		  mkdir("logs/a", 0777) == 0);
	make("logs/z/1.log", "");
	make("logs/a/2.log", "");
	make("logs/m.log", "");
	make("logs/.hidden", "");
	make("x.log", "");
	check_find(PATHS("x.log", "logs"),
		   "logs/.hidden|logs/a/2.log|logs/m.log|logs/z/1.log|x.log*");
	check_find(PATHS("logs/", "x.log"),
		   "logs/.hidden|logs/a/2.log|logs/m.log|logs/z/1.log|x.log*");
	check_find(PATHS("x.log", "x.log", "./x.log", "logs/../x.log", "logs/a", "logs/a/2.log"),
		   "./x.log*|logs/a/2.log*");
	check_find(PATHS("x.log", "-", "-"), "<stdin>*|x.log*");
	ck_assert_dump_eq(&notes, "");
}
END_TEST

START_TEST(test_clusters)
{
	struct operand operands[] = { { "a.log", "one" }, { "b.log", "two" }, { "a.log", "one" } };
	struct buf got;

	make("a.log", "");
	make("b.log", "");
	got = find(operands, 3);
	ck_assert_dump_eq(&got, "a.log*@one|b.log*@two");
	buf_free(&got);
}
END_TEST

START_TEST(test_links)
{
	ck_assert(mkdir("d", 0777) == 0 && mkdir("e", 0777) == 0);
	make("d/a.log", "");
	make("e/b.log", "");
	ck_assert(symlink("a.log", "d/link.log") == 0 && symlink("..", "d/loop") == 0);
	ck_assert(symlink("../e", "d/other") == 0 && symlink("nowhere", "d/dangling") == 0);
	ck_assert(link("e/b.log", "e/hard.log") == 0 && symlink("self", "d/self") == 0);
	check_find(PATHS("d"), "d/a.log|d/loop/e/b.log");
	ck_assert(strstr(buf_text(&notes), "0 d/dangling: No such file") != NULL);
	ck_assert(strstr(notes.p, "0 d/self: Too many levels") != NULL);
	check_find(PATHS("d/link.log"), "d/link.log*");
}
END_TEST

START_TEST(test_missing)
{
	make("a.log", "");
	check_find(PATHS("a.log", "gone.log"), "a.log*");
	ck_assert_dump_eq(&notes, "0 gone.log named: No such file or directory\n");
	check_find(PATHS("gone.log"), "error 2: there is nothing to read: no file was found");
	ck_assert(mkdir("empty", 0777) == 0);
	check_find(PATHS("empty"), "error 2: there is nothing to read: no file was found");
}
END_TEST

START_TEST(test_deep_directories)
{
	char path[400] = "d";

	ck_assert(mkdir(path, 0777) == 0);
	for (int i = 0; i < INPUT_DEPTH_MAX + 2; i++) {
		strncat(path, "/d", sizeof(path) - strlen(path) - 1);
		ck_assert(mkdir(path, 0777) == 0);
	}
	make("d/a.log", "");
	check_find(PATHS("d"), "d/a.log");
	ck_assert_int_eq(notes.p[0], '0' + INPUT_TOO_DEEP);
}
END_TEST

static void check_texts(const char *path, bool is_stdin, const char *want)
{
	struct source source = { .name = str_from(path), .path = path, .is_stdin = is_stdin };
	struct texts *t = texts_open(&source, &config);
	struct buf got = { 0 };
	struct text x;
	struct err err;

	while (texts_next(t, &x, &err) > 0)
		buf_printf(&got, STR_FMT "|", STR_ARG(x.bytes));
	ck_assert_dump_eq(&got, want);
	texts_close(t);
	buf_free(&got);
}

START_TEST(test_files)
{
	make("a.log.gz", "{\"a\":1}\n{\"b\":2}\n"); /* the name shows nothing */
	check_texts("a.log.gz", false, "{\"a\":1}|{\"b\":2}|");
	ck_assert_dump_eq(&notes, "");
	check_texts("gone.log", false, "");
	ck_assert_dump_eq(&notes, "0 gone.log: No such file or directory\n");
	notes.n = 0;
	check_texts(".", false, "");
	ck_assert_dump_eq(&notes, "1 .: Is a directory\n");
	texts_close(NULL);
}
END_TEST

START_TEST(test_unreadable)
{
	if (geteuid() == 0)
		return; /* may read everything */
	make("a.log", "{}\n");
	ck_assert(chmod("a.log", 0) == 0 && mkdir("d", 0) == 0);
	check_texts("a.log", false, "");
	ck_assert_dump_eq(&notes, "0 a.log: Permission denied\n");
	notes.n = 0;
	check_find(PATHS("a.log", "d"), "a.log*");
	ck_assert_dump_eq(&notes, "0 d named: Permission denied\n");
	ck_assert(chmod("d", 0777) == 0);
}
END_TEST

/* A FIFO is read when it is named and skipped when it is found; stdin arrives in pieces. */
START_TEST(test_fifo_and_stdin)
{
	int ends[2], status;
	pid_t child;

	ck_assert(mkdir("d", 0777) == 0 && mkfifo("d/fifo", 0666) == 0);
	make("d/a.log", "");
	check_find(PATHS("d"), "d/a.log");
	check_find(PATHS("d/fifo"), "d/fifo*");
	child = fork();
	if (child == 0) {
		int fd = open("d/fifo", O_WRONLY);

		_exit(write(fd, "{\"a\":1}\n", 8) != 8);
	}
	check_texts("d/fifo", false, "{\"a\":1}|");
	ck_assert(waitpid(child, &status, 0) == child && status == 0);

	ck_assert(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 5; i++) {
			if (write(ends[1], &"{\"a\":"[i], 1) != 1)
				_exit(1);
			usleep(2000);
		}
		_exit(write(ends[1], "1}\n", 3) != 3);
	}
	close(ends[1]);
	ck_assert(dup2(ends[0], 0) == 0 && fcntl(0, F_SETFL, O_NONBLOCK) == 0);
	check_texts("-", true, "{\"a\":1}|");
	ck_assert(waitpid(child, &status, 0) == child && status == 0);
	ck_assert(fcntl(0, F_GETFD) >= 0); /* not ours to close */
}
END_TEST

Suite *suite_walk(void)
{
	Suite *s = suite_create("walk");
	TCase *tc = tcase_create("walk");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_clusters);
	tcase_add_test(tc, test_links);
	tcase_add_test(tc, test_missing);
	tcase_add_test(tc, test_deep_directories);
	tcase_add_test(tc, test_files);
	tcase_add_test(tc, test_unreadable);
	tcase_add_test(tc, test_fifo_and_stdin);
	suite_add_tcase(s, tc);
	return s;
}
