/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pull reader over one slice of JSON text: no tree, no allocation per value, no copy. The caller
 * walks keys and items, takes the scalars it wants and skips the rest:
 *
 *	struct json j = json_of(text, &arena);
 *	struct str key, kind = { 0 };
 *
 *	if (json_object(&j))
 *		while (json_key(&j, &key))
 *			if (str_eq(key, STR("kind")))
 *				json_text(&j, &kind);
 *			else
 *				json_skip(&j);
 *	if (!json_end(&j))
 *		... j.what at offset json_offset(&j) ...
 *
 * Each getter consumes exactly one value. If that value is of another type (null above all) the
 * getter skips it and returns false with its result untouched. The first syntax error sets `bad`
 * and `what` and moves to the end, so that every later call returns false: one check at the end.
 * After each key and each item exactly one getter (or json_skip) must be called.
 *
 * Walked values are checked strictly (RFC 8259: commas, colons, quotes, escapes, control
 * characters, numbers, depth). A skipped object or array (json_skip, json_raw, a getter of another
 * type) is only checked for closed strings and balanced brackets, of any depth, at about the speed
 * of memory. json_check checks a whole text strictly. UTF-8 is not checked, because the writer
 * replaces invalid bytes. The error of a truncated text is at its end.
 *
 * Stricter than cJSON: no byte order mark, no control characters in strings or as blanks, no 01, 1.
 * and -.5, four hexadecimal digits after \u, JSON_DEPTH_MAX levels instead of 1000. Laxer: half a
 * surrogate pair is U+FFFD, and \u0000 does not end a string. Duplicate keys are all returned.
 *
 * Returned slices live as long as the text or, if they had escapes, as long as the arena's content.
 * The arena may be NULL only if no key and no wanted string has escapes.
 */
#pragma once

#include "base/arena.h"

/* Containers inside containers; Kubernetes objects stay below 30. */
enum { JSON_DEPTH_MAX = 128 };

enum json_type {
	JSON_NOTHING, /* the end of the text, or an error */
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_BOOL,
	JSON_NULL,
};

struct json {
	const char *p, *start, *end;
	struct arena *arena; /* for strings with escapes */
	const char *what;    /* static text: the error at p_bad; NULL without an error */
	const char *p_bad;
	unsigned depth;
	bool bad;
	bool after_value; /* a comma or a closing bracket must be next */
};

struct json json_of(struct str text, struct arena *arena);

/*
 * The type of the next value; JSON_NOTHING if there is none, or after an error. Skips only blanks.
 */
enum json_type json_peek(struct json *j);

/* True: inside now, and the caller must call json_key (json_item) until it returns false. */
bool json_object(struct json *j);
bool json_array(struct json *j);
bool json_key(struct json *j, struct str *ret_key); /* decoded; false after the closing brace */
bool json_item(struct json *j); /* true: a value comes next; false after the closing bracket */

bool json_text(struct json *j, struct str *ret_text);	  /* a string, decoded */
bool json_number(struct json *j, struct str *ret_number); /* as it is written */
bool json_i64(struct json *j, int64_t *ret_value); /* only integers without fraction and exponent */
bool json_bool(struct json *j, bool *ret_value);
bool json_raw(struct json *j, struct str *ret_text); /* any value as it is written */
void json_skip(struct json *j);

/* Everything was read without an error, only blanks follow. When false, `what` is set. */
bool json_end(struct json *j);
size_t json_offset(const struct json *j); /* of the error, else of the next byte */

/* Strict check of a whole text; false, with what (static) and where set. */
bool json_check(struct str text, const char **ret_what, size_t *ret_offset);

/*
 * The bracket that closes the container which begins at p ('{' or '['): one past it, or NULL when
 * the text ends before. Strings and escapes are honoured; kinds of brackets are not compared. No
 * byte outside of [p, end) is read, and any bytes give the same answer in all implementations.
 * Chosen at run time: AVX2 with PCLMUL, SSE2, or plain C; json_skip_use (for tests and benchmarks;
 * not while other threads read) forces one and is false when this processor lacks it.
 */
const char *json_skip_container(const char *p, const char *end);

enum json_simd { JSON_SIMD_AUTO, JSON_SIMD_SCALAR, JSON_SIMD_SSE2, JSON_SIMD_AVX2 };
bool json_skip_use(enum json_simd which);
