/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far the work is, on standard error: for a person who waits one line on the terminal, redrawn
 * five times a second from the first second on; otherwise nothing, or with --progress always one
 * plain line a second. It changes nothing of what is printed, and is gone before anything else is.
 *
 * Legal order: new, begin, then the counts from any thread, end, free. What is never shown costs no
 * thread: then there is no progress (NULL), and every call takes that. Counts are sums that are
 * published without a lock; a picture of them need not be of one moment.
 */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "cli/options.h"

struct progress;

struct progress *progress_new(const struct options *options); /* NULL: silent */
void progress_begin(struct progress *p, uint64_t total);      /* bytes of all sources; 0: unknown */

void progress_add_bytes(struct progress *p, uint64_t bytes);
void progress_add_records(struct progress *p, uint64_t records, uint64_t about_pods);
void progress_sorting(struct progress *p); /* all is read */
void progress_add_pod(struct progress *p);

/* Before anything else is printed: the line is gone, and does not come back. May be called again.
 */
void progress_end(struct progress *p);
void progress_free(struct progress *p);

/* The same from a handler of signals, for whatever progress there is; true: there was a line. */
bool progress_interrupt(void);

/* What is shown, as a value. */
struct progress_view {
	enum { PROGRESS_READING, PROGRESS_SORTING, PROGRESS_PODS } phase;
	nsec elapsed;
	uint64_t bytes, total; /* total 0: unknown */
	uint64_t records, about_pods, pods;
	const char *side; /* what of two is read; NULL: there is but one */
};

/* Its text, in at most width columns; ASCII. */
void progress_text(const struct progress_view *view, size_t width, struct buf *out);
