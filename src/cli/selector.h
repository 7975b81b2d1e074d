/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Label selectors in kubectl's syntax: terms joined by commas, all of which must be true:
 *
 *   k  !k  k=v  k==v  k!=v  k in (a,b)  k notin (a,b)
 *
 * As in Kubernetes, k!=v and k notin (...) are also true of objects without the label k.
 * Comparisons of numbers (k>5) are not supported, because labels of pods are not numbers.
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

/* A zeroed selector selects everything. Its slices point into the text it was parsed from. */
struct selector {
	struct arena arena;
	struct selector_term *terms;
	size_t n_terms, cap;
};

struct selector_label {
	struct str key, value;
};

/* The text must outlive the selector. After an error there is nothing to free. */
int selector_parse(struct str text, struct selector *ret_selector, struct err *err);
bool selector_match(const struct selector *s, const struct selector_label *labels, size_t n);
void selector_free(struct selector *s);
