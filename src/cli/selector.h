/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Label selectors as kubectl takes them: terms joined by commas, all of which must be true:
 *
 *   k  !k  k=v  k==v  k!=v  k in (a,b)  k notin (a,b)
 *
 * As in Kubernetes, k!=v and k notin (...) are true of objects without the label k as well. The
 * comparisons of numbers (k>5) are not taken: labels of pods are no numbers.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum selector_operator {
	SELECTOR_EXISTS,
	SELECTOR_ABSENT,
	SELECTOR_IN,	 /* k=v too */
	SELECTOR_NOT_IN, /* k!=v too */
};

struct selector_term {
	struct str key;
	enum selector_operator operator;
	struct str *values;
	size_t n_values, cap;
};

/* Zero is the selector that selects everything. Its slices point into the text it was parsed from.
 */
struct selector {
	struct arena arena;
	struct selector_term *terms;
	size_t n_terms, cap;
};

struct selector_label {
	struct str key, value;
};

/* The text must live as long as the selector. On an error nothing is left to be freed. */
int selector_parse(struct str text, struct selector *ret_selector, struct err *err);
bool selector_match(const struct selector *s, const struct selector_label *labels, size_t n);
void selector_free(struct selector *s);
