/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorted records to timelines: groups by pod name, drops duplicates, splits incarnations by UID,
 * creates and deletes, folds rejected creates and repeated facts. Memory: one group.
 *
 * Legal order: new, next*, free. Records come through a callback, so no sorter is needed.
 */
#pragma once

#include "base/err.h"
#include "kube/context.h"
#include "timeline/timeline.h"

/* Key and value of the next record (kube/codec.h). Returns > 0, 0 at the end, < 0 on an error. */
typedef int timelines_source(void *ctx, struct str *ret_key, struct str *ret_value,
			     struct err *err);

/*
 * Collects in *state what is attached to the records of a pod (kube/decode.h). *state is NULL at
 * first and becomes `attached` of the timeline. Returns true if the record's bytes must live as
 * long as the pod.
 */
typedef bool timelines_keep(void **state, struct arena *arena, const struct record *r);

struct timelines;

struct timelines *timelines_new(timelines_source *next, void *ctx, const struct context *context);
void timelines_attached(struct timelines *ts, timelines_keep *keep); /* call it before next; NULL:
									none */
/* In (cluster, namespace, name, created, uid) order, including rejected pods. */
int timelines_next(struct timelines *ts, const struct timeline **ret_timeline, struct err *err);
uint64_t timelines_duplicates(const struct timelines *ts); /* duplicates dropped so far */
void timelines_free(struct timelines *ts);
