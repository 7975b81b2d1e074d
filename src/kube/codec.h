/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records as bytes, for the sorter. Keys are compared with memcmp, in the order kind, cluster,
 * namespace, name, received time, identity of the request, fuller copy first. The value contains
 * the facts and ends with the position, so that ties are broken by content first and by position
 * last.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "kube/record.h"

void record_encode(const struct record *r, struct buf *out);
void record_key(const struct record *r, struct buf *out);
/* Slices of *ret_record point into bytes; objects and arrays of facts are in the arena. */
int record_decode(struct str bytes, struct arena *arena, struct record *ret_record,
		  struct err *err);

/* The part of a key that identifies the pod: everything before the time. */
struct str record_key_group(struct str key);
bool record_twins(const struct record *a, const struct record *b);
