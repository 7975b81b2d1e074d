/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnoses of pods, for people, as documents, as rows and as test results; and the causes of many
 * in groups.
 *
 * Legal order: the caller sets the form and the page's style and basis in a struct diagnosis_out;
 * diagnosis_begin, diagnosis_put for each pod, diagnosis_end, diagnosis_free. The output is in
 * `page.out` and may be taken between two calls. No pod is kept, except those of one suite of test
 * results.
 */
#pragma once

#include "documents/csv.h"
#include "json/writer.h"
#include "page/diagnosis.h"

struct diagnosis_out {
	const struct diagnosis_form *form;
	struct diagnosis_page page;
	struct json_writer json; /* of diagnosis_as_json */
	struct csv csv;
	struct junit_suite *suite; /* of diagnosis_as_junit */
};

/* A NULL function does nothing. totals: of all pods that were put. */
struct diagnosis_form {
	void (*begin)(struct diagnosis_out *o);
	void (*put)(struct diagnosis_out *o, const struct diagnosed *p);
	void (*end)(struct diagnosis_out *o, const struct fleet *totals);
	void (*free)(struct diagnosis_out *o);
};

extern const struct diagnosis_form diagnosis_as_page, /* text or Markdown, by its style */
    diagnosis_as_json,				      /* kind DiagnosisReport, with diagnoses */
    diagnosis_as_jsonl,				      /* kind Diagnosis */
    diagnosis_as_rows,				      /* CSV or TSV: see its style */
    diagnosis_as_junit;

void diagnosis_begin(struct diagnosis_out *o);
void diagnosis_put(struct diagnosis_out *o, const struct diagnosed *p);
void diagnosis_end(struct diagnosis_out *o, const struct fleet *totals);
void diagnosis_free(struct diagnosis_out *o);

/* kind DiagnosisReport, with groups. */
void fleet_json(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style, uint64_t limit);
