/* SPDX-License-Identifier: Apache-2.0 */
/* A handmade basis for reports: two files of one log, one cluster, one hour. */
#pragma once

#include "../slo/pod.h"
#include "page/basis.h"
#include "slo/report.h"

struct ground {
	struct basis_source sources[2];
	struct ingest ingest;
	struct context context;
	struct basis basis;
	struct slo_report *report;
};

/* Order: ground_make; more records of the context; ground_ready; ground_free. */
void ground_make(struct ground *g, struct str cluster);
void ground_ready(struct ground *g);
void ground_free(struct ground *g);
/* One pod of each verdict to the report, in that namespace of that cluster. */
void ground_add_pods(struct ground *g, struct str cluster, struct str namespace, struct str name);

/*
 * Each table has an empty line before it and as many cells in each row as in its header; nothing
 * outside of a block of code is HTML. Returns how many tables there are.
 */
size_t ground_check_markdown(struct str text);
