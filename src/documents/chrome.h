/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as a Chrome trace (the Trace Event Format, as JSON): for Perfetto, chrome://tracing and
 * speedscope. A process is a namespace, a track ("thread") one lane of one trace, so that what
 * is on one track is perfectly nested, as these viewers need it. One event a line.
 *
 * A span is a complete event, or an instant if it takes no microsecond, what happened within it an
 * instant on its track. Its args are its
 * attributes, and those of its resource in which that differs from the root's; a root's args are
 * all. Links are left out: an arrow needs both of its ends in the file.
 *
 * Times are whole microseconds, cut off as in Jaeger's: viewers add start and duration as doubles,
 * and of times with decimals the sum is often not the start of what comes next. speedscope then
 * says that spans do not nest, and Perfetto, which cuts off behind the nanosecond, may drop them.
 *
 * Legal order: chrome_begin, chrome_trace*, chrome_end, to one file.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "trace/trace.h"

struct chrome {
	nsec base; /* what is time 0; it is in otherData. Nothing may be earlier */
	bool first;
	struct map processes; /* cluster\0namespace */
	uint64_t tracks;
	struct arena scratch; /* of one trace */
};

void chrome_begin(struct chrome *c, struct buf *out, nsec base);
void chrome_trace(struct chrome *c, struct buf *out, const struct trace *trace);
void chrome_end(struct chrome *c, struct buf *out); /* and frees what c holds */
