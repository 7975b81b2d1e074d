/* SPDX-License-Identifier: Apache-2.0 */
/* What documents have in common: parts of them. Private to documents/. */
#ifndef LUNETTES_DOCUMENTS_PARTS_H
#define LUNETTES_DOCUMENTS_PARTS_H

#include "documents/diagnosis.h"
#include "documents/put.h"

/* The key "basis". */
void basis_json(struct json_writer *w, const struct basis *b);
/* The key "unread" alone, where a document says nothing else of the basis. */
void basis_unread_json(struct json_writer *w, const struct basis *b);
/* The key "onset"; NULL: null. */
void onset_json(struct json_writer *w, const struct onset *onset, const struct basis *basis);
/* The keys totals of DiagnosisReport. */
void fleet_put_totals(struct json_writer *w, const struct fleet *f);

void diagnosis_json_pod(struct json_writer *w, const struct diagnosed *p,
			const struct basis *basis);
void diagnosis_rows_header(struct diagnosis_out *o);
void diagnosis_rows_pod(struct diagnosis_out *o, const struct diagnosed *p);
void junit_begin(struct diagnosis_out *o);
void junit_pod(struct diagnosis_out *o, const struct diagnosed *p);
void junit_end(struct diagnosis_out *o);
void junit_free(struct diagnosis_out *o);

#endif
