/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as the JSON of Jaeger's user interface, which opens such a file with nothing running:
 * {"data": [trace, ...]}, a trace a line. What OpenTelemetry has and Jaeger has not becomes tags
 * and references as OpenTelemetry's specification maps them (Transforming to Jaeger).
 *
 * Jaeger knows microseconds. Every time is cut off to them, starts, ends and logs alike: cutting
 * keeps the order of times, so a child stays within its parent and what did not overlap does not.
 *
 * Legal order: jaeger_begin, jaeger_trace*, jaeger_end, to one file.
 */
#pragma once

#include "base/buf.h"
#include "trace/trace.h"

void jaeger_begin(struct buf *out);
void jaeger_trace(struct buf *out, const struct trace *trace, bool first);
void jaeger_end(struct buf *out);
