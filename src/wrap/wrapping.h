/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the wrappers: the table (wrapper.c) and the machines that read it, of JSON objects
 * (unwrap.c) and of lines (line.c).
 *
 * Paths: keys with dots between them; [] each item of an array, [1] only that one, [key=value]
 * those items, objects, in which a text says so. Where a text stands in the place of an object or
 * an array that the path goes into, it is read as JSON.
 */
#ifndef LUNETTES_WRAP_WRAPPING_H
#define LUNETTES_WRAP_WRAPPING_H

#include "kube/audit.h"

enum wrapper_kind {
	/* By its keys it can be nothing else: an inside that is not ours is another program's. */
	WRAP_SURE,
	/* It is one only if what is inside is ours; rows of this kind are tried one by one. */
	WRAP_MAYBE,
	WRAP_EMPTY,   /* known, and nothing inside is used */
	WRAP_GKE,     /* converted: gke.c */
	WRAP_COLUMNS, /* converted: columns.c */
	WRAP_VIAQ,    /* the audit event itself with keys added: told by decode.c */
	WRAP_LINE,    /* a line with something before the JSON, of this shape */
	WRAP_FIELD,   /* a line with the JSON in a quoted field */
	WRAP_STRING,  /* a line that is the JSON as a string of JSON */
};

enum { WRAPPER_PATHS_MAX = 3 };

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
	const char
	    *cluster_behind; /* it stands behind this, up to a slash; NULL: it is all of it */
	const char *item;    /* the kind of the object inside where it does not say so */
	bool any_value;	     /* the inside is an AnyValue of OTLP */
};

extern const struct wrapper_row wrapper_rows[];
extern const size_t n_wrapper_rows;

size_t wrapper_first_of_name(size_t row); /* the row under which it is counted */

/* Calls fn for each value, raw, at the path; < 0 from it ends the walk. */
typedef int path_fn(void *ctx, struct str raw, struct err *err);
int path_each(struct str raw, const char *path, struct arena *arena, path_fn *fn, struct err *err,
	      void *ctx);
/* The key that a path begins with, and what remains of the path. */
struct str path_key(const char *path, const char **ret_rest);
/* The last text at a path; false if there is none. */
bool path_text(struct str raw, const char *path, struct arena *arena, struct str *ret_text);
/* A raw value as a text, decoded; false if it is no string. */
bool raw_text(struct str raw, struct arena *arena, struct str *ret_text);
/* An AnyValue of OTLP, raw: the text that it holds, or the JSON of its map. */
bool any_value_text(struct str raw, struct arena *arena, struct str *ret_text);

/* A row of Log Analytics, raw: the audit event that it was made from; in the arena. */
struct str columns_text(struct str raw, struct arena *arena);

const char *foreign_kind(struct str kind); /* what an object of that kind is; NULL: not known */

/* The line seems to be cut out of a record: it has keys with values, or ends like one. */
bool line_is_damaged(struct str line);
/* '[' and what an array of JSON goes on with, not [pod/web-1/web]. */
bool line_is_array(struct str line);

/* The text behind `behind`, whatever its case, up to a slash; the whole if that is NULL. */
struct str cluster_of(struct str text, const char *behind);

void wrapper_viaq(struct decoder *d, const struct audit *a);
/* A LogEntry of Google Cloud. As wrapper_value. */
int gke_entry(struct decoder *d, struct str raw, size_t row, struct err *err);

#endif
