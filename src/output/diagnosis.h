/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnoses of pods: as a good colleague tells them, as documents, as rows and as test results; and
 * the causes of many, in groups.
 *
 * Legal order: a struct diagnosis_out with its format, style, basis and no_headers set;
 * diagnosis_begin, diagnosis_put for pod after pod, diagnosis_end, diagnosis_free. What is printed
 * is in `out` and may be taken from there between two calls: nothing of a pod is kept, but of
 * test results those of one suite.
 */
#ifndef LUNETTES_OUTPUT_DIAGNOSIS_H
#define LUNETTES_OUTPUT_DIAGNOSIS_H

#include "diagnose/fleet.h"
#include "output/basis.h"
#include "output/csv.h"

/* One pod and what is told of it. */
struct diagnosed {
	const struct timeline *t;
	const struct delivery *d;
	const struct diagnosis *diagnosis; /* NULL: it is excluded */
	nsec log_end;			   /* of its cluster */
};

enum diagnosis_format {
	DIAGNOSIS_TEXT,
	DIAGNOSIS_MARKDOWN,
	DIAGNOSIS_JSON,	 /* kind DiagnosisReport, with diagnoses */
	DIAGNOSIS_JSONL, /* kind Diagnosis */
	DIAGNOSIS_CSV,
	DIAGNOSIS_TSV,
	DIAGNOSIS_JUNIT
};

struct diagnosis_out {
	enum diagnosis_format format;
	struct table_style style;
	const struct basis *basis;
	struct buf out;
	uint64_t told;		 /* pods */
	bool legend;		 /* a waterfall was drawn */
	struct json_writer json; /* of DIAGNOSIS_JSON */
	struct csv csv;
	struct junit_suite *suite; /* of DIAGNOSIS_JUNIT */
};

void diagnosis_begin(struct diagnosis_out *o);
void diagnosis_put(struct diagnosis_out *o, const struct diagnosed *p);
/* totals: of all pods that were put; for DIAGNOSIS_JSON. */
void diagnosis_end(struct diagnosis_out *o, const struct fleet *totals);
void diagnosis_free(struct diagnosis_out *o);

/* How many pods there are, and what is wrong with how many, in a sentence or two; wrapped. */
void fleet_overview(struct buf *out, const struct fleet *f, struct table_style style);
/* limit: of groups; those beyond are counted. */
void fleet_text(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style, uint64_t limit);
/* kind DiagnosisReport, with groups. */
void fleet_json(struct buf *out, const struct fleet *f, const struct basis *basis, uint64_t limit);

#endif
