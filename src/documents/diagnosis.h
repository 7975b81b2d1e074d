/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnoses of pods: for people, as documents, as rows and as test results; and
 * the causes of many, in groups.
 *
 * Legal order: a struct diagnosis_out with its format, and the style and basis of its page set;
 * diagnosis_begin, diagnosis_put for pod after pod, diagnosis_end, diagnosis_free. What is printed
 * is in `page.out` and may be taken from there between two calls: nothing of a pod is kept, but of
 * test results those of one suite.
 */
#ifndef LUNETTES_DOCUMENTS_DIAGNOSIS_H
#define LUNETTES_DOCUMENTS_DIAGNOSIS_H

#include "documents/csv.h"
#include "json/writer.h"
#include "page/diagnosis.h"

enum diagnosis_format {
	DIAGNOSIS_PAGE,	 /* text or Markdown: see its style */
	DIAGNOSIS_JSON,	 /* kind DiagnosisReport, with diagnoses */
	DIAGNOSIS_JSONL, /* kind Diagnosis */
	DIAGNOSIS_CSV,
	DIAGNOSIS_TSV,
	DIAGNOSIS_JUNIT
};

struct diagnosis_out {
	enum diagnosis_format format;
	struct diagnosis_page page;
	struct json_writer json; /* of DIAGNOSIS_JSON */
	struct csv csv;
	struct junit_suite *suite; /* of DIAGNOSIS_JUNIT */
};

void diagnosis_begin(struct diagnosis_out *o);
void diagnosis_put(struct diagnosis_out *o, const struct diagnosed *p);
/* totals: of all pods that were put; for DIAGNOSIS_JSON. */
void diagnosis_end(struct diagnosis_out *o, const struct fleet *totals);
void diagnosis_free(struct diagnosis_out *o);

/* kind DiagnosisReport, with groups. */
void fleet_json(struct buf *out, const struct fleet *f, const struct basis *basis, uint64_t limit);

#endif
