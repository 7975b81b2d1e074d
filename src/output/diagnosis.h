/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnoses of pods: as a good colleague tells them, and as documents. */
#ifndef LUNETTES_OUTPUT_DIAGNOSIS_H
#define LUNETTES_OUTPUT_DIAGNOSIS_H

#include "diagnose/fleet.h"
#include "output/basis.h"

/* kind Diagnosis: one line. */
void diagnosis_json_line(struct buf *out, const struct timeline *t, const struct delivery *d,
			 const struct diagnosis *diagnosis, const struct basis *basis);
/* For people: one pod, ended by a newline. */
void diagnosis_text_pod(struct buf *out, const struct timeline *t, const struct delivery *d,
			const struct diagnosis *diagnosis, const struct basis *basis,
			struct table_style style);

void fleet_text(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style);
/* kind DiagnosisReport. */
void fleet_json(struct buf *out, const struct fleet *f, const struct basis *basis);

#endif
