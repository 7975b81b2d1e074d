/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SLOs: one row each. A new one: its id and its stages in timeline/stage.h and stage.c, its row
 * here with the function that judges it, its line and its metrics in documents/.
 */
#pragma once

#include "timeline/stage.h"

struct judging;
struct outcome;

typedef size_t slo_judge(const struct judging *j, struct outcome *ret);

struct slo_row {
	enum object_kind about; /* which timelines it judges */
	nsec limit;		/* unless a file sets it; NSEC_NONE: that of the pod's class */
	slo_judge *judge;
	/* How it is called in tables and documents. */
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

extern const struct slo_row slo_rows[SLO_COUNT];
extern const char *const slo_names[SLO_COUNT + 1]; /* create, delete, ...; NULL */

slo_judge judge_creation, judge_deletion, judge_upgrades, judge_claim;
