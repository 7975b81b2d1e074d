/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document of traces while it is written, for OTLP, Jaeger and Chrome.
 *
 * Legal order: the caller sets `base`; FORMAT_begin if the format has one, FORMAT_trace for each
 * trace, FORMAT_end; free. The caller may take and empty `out` between two calls.
 */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "trace/trace.h"

struct trace_document {
	struct buf out;
	nsec base;  /* time 0 of formats that have one; nothing may be earlier */
	bool begun; /* a line was written, so the next one needs a comma */

	/* chrome.c */
	struct map processes; /* cluster\0namespace */
	uint64_t tracks;
	struct arena scratch; /* of one trace */
};

static inline void trace_document_free(struct trace_document *d)
{
	buf_free(&d->out);
	map_free(&d->processes);
	arena_free(&d->scratch);
}
