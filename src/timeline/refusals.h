/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internals of the builder: creates of one name that were denied since the last successful one,
 * folded by client, object and reason. A controller retries for ever, and all nameless creates of a
 * namespace are one group, so there may be thousands of each.
 */
#pragma once

#include "base/err.h"
#include "base/map.h"
#include "timeline/timeline.h"

struct refused {
	struct str code, generate_name;	 /* generate_name empty: none */
	const struct pod_object *object; /* as requested; NULL: not logged */
	const struct entry *first;
	uint32_t attempts;
	nsec last;  /* received time of the last attempt */
	bool final; /* not 409 or 429, which clients retry */
};

/* Zero is valid and empty. Contents are in the arena of the caller. */
struct refusals {
	struct map keys;
	struct refused *list;
	size_t n, cap;
	uint32_t attempts; /* of all of them */
};

/* scratch: the decoded record; bytes: its encoding, which is copied if it is the first one. */
int refusals_add(struct refusals *rs, struct arena *arena, const struct record *scratch,
		 struct str bytes, struct err *err);
/* Each entry represents all its attempts before a successful create. */
const struct entry *refusals_entries(const struct refusals *rs, struct arena *arena);
/* Clears it; call it before the arena is reset. */
void refusals_reset(struct refusals *rs);
void refusals_free(struct refusals *rs);
