/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents for programs. Each has a header of its own (slo_json.h, otlp.h, ...) with functions
 * that append to a struct buf, which cli writes: a part for each pod, or the whole after the last
 * pod. No document depends on the clock, the locale or the order of threads, and unknown is null.
 *
 * This header is private to the room: keys with values, as all documents of JSON have them.
 */
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

/* A key with one value, of each kind that json/writer.h has. */
#define PUT(name, type, how)                                                                       \
	static inline void put_##name(struct json_writer *w, const char *key, type value)          \
	{                                                                                          \
		json_put_key(w, key);                                                              \
		json_put_##how(w, value);                                                          \
	}

PUT(str, struct str, str)
PUT(cstr, const char *, text) /* NULL gives null */
PUT(time, nsec, time)
PUT(seconds, nsec, seconds)
PUT(u64, uint64_t, u64)
PUT(int, int64_t, i64)
PUT(bool, bool, bool)

/* part / whole as a decimal with six digits, truncated; null if whole is 0. */
void put_share(struct json_writer *w, const char *key, uint64_t part, uint64_t whole);

static inline void put_null(struct json_writer *w, const char *key)
{
	json_put_key(w, key);
	json_put_null(w);
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

/* The head of a document; the end of one, and of its line. */
static inline void put_head(struct json_writer *w, const char *kind)
{
	json_begin_object(w);
	put_str(w, "apiVersion", STR("lunettes/v1"));
	put_str(w, "kind", str_from(kind));
}

static inline void end_line(struct json_writer *w)
{
	json_end_object(w);
	buf_add_char(w->out, '\n');
}
