/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of `lunettes pods`: each pod with its verdict, or as kubectl would have shown it at a
 * given time. A row is made while its timeline lives and keeps only copies.
 *
 * Legal order: pods_begin; pods_add for each pod; pods_end; pods_free. Formats without column
 * widths are complete after each pod, so the caller may write and empty `out` in between.
 */
#pragma once

#include "page/basis.h"
#include "documents/csv.h"
#include "page/table.h"
#include "slo/delivery.h"
#include "timeline/sight.h"

enum pods_format { PODS_PAGE, PODS_JSON, PODS_JSONL, PODS_ROWS };

enum { PODS_COLUMNS_MAX = 17 + STAGE_COUNT };

struct pods {
	enum pods_format format;
	struct table_style style;
	const struct basis *basis;
	nsec at;	  /* NSEC_NONE: with verdicts */
	bool clusters;	  /* with a column CLUSTER */
	uint64_t n;	  /* rows */
	uint64_t unknown; /* rows whose STATUS is not in the log */
	struct buf out;
	struct table table;
	struct table_column columns[PODS_COLUMNS_MAX];
	struct arena arena; /* of one row */
	struct csv csv;	    /* writes to out */
	struct json_writer *writer;
};

/* One pod, while its timeline lives. */
struct pods_row {
	struct pods *p;
	const struct timeline *t;
	const struct delivery *d;
	struct sight sight; /* at p->at */
	nsec age;
};

void pods_begin(struct pods *p);
/* log_end: of its cluster; the age of a pod that still exists is counted until then. */
void pods_add(struct pods *p, const struct timeline *t, const struct delivery *d, nsec log_end);
void pods_end(struct pods *p);
void pods_free(struct pods *p);

/* Ages in kubectl's format: 45s, 3m5s, 17m, 5h12m, 3d4h. */
void pods_age_format(nsec age, char *ret_text); /* DURATION_TEXT */

/* pods_json.c: one object, or a line, which has the document's head. */
void pods_json_row(struct json_writer *w, const struct pods_row *r);
