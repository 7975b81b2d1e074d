/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an input lacks, what that costs the results, and how to get a better one. One row a finding;
 * a finding holds when its count is not zero.
 */
#pragma once

#include "kube/context.h"
#include "kube/ingest.h"
#include "kube/survey.h"
#include "timeline/coverage.h"

/* What findings are made from: all of it finished. */
struct findings_ground {
	const struct coverage *coverage;
	const struct ingest *ingest;
	const struct context *context;
	const struct survey *survey;
	uint64_t files, damaged_files; /* an archive is one; damaged: not read to its end */
};

struct finding_row {
	const char *finding; /* its name in documents: camelCase */
	const char *what;    /* behind "N " or "N of M ": for any number */
	const char *cost;    /* what it means for the results */
	const char *change;  /* what to do about it; NULL: nothing */
	/* how many, and of how many (0: that is no share) */
	void (*count)(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of);
	const char *one; /* behind "1 "; NULL: as what */
};

extern const struct finding_row finding_rows[];
extern const size_t n_finding_rows;
