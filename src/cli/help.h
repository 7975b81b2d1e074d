/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of --help, --version and "help --dump", made from the tables of cli/options.h and
 * wrapped at HELP_WIDTH columns. Nothing is printed here: the text goes into a buf.
 */
#pragma once

#include "base/buf.h"
#include "cli/options.h"

enum { HELP_WIDTH = 80 };

void help_print(struct buf *out, const struct command *command); /* everything */
void help_print_short(struct buf *out); /* when no command was given */
/* features: one line, such as "gzip by ISA-L, zstd 1.5.4"; NULL or "" for none. */
void help_print_version(struct buf *out, const char *features);

/*
 * For scripts, one line each, fields separated by tabs:
 *   command NAME OPERANDS SUMMARY
 *   option COMMAND SHORT LONG ARGUMENT KIND CHOICES DEFAULT HELP
 * COMMAND is "lunettes" for what needs none; choices are separated by commas; hidden ones are left
 * out; an empty field is empty.
 */
void help_dump(struct buf *out);
