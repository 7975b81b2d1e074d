/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as the JSON of Jaeger's user interface, which opens such a file with nothing running:
 * {"data": [trace, ...]}.
 *
 * Legal order: jaeger_begin, jaeger_trace*, jaeger_end, to one file.
 */
#ifndef LUNETTES_OUTPUT_JAEGER_H
#define LUNETTES_OUTPUT_JAEGER_H

#include "base/buf.h"
#include "trace/trace.h"

void jaeger_begin(struct buf *out);
void jaeger_trace(struct buf *out, const struct trace *trace, bool first);
void jaeger_end(struct buf *out);

#endif
