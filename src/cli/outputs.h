/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outputs of a command, and the files that they must not destroy: an input, a file that the
 * user wrote, another output, and a file of another kind than the new one.
 *
 * Legal order: the inputs are found; outputs_check; only then are outputs opened. Nothing is
 * written, created or locked here.
 */
#pragma once

#include "cli/options.h"
#include "cli/target.h"
#include "input/input.h"

/* A new kind of file is a row of `kinds` in outputs.c: its name, and a test of its first bytes. */
enum file_kind { FILE_OTLP, FILE_JAEGER, FILE_CHROME, FILE_KINDS };

/* A destination of results. */
struct output {
	const char *option; /* without dashes, for messages; NULL: printed to standard output */
	const char *path;   /* as the user gave it; "-" is standard output */
	enum file_kind kind;
	struct target_file target;
	struct buf *text; /* the next bytes; any buffer of the command */
};

/* < 0: an output would destroy a file (ERR_USAGE); --force allows it for one of another kind. */
int outputs_check(const struct output *outputs, size_t n, const struct options *options,
		  const struct sources *inputs, struct err *err);
/* Whether this is the beginning of a file of this kind, by any program. */
bool outputs_is_kind(enum file_kind kind, struct str head);
