/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The metrics of the four SLOs: those that Lunettes exports from a live cluster, under names that
 * the formats allow, and histograms comparable with the kubelet's. lunettes-slo(1) lists them.
 */
#pragma once

#include "documents/openmetrics.h"
#include "slo/outcome.h"

void slo_metrics_begin(struct metrics *m);
/* d: of a delivery; otherwise NULL. */
void slo_metrics_add(struct metrics *m, const struct timeline *t, const struct outcome *o,
		     const struct settings *settings);
/* A sample of the durations of spans; the caller adds its other labels. */
void slo_metrics_start_span(struct metrics *m, const struct timeline *t);
