/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to run a command. The driver owns the order, and what commands have in common: the input,
 * the choice of pods, where the result goes, the notes on stderr and the exit status. A command has
 * functions that the driver calls in between, in the order of struct command.
 */
#ifndef LUNETTES_CLI_DRIVE_H
#define LUNETTES_CLI_DRIVE_H

#include "cli/choice.h"
#include "cli/ending.h"
#include "cli/outputs.h"
#include "cli/pipeline.h"
#include "cli/target.h"
#include "page/table.h"
#include "slo/settings.h"

enum { DRIVE_OUTPUTS_MAX = 3, DRIVE_CHUNK = 64 * 1024 };

/* A place where the result goes. */
struct output {
	struct output_file file;
	struct target target;
	struct buf *text; /* what goes there next; any buffer of the command's */
};

/* One run of a command. The driver sets and releases all but *own. */
struct command_run {
	const struct command *command;
	const struct options *options; /* of the input that is read now */
	void *own;		       /* command->own_size bytes, at first zero */
	struct settings settings;      /* initialised; configure() reads those of users */

	/* What prepare may set. */
	struct pipeline_needs needs;
	struct output outputs[DRIVE_OUTPUTS_MAX]; /* none: text goes to standard output */
	size_t n_outputs;

	/* From begin on. */
	struct pipeline *pipeline;
	const struct basis *basis;
	struct choice choice;
	struct table_style style;
	struct buf text;

	bool whole;    /* all pods were observed, and somebody reads all of the result */
	bool closed;   /* an output that nobody reads any more: no error, but not whole */
	bool withheld; /* finish sets it: nothing is to be written, now or at all */
	bool written;  /* all outputs are complete */
	bool partial;  /* of an input that was read something is missing */
};

/* The exit status. */
int drive(const struct options *options);
/* Writes the texts that have that many bytes. False: there is no use in going on. */
bool drive_write(struct command_run *run, size_t least);

#endif
