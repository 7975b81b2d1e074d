/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of `lunettes trace`: an option and a format each; at least one is required.
 *
 * Legal order: find, which adds them to the run's outputs; begin; add, trace by trace; end; note;
 * free.
 */
#pragma once

#include "cli/command_run.h"
#include "documents/trace_document.h"

struct trace_format;

struct trace_outputs {
	const struct trace_format
	    *formats[COMMAND_OUTPUTS_MAX]; /* as the run's outputs; NULL ends */
	struct trace_document documents[COMMAND_OUTPUTS_MAX];
	struct arena arena; /* of messages */
	uint64_t n_traces, n_spans, n_events, dropped;
};

int trace_outputs_find(struct trace_outputs *o, struct command_run *run, struct err *err);
void trace_outputs_begin(struct trace_outputs *o, const struct context *context);
void trace_outputs_add(struct trace_outputs *o, const struct trace *trace);
void trace_outputs_end(struct trace_outputs *o);
/* The number of written traces and spans, in a line. */
void trace_outputs_note(const struct trace_outputs *o, const struct command_run *run,
			struct buf *text);
void trace_outputs_free(struct trace_outputs *o);
