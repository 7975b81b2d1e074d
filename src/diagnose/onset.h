/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recent changes: for pods with one cause, the writes (changes/writes.h) to objects that these
 * pods share or depend on, shortly before the first pod was affected. A change before a failure
 * proves nothing, but shows where to look first.
 *
 * Precision is more important than recall: a write counts only if the rule of the cause lists
 * its resource (key `changed`), and only if it is tied to the pods. A write after the first of
 * its pods was affected does not count.
 *
 * Legal order: new, after the context is finished; add or onset_of, in any order; finish; find.
 */
#pragma once

#include "changes/writes.h"
#include "diagnose/diagnose.h"
#include "kube/context.h"

#define ONSET_WINDOW (10 * MINUTE)
enum { ONSET_WRITES_MAX = 3 }; /* shown per group */

struct onset_write {
	const struct write *write;
	enum tie tie;
	bool creation; /* of their workload: they have failed since it was created */
	bool last;     /* less relevant than the others */
	nsec since;    /* first time of the cause among the affected pods */
	uint64_t pods; /* number of pods in the group that it affects */
};

struct onset {
	nsec at;       /* first time of the cause; NSEC_NONE: unknown */
	uint64_t pods; /* of the group */
	struct onset_write writes[ONSET_WRITES_MAX]; /* the closest tie first, then the nearest in
							time */
	size_t n;
};

struct onsets;

struct str tie_name(enum tie tie);

struct onsets *onsets_new(const struct writes *writes);
/* For a single pod. */
struct onset onset_of(struct onsets *o, const struct timeline *t, const struct cause *cause);
void onsets_add(struct onsets *o, const struct timeline *t, const struct cause *cause);
void onsets_finish(struct onsets *o);
/* For all pods with that cause, or NULL. */
const struct onset *onsets_find(const struct onsets *o, const struct rule *rule, enum scope scope);
void onsets_free(struct onsets *o); /* may be NULL */
