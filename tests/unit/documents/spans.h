/* SPDX-License-Identifier: Apache-2.0 */
/* A trace made by hand, with one of everything; its times are seconds and odd nanoseconds. */
#pragma once

#include "documents/trace_document.h"
#include "trace/trace.h"

/* 2025-11-22T10:11:00Z */
#define SPANS_BASE ((nsec)1763806260 * SECOND)

enum { SPANS_N = 6 };

struct spans {
	struct trace trace;
	struct span spans[SPANS_N];
};

/*
 * In seconds from the base:
 *
 *   0 pod delivery                0 ..........................  10 + 900 ns, an error
 *   1   schedule                  0 .. 1500 ns
 *   2   pull image                1500 ns ........ 4 + 999 ns
 *   3   pull image, lane 1                  2 ........... 6      open, one event
 *   4     unpack                               3 ........ 6
 *   5   start, lane 1                                       7 . 8
 */
void spans_make(struct spans *s);
/* The document is this text, to the byte; frees it. */
void spans_check_document(struct trace_document *d, const char *expected);
