/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one run, which the driver, the ending and the command share. */
#pragma once

#include "cli/choice.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "diagnose/rules.h"
#include "page/table.h"
#include "slo/settings.h"

enum { COMMAND_OUTPUTS_MAX = 3 };

/* The driver sets and releases all members except *own. */
struct command_run {
	const struct command *command;
	const struct options *options; /* of the current input */
	const void *format;	       /* the command's row for --output, or NULL */
	void *own;		       /* command->own_size bytes, at first zero */
	struct settings settings;      /* initialised; configure() reads the user's configuration */

	/* Set by prepare, if needed. */
	struct rules *rules;
	struct pipeline_needs needs;
	struct output outputs[COMMAND_OUTPUTS_MAX]; /* none: text goes to standard output */
	size_t n_outputs;

	/* Valid from begin on. */
	struct pipeline pipeline;
	const struct basis *basis;
	struct choice choice;
	struct table_style style;
	struct buf text;

	bool whole;    /* all pods were observed, and no output was closed */
	bool closed;   /* the reader of an output closed it: no error, but the run ends */
	bool withheld; /* set by finish: nothing is written, now or later */
	bool written;  /* all outputs are complete */
	bool partial; /* a part of an input could not be read, or was skipped with --strict */
};

/* The results of --fail-on, one line per condition. */
struct fail_on {
	struct buf holds;    /* conditions that are true */
	struct buf unjudged; /* conditions that cannot be judged */
	bool condition;	     /* one is true; set if `holds` has no line about it */
};
