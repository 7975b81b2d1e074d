/* SPDX-License-Identifier: Apache-2.0 */
/* How commands end: what is reported on stderr, and the exit status. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "cli/options.h"
#include "page/table.h"

/* lunettes(1), EXIT STATUS. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_CONDITION = 1, /* one of --fail-on is true, and none of those below is the case */
	STATUS_USAGE = 2,     /* wrong usage or configuration; also a disk that is full */
	STATUS_NO_INPUT = 3,  /* nothing that could be read */
	STATUS_PARTIAL =
	    4, /* something that was named could not be opened; --strict: anything skipped */
};

struct command_run;

/*
 * Ends the progress, prints the notes (of the input, then those of the command) and the error, and
 * returns the exit status. result < 0: err says why; its status goes before all others. Then 4:
 * what is missing makes every answer doubtful. Then 1 before 3: a condition that is true is an
 * answer, whatever else could not be answered.
 */
int ending(struct command_run *run, int result, const struct err *err);
/* Prints the error; the exit status. */
int ending_error(const struct command_run *run, const struct err *err);

/* Of tables on standard output. */
struct table_style ending_style(const struct options *options);
