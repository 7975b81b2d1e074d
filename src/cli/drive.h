/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to run a command. The driver owns the order, and what commands have in common: the input,
 * the choice of pods, where the result goes, the notes on stderr and the exit status. A command has
 * functions that the driver calls in between, in the order of struct command.
 */
#pragma once

#include "cli/command_run.h"

enum { DRIVE_CHUNK = 64 * 1024 }; /* bytes of a text that are worth a write */

/* The exit status. */
int drive(const struct options *options);
/* Writes the texts that have that many bytes. False: there is no use in going on. */
bool drive_write(struct command_run *run, size_t least);
