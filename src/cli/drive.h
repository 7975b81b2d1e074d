/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command. The driver defines the order and does everything that commands share: reading the
 * input, selecting pods, writing the result, notes on stderr and the exit status. In between it
 * calls the command's functions in the order of struct command.
 */
#pragma once

#include "cli/command_run.h"

enum { DRIVE_CHUNK = 64 * 1024 }; /* minimum bytes for a write */

/* Returns the exit status. */
int drive(const struct options *options);
/* Writes each text with at least that many bytes. False: stop, nothing more can be written. */
bool drive_write(struct command_run *run, size_t least);
