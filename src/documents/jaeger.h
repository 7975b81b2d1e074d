/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as the JSON of Jaeger's user interface, which opens such a file with nothing running:
 * {"data": [trace, ...]}, a trace a line. What OpenTelemetry has and Jaeger has not becomes tags
 * and references as OpenTelemetry's specification maps them (Transforming to Jaeger).
 *
 * Jaeger knows microseconds. Every time is cut off to them, starts, ends and logs alike: cutting
 * keeps the order of times, so a child stays within its parent and what did not overlap does not.
 */
#pragma once

#include "documents/trace_document.h"

void jaeger_begin(struct trace_document *d);
void jaeger_trace(struct trace_document *d, const struct trace *trace);
void jaeger_end(struct trace_document *d);
