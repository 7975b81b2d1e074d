/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions of rules: Perl syntax, unanchored, UTF-8 for valid texts. PCRE2 compiles each
 * once. The steps of a match are limited: an expression that exceeds the limit does not match. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct pattern;

/* The named groups of a match; slices of the text. */
struct captures {
	struct capture {
		struct str name, value;
	} list[8];
	size_t n;
};

/* The text captured by a named group. Returns false if there is none. */
bool captures_find(const struct captures *c, struct str name, struct str *ret_value);

struct pattern *pattern_new(struct str expression, struct err *err);
/* With the semantics of Go's regexp: a dot matches no newline, $ only the end. */
struct pattern *pattern_new_go(struct str expression, struct err *err);
/* ret may be NULL; captures are appended to it. */
bool pattern_find(const struct pattern *p, struct str text, struct captures *ret);
/* The number of groups; and the match of the first one (p == NULL: not part of the match). */
uint32_t pattern_groups(const struct pattern *p);
bool pattern_first(const struct pattern *p, struct str text, struct str *ret_group);
void pattern_free(struct pattern *p);
