/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pod startup latencies in the format of Kubernetes' perf-tests, which clusterloader2 writes
 * and perfdash shows. Percentiles by nearest rank in milliseconds; empty ones are omitted.
 */
#pragma once

#include "page/basis.h"
#include "slo/report.h"

/* The report must be finished and include transitions. */
void perfdash_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style);
