/* SPDX-License-Identifier: Apache-2.0 */
#include "input/stream.h"

#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <unistd.h>

enum { FEED_SIZE = INPUT_BLOCK / 2 };

ssize_t stream_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	ssize_t got = s->ops->read(s, to, n, fault);

	if (got > 0)
		s->given += (uint64_t)got;
	return got;
}

void stream_close(struct stream *s)
{
	if (s)
		s->ops->close(s);
}

ssize_t stream_fail(struct stream_fault *fault, enum input_note_kind kind, const char *fmt, ...)
{
	va_list ap;

	fault->kind = kind;
	va_start(ap, fmt);
	vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
	va_end(ap);
	return -1;
}

/* A descriptor. */

struct fd_stream {
	struct stream s;
	int fd;
	bool owned;
};

static ssize_t fd_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	int fd = ((struct fd_stream *)s)->fd;

	for (;;) {
		ssize_t got = read(fd, to, n);
		struct pollfd wait = { .fd = fd, .events = POLLIN };

		if (got >= 0)
			return got;
		/* Another program may have made standard input non-blocking. */
		if (errno == EAGAIN && (poll(&wait, 1, -1) > 0 || errno == EINTR))
			continue;
		if (errno != EINTR)
			return stream_fail(fault, INPUT_READ_ERROR, "%s", strerror(errno));
	}
}

static void fd_close(struct stream *s)
{
	struct fd_stream *f = (struct fd_stream *)s;

	if (f->owned)
		close(f->fd);
	mem_free(f);
}

struct stream *stream_of_fd(int fd, bool owned)
{
	static const struct stream_ops ops = { fd_read, fd_close };
	struct fd_stream *f = mem_zalloc(sizeof(*f));

	f->s.ops = &ops;
	f->fd = fd;
	f->owned = owned;
	return &f->s;
}

/* The input side of decoders. */

void feed_open(struct feed *f, struct stream *from)
{
	*f = (struct feed){ .from = from, .buf = mem_alloc(FEED_SIZE) };
}

void feed_close(struct feed *f)
{
	stream_close(f->from);
	mem_free(f->buf);
}

ssize_t feed_more(struct feed *f, struct stream_fault *fault)
{
	ssize_t got = stream_read(f->from, f->buf, FEED_SIZE, fault);

	f->pos = 0;
	f->n = got > 0 ? (size_t)got : 0;
	return got;
}

ssize_t feed_next_part(struct feed *f, struct stream_fault *fault)
{
	for (;;) {
		while (f->pos < f->n && f->buf[f->pos] == 0)
			f->pos++;
		if (f->pos < f->n)
			return 1;

		ssize_t got = feed_more(f, fault);

		if (got <= 0)
			return got;
	}
}
