/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What users write: documents of JSON or YAML as trees of cJSON's. An error is reported as
 * FILE:LINE:COLUMN: the place is found by reading the text again, only then. The room knows no key
 * of any document: schema.h reads trees by tables of keys, which are where the keys mean something.
 *
 * A text that begins with { or [ is one document of JSON, all else is YAML: any number of
 * documents, of which those without a value are left out. What plain scalars of YAML are, see
 * json/plain.h; what is quoted is a string.
 *
 * Rejected, with the place: what is not UTF-8, a key that an object has twice, NUL in a string,
 * numbers that are not finite, aliases, merge keys and tags other than !!str; texts, trees and
 * nestings above the limits below. A byte order mark is passed over.
 *
 * Legal order: config_read, config_read_inner*, config_free. Texts live in the arena that is given,
 * trees until config_free.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <cjson/cJSON.h>

enum {
	CONFIG_BYTES_MAX = 4 * 1024 * 1024,
	CONFIG_DEPTH_MAX = 64,	  /* containers inside of containers; those of users have ten */
	CONFIG_NODES_MAX = 100000 /* values of a file: some 60 MiB in all */
};

/* 1 is the first line, the first column; columns are characters. Line 0: nowhere. */
struct spot {
	uint32_t line, column;
};

struct document {
	struct str file; /* as messages call it */
	struct str text; /* all of the file, or of the string that it is in; ends with NUL */
	bool yaml;
	uint32_t number; /* of the YAML documents in the text, also those without a value */
	cJSON *root;	 /* never NULL */
	/* Of a document in a string of another one, which must stay alive: */
	const struct document *outer;
	const cJSON *outer_node;
	struct arena *arena;
};

struct config {
	struct document **documents;
	size_t n, cap;
	struct arena *arena;
};

/* name: of the file, for messages; neither it nor text need stay alive. */
int config_read(struct str name, struct str text, struct arena *arena, struct config *ret_config,
		struct err *err);
/* The documents that a string of a document holds. */
int config_read_inner(const struct document *outer, const cJSON *node, struct config *ret_config,
		      struct err *err);
void config_free(struct config *c);

/*
 * Content of a string, or a number with the digits that it is written with; p == NULL of all else
 * and of NULL.
 */
struct str config_text(const struct document *d, const cJSON *node);
/* The value of a key that is spelled so; NULL if it is not there or not an object's. */
const cJSON *config_get(const cJSON *object, const char *key);
/* The value of a string under that key; p == NULL. */
struct str config_get_text(const struct document *d, const cJSON *object, const char *key);

/*
 * Messages, all with the place and the path: `FILE:3:12: limits.delete: ...`. All return -1.
 * config_wrong says what was found and that something else was expected; config_error says what
 * is wrong with a value, config_key_error what is wrong with its key.
 */
int config_wrong(const struct document *d, const cJSON *node, struct err *err, const char *expected,
		 ...) PRINTF_LIKE(4, 5);
int config_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
int config_key_error(const struct document *d, const cJSON *node, struct err *err, const char *fmt,
		     ...) PRINTF_LIKE(4, 5);
/* For notes: `FILE:3:5: PATH` of a key. */
void config_add_key(struct buf *out, const struct document *d, const cJSON *node);
/* What users wrote, in quotes, shortened, without anything that moves a terminal. */
void config_add_quoted(struct buf *out, struct str text);
