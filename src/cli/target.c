/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path may be longer than a message. */
#define PATH_FMT "'%.256s'"

static char *text_of(struct buf *b)
{
	buf_add_char(b, 0);
	return b->p;
}

/* The folder of a path. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf b = { 0 };

	if (!slash)
		buf_add_char(&b, '.');
	else
		buf_add(&b, path, slash == path ? 1 : (size_t)(slash - path));
	return text_of(&b);
}

static char *name_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf b = { 0 };

	if (slash)
		buf_add(&b, path, (size_t)(slash - path) + 1);
	buf_printf(&b, ".%.200s.XXXXXX", slash ? slash + 1 : path);
	return text_of(&b);
}

static int cannot(const char *path, struct err *err)
{
	return err_sys(err, ERR_SYSTEM, "cannot write " PATH_FMT, path);
}

/* The mode of the existing file; of a new one, as the umask allows. */
static mode_t mode_of(const struct stat *st)
{
	mode_t mask;

	if (st)
		return st->st_mode & 07777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static int open_unnamed(struct target_file *t)
{
	char *folder = folder_of(t->real);
	int fd = access("/proc/self/fd", X_OK) == 0
		     ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)
		     : -1;

	free(folder);
	if (fd >= 0)
		return fd;
	t->temporary = name_beside(t->real);
	fd = mkostemp(t->temporary, O_CLOEXEC);
	if (fd < 0) {
		free(t->temporary);
		t->temporary = NULL;
	}
	return fd;
}

static int open_file(struct target_file *t, const char *path, const struct stat *st,
		     struct err *err)
{
	char *real = st ? realpath(path, NULL) : NULL; /* a link is kept */
	struct stat link;
	struct buf b = { 0 };
	int fd;

	if (st && (!real || access(real, W_OK) < 0)) {
		free(real);
		return cannot(path, err);
	}
	if (!real) {
		buf_add_str(&b, str_from(path));
		real = text_of(&b);
	}
	t->real = real;
	t->is_new = !st && lstat(real, &link) < 0;
	fd = open_unnamed(t);
	if (fd >= 0 && fchmod(fd, mode_of(st)) == 0)
		return fd;
	cannot(path, err);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Paths that the system opens anew each time, so a temporary name beside them is useless. */
static bool is_special(const char *path, const struct stat *st)
{
	return !S_ISREG(st->st_mode) || strncmp(path, "/proc/", 6) == 0;
}

int target_descriptor(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	uint64_t fd;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (str_starts(str_from(path), str_from(folders[i])) &&
		    str_u64(str_after(str_from(path), strlen(folders[i])), &fd) && fd <= INT_MAX)
			return (int)fd;
	return -1;
}

/* As a redirection of the shell: writing continues at the descriptor's offset. */
static int open_descriptor(struct target_file *t, int fd, struct err *err)
{
	if (fd != STDOUT_FILENO)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return cannot(t->path, err);
	sink_open(&t->sink, fd, fd == STDOUT_FILENO ? "standard output" : t->path);
	t->open = true;
	return 0;
}

int target_open(struct target_file *t, const char *path, struct err *err)
{
	struct stat st;
	bool exists;
	int fd = target_descriptor(path);

	*t = (struct target_file){ .path = path };
	if (fd >= 0)
		return open_descriptor(t, fd, err);
	exists = stat(path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return cannot(path, err);
	}
	if (exists && is_special(path, &st)) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return cannot(path, err);
	} else {
		fd = open_file(t, path, exists ? &st : NULL, err);
		if (fd < 0)
			return -1;
	}
	sink_open(&t->sink, fd, path);
	t->open = true;
	return 0;
}

bool target_put(struct target_file *t, struct buf *buf, size_t least)
{
	if (buf->n < least)
		return true;
	t->bytes += buf->n;
	sink_write(&t->sink, buf_str(buf));
	buf_reset(buf);
	return t->sink.state == SINK_OPEN;
}

/* linkat cannot replace a file, rename can. */
static int give_name(struct target_file *t)
{
	char from[64];

	if (t->temporary)
		return 0;
	snprintf(from, sizeof(from), "/proc/self/fd/%d", t->sink.fd);
	for (unsigned attempt = 0; attempt < 100; attempt++) {
		struct buf b = { 0 };
		char *name = name_beside(t->real);

		buf_add(&b, name, strlen(name) - strlen("XXXXXX"));
		buf_printf(&b, "%ld-%u", (long)getpid(), attempt);
		free(name);
		t->temporary = text_of(&b);
		if (linkat(AT_FDCWD, from, AT_FDCWD, t->temporary, AT_SYMLINK_FOLLOW) == 0)
			return 0;
		free(t->temporary);
		t->temporary = NULL;
		if (errno != EEXIST)
			break;
	}
	return -1;
}

/* Hours may have passed since the name was found to be free. */
static int take_name(const struct target_file *t)
{
	if (!t->is_new)
		return rename(t->temporary, t->real);
	if (renameat2(AT_FDCWD, t->temporary, AT_FDCWD, t->real, RENAME_NOREPLACE) == 0)
		return 0;
	/* not supported by every file system */
	return errno == EINVAL || errno == ENOSYS ? rename(t->temporary, t->real) : -1;
}

int target_publish(struct target_file *t, struct err *err)
{
	bool named;

	sink_flush(&t->sink);
	named = t->sink.state == SINK_OPEN && t->real && give_name(t) == 0;
	if (t->sink.state == SINK_OPEN && t->real && !named)
		return cannot(t->path, err);
	t->open = false;
	if (sink_close(&t->sink, err) < 0)
		return -1;
	if (!named)
		return 0;
	if (take_name(t) < 0)
		return cannot(t->path, err);
	free(t->temporary);
	t->temporary = NULL;
	return 0;
}

void target_close(struct target_file *t)
{
	struct err ignored;

	if (t->open)
		sink_close(&t->sink, &ignored);
	if (t->temporary)
		unlink(t->temporary);
	free(t->temporary);
	free(t->real);
	*t = (struct target_file){ 0 };
}
