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
 * Its time 0 is in otherData.
 */
#pragma once

#include "documents/trace_document.h"

void chrome_begin(struct trace_document *d);
void chrome_trace(struct trace_document *d, const struct trace *trace);
void chrome_end(struct trace_document *d);
