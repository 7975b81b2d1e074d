/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outcomes of one SLO to its report: verdicts and percentiles by group and in total, the stages
 * that take the time, the SLIs, the objectives, the slowest. The order of adding does not matter.
 * Memory: a few bytes an outcome, and one struct slo_group a group.
 *
 * attainment = success / (success + slow + failed): what was judged. Aborted, open, excluded and
 * denied ones are shown beside it and never count. Percentiles are of what was judged; one that
 * failed ranks behind all others and makes the quantile on it "> x".
 *
 * Legal order: slo_report_new, slo_report_add*, slo_report_finish, readers, slo_report_free.
 */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "base/quantile.h"
#include "slo/dimension.h"
#include "slo/objectives.h"
#include "slo/slowest.h"
#include "slo/transition.h"

enum { TIME_ROWS_MAX = 10000 }; /* rows of buckets without anything are added up to so many */

struct slo_group {
	struct str keys[GROUPING_MAX]; /* as the report's grouping; p == NULL: unknown */
	uint64_t pods, verdicts[VERDICT_COUNT], exclusions[EXCLUSION_COUNT];
	struct quantile measured; /* of deliveries: the delivery time */
	uint64_t last;		  /* the number of the last outcome that was added */
};

struct slo_stage {
	struct quantile
	    seconds; /* one value an outcome: the time in which it was in this stage at all */
	nsec sum;
};

struct slo_startup {
	struct quantile seconds;
	uint64_t excluded[STARTUP_REASON_COUNT];
};

struct slo_report_config {
	enum slo slo;
	struct grouping grouping;
	size_t slowest;
	const struct settings *settings; /* must outlive the report */
	bool transitions;		 /* wanted at all: they take 8 bytes a pod each */
};

struct slo_report {
	struct slo_report_config config;
	struct map names; /* keys of groups, together: see key */
	struct buf key, part;
	struct slo_group *groups; /* in the order of their keys after slo_report_finish */
	size_t n_groups, groups_cap;
	struct slo_group all;
	struct str cluster; /* of the first outcome */
	bool many_clusters; /* there are others */
	struct quantile total;
	struct slo_startup startup, kubelet; /* of SLO_CREATE */
	struct slo_stage stages[STAGE_COUNT];
	nsec total_sum; /* of the totals of what was done: what stage shares refer to */
	struct slowest slowest;
	struct objectives objectives;
	struct burn_span span; /* set by finish */
	struct quantile transitions[TRANSITION_COUNT];
	struct arena arena;
};

struct slo_report *slo_report_new(const struct slo_report_config *config);
void slo_report_add(struct slo_report *r, const struct timeline *t, const struct outcome *o);
/* span: of the logs. */
void slo_report_finish(struct slo_report *r, struct burn_span span);
void slo_report_free(struct slo_report *r);

uint64_t slo_group_judged(const struct slo_group *g);
/* Delivered at an unknown time: judged, and in no percentile. */
uint64_t slo_group_untimed(const struct slo_group *g);
