/* SPDX-License-Identifier: Apache-2.0 */
/* Internals of compare: the collected values, and the steps of the comparison. */
#pragma once

#include "base/map.h"
#include "base/significance.h"
#include "slo/comparison.h"

struct compare_values {
	struct compare_value *list;
	size_t n, cap;
};

struct compare_side {
	struct compare_pod *pods;
	size_t n, cap;
	struct compare_values measures[SLI_COUNT];
	uint64_t verdicts[VERDICT_COUNT];
};

struct compare {
	enum compare_by by;
	struct compare_side sides[SIDES];
	struct map texts; /* all names, deduplicated */
	struct buf *key;
	struct arena arena;
	struct comparison result;
};

/* The values of one duration, by side. n of either may be 0. */
struct compare_sample {
	struct ranksum_item *items;
	size_t n, cap, sides[SIDES];
};

void sample_add(struct compare_sample *s, enum side side, const struct compare_value *value);
/* Empties the sample. With too few values on a side, no test is made. */
struct compare_test sample_test(struct compare_sample *s);
void sample_free(struct compare_sample *s);

/* Corrects the p-values of these tests and sets their tendencies; returns their number. */
size_t compare_correct(struct compare_test **tests, size_t n);

nsec median_change(const struct quantile_value median[SIDES], const bool known[SIDES]);

/* Is the pod counted in the share's total, and in its part? */
bool share_counts(const struct compare_share *s, const struct compare_pod *p);
bool share_holds(const struct compare *c, const struct compare_share *s,
		 const struct compare_pod *p);

void compare_make_durations(struct compare *c);
void compare_make_shares(struct compare *c);
void compare_make_worse(struct compare *c); /* after the correction; needs the order */
void compare_make_news(struct compare *c);
void compare_make_groups(struct compare *c);
