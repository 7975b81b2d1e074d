/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorted records to timelines: groups by pod name, drops twins, splits incarnations by UID and by
 * create and delete facts, folds refusals and repeated facts. Memory: one group.
 *
 * Legal order: new, next*, free. Records come through a callback, so this room knows no sorter.
 */
#pragma once

#include "base/err.h"
#include "kube/context.h"
#include "timeline/timeline.h"

/* Key and value of the next record, as kube/codec.h makes them: > 0, 0 the end, < 0 an error. */
typedef int timelines_source(void *ctx, struct str *ret_key, struct str *ret_value,
			     struct err *err);

/*
 * Keeps in *state, for one pod, what is attached to a record of it (kube/decode.h); at first *state
 * is NULL, and in the end `attached` of the timeline. True: the record's bytes must live as long as
 * the pod.
 */
typedef bool timelines_keep(void **state, struct arena *arena, const struct record *r);

struct timelines;

struct timelines *timelines_new(timelines_source *next, void *ctx, const struct context *context);
void timelines_attached(struct timelines *ts, timelines_keep *keep); /* before next; NULL: none */
/* In (cluster, namespace, name, created, uid) order; pods that were refused among them. */
int timelines_next(struct timelines *ts, const struct timeline **ret_timeline, struct err *err);
uint64_t timelines_duplicates(const struct timelines *ts); /* twins that were dropped so far */
void timelines_free(struct timelines *ts);
