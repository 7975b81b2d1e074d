/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durations of the spans that a configuration defines, as one histogram by action, type, owner and
 * the properties with NeedMetric. A property has at most SPAN_METRICS_VALUES values; all others are
 * "other".
 *
 * Legal order: begin, add for any number of pods, notes, free.
 */
#pragma once

#include "documents/openmetrics.h"
#include "spans/spans.h"

enum { SPAN_METRICS_VALUES = 100, SPAN_METRICS_LABELS = 16 };

struct span_metrics {
	struct span_label {
		struct str property;
		const char *name; /* as label names */
		struct map values;
		uint64_t surplus; /* spans whose value exceeded the limit */
	} labels[SPAN_METRICS_LABELS];
	size_t n;
	struct str left_out; /* a property beyond the limit; p == NULL: none */
	struct arena arena;
};

void span_metrics_begin(struct span_metrics *s, const struct span_configuration *spans);
void span_metrics_add(struct span_metrics *s, struct metrics *m, const struct timeline *t,
		      const struct span_run *runs, size_t n);
void span_metrics_notes(const struct span_metrics *s, struct buf *out);
void span_metrics_free(struct span_metrics *s);
