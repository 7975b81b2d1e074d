/* SPDX-License-Identifier: Apache-2.0 */
/* One run of a command: what the driver, the ending and the command share. */
#pragma once

#include "cli/choice.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "diagnose/rules.h"
#include "page/table.h"
#include "slo/settings.h"

enum { COMMAND_OUTPUTS_MAX = 3 };

/* One run of a command. The driver sets and releases all but *own. */
struct command_run {
	const struct command *command;
	const struct options *options; /* of the input that is read now */
	const void *format;	       /* the row of --output among the command's; or NULL */
	void *own;		       /* command->own_size bytes, at first zero */
	struct settings settings;      /* initialised; configure() reads those of users */

	/* What prepare may set. */
	struct rules *rules;
	struct pipeline_needs needs;
	struct output outputs[COMMAND_OUTPUTS_MAX]; /* none: text goes to standard output */
	size_t n_outputs;

	/* From begin on. */
	struct pipeline pipeline;
	const struct basis *basis;
	struct choice choice;
	struct table_style style;
	struct buf text;

	bool whole;    /* all pods were observed, and no output was closed */
	bool closed;   /* the reader of an output closed it: no error, but the run ends */
	bool withheld; /* finish sets it: nothing is to be written, now or at all */
	bool written;  /* all outputs are complete */
	bool partial; /* part of an input could not be read, or was skipped and --strict is given */
};

/* What became of the conditions of --fail-on, a line each. */
struct fail_on {
	struct buf holds;    /* those that are true */
	struct buf unjudged; /* those for which there was nothing to judge */
	bool condition;	     /* one is true; set if `holds` has no line of it */
};
