/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions of rules, compiled once by PCRE2: as Perl has them, without anchors, in
 * UTF-8 where the text is that. A match is bounded: an expression that would run away on a hostile
 * text does not match.
 */
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

/* What the group of that name captured; false: nothing. */
bool captures_find(const struct captures *c, struct str name, struct str *ret_value);

struct pattern *pattern_new(struct str expression, struct err *err);
/* The same as Go's regexp has it: a dot is no newline, $ only the end. */
struct pattern *pattern_new_go(struct str expression, struct err *err);
/* ret may be NULL; captures are added to it. */
bool pattern_find(const struct pattern *p, struct str text, struct captures *ret);
/* How many groups it has; and what the first one of them matched (p == NULL: it took no part). */
uint32_t pattern_groups(const struct pattern *p);
bool pattern_first(const struct pattern *p, struct str text, struct str *ret_group);
void pattern_free(struct pattern *p);
