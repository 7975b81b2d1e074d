/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the files of spans_read: the state while one file is read. */
#pragma once

#include "base/buf.h"
#include "config/schema.h"
#include "spans/spans.h"

struct spans_reading {
	struct span_configuration *c;
	const struct document *d; /* that is being read */
	/* The owner of a script, for messages. */
	const char *whose;
	struct str whose_name;
};

/* Finds a key in any case, as Go's encoding/json does. */
#define SPANS_KEY(of, key, how, field, must)                                                       \
	{                                                                                          \
		.name = key, .kind = how, .any_case = true, .required = must,                      \
		.offset = offsetof(struct of, field), .read = spans_read_text                      \
	}

void spans_reading_add(struct spans_reading *r, struct extract_words *list, struct str text);
/* "FILE:3:5: PATH WHY" */
void spans_reading_note(struct spans_reading *r, const cJSON *node, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* matchers.c: matchers, with their regular expressions, and paths. */
struct spans_naming {
	bool named; /* NameRex has an effect: there is a NameRef, or a name to compare with */
	bool timed; /* DurationRex has an effect */
};
int spans_read_matchers(struct spans_reading *r, const cJSON *list,
			const struct spans_naming *naming, struct span_matchers *ret,
			struct err *err);
int spans_read_path(struct spans_reading *r, const cJSON *node, char sep, uint32_t *ret_path,
		    struct err *err);
/* A string, which may be empty. */
int spans_read_text(const struct document *d, const cJSON *node, void *ret, struct err *err);

/* script_keys.c: {"Scripts": ...} of LuaMatcher, or (fetcher) of ValueFetcher. */
int spans_read_script(struct spans_reading *r, const cJSON *node, bool fetcher, struct script **ret,
		      struct err *err);

/* keys.c: the list of resources. */
int spans_read_resources(struct spans_reading *r, const cJSON *list, struct err *err);
