/* SPDX-License-Identifier: Apache-2.0 */
/* Ends a command: messages on stderr, and the exit status. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "cli/options.h"
#include "page/table.h"

/* lunettes(1), EXIT STATUS. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_CONDITION = 1, /* a condition of --fail-on is true, and no status below applies */
	STATUS_USAGE = 2,     /* wrong usage or configuration; also a full disk */
	STATUS_NO_INPUT = 3,  /* no input could be read */
	STATUS_PARTIAL =
	    4, /* a named input could not be opened; --strict: anything was skipped */
};

struct command_run;

/*
 * Ends the progress, prints the notes (of the input, then of the command) and the error, and
 * returns the exit status. result < 0: the status of err, which precedes all others. Then 4,
 * because missing input makes every answer doubtful. Then 1 before 3: a true condition is an
 * answer, even if others could not be judged.
 */
int ending(struct command_run *run, int result, const struct err *err);
/* Prints the error and returns the exit status. */
int ending_error(const struct command_run *run, const struct err *err);

/* The style for tables on standard output. */
struct table_style ending_style(const struct options *options);
