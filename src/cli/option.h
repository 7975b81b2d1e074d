/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The option parser. The parser, --help, the shell completions and the check of the manual all use
 * one const table of rows. It knows no command and no option: those are in cli/tables.c.
 *
 * -x, -x VALUE, -xVALUE, -xyz (bundled), --name, --name VALUE, --name=VALUE; "--" ends the options;
 * options and operands may be mixed; "-" is an operand. If an option is repeated, the last value
 * wins; a list collects all. Long names cannot be abbreviated, because a new option could make an
 * abbreviation in a script ambiguous.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* The type of an option's value in struct options. */
enum option_kind {
	OPTION_FLAG,	 /* bool */
	OPTION_STRING,	 /* const char *, of the run */
	OPTION_SIZE,	 /* uint64_t, bytes */
	OPTION_DURATION, /* nsec */
	OPTION_TIME,	 /* struct when */
	OPTION_CHOICE,	 /* unsigned, the index in choices */
	OPTION_COUNT,	 /* uint64_t */
	OPTION_LIST,	 /* struct option_list */
};

struct option_list {
	const char **items;
	size_t n, cap;
};

/* Texts that replace those of a row for some commands. */
struct option_wording {
	unsigned commands;	   /* bit mask; 0 ends the list */
	const char *shown_default; /* NULL: none to show */
	const char *help;
};

struct option_row {
	const char *name; /* long, without dashes */
	char short_name;  /* 0: none */
	bool hidden;	  /* not shown in help, completions and manual */
	enum option_kind kind;
	unsigned group;		    /* heading in --help; not used here */
	unsigned commands;	    /* bit mask of the commands that take it */
	const char *argument;	    /* as in --help, NULL for a flag */
	const char *const *choices; /* ends with NULL */
	/* Instead of choices: the name of each, and the commands that take it; NULL ends them. */
	const char *(*choice_at)(size_t i, unsigned *ret_commands);
	const char *shown_default;	       /* NULL: none to show */
	const char *help;		       /* one sentence without capital and full stop */
	const struct option_wording *wordings; /* NULL: all commands show the same */
	uint64_t min, max;		       /* of sizes, durations and counts */
	size_t offset;			       /* of the value in the struct */
};

enum { OPTION_ROWS_MAX = 64 }; /* bits of seen */

struct option_parser {
	const struct option_row *rows;
	size_t n_rows;
	void *values;	     /* base of the offsets */
	struct arena *arena; /* of the lists */

	/* The bit and name of the command that the first operand names; 0: none. May be NULL. */
	unsigned (*command_of)(const char *operand, const char **ret_name);

	struct option_list operands;
	uint64_t seen; /* bit i: row i was given */
};

/* args: without the name of the program; must outlive the values. */
int option_parse(struct option_parser *p, const char *const *args, size_t n_args, struct err *err);

/* Parsers of single values; false if malformed or too large. */
bool option_size_parse(struct str text, uint64_t *ret_bytes);

void option_list_add(struct option_list *list, struct arena *arena, const char *item);
/* The words of a list: its items, split at commas. The list must be set. */
struct option_words {
	const struct option_list *list;
	size_t item;	 /* the next item */
	struct str rest; /* rest of the previous one, if more */
	bool more;
};

bool option_words_next(struct option_words *w, struct str *ret_word);
const char *option_kind_name(enum option_kind kind);
/* The i-th choice, and the commands that take it; NULL: there are no more, or it has none. */
const char *option_choice(const struct option_row *row, size_t i, unsigned *ret_commands);
/* Whether any of the commands takes the choice; and a list of their choices: "a, b or c". */
bool option_has_choice(const struct option_row *row, size_t choice, unsigned commands);
void option_choices_add(struct buf *out, const struct option_row *row, unsigned commands);
/* The texts of the row for one command, given as a mask. */
struct option_wording option_wording_of(const struct option_row *row, unsigned command);
