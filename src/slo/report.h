/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report of one SLO: verdicts and percentiles by group and in total, time by stage, SLIs,
 * objectives, the slowest outcomes. The order of adding does not matter. Memory: a few bytes per
 * outcome, and one struct slo_group per group.
 *
 * attainment = success / (success + slow + failed), the judged outcomes. Aborted, open, excluded
 * and denied ones are counted separately. Percentiles are of judged outcomes; failed ones rank
 * after all others, and a quantile at one is "> x".
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

enum { TIME_ROWS_MAX = 10000 }; /* empty buckets are added up to this number of rows */

struct slo_group {
	struct str keys[GROUPING_MAX]; /* by the report's grouping; p == NULL: unknown */
	uint64_t pods, verdicts[VERDICT_COUNT], exclusions[EXCLUSION_COUNT];
	struct quantile measured; /* for deliveries: the delivery time */
	uint64_t last;		  /* number of the last outcome added */
};

struct slo_stage {
	struct quantile
	    seconds; /* one value per outcome: its total time in this stage */
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
	bool transitions;		 /* requested: they take 8 bytes per pod each */
};

struct slo_report {
	struct slo_report_config config;
	struct map names; /* joined keys of groups: see group_number */
	struct buf key, part;
	struct slo_group *groups; /* sorted by key after slo_report_finish */
	size_t n_groups, groups_cap;
	struct slo_group all;
	struct str cluster; /* of the first outcome */
	bool many_clusters; /* there are others */
	struct quantile total;
	struct slo_startup startup, kubelet; /* for SLO_CREATE */
	struct slo_stage stages[STAGE_COUNT];
	nsec total_sum; /* of the totals of finished outcomes: the base of stage shares */
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
/* Delivered at an unknown time: judged, but in no percentile. */
uint64_t slo_group_untimed(const struct slo_group *g);
