/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A streaming writer: compact JSON into a buf, with commas and nesting handled here. Every string
 * is written as valid UTF-8 JSON: control characters are escaped, and each invalid byte becomes
 * U+FFFD, as in Go. Misuse (a value instead of a key, unbalanced ends, more than JSON_WRITER_DEPTH
 * levels) is a bug and fails an assertion.
 *
 * Top-level values follow each other without a comma: callers that write several documents add the
 * newlines to the buf.
 */
#pragma once

#include "base/buf.h"
#include "base/clock.h"

enum { JSON_WRITER_DEPTH = 128 }; /* accepted by the reader; our own documents stay below 10 */

struct json_writer {
	struct buf *out;
	unsigned depth;
	bool in_object[JSON_WRITER_DEPTH];
	bool comma, key_due_value;
};

struct json_writer json_writer_of(struct buf *out);

void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_put_key_str(struct json_writer *w, struct str key);
/* Room for a key of n characters without escapes, which the caller writes there. */
char *json_begin_key(struct json_writer *w, size_t n);

/* For string literals, whose length is known at compile time: plain ASCII, no escapes. */
__attribute__((always_inline)) static inline void json_put_key(struct json_writer *w,
							       const char *key)
{
	size_t n = strlen(key);

	memcpy(json_begin_key(w, n), key, n);
}

void json_put_str(struct json_writer *w, struct str s);
void json_put_text(struct json_writer *w, const char *text); /* NULL gives null */
void json_put_i64(struct json_writer *w, int64_t value);
void json_put_u64(struct json_writer *w, uint64_t value);
void json_put_quoted_i64(struct json_writer *w, int64_t value); /* as a string of its digits */
void json_put_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
void json_put_raw(struct json_writer *w, struct str json); /* must itself be valid JSON */

/* The conventions of all our documents: NSEC_NONE is null. */
void json_put_time(struct json_writer *w, nsec at);	     /* RFC 3339, nine digits */
void json_put_seconds(struct json_writer *w, nsec duration); /* a number, at most nine decimals */
