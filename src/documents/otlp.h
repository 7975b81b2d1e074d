/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces as OTLP JSON in the form of OTLP files: one compact TracesData a line, ids in hexadecimal,
 * enums as numbers, 64-bit numbers as strings. Source: the OpenTelemetry protocol's specification
 * (JSON Protobuf Encoding) and its File Exporter.
 */
#pragma once

#include "documents/trace_document.h"

/* Appends one line. */
void otlp_trace(struct trace_document *d, const struct trace *trace);
