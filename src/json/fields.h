/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects to structs, by a table with one row for each key:
 *
 *	static const struct json_field fields[] = {
 *		JSON_FIELD(TEXT, "type", struct condition, type),
 *		JSON_FIELD(TIME, "lastTransitionTime", struct condition, at),
 *		JSON_EACH("reasons", read_reason),
 *	};
 *
 *	json_fields(&j, fields, ARRAY_SIZE(fields), &condition);
 *
 * Keys without a row are skipped. A value of another type than its row's, such as null, does not
 * change the struct; the last of duplicate keys wins. If the rows are in the usual order of the
 * keys, each is found with one comparison. Only strings with escapes are allocated. The rules of
 * json/reader.h for errors and lifetimes apply.
 */
#pragma once

#include "base/clock.h"
#include "json/reader.h"

/* The type of a key's value in the struct. */
enum json_field_type {
	JSON_FIELD_TEXT,   /* struct str: a string, decoded */
	JSON_FIELD_SCALAR, /* struct str: a string, decoded, or a number as written */
	JSON_FIELD_RAW,	   /* struct str: any value but null, as written */
	JSON_FIELD_TIME,   /* nsec: a string with a time of RFC 3339 */
	JSON_FIELD_I64,	   /* int64_t */
	JSON_FIELD_COUNT,  /* uint32_t: from 1 on */
	JSON_FIELD_BOOL,   /* bool */
	JSON_FIELD_HAS,	   /* bool: the key exists, with any value */
	JSON_FIELD_IS_SET, /* bool: whether the value is an object */
	JSON_FIELD_ITEMS,  /* uint32_t: how many items the array has */
	JSON_FIELD_INSIDE, /* its own keys have rows, with fields of the same struct */
	JSON_FIELD_EACH,   /* .read parses each item of an array */
	JSON_FIELD_OTHER,  /* .read parses it */
};

/* Consumes one value (see json/reader.h); object is the struct that json_fields fills. */
typedef void json_field_reader(struct json *j, void *object);

struct json_field {
	const char *key;      /* 1 to 255 bytes */
	uint16_t tag;	      /* length and first byte of the key */
	unsigned char type;   /* enum json_field_type */
	unsigned char n_rows; /* of rows */
	uint32_t offset;      /* of the value in the struct */
	union {
		json_field_reader *read;
		const struct json_field *rows;
	};
};

/* clang-format off */
/* The C type of a field is checked when the table is compiled. */
#define JSON_FIELD_C_TEXT struct str
#define JSON_FIELD_C_SCALAR struct str
#define JSON_FIELD_C_RAW struct str
#define JSON_FIELD_C_TIME int64_t
#define JSON_FIELD_C_I64 int64_t
#define JSON_FIELD_C_COUNT uint32_t
#define JSON_FIELD_C_BOOL bool
#define JSON_FIELD_C_HAS bool
#define JSON_FIELD_C_IS_SET bool
#define JSON_FIELD_C_ITEMS uint32_t
#define JSON_FIELD_OFFSET(type, object, field)                                                     \
	(offsetof(object, field) +                                                                 \
	 0 * sizeof(_Generic(&((object *)0)->field, JSON_FIELD_C_##type *: 0)))
#define JSON_FIELD_TAG(name)                                                                       \
	(uint16_t)((sizeof(name) - 1) | (size_t)(__extension__ name[0] & 0xff) << 8)

#define JSON_FIELD(type, name, object, field)                                                      \
	{ name, JSON_FIELD_TAG(name), JSON_FIELD_##type, 0,                                        \
	  JSON_FIELD_OFFSET(type, object, field), { NULL } }
#define JSON_INSIDE(name, table)                                                                   \
	{ name, JSON_FIELD_TAG(name), JSON_FIELD_INSIDE, ARRAY_SIZE(table), 0, { .rows = table } }
#define JSON_EACH(name, reader)                                                                    \
	{ name, JSON_FIELD_TAG(name), JSON_FIELD_EACH, 0, 0, { reader } }
#define JSON_OTHER(name, reader)                                                                   \
	{ name, JSON_FIELD_TAG(name), JSON_FIELD_OTHER, 0, 0, { reader } }
/* clang-format on */

/* Consumes one value. False: it is no object. */
bool json_fields(struct json *j, const struct json_field *rows, size_t n, void *object);

/* A time, as a field of that type is read. */
bool json_time(struct json *j, nsec *ret_at);
