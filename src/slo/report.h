/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deliveries to the SLO report: verdicts and percentiles by namespace and in total, the stages that
 * take the time, the slowest pods. Order of adding does not matter. Memory: a few bytes a pod.
 *
 * attainment = success / (success + slow + failed): what was judged. Aborted, open, excluded and
 * denied pods are shown beside it and never count. Percentiles are of the delivery time of judged
 * pods; a failed pod ranks behind all others and makes the quantile on it "> x".
 */
#ifndef LUNETTES_SLO_REPORT_H
#define LUNETTES_SLO_REPORT_H

#include "base/buf.h"
#include "base/map.h"
#include "base/quantile.h"
#include "slo/delivery.h"

struct slo_group {
	struct str cluster, namespace;
	uint64_t pods, verdicts[VERDICT_COUNT], exclusions[EXCLUSION_COUNT];
	struct quantile delivery;
};

struct slo_stage {
	struct quantile
	    seconds; /* one value a pod: the time in which it was in this stage at all */
	nsec sum;
};

struct slo_slow {
	struct str cluster, namespace, name, uid, node, subject;
	enum verdict verdict;
	nsec total, delivery, waited, stage_time;
	enum lifecycle_stage stage; /* in which it spent the most; STAGE_COUNT: none is known */
};

struct slo_report {
	struct map names; /* cluster and namespace together: see key */
	struct buf key;
	struct slo_group *groups; /* by (cluster, namespace) after slo_report_finish */
	size_t groups_cap;
	struct slo_group all;
	struct slo_stage stages[STAGE_COUNT];
	nsec total_sum;		  /* of the totals of delivered pods: what stage shares refer to */
	struct slo_slow *slowest; /* slowest first */
	size_t n_slowest, limit;
	struct arena arena;
};

struct slo_report *slo_report_new(size_t slowest_limit);
void slo_report_add(struct slo_report *r, const struct timeline *t, const struct delivery *d);
void slo_report_finish(struct slo_report *r);
void slo_report_free(struct slo_report *r);

uint64_t slo_group_judged(const struct slo_group *g);

#endif
