/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as the JSON that Jaeger's user interface opens from a file, without a backend: {"data":
 * [trace, ...]}, one trace per line. Data that OpenTelemetry has and Jaeger has not becomes tags
 * and references as OpenTelemetry's specification maps them (Transforming to Jaeger).
 *
 * Jaeger has microseconds. All times are truncated to them, which keeps their order: a child stays
 * within its parent, and spans that did not overlap still do not.
 */
#pragma once

#include "documents/trace_document.h"

void jaeger_begin(struct trace_document *d);
void jaeger_trace(struct trace_document *d, const struct trace *trace);
void jaeger_end(struct trace_document *d);
