/* SPDX-License-Identifier: Apache-2.0 */
/* Private to documents/: keys with values, in the format of all our documents. */
#pragma once

#include "json/writer.h"

/* Unknown is null. */
static inline void put_maybe(struct json_writer *w, const char *key, struct str s)
{
	json_put_key(w, key);
	if (s.p)
		json_put_str(w, s);
	else
		json_put_null(w);
}

static inline void put_str(struct json_writer *w, const char *key, struct str s)
{
	json_put_key(w, key);
	json_put_str(w, s);
}

static inline void put_time(struct json_writer *w, const char *key, nsec at)
{
	json_put_key(w, key);
	json_put_time(w, at);
}

static inline void put_seconds(struct json_writer *w, const char *key, nsec duration)
{
	json_put_key(w, key);
	json_put_seconds(w, duration);
}

static inline void put_u64(struct json_writer *w, const char *key, uint64_t value)
{
	json_put_key(w, key);
	json_put_u64(w, value);
}

static inline void put_int(struct json_writer *w, const char *key, int64_t value)
{
	json_put_key(w, key);
	json_put_i64(w, value);
}

static inline void put_bool(struct json_writer *w, const char *key, bool value)
{
	json_put_key(w, key);
	json_put_bool(w, value);
}

static inline void put_null(struct json_writer *w, const char *key)
{
	json_put_key(w, key);
	json_put_null(w);
}

/* NULL becomes null. */
static inline void put_cstr(struct json_writer *w, const char *key, const char *text)
{
	json_put_key(w, key);
	json_put_text(w, text);
}

/* Unknown is null. */
static inline void put_known(struct json_writer *w, const char *key, bool known, int64_t value)
{
	if (known)
		put_int(w, key, value);
	else
		put_null(w, key);
}

static inline void put_known_bool(struct json_writer *w, const char *key, bool known, bool value)
{
	if (known)
		put_bool(w, key, value);
	else
		put_null(w, key);
}

/* Bytes as hexadecimal: ids of traces and spans, at most 16 bytes. */
static inline void put_hex(struct json_writer *w, const char *key, const uint8_t *bytes, size_t n)
{
	char text[34] = "\"";

	assert(2 * n + 2 <= sizeof(text));
	str_hex(bytes, n, text + 1);
	text[2 * n + 1] = '"';
	json_put_key(w, key);
	json_put_raw(w, (struct str){ text, 2 * n + 2 });
}

static inline void put_object(struct json_writer *w, const char *key)
{
	json_put_key(w, key);
	json_begin_object(w);
}

/* Null if there is none; true: the object has begun. */
static inline bool put_object_if(struct json_writer *w, const char *key, bool any)
{
	json_put_key(w, key);
	if (any)
		json_begin_object(w);
	else
		json_put_null(w);
	return any;
}

static inline void put_array(struct json_writer *w, const char *key)
{
	json_put_key(w, key);
	json_begin_array(w);
}

static inline void put_head(struct json_writer *w, const char *kind)
{
	json_begin_object(w);
	put_str(w, "apiVersion", STR("lunettes/v1"));
	put_str(w, "kind", str_from(kind));
}

/* part / whole as a decimal with six digits, truncated; null if whole is 0. */
void put_share(struct json_writer *w, const char *key, uint64_t part, uint64_t whole);
