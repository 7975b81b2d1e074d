/* SPDX-License-Identifier: Apache-2.0 */
/* How commands that read logs end: what is told on stderr, and the exit status. */
#ifndef LUNETTES_CLI_ENDING_H
#define LUNETTES_CLI_ENDING_H

#include "cli/pipeline.h"
#include "output/table.h"

/*
 * Ends the progress, prints the notes (those of the input, then `more` of the command, unless -q)
 * and the error, and returns the exit status. result < 0: err says why.
 */
int ending(struct pipeline *p, const struct options *options, int result, const struct err *err,
	   struct str more);

/* Of tables on standard output. */
struct table_style ending_style(const struct options *options);

#endif
