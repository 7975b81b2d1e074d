/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents of kube-burner's podLatency measurement, as one array: a podLatencyMeasurement for
 * each pod, then a podLatencyQuantilesMeasurement for each condition. Milliseconds, truncated.
 *
 * Legal order: pod*, end.
 */
#pragma once

#include "slo/report.h"

void kube_burner_pod(struct buf *out, const struct timeline *t, bool first);
/* none: no pod was put. The report must include transitions. */
void kube_burner_end(struct buf *out, struct slo_report *r, bool none);
