/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares two sets of deliveries: what became slower, how significant that is, and since when.
 *
 * Legal order: compare_new, compare_add in any order, compare_finish, reading, compare_free. The
 * result does not depend on the order of adding. Memory: some hundred bytes per pod.
 *
 * Durations are of judged pods (success, slow, failed). A failed pod was never delivered, and
 * never left the stage it was stuck in: in percentiles and in the test it ranks after all
 * delivered pods. Aborted and open pods are only counted.
 *
 * All rows are tested, durations by the Mann-Whitney U test and shares by Fisher's exact test.
 * The p-values are corrected by Holm for the number of tests, with new things and groups
 * corrected separately.
 */
#pragma once

#include "slo/comparison.h"

struct compare;

struct compare *compare_new(enum compare_by by);
void compare_add(struct compare *c, enum side side, const struct timeline *t,
		 const struct delivery *d);
/* other_cluster: the two sides are known to be of different clusters. Lives as long as c. */
struct comparison *compare_finish(struct compare *c, bool other_cluster);
void compare_free(struct compare *c);
