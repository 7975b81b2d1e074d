/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as OTLP JSON in the form of OTLP files: one compact TracesData per line, ids in
 * hexadecimal, enums as numbers, 64-bit numbers as strings. Sources: the specification of the
 * OpenTelemetry protocol (JSON Protobuf Encoding) and of its File Exporter.
 */
#pragma once

#include "documents/trace_document.h"

/* Appends one line. */
void otlp_trace(struct trace_document *d, const struct trace *trace);
