/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as a Chrome trace (the Trace Event Format, as JSON): for Perfetto, chrome://tracing and
 * speedscope. A process is a namespace, a track ("thread") one lane of one trace, so the spans of a
 * track nest perfectly, as these viewers require. One event per line.
 *
 * A span is a complete event, or an instant if it is shorter than a microsecond; an event within it
 * is an instant on its track. The args of a root are its attributes and those of its resource;
 * other spans have only the resource attributes that differ from the root's. Links are omitted,
 * because an arrow needs both of its ends in the file.
 *
 * Times are truncated to whole microseconds, as for Jaeger; time 0 is in otherData. Viewers add
 * start and duration as doubles, and with decimals the sum often differs from the start of the next
 * span: speedscope then reports that spans do not nest, and Perfetto, which truncates to
 * nanoseconds, may drop them.
 */
#pragma once

#include "documents/trace_document.h"

void chrome_begin(struct trace_document *d);
void chrome_trace(struct trace_document *d, const struct trace *trace);
void chrome_end(struct trace_document *d);
