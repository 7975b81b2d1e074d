/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands: their help texts, operands, options and output formats, and the functions that run
 * them.
 *
 * To add a command: a row of COMMANDS, a file cmd_NAME.c with its `command_NAME`, which meson.build
 * lists, and a manual page lunettes-NAME(1), which scripts/check-docs requires. To add a format:
 * its writer, a row among the command's formats, and its place in the manual.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* In the order of --help. The first one is lunettes itself, without a command. */
#define COMMANDS(X)                                                                                \
	X(LUNETTES, lunettes)                                                                      \
	X(SLO, slo)                                                                                \
	X(TIMELINE, timeline)                                                                      \
	X(DIAGNOSE, diagnose)                                                                      \
	X(TRACE, trace)                                                                            \
	X(CODES, codes)                                                                            \
	X(PODS, pods)                                                                              \
	X(INSPECT, inspect)                                                                        \
	X(DIFF, diff)                                                                              \
	X(POLICY, policy)                                                                          \
	X(HELP, help)

#define COMMAND_INDEX(id, name) COMMAND_INDEX_##id,
#define COMMAND_BIT(id, name) COMMAND_##id = 1 << COMMAND_INDEX_##id,
#define COMMAND_ROW(id, name) extern const struct command command_##name;

enum command_index { COMMANDS(COMMAND_INDEX) COMMANDS_N };

/* Which commands take an option: single ones, and classes, to which commands belong. */
enum command_bit {
	COMMANDS(COMMAND_BIT) /**/
	COMMAND_SINGLE = (1 << COMMANDS_N) - 1,
	READERS = 1 << 24, /* of input */
	JUDGES = 1 << 25,  /* of deliveries */
	CHOOSERS = 1 << 26, /* of pods by what they are */
	PRINTERS = 1 << 27, /* of tables and documents */
	WRITERS = 1 << 28,  /* of files */
};

/* The readers of a result, for whom its tables are formatted. */
enum format_kind {
	FORMAT_TABLE,	 /* people at a terminal */
	FORMAT_WIDE,	 /* the same, with all columns */
	FORMAT_MARKDOWN, /* people, as a page */
	FORMAT_DOCUMENT, /* programs */
};

/* The head of each row of a command's formats; the rest of a row defines how it is written. */
struct format {
	const char *name; /* of --output */
	enum format_kind kind;
	bool tabs; /* of rows of fields: between them, instead of commas */
};

/* Rows of the command's own type; the first format is the default. */
struct command_formats {
	const struct format *first;
	size_t n, row_size;
};

/* For an array of rows whose first member is `format`; command_run has the current row. */
#define FORMATS(rows) { &(rows)->format, sizeof(rows) / sizeof(*(rows)), sizeof(*(rows)) }

struct buf;
struct cluster;
struct command_run;
struct err;
struct timeline;
struct fail_on;

struct command {
	const char *name;
	unsigned bits;		 /* enum command_bit: its own and those of its classes */
	const char *operands;	 /* as shown in the usage line */
	bool no_operands;	 /* it takes none */
	bool pods, claims;	 /* operands may name pods; and claims, otherwise those are paths */
	bool needs_pod;		 /* one operand must name a pod */
	const char *summary;	 /* one line */
	const char *description; /* paragraphs separated by an empty line */
	const char *examples;	 /* lines "command\tWhat it does." */
	struct command_formats formats;

	/*
	 * Called by the driver (cli/drive.h) in this order. All may be NULL, except observe of
	 * READERS. Those that return void or bool cannot fail.
	 */
	size_t own_size; /* of the command's own state, command_run.own */
	/* Checks the options, reads the configuration, sets the needs. */
	int (*prepare)(struct command_run *run, struct err *err);
	/* After the records are read and sorted, when the basis of the result is known. */
	int (*begin)(struct command_run *run, struct err *err);
	/* For each timeline; false: no more are needed. It may add to the outputs' texts. */
	bool (*observe)(struct command_run *run, const struct timeline *t,
			const struct cluster *cluster);
	/* After the last timeline, unless a closed pipe ended the run: writes the rest. */
	int (*finish)(struct command_run *run, struct err *err);
	/* If there was no error: which conditions of --fail-on are true. */
	void (*judge)(struct command_run *run, struct fail_on *fail_on);
	/* Always: lines for stderr, unless --quiet. result < 0: there was an error. */
	void (*notes)(struct command_run *run, int result, struct buf *text);
	/* Whether there is another input, with its options set: begin to notes are called again. */
	bool (*another)(struct command_run *run);
	/* Always last, even after a failed prepare: frees the members of *own. */
	void (*release)(struct command_run *run);
};

/* The last paragraph of the description of commands that read logs. */
#define COMMAND_INPUT_TEXT                                                                         \
	"\n\nA FILE is an audit log, a dump of Pods or Events, or an archive of such files, "      \
	"plain, compressed or wrapped; a DIR is searched in depth; - is standard input. Without "  \
	"one, $LUNETTES_INPUT is read, else standard input if it is a pipe or a file, else the "   \
	"usual places of this host."

COMMANDS(COMMAND_ROW)
extern const struct command *const commands[COMMANDS_N];

/* NULL: the command has no format of that name. */
const struct format *command_format(const struct command *command, const char *name);
/* The i-th of all formats, the default first, and its commands; NULL: there are no more. */
const char *command_format_name(size_t i, unsigned *ret_commands);
