/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON documents of `lunettes slo`; their keys are described in lunettes-json(5). */
#pragma once

#include "base/buf.h"
#include "page/basis.h"
#include "slo/report.h"

/* One line of the SLO's kind, with newline. The basis locates files. d: of a delivery; or NULL. */
void slo_json_line(struct buf *out, const struct timeline *t, const struct outcome *o,
		   const struct basis *basis);
/* The document, kind SloReport. The report must be finished. */
void slo_json_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style);
