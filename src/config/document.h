/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that users write: documents of JSON or YAML as cJSON trees. An error is reported as
 * FILE:LINE:COLUMN; the position is found by parsing the text a second time, only when needed. This
 * room knows no keys: callers define them in tables, which schema.h reads.
 *
 * A text that begins with { or [ is one JSON document. Everything else is YAML with any number of
 * documents; documents without a value are skipped. json/plain.h defines the types of plain
 * scalars; a quoted scalar is a string.
 *
 * Rejected, with the position: invalid UTF-8, duplicate keys, NUL in a string, numbers that are not
 * finite, aliases, merge keys, tags other than !!str, and texts, trees and nestings above the
 * limits below. A byte order mark is skipped.
 *
 * Legal order: config_read, config_read_inner*, config_free. Texts live in the caller's arena,
 * trees until config_free.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <cjson/cJSON.h>

enum {
	CONFIG_BYTES_MAX = 4 * 1024 * 1024,
	CONFIG_DEPTH_MAX = 64,	  /* nesting depth; documents of users have ten */
	CONFIG_NODES_MAX = 100000 /* values in one file: about 60 MiB */
};

/* Lines and columns count from 1; columns are characters. Line 0: unknown. */
struct spot {
	uint32_t line, column;
};

struct document {
	struct str file; /* name in messages */
	struct str text; /* the whole file, or the string that contains it; ends with NUL */
	bool yaml;
	uint32_t number; /* among the text's YAML documents, counting those without a value */
	cJSON *root;	 /* never NULL */
	/* Of a document inside a string of another document, which must outlive it: */
	const struct document *outer;
	const cJSON *outer_node;
	struct arena *arena;
};

struct config {
	struct document **documents;
	size_t n, cap;
	struct arena *arena;
};

/* name: of the file, for messages. Neither it nor text need outlive the call. */
int config_read(struct str name, struct str text, struct arena *arena, struct config *ret_config,
		struct err *err);
/* The documents inside a string of a document. */
int config_read_inner(const struct document *outer, const cJSON *node, struct config *ret_config,
		      struct err *err);
void config_free(struct config *c);

/* The content of a string, or the digits of a number; p == NULL for everything else and NULL. */
struct str config_text(const cJSON *node);
/* The value of this key in exactly this case; NULL if it is missing or o is not an object. */
const cJSON *config_get(const cJSON *object, const char *key);
/* The string under that key; p == NULL if there is none. */
struct str config_get_text(const cJSON *object, const char *key);

/*
 * Messages with position and path: `FILE:3:12: limits.delete: ...`. All return -1. config_wrong
 * reports the found and the expected value, config_error a problem with a value, config_key_error a
 * problem with its key.
 */
int config_wrong(const struct document *d, const cJSON *node, struct err *err, const char *expected,
		 ...) PRINTF_LIKE(4, 5);
int config_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
int config_key_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt,
		     ...) PRINTF_LIKE(4, 5);
/* For notes: `FILE:3:5: PATH` of a key. */
void config_add_key(struct buf *out, const struct document *d, const cJSON *node);
/* Quotes text of a user, shortened and without terminal control characters. */
void config_add_quoted(struct buf *out, struct str text);
