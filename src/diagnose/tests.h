/* SPDX-License-Identifier: Apache-2.0 */
/* What no matcher can say, because it is about several facts, or about what is missing. */
#ifndef LUNETTES_DIAGNOSE_TESTS_H
#define LUNETTES_DIAGNOSE_TESTS_H

#include "diagnose/internal.h"

/* One row a test; the name stands in rules as test: NAME. */
struct test_row {
	const char *name;
	/* Adds a hit when it holds. */
	void (*run)(struct hits *h, const struct matcher *m);
	const char *what; /* for lunettes-rules(5) */
};

extern const struct test_row tests[];
extern const size_t n_tests;

/* A hit of a test, or its excuse. */
struct hit *hits_found(struct hits *h, const struct matcher *m, struct str subject, nsec first,
		       nsec last, const struct entry *one, const struct entry *other);
/* deletions.c: tests; what each finds stands in tests[]. */
void stuck_terminating(struct hits *h, const struct matcher *m);
void node_unreachable(struct hits *h, const struct matcher *m);
void stop_hangs(struct hits *h, const struct matcher *m);
void force_deleted(struct hits *h, const struct matcher *m);
/* changes.c: the pod is not Ready again for longer than over. */
void upgrade_failed(struct hits *h, const struct matcher *m);

#endif
