/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to wrap/: the table of wrappers (rows.c), shared by the code for JSON objects
 * (unwrap.c) and for lines (line.c).
 *
 * Paths: keys separated by dots; [] each item of an array, [1] only that one, [key=value] items
 * with this text at this key. A string in the place of an object or array on the path is parsed
 * as JSON.
 */
#pragma once

#include "wrap/wrap.h"

enum wrapper_kind {
	/* Its keys are unique: unknown content is from another program. */
	WRAP_SURE,
	/* It is one only if its content is a record; such rows are tried one by one. */
	WRAP_MAYBE,
	WRAP_EMPTY,   /* known, without any records */
	WRAP_CONVERT, /* a record with other keys: .convert translates it */
	WRAP_VIAQ,    /* a record with additional keys: the caller recognizes it */
	WRAP_LINE,    /* a line with text of this shape before the JSON */
	WRAP_FIELD,   /* a line with the JSON in a quoted field */
	WRAP_STRING,  /* a line that is the JSON as a JSON string */
};

enum { WRAPPER_PATHS_MAX = 3 };

/* The result of .convert for a raw object, in the arena. */
struct converted {
	struct str text;     /* the JSON of an audit event */
	struct str cluster;  /* or empty: then .cluster has paths to it */
	const char *foreign; /* not NULL: its format, if it is no audit event */
	const char *what;    /* not NULL: the object is damaged at this offset */
	size_t offset;
};
typedef struct converted convert_fn(struct str raw, struct arena *arena);
convert_fn convert_gke, convert_columns;

struct wrapper_row {
	const char *name; /* as shown by inspect */
	enum wrapper_kind kind;
	/* For JSON: required keys, "key key=value|value", with strings as values. For lines: the
	 * words before the JSON (see line.c). */
	const char *shape;
	const char *inside[WRAPPER_PATHS_MAX]; /* paths to the content: strings, objects, arrays */
	const char *cluster[WRAPPER_PATHS_MAX]; /* paths to the name of the cluster */
	const char *cluster_behind; /* the name is after this, up to a slash; NULL: the whole
				       text */
	const char *item;	    /* the kind of the inner object if it has none */
	bool any_value;		    /* the content is an OTLP AnyValue */
	convert_fn *convert;
};

extern const struct wrapper_row wrapper_rows[];

const struct wrapper_row *wrapper_of_kind(enum wrapper_kind kind); /* the first one */

/* A text in a wrapper at that depth. Returns > 0 if known, 0 if not, < 0 from the caller's
 * functions. */
int wrap_text(struct wrap *w, const struct wrapper_row *row, struct str text, unsigned depth,
	      struct err *err);

/* Calls fn for each raw value at a path; < 0 from it stops. */
struct path_visit {
	struct arena *arena;
	int (*fn)(void *ctx, struct str raw, struct err *err);
	void *ctx;
};
int path_each(const struct path_visit *walk, struct str raw, const char *path, struct err *err);
/* The first key of a path, and the rest of the path. */
struct str path_key(const char *path, const char **ret_rest);
/* The last text at a path. Returns false if there is none. */
bool path_text(struct str raw, const char *path, struct arena *arena, struct str *ret_text);
/* The text between the quotes of a raw value; p == NULL if it is no string. */
struct str raw_word(struct str raw);
/* A decoded raw value. Returns false if it is no string. */
bool raw_text(struct str raw, struct arena *arena, struct str *ret_text);
/* A raw OTLP AnyValue: its text, or the JSON of its map. */
bool any_value_text(struct str raw, struct arena *arena, struct str *ret_text);

/* "ADDED|kube-*": is the word one of these? */
bool word_is_any(struct str patterns, struct str word);
/* Does the line look like a part of a record, with keys and values, or with its end? */
bool line_is_damaged(struct str line);
