/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of spans_read: one file while it is read. */
#ifndef LUNETTES_SPANS_READING_H
#define LUNETTES_SPANS_READING_H

#include "base/buf.h"
#include "config/schema.h"
#include "spans/spans.h"

/* Lists of the configuration while they grow; items in its arena. */
struct spans_list {
	void *items;
	size_t n, cap;
};

struct spans_reading {
	struct span_configuration *c;
	struct spans_list notes, paths, operations, reasons;
	struct spans_list path_texts; /* of the paths, as they are written, with their separator */
	bool any;		      /* a configuration of spans was there */
	/* Of scripts: whose they are, for messages, and what they look into. */
	const char *whose;
	struct str whose_name;
	bool all_events;
	unsigned texts;
};

void *spans_reading_add(struct spans_reading *r, struct spans_list *list, size_t size);
/* "FILE:3:5: PATH WHY" */
void spans_reading_note(struct spans_reading *r, const struct document *d, const cJSON *node,
			const char *fmt, ...) PRINTF_LIKE(4, 5);

/* matchers.c: matchers, with their regular expressions, and paths. */
struct spans_naming {
	bool named; /* NameRex is asked: there is a NameRef, or a name to compare with */
	bool timed; /* DurationRex is asked */
};
int spans_read_matchers(struct spans_reading *r, const struct document *d, const cJSON *list,
			const struct spans_naming *naming, struct span_matchers *ret,
			struct err *err);
int spans_read_path(struct spans_reading *r, const struct document *d, const cJSON *node, char sep,
		    uint32_t *ret_path, struct err *err);
/* A string, which may be empty. */
int spans_read_text(const struct document *d, const cJSON *node, void *ret, struct err *err);

/* script_keys.c: {"Scripts": ...} of LuaMatcher, or (fetcher) of ValueFetcher. */
int spans_read_script(struct spans_reading *r, const struct document *d, const cJSON *node,
		      bool fetcher, struct script **ret, struct err *err);

/* keys.c: the list of resources. */
int spans_read_resources(struct spans_reading *r, const struct document *d, const cJSON *list,
			 struct err *err);

#endif
