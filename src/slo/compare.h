/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sets of deliveries side by side: what became slower, how sure that is, and since when.
 *
 * Legal order: compare_new, compare_add in any order, compare_finish, reading, compare_free. The
 * result does not depend on the order of adding. Memory: some hundred bytes a pod.
 *
 * Durations are of judged pods (success, slow, failed). A pod that failed was never delivered, and
 * never left the stage it stuck in: it ranks behind all that were, in percentiles and in the test.
 * Aborted and open pods show neither and are only counted.
 *
 * All rows are tested, durations by Mann-Whitney's U and shares by Fisher's exact test, and their
 * p-values corrected by Holm for the number of tests; the new things and the groups each for
 * themselves.
 */
#pragma once

#include "slo/comparison.h"

struct compare;

struct compare *compare_new(enum compare_by by);
void compare_add(struct compare *c, enum side side, const struct timeline *t,
		 const struct delivery *d);
/* other_cluster: it is known that the two sides are not of one cluster. Lives as long as c. */
struct comparison *compare_finish(struct compare *c, bool other_cluster);
void compare_free(struct compare *c);
