/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unwraps records from the formats of clouds and log shippers: finds the wrapper (rows.c has a
 * row for each), the texts in it, and the name of the cluster. It knows JSON and lines, but not
 * records: each inner text goes to the caller's functions, which return what is no record.
 *
 * Legal order: set arena, other_lines, user and ctx; for each text that is no record, wrap_line
 * or wrap_object. Nothing to free. Texts that are neither used nor counted in `judged` are
 * unknown here; the caller reports them.
 */
#pragma once

#include "base/err.h"
#include "json/reader.h"
#include "wrap/wrapper.h"

enum { WRAP_DEPTH = 8 }; /* nested wrappers and lists */

struct wrap_user {
	/* Handles a JSON object in a wrapper. The reader is at its start, and after it on return.
	 * It is a record or a list of records; otherwise call wrap_object with the same depth. < 0
	 * stops. */
	int (*object)(void *ctx, struct json *j, unsigned depth, struct err *err);
	/* A text that is no record. what is its format (static); NULL: unknown. */
	void (*foreign)(void *ctx, const char *what);
	/* A damaged text that begins or ends like a record. */
	void (*malformed)(void *ctx, const char *what, size_t offset);
};

struct wrap {
	struct arena *arena;   /* reset by the caller between texts */
	uint64_t *other_lines; /* counts lines of other programs */
	const struct wrap_user *user;
	void *ctx; /* of the caller's functions */
	struct wrapper_seen seen;
	/* Counted by both sides. taken: records so far; judged: records and texts counted as
	 * something else. A text is known if these increase. */
	uint64_t taken, judged;
	/* Kind of the items in the current wrapper or list, if it is given: "Pod". */
	struct str item_kind;
	bool inside; /* in a wrapper, which reports unknown texts instead of the caller */
};

/* A JSON object that is no record. Returns > 0 if known, 0 if not, < 0 from the caller's
 * functions. */
int wrap_object(struct wrap *w, struct str raw, unsigned depth, struct err *err);

/* A text that does not begin with '{' or an array. Returns < 0 only from the caller's functions. */
enum line_result {
	LINE_DAMAGED, /* the middle or the end of a record */
	LINE_USED,    /* used, or counted */
	LINE_OTHER,   /* a line of another program; not counted yet */
};
int wrap_line(struct wrap *w, struct str line, unsigned depth, enum line_result *ret_result,
	      struct err *err);

/* A record with additional keys of OpenShift's collector; `openshift` is raw, or empty. */
void wrap_viaq(struct wrap *w, struct str openshift);

/* Removes blanks around it, and a byte order mark, which Azure writes even within its streams. */
struct str wrap_bare(struct str text);
/* Does it begin like a JSON array, unlike [pod/web-1/web]? */
bool line_is_array(struct str line);
