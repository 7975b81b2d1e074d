/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was written just before causes began: for pods of one cause, the writes (changes/writes.h)
 * to what these pods share or depend on, in the time before the first of them was hit. That
 * something came before proves nothing; it shows where to look first.
 *
 * Precision goes before recall: a write counts only if the rule of the cause says so of its
 * resource (the key `changed`), and only if something ties it to the pods. A write after the first
 * of the pods that it touches was hit is no news about them.
 *
 * Legal order: new, after the context is finished; add or onset_of, in any order; finish; find.
 */
#pragma once

#include "changes/writes.h"
#include "diagnose/diagnose.h"
#include "kube/context.h"

#define ONSET_WINDOW (10 * MINUTE)
enum { ONSET_WRITES_MAX = 3 }; /* shown of one group */

struct onset_write {
	const struct write *write;
	enum tie tie;
	bool creation; /* of their workload: they failed since there is one */
	bool last;     /* it may matter, less than the others */
	nsec since;    /* the cause's first time among the pods that it touches */
	uint64_t pods; /* how many of the group it touches */
};

struct onset {
	nsec at;       /* the cause's first time; NSEC_NONE: not known */
	uint64_t pods; /* of the group */
	struct onset_write writes[ONSET_WRITES_MAX]; /* the closest tie first, then the nearest */
	size_t n;
};

struct onsets;

struct str tie_name(enum tie tie);

struct onsets *onsets_new(const struct writes *writes);
/* Of one pod alone. */
struct onset onset_of(struct onsets *o, const struct timeline *t, const struct cause *cause);
void onsets_add(struct onsets *o, const struct timeline *t, const struct cause *cause);
void onsets_finish(struct onsets *o);
/* Of the pods with that cause; NULL: there are none. */
const struct onset *onsets_find(const struct onsets *o, const struct rule *rule, enum scope scope);
void onsets_free(struct onsets *o); /* NULL is fine */
