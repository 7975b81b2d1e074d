/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts objects of a document to structs, by tables of keys. A key that is not in the table is
 * rejected with the most similar one; null means that the key is not set. Texts and lists live in
 * the document's arena.
 */
#pragma once

#include "base/clock.h"
#include "config/document.h"

#define CONFIG_DURATION_MAX (3660 * 24 * HOUR)

struct config_texts {
	const struct str *list;
	size_t n;
};

/* ret is the address of the value in the struct. */
typedef int config_reader(const struct document *d, const cJSON *node, void *ret, struct err *err);

/* The type of a key's value in the struct. */
enum config_kind {
	CONFIG_TEXT,	 /* struct str, not empty */
	CONFIG_TEXTS,	 /* struct config_texts, of such */
	CONFIG_BOOL,	 /* bool */
	CONFIG_COUNT,	 /* uint32_t */
	CONFIG_DURATION, /* nsec, above 0: a string such as "1m30s" or "30d" */
	CONFIG_NODE,	 /* const cJSON *, any value */
	CONFIG_OTHER,	 /* parsed by .read */
	CONFIG_UNREAD,	 /* ignored, because another program uses the document too */
};

struct config_key {
	const char *name;
	enum config_kind kind;
	bool any_case; /* matched in any case, as in Go */
	bool required;
	size_t offset; /* of the value in the struct that is filled */
	config_reader *read;
};

enum { CONFIG_KEYS_MAX = 64 };

struct config_table {
	const struct config_key *keys;
	size_t n;
};

/* Of an array of keys, as an argument of config_object. */
#define CONFIG_TABLE(keys) (&(const struct config_table){ keys, ARRAY_SIZE(keys) })

/* Fills in the keys that are set; other members of the struct are not changed. */
int config_object(const struct document *d, const cJSON *node, const struct config_table *table,
		  void *ret, struct err *err);
/* Single values; config_readers except for their type. */
int config_read_text(const struct document *d, const cJSON *node, struct str *ret, struct err *err);
int config_read_texts(const struct document *d, const cJSON *node, struct config_texts *ret,
		      struct err *err);
int config_read_duration(const struct document *d, const cJSON *node, nsec *ret, struct err *err);
/* The index of a word in a list that ends with NULL. */
int config_read_choice(const struct document *d, const cJSON *node, const char *const *choices,
		       unsigned *ret, struct err *err);
/* A number times 10^digits, exactly; false for another type, too many digits or an overflow. */
bool config_decimal(struct str number, int digits, int64_t *ret_value);
