/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: what is printed of them, and what operands they take. */
#ifndef LUNETTES_CLI_COMMAND_H
#define LUNETTES_CLI_COMMAND_H

#include <stdbool.h>

enum command_id {
	COMMAND_NONE, /* lunettes itself: what stands before a command, or without one */
	COMMAND_SLO,
	COMMAND_TIMELINE,
	COMMAND_DIAGNOSE,
	COMMAND_TRACE,
	COMMAND_CODES,
	COMMAND_PODS,
	COMMAND_INSPECT,
	COMMAND_DIFF,
	COMMAND_POLICY,
	COMMAND_HELP,
	COMMAND_N
};

struct command {
	const char *name;
	const char *operands;	 /* as usage shows them */
	bool no_operands;	 /* it takes none */
	bool pods, claims;	 /* operands may name pods; and claims, else those are paths */
	bool needs_pod;		 /* one must */
	const char *summary;	 /* one line */
	const char *description; /* paragraphs separated by an empty line */
	const char *examples;	 /* lines "command\tWhat it does." */
};

extern const struct command options_commands[COMMAND_N]; /* tables.c */

#endif
