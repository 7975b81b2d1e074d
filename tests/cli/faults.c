/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded: makes the system fail for one file or directory, also for root, whom no permission
 * stops. FAULT=CALL:ERRNO:NAME, where CALL is open, read, stat or list, ERRNO a number, and NAME
 * what the path ends with. `list` lets the first entry of the directory pass, `read` nothing.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static bool ends_with(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return m <= n && strcmp(path + n - m, end) == 0;
}

/* Whether this call fails for this path; then errno is set. */
static bool fails(const char *call, const char *path)
{
	const char *fault = getenv("FAULT");
	char wanted[16], end[200];
	int number;

	if (!fault || sscanf(fault, "%15[a-z]:%d:%199s", wanted, &number, end) != 3 ||
	    strcmp(wanted, call) != 0 || !ends_with(path, end))
		return false;
	errno = number;
	return true;
}

static bool fails_at(const char *call, int fd)
{
	char link[40], path[4096];
	int before = errno;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	errno = before;
	if (n < 0)
		return false;
	path[n] = 0;
	return fails(call, path);
}

static void *next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found)
		abort();
	return found;
}

typedef int open_call(const char *, int, ...);

static int open_as(const char *name, const char *path, int flags, mode_t mode)
{
	return fails("open", path) ? -1 : ((open_call *)next(name))(path, flags, mode);
}

#define OPEN(name)                                                                                 \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		va_list args;                                                                      \
		mode_t mode;                                                                       \
                                                                                                   \
		va_start(args, flags);                                                             \
		mode = va_arg(args, mode_t);                                                       \
		va_end(args);                                                                      \
		return open_as(#name, path, flags, mode);                                          \
	}
OPEN(open)
OPEN(open64)

/* What the compiler makes of open and read when it checks sizes. */
int __open_2(const char *path, int flags)
{
	return open_as("open", path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_as("open64", path, flags, 0);
}

ssize_t read(int fd, void *to, size_t n)
{
	ssize_t (*call)(int, void *, size_t) = next("read");

	return fails_at("read", fd) ? -1 : call(fd, to, n);
}

ssize_t __read_chk(int fd, void *to, size_t n, size_t size)
{
	return n > size ? (abort(), -1) : read(fd, to, n);
}

#define STAT(name, type)                                                                           \
	int name(const char *path, struct type *to)                                                \
	{                                                                                          \
		int (*call)(const char *, struct type *) = next(#name);                            \
                                                                                                   \
		return fails("stat", path) ? -1 : call(path, to);                                  \
	}
STAT(stat, stat)
STAT(stat64, stat64)

DIR *opendir(const char *path)
{
	DIR *(*call)(const char *) = next("opendir");

	return fails("open", path) ? NULL : call(path);
}

/* After the entries . and .. and one more, whatever it is. */
#define READDIR(name, type)                                                                        \
	struct type *name(DIR *dir)                                                                \
	{                                                                                          \
		struct type *(*call)(DIR *) = next(#name);                                         \
		static __thread DIR *last;                                                         \
		static __thread int given;                                                         \
                                                                                                   \
		given = dir == last ? given + 1 : 1;                                               \
		last = dir;                                                                        \
		return given > 3 && fails_at("list", dirfd(dir)) ? NULL : call(dir);               \
	}
READDIR(readdir, dirent)
READDIR(readdir64, dirent64)
