/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress on standard error: at a terminal one line, redrawn five times a second after the first
 * second; otherwise nothing, or with --progress always one plain line per second. It never changes
 * the output, and the line is erased before anything else is printed.
 *
 * Legal order: new, begin, then the counts from any thread, end, free. Progress that is never shown
 * has no thread and is NULL, which every call accepts. Counts are sums without a lock, so a
 * displayed set of them need not be from one moment.
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
void progress_sorting(struct progress *p); /* everything has been read */
void progress_add_pod(struct progress *p);

/* Call it before printing anything else: erases the line for good. May be called again. */
void progress_end(struct progress *p);
void progress_free(struct progress *p);

/* The same from a signal handler, for any progress; true: there was a line. */
bool progress_interrupt(void);

/* The displayed values. */
struct progress_view {
	enum { PROGRESS_READING, PROGRESS_SORTING, PROGRESS_PODS } phase;
	nsec elapsed;
	uint64_t bytes, total; /* total 0: unknown */
	uint64_t records, about_pods, pods;
	const char *side; /* which of two inputs is read; NULL: there is only one */
};

/* Its text, in at most width columns; ASCII. */
void progress_text(const struct progress_view *view, size_t width, struct buf *out);
