/* SPDX-License-Identifier: Apache-2.0 */
/* What is missing from an input, what that hides, and how to fix it. Each finding is one row; it is
 * reported if its count is not zero. */
#pragma once

#include "kube/context.h"
#include "kube/ingest.h"
#include "kube/survey.h"
#include "timeline/coverage.h"

/* The input of findings; everything is finished. */
struct findings_ground {
	const struct coverage *coverage;
	const struct ingest *ingest;
	const struct context *context;
	const struct survey *survey;
	uint64_t files, damaged_files; /* an archive counts as one; damaged: not read completely */
};

struct finding_row {
	const char *finding; /* its name in documents: camelCase */
	const char *what;    /* follows "N " or "N of M " for any N but 1 */
	const char *cost;    /* the effect on the results */
	const char *change;  /* how to fix it; NULL: impossible */
	/* The count and its total (0: no share). */
	void (*count)(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of);
	const char *one; /* follows "1 "; NULL: the same as what */
};

extern const struct finding_row finding_rows[];
extern const size_t n_finding_rows;
