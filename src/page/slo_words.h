/* SPDX-License-Identifier: Apache-2.0 */
/* Words of tables and documents: owners, stages, and what the four SLOs are called. */
#ifndef LUNETTES_PAGE_SLO_WORDS_H
#define LUNETTES_PAGE_SLO_WORDS_H

#include "slo/report.h"

struct slo_words {
	const char *kind;   /* of the lines of the fact table */
	const char *column; /* what is counted */
	const char *things; /* in titles */
	const char *count;  /* the key of the count */
	const char *time;   /* in titles */
	const char *note;   /* behind it */
	const char *time_column;
	const char *percentiles; /* the key of the percentiles */
	const char *done;	 /* "of the pods that were delivered" */
};

extern const struct slo_words slo_words[SLO_COUNT];

struct str owner_or_undecided(enum owner owner);   /* platform, user, undecided */
struct str stage_word(enum lifecycle_stage stage); /* "" of STAGE_COUNT */
/* "NAMESPACE AND CLASS" */
void slo_words_by(struct buf *out, const struct grouping *g);
/* Rates are in thousandths: "14.400"; of an endless one "endless". */
void slo_words_rate(struct buf *out, uint64_t rate);

#endif
