/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the tests of this room: random items, the oracle, a private directory. */
#pragma once

#include <check.h>
#include <pthread.h> /* before base/prelude.h, which forbids functions of time.h */

#include "base/buf.h"
#include "base/mem.h"
#include "sort/sorter.h"

struct pair {
	struct str key, value;
};

struct pairs {
	struct pair *p;
	size_t n, cap;
};

uint64_t test_random(uint64_t *state);

void pairs_add(struct pairs *all, struct str key, struct str value); /* copies */
void pairs_shuffle(struct pairs *all, uint64_t *state);
void pairs_sort(struct pairs *all); /* the oracle: qsort with str_cmp */
void pairs_free(struct pairs *all);

/* Items of one shape each; see testlib.c. */
enum pairs_shape { SHAPE_PODS, SHAPE_TINY, SHAPE_NULS, SHAPE_SAME_KEY, SHAPE_LONG, SHAPES };
struct pairs pairs_random(enum pairs_shape shape, size_t n, uint64_t *state);

/* Removed with what is in it by test_dir_free. */
char *test_dir_new(void);
size_t test_dir_entries(const char *dir);
void test_dir_free(char *dir);

Suite *items_suite(void);
Suite *merge_suite(void);
Suite *sorter_suite(void);
Suite *spill_suite(void);
