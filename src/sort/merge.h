/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merges sorted runs, in memory or on disk, into one sorted sequence.
 *
 * Legal order: new, add_run or add_spill in any number, next*, free. The caller owns the runs,
 * which must outlive the merge.
 */
#pragma once

#include "sort/run.h"
#include "sort/spill.h"

struct merge;

struct merge *merge_new(void);
void merge_add_run(struct merge *m, const struct run *run); /* after run_sort */
void merge_add_spill(struct merge *m, const struct spill_run *run);
/* > 0 an item, 0 the end, < 0 an error. The slices are valid until the next call. */
int merge_next(struct merge *m, struct str *ret_key, struct str *ret_value, struct err *err);
void merge_free(struct merge *m);
