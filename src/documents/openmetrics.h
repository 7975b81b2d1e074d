/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts and histograms by labels, as a text that is valid both as OpenMetrics and in Prometheus'
 * own format. The two name the family of a counter differently, so counters, whose names end in
 * _total, have no type: "unknown" in one format and "untyped" in the other, with the same effect.
 *
 * Legal order: metrics_begin; for each sample metrics_start, metrics_label*, then metrics_count or
 * metrics_observe; metrics_write; metrics_free. The order of samples does not matter. Memory: one
 * sample for each set of labels.
 */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"

struct metric_family {
	const char *name, *help;
	const nsec
	    *bounds; /* of a histogram, in seconds: its name ends in _seconds; NULL: counts */
	size_t n_bounds;
};

struct metric_sample {
	uint64_t count;
	int64_t seconds, nanoseconds; /* the sum of a histogram */
	uint64_t *buckets;	      /* [n_bounds]; not cumulative */
};

struct metrics {
	const struct metric_family *families;
	size_t n_families;
	struct map keys; /* a byte of the family, then the labels */
	struct metric_sample *samples;
	size_t cap, family;
	struct buf key;
	struct arena arena;
};

void metrics_begin(struct metrics *m, const struct metric_family *families, size_t n_families);
void metrics_start(struct metrics *m, size_t family);
void metrics_label(struct metrics *m, const char *name, struct str value);
void metrics_count(struct metrics *m, uint64_t n);
void metrics_observe(struct metrics *m, nsec value);
void metrics_write(const struct metrics *m, struct buf *out);
void metrics_free(struct metrics *m);
