/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffered writing to a file descriptor. Errors stick: the first one is kept, what is written after
 * it is dropped, and close returns it. A pipe without a reader is not an error but an end: the
 * program has to stop, silently. The caller must ignore SIGPIPE.
 *
 * Legal order: sink_open, sink_write*, sink_flush*, sink_close.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

enum { SINK_BUFFER = 64 * 1024 }; /* one write's worth: as much as a pipe holds */

enum sink_state {
	SINK_OPEN,
	SINK_CLOSED, /* by the reader */
	SINK_FAILED,
};

struct sink {
	int fd;
	const char *name; /* for messages: a path or "standard output"; static or of the run */
	enum sink_state state;
	int error; /* errno of the failure */
	struct buf pending;
};

void sink_open(struct sink *s, int fd, const char *name);
/* What can stop early asks for the state after it: nothing is written once it is not SINK_OPEN. */
enum sink_state sink_write(struct sink *s, struct str bytes);
enum sink_state sink_flush(struct sink *s);
/*
 * Flushes and closes the descriptor. < 0 if anything did not get where it should; a closed pipe is
 * no error (ask s->state).
 */
int sink_close(struct sink *s, struct err *err);
