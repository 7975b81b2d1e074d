/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pod startup latencies in the form of Kubernetes' perf-tests: what clusterloader2 writes and
 * perfdash shows. Percentiles by nearest rank in milliseconds; what has no value is left out.
 */
#pragma once

#include "page/basis.h"
#include "slo/report.h"

/* The report must be finished, and made with transitions. */
void perfdash_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style);
