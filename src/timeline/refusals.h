/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the builder: creates of one name that were denied since the last one that was
 * granted, folded by client, object and reason. A controller retries for ever, and all nameless
 * creates of a namespace are one group, so there may be thousands of either.
 */
#pragma once

#include "base/err.h"
#include "base/map.h"
#include "timeline/timeline.h"

struct refused {
	struct str code, generate_name;	 /* generate_name empty: none */
	const struct pod_object *object; /* as it was asked for; NULL: not visible */
	const struct entry *first;
	uint32_t attempts;
	nsec last;  /* received of the last attempt */
	bool final; /* not one of those that ask to try again */
};

/* Zero is a valid empty one. What is in it lives in the arena that it is given. */
struct refusals {
	struct map keys;
	struct refused *list;
	size_t n, cap;
	uint32_t attempts; /* of all of them */
};

/* scratch: the decoded record; bytes: its encoding, of which a copy is kept if it is the first. */
int refusals_add(struct refusals *rs, struct arena *arena, const struct record *scratch,
		 struct str bytes, struct err *err);
/* Each as one entry that represents all its attempts: those before a create that was granted.
 */
const struct entry *refusals_entries(const struct refusals *rs, struct arena *arena);
/* Forgets all; to be called before the arena is reset. */
void refusals_reset(struct refusals *rs);
void refusals_free(struct refusals *rs);
