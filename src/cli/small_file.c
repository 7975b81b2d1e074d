/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/small_file.h"

#include "config/document.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int read_all(int fd, const char *what, const char *name, struct buf *out, struct err *err)
{
	while (out->n <= CONFIG_BYTES_MAX) {
		ssize_t n;

		buf_reserve(out, 64 * KIB);
		n = read(fd, out->p + out->n, 64 * KIB);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, ERR_USAGE, "%s %s cannot be read", what, name);
		if (n == 0)
			break;
		out->n += (size_t)n;
	}
	return 1;
}

int small_file_read(const char *what, const char *name, bool may_miss, struct buf *out,
		    struct err *err)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0 && may_miss && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return err_sys(err, ERR_USAGE, "%s %s cannot be opened", what, name);
	r = read_all(fd, what, name, out, err);
	close(fd);
	return r;
}
