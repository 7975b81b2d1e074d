/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which objects dumps contain more than once. Of two copies the newer is the snapshot: the one
 * with the greater resourceVersion, or the later time in it. One slot of 32 bytes an object, for
 * all that matters of the others are two numbers a cluster.
 */
#pragma once

#include "base/clock.h"
#include "base/str.h"

struct copy {
	uint64_t id;	  /* hash of cluster, kind and identity; 0: the slot is free */
	uint64_t version; /* resourceVersion; 0: not shown */
	nsec at;	  /* the latest time in it */
	uint32_t cluster; /* its number in the context */
	bool pod;
};

struct copies {
	struct copy *slots;
	size_t n, cap;
};

/* Of two copies of one object that differ: the older one. */
const struct copy *copies_older(const struct copy *a, const struct copy *b);
/*
 * Keeps the newer. True: one was there before, and *ret_older is the older of the two; its time is
 * NSEC_NONE if they are equal.
 */
bool copies_put(struct copies *c, const struct copy *copy, struct copy *ret_older);
/* The newest copy; NULL: there is none. */
const struct copy *copies_find(const struct copies *c, uint64_t id);
uint64_t copies_id(struct str cluster, struct str kind, struct str identity);
uint64_t copies_version(struct str resource_version);
void copies_free(struct copies *c);
