/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that the dumps contain more than once. The newer copy is used: the one with the greater
 * resourceVersion, otherwise the one with the later time. Each object takes 32 bytes; older copies
 * are only counted per cluster.
 */
#pragma once

#include "base/clock.h"
#include "base/str.h"

struct copy {
	uint64_t id;	  /* hash of cluster, kind and identity; 0: the slot is free */
	uint64_t version; /* resourceVersion; 0: not shown */
	nsec at;	  /* the latest time in it */
	uint32_t cluster; /* index of the cluster in the context */
	bool pod;
};

struct copies {
	struct copy *slots;
	size_t n, cap;
};

/* The older of two different copies of an object. */
const struct copy *copies_older(const struct copy *a, const struct copy *b);
/* Keeps the newer copy. Returns true if there was one before: *ret_older is then the older of the
 * two, with the time NSEC_NONE if they are equal. */
bool copies_put(struct copies *c, const struct copy *copy, struct copy *ret_older);
/* The newest copy, or NULL. */
const struct copy *copies_find(const struct copies *c, uint64_t id);
uint64_t copies_id(struct str cluster, struct str kind, struct str identity);
uint64_t copies_version(struct str resource_version);
void copies_free(struct copies *c);
