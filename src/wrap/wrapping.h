/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to wrap/: the table of wrappers (rows.c) and what its readers share: those of JSON
 * objects (unwrap.c) and of lines (line.c).
 *
 * Paths: keys with dots between them; [] each item of an array, [1] only that one, [key=value]
 * those items, objects, that have this text at this key. A text in the place of an object or an
 * array that the path goes into is read as JSON.
 */
#pragma once

#include "wrap/wrap.h"

enum wrapper_kind {
	/* By its keys it can be nothing else: an inside that is not ours is another program's. */
	WRAP_SURE,
	/* It is one only if what is inside is ours; rows of this kind are tried one by one. */
	WRAP_MAYBE,
	WRAP_EMPTY,   /* known, and nothing inside is used */
	WRAP_CONVERT, /* the record has other keys than ours: .convert makes it one */
	WRAP_VIAQ,    /* the record itself with keys added: its user recognises it */
	WRAP_LINE,    /* a line with something before the JSON, of this shape */
	WRAP_FIELD,   /* a line with the JSON in a quoted field */
	WRAP_STRING,  /* a line that is the JSON as a string of JSON */
};

enum { WRAPPER_PATHS_MAX = 3 };

/* What .convert makes of a raw object; all of it lives in the arena. */
struct converted {
	struct str text;     /* the JSON of an audit event */
	struct str cluster;  /* or empty: .cluster has paths to it */
	const char *foreign; /* not NULL: what it is instead */
	const char *what;    /* not NULL: the object is damaged at this offset */
	size_t offset;
};
typedef struct converted convert_fn(struct str raw, struct arena *arena);
convert_fn convert_gke, convert_columns;

struct wrapper_row {
	const char *name; /* as inspect shows it */
	enum wrapper_kind kind;
	/*
	 * Of JSON: the keys that it must have, "key key=value|value"; values are texts. Of lines:
	 * the words before the JSON (see line.c).
	 */
	const char *shape;
	const char *inside[WRAPPER_PATHS_MAX]; /* paths to what is inside: texts, objects, arrays */
	const char *cluster[WRAPPER_PATHS_MAX]; /* paths to the name of the cluster */
	const char *cluster_behind; /* the name is behind this, up to a slash; NULL: all of it */
	const char *item;	    /* the kind of the object inside where it does not say so */
	bool any_value;		    /* the inside is an AnyValue of OTLP */
	convert_fn *convert;
};

extern const struct wrapper_row wrapper_rows[];

const struct wrapper_row *wrapper_of_kind(enum wrapper_kind kind); /* the first one */

/* A text inside of a wrapper at that depth: > 0 it is known; 0 it is not; < 0 from the user. */
int wrap_text(struct wrap *w, const struct wrapper_row *row, struct str text, unsigned depth,
	      struct err *err);

/* Calls fn for each value, raw, at a path; < 0 from it ends the walk. */
struct path_visit {
	struct arena *arena;
	int (*fn)(void *ctx, struct str raw, struct err *err);
	void *ctx;
};
int path_each(const struct path_visit *walk, struct str raw, const char *path, struct err *err);
/* The key that a path begins with, and what remains of the path. */
struct str path_key(const char *path, const char **ret_rest);
/* The last text at a path; false if there is none. */
bool path_text(struct str raw, const char *path, struct arena *arena, struct str *ret_text);
/* What is between the quotes of a raw value; p == NULL if it is no string. */
struct str raw_word(struct str raw);
/* A raw value as a text, decoded; false if it is no string. */
bool raw_text(struct str raw, struct arena *arena, struct str *ret_text);
/* An AnyValue of OTLP, raw: the text in it, or the JSON of its map. */
bool any_value_text(struct str raw, struct arena *arena, struct str *ret_text);

/* "ADDED|kube-*": the word is one of these. */
bool word_is_any(struct str patterns, struct str word);
/* The line seems to be cut out of a record: it has keys with values, or ends like one. */
bool line_is_damaged(struct str line);
