/* SPDX-License-Identifier: Apache-2.0 */
/* How commands that read logs end: what is told on stderr, and the exit status. */
#ifndef LUNETTES_CLI_ENDING_H
#define LUNETTES_CLI_ENDING_H

#include "cli/choice.h"
#include "cli/pipeline.h"
#include "page/table.h"

/* lunettes(1), EXIT STATUS. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_CONDITION = 1, /* one of --fail-on holds, and none of those below is the case */
	STATUS_USAGE = 2,     /* wrong usage or configuration; also a disk that is full */
	STATUS_NO_INPUT = 3,  /* nothing that could be read */
	STATUS_PARTIAL =
	    4, /* something that was named could not be opened; --strict: anything skipped */
};

enum exit_status status_of(const struct err *err);

/* What a command has to say at the end, whole lines each. */
struct ending_said {
	struct str notes; /* not with -q */
	struct str holds; /* conditions of --fail-on that hold: status 1 */
	struct str empty; /* names and conditions for which there is nothing: status 3 */
};

/*
 * Ends the progress, prints the notes (those of the input, then those of the command) and the
 * error, and returns the exit status. result < 0: err says why; its status goes before all others.
 * Then 4: what is missing makes every answer doubtful. Then 1 before 3: a condition that holds is
 * an answer, whatever else could not be answered.
 */
int ending(struct pipeline *p, const struct options *options, int result, const struct err *err,
	   const struct ending_said *said);

/*
 * The same for who chooses pods by names. A name that nothing matches is worth a note where another
 * one matches, else there is nothing. choice: NULL if not all pods were offered to it.
 */
int ending_of_names(struct pipeline *p, const struct options *options, int result,
		    const struct err *err, struct buf *notes, const struct choice *choice);

/* Of tables on standard output. */
struct table_style ending_style(const struct options *options);

#endif
