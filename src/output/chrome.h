/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as a Chrome trace: for Perfetto, chrome://tracing and speedscope. A process is a
 * namespace, a track one lane of one trace, so that what stands on a track is perfectly nested.
 *
 * Legal order: chrome_begin, chrome_trace*, chrome_end, to one file.
 */
#ifndef LUNETTES_OUTPUT_CHROME_H
#define LUNETTES_OUTPUT_CHROME_H

#include "base/buf.h"
#include "base/map.h"
#include "trace/trace.h"

struct chrome {
	nsec base; /* what is time 0: viewers keep times as doubles, which hold no nanoseconds of
		      today */
	bool first;
	struct map processes; /* cluster\0namespace */
	uint64_t tracks;
};

void chrome_begin(struct chrome *c, struct buf *out, nsec base);
void chrome_trace(struct chrome *c, struct buf *out, const struct trace *trace);
void chrome_end(struct chrome *c, struct buf *out);

#endif
