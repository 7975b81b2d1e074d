/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clouds and log shippers put around a record: which wrapper it is (rows.c has a row for
 * each), the texts inside, and the name of the cluster. This room knows JSON and lines, but not
 * what a record is: it gives each inner text to its user, who gives back what is no record.
 *
 * Legal order: set arena, other_lines, user and ctx; for each text of the input that is no record,
 * wrap_line or wrap_object. There is nothing to free. A text that is neither used nor counted in
 * `judged` is unknown here, and the user says so.
 */
#pragma once

#include "base/err.h"
#include "json/reader.h"
#include "wrap/wrapper.h"

enum { WRAP_DEPTH = 8 }; /* wrappers and lists inside each other */

struct wrap_user {
	/*
	 * A JSON object from inside of a wrapper; the reader is at its start, and behind it
	 * afterwards. It is a record or a list of records, or the user calls wrap_object, in both
	 * cases with that depth. < 0 ends the walk.
	 */
	int (*object)(void *ctx, struct json *j, unsigned depth, struct err *err);
	/* A text that is no record. what: what it is instead (static); NULL: unknown. */
	void (*foreign)(void *ctx, const char *what);
	/* A text that begins or ends like a record and is damaged. */
	void (*malformed)(void *ctx, const char *what, size_t offset);
};

struct wrap {
	struct arena *arena;   /* reset by the user between texts */
	uint64_t *other_lines; /* counts the lines of other programs */
	const struct wrap_user *user;
	void *ctx; /* of the user's functions */
	struct wrapper_seen seen;
	/*
	 * Counted by both sides: the records so far; and these with all texts that are counted as
	 * something else. A text is known where these grow.
	 */
	uint64_t taken, judged;
	/* Of the objects inside of the wrapper or list at hand, where that says so: "Pod". */
	struct str item_kind;
	bool inside; /* of a wrapper: an unknown text is reported by the wrapper, not by the user */
};

/* A whole JSON object that is no record: > 0 it is known; 0 it is not; < 0 from the user. */
int wrap_object(struct wrap *w, struct str raw, unsigned depth, struct err *err);

/* A text that does not begin with '{' or an array. < 0 only from the user. */
enum line_result {
	LINE_DAMAGED, /* the middle or the end of a record */
	LINE_USED,    /* used, or counted as what it is */
	LINE_OTHER,   /* a line of another program; not counted yet */
};
int wrap_line(struct wrap *w, struct str line, unsigned depth, enum line_result *ret_result,
	      struct err *err);

/* A record with keys that OpenShift's collector adds; `openshift` is raw, or empty. */
void wrap_viaq(struct wrap *w, struct str openshift);

/* Without blanks around it, and a byte order mark, which Azure writes inside of its streams. */
struct str wrap_bare(struct str text);
/* '[' and what an array of JSON goes on with, not [pod/web-1/web]. */
bool line_is_array(struct str line);
