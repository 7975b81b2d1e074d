/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lua scripts of a configuration of spans: LuaMatcher and ValueFetcher. They share one state, but
 * each run gets globals of its own, so no run sees the changes of another.
 *
 * A script sees one request or object and nothing of the machine: no files, no clock, no random
 * numbers, no addresses; tables are iterated in the order of their keys. Memory, instructions and
 * allocations are limited for each run, even where a script catches errors. The time of a single
 * match of a Lua pattern is not limited.
 *
 * Legal order: new, add*, then test and text in any order, free. One thread at a time. Without Lua,
 * script_none.c replaces lua.c and scripts_new returns NULL.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	SCRIPT_MEMORY_MAX = 32 * 1024 * 1024,
	SCRIPT_STEPS_MAX = 1000000, /* instructions of one run, about 10 ms */
	SCRIPT_STEP_BYTES = 64,	    /* allocating this much costs one instruction */
	SCRIPT_MESSAGE_MAX = 200,   /* bytes of an error message in a note */
};

/* The globals for scripts; a script gets those that its text names. */
enum script_global {
	SCRIPT_REASON,
	SCRIPT_MESSAGE,
	SCRIPT_SPAN_NAME,
	SCRIPT_VERB,
	SCRIPT_USER_AGENT,
	SCRIPT_REQUEST,
	SCRIPT_RESPONSE,
	SCRIPT_RESPONSE_TABLE, /* of JSON, as a table */
	SCRIPT_ANNOTATIONS,
	SCRIPT_OBJECT,
	SCRIPT_GLOBALS
};

struct script_input {
	struct str texts[SCRIPT_GLOBALS]; /* p == NULL: too long to be kept; the script sees "" */
};

struct scripts;

struct script {
	struct scripts *of;
	struct str place;   /* FILE:LINE:COLUMN: PATH, for notes */
	unsigned globals;   /* 1u << enum script_global: those that it names */
	int number;	    /* in the state */
	uint64_t failures;  /* runs that ended with an error */
	uint64_t shortened; /* runs that did not see a text, because it was too long */
	struct str first;   /* message of the first error */
};

const char *script_global_name(enum script_global global);
/* The raw text behind the global, enum extract_text; < 0: none. */
int script_global_text(enum script_global global);
bool script_names(struct str text, const char *word); /* the script contains that word */

struct scripts *scripts_new(void);
/* globals: those that it may use. NULL: invalid Lua; err then has Lua's line and message. */
struct script *scripts_add(struct scripts *s, struct str text, struct str place, unsigned globals,
			   struct err *err);
void scripts_free(struct scripts *s); /* NULL is fine */

/* Whether the last value that it returns is true. An error counts as false, and in failures. */
bool script_test(struct script *script, const struct script_input *in);
/* The last value as text, in the arena. False: none, or an error, which is counted. */
bool script_text(struct script *script, const struct script_input *in, struct arena *arena,
		 struct str *ret_text);

/* A line for each script that failed or did not see all texts; s may be NULL. */
void scripts_notes(const struct scripts *s, struct buf *out);
const char *spans_features(void); /* "Lua 5.4.4", or that Lua is missing */
