/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command writes, and what that must not destroy: an input, a file that the user wrote, the
 * other outputs, and a file that is of another kind than the one about to be written.
 *
 * Legal order: the inputs are found; outputs_check; only then are outputs opened. Nothing is
 * written, made or locked here.
 */
#pragma once

#include "cli/options.h"
#include "cli/target.h"
#include "input/input.h"

/* A new kind of file is one row of `kinds` in outputs.c: its name, and how its beginning looks. */
enum file_kind { FILE_OTLP, FILE_JAEGER, FILE_CHROME, FILE_KINDS };

/* A place where a result goes. */
struct output {
	const char *option; /* without dashes, for messages; NULL: printed to standard output */
	const char *path;   /* as the user gave it; "-" is standard output */
	enum file_kind kind;
	struct target_file target;
	struct buf *text; /* what goes there next; any buffer of the command's */
};

/*
 * < 0: one of the files would destroy something (ERR_USAGE). --force allows to replace a file of
 * another kind, never an input.
 */
int outputs_check(const struct output *outputs, size_t n, const struct options *options,
		  const struct sources *inputs, struct err *err);
/* Whether it is the beginning of a file of this kind, by any program. */
bool outputs_is_kind(enum file_kind kind, struct str head);
