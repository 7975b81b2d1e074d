/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records as bytes, for the sorter. The key compares with memcmp in the order (kind, cluster,
 * namespace, pod name, received, twin, fuller first); the value goes on with the decoded facts and
 * ends with the position, so that ties are broken by what a record says and only then by where it
 * stood.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "kube/record.h"

void record_encode(const struct record *r, struct buf *out);
void record_key(const struct record *r, struct buf *out);
/* Slices of *ret_record point into bytes; objects and fact arrays come from the arena. */
int record_decode(struct str bytes, struct arena *arena, struct record *ret_record,
		  struct err *err);

/* The part of a key that names the pod: everything up to the time. */
struct str record_key_group(struct str key);
bool record_twins(const struct record *a, const struct record *b);
