/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffered writing to a file descriptor. The first error is kept, later output is dropped, and
 * close returns the error. A pipe without a reader is not an error: the program has to stop without
 * a message. The caller must ignore SIGPIPE.
 *
 * Legal order: sink_open, sink_write*, sink_flush*, sink_close.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

enum { SINK_BUFFER = 64 * 1024 }; /* one write: the capacity of a pipe */

enum sink_state {
	SINK_OPEN,
	SINK_CLOSED, /* by the reader */
	SINK_FAILED,
};

struct sink {
	int fd;
	const char *name; /* for messages: a path or "standard output"; must outlive the sink */
	enum sink_state state;
	int error; /* errno of the failure */
	struct buf pending;
};

void sink_open(struct sink *s, int fd, const char *name);
/* Callers that can stop early check the returned state: after SINK_OPEN nothing is written. */
enum sink_state sink_write(struct sink *s, struct str bytes);
enum sink_state sink_flush(struct sink *s);
/* Flushes and closes. < 0 if a write failed; a closed pipe is no error (see s->state). */
int sink_close(struct sink *s, struct err *err);
