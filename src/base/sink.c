/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sink.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

void sink_open(struct sink *s, int fd, const char *name)
{
	*s = (struct sink){ .fd = fd, .name = name };
}

static void fail(struct sink *s, int error)
{
	if (s->state != SINK_OPEN)
		return;
	s->state = error == EPIPE ? SINK_CLOSED : SINK_FAILED;
	s->error = error;
}

/* Another process may have made a terminal or a pipe non-blocking: wait for it. */
static void wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	poll(&p, 1, -1);
}

static void write_all(struct sink *s, struct str bytes)
{
	while (bytes.n && s->state == SINK_OPEN) {
		ssize_t n = write(s->fd, bytes.p, bytes.n);

		if (n >= 0)
			bytes = str_after(bytes, (size_t)n);
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			wait_writable(s->fd);
		else if (errno != EINTR)
			fail(s, errno);
	}
}

enum sink_state sink_flush(struct sink *s)
{
	write_all(s, buf_str(&s->pending));
	buf_reset(&s->pending);
	return s->state;
}

enum sink_state sink_write(struct sink *s, struct str bytes)
{
	if (s->state != SINK_OPEN)
		return s->state;
	if (bytes.n >= SINK_BUFFER) {
		sink_flush(s);
		write_all(s, bytes);
		return s->state;
	}
	buf_add_str(&s->pending, bytes);
	return s->pending.n >= SINK_BUFFER ? sink_flush(s) : s->state;
}

int sink_close(struct sink *s, struct err *err)
{
	sink_flush(s);
	buf_free(&s->pending);
	/* Linux closes the descriptor even on EINTR; a second close could hit another file's. */
	if (close(s->fd) < 0 && errno != EINTR)
		fail(s, errno);
	s->fd = -1;
	if (s->state != SINK_FAILED)
		return 0;
	errno = s->error;
	return err_sys(err, ERR_SYSTEM, "cannot write to %s", s->name);
}
