/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SLOs. To add one: a row in SLOS, the file with its judge in meson.build, and its items in
 * the manual, which tests/docs requires. Its line of the fact table and its metrics follow
 * from the row; documents/slo_line.c and slo_metrics.c have rows for those that print more.
 */
#pragma once

#include "timeline/stage.h"

struct judging;
struct outcome;

typedef size_t slo_judge(const struct judging *j, struct outcome *ret);

struct slo_row {
	slo_judge *judge;
	enum object_kind about; /* the kind of timelines it judges */
	nsec limit;		/* unless configured; NSEC_NONE: of the pod's class */
	unsigned stages;	/* bits of the stages of its outcomes */
	/* Its names in tables and documents. */
	const char *kind;   /* of lines in the fact table */
	const char *column; /* the objects counted */
	const char *things; /* in titles */
	const char *count;  /* the key of the count */
	const char *time;   /* in titles */
	const char *note;   /* appended to it */
	const char *time_column;
	const char *percentiles; /* the key of the percentiles */
	const char *done;	 /* "of the pods that were delivered" */
};

#define HAS(stage) (1u << STAGE_##stage)

/*
 * X(id, name, judge, metric, help of its results, help of its latency, other members of its row).
 * The metrics are slo_METRIC_results_total and slo_METRIC_latency_seconds. Objectives that name a
 * stage but no SLO mean the first that has this stage.
 */
/* clang-format off */
#define SLOS(X) \
	X(CREATE, "create", judge_creation, \
	  "pod_startup", "Pods by verdict.", "From creation to a milestone.", \
	  .about = OBJECT_POD, .limit = NSEC_NONE, \
	  .stages = HAS(ADMISSION) | HAS(SCHEDULING_GATE) | HAS(SCHEDULE) | HAS(STARTUP_WAIT) | \
		    HAS(SANDBOX) | HAS(IMAGE_PULL) | HAS(INIT) | HAS(CREATE) | HAS(START) | \
		    HAS(POST_START_HOOK) | HAS(READINESS) | HAS(READINESS_GATE), \
	  .kind = "PodDelivery", .column = "PODS", .things = "PODS", .count = "pods", \
	  .time = "DELIVERY TIME", .note = " (user time taken off)", .time_column = "DELIVERY", \
	  .percentiles = "deliverySeconds", .done = "pods that were delivered") \
	X(DELETE, "delete", judge_deletion, \
	  "pod_delete", "Deletions of pods by result.", "From the request to delete to a phase.", \
	  .about = OBJECT_POD, .limit = 10 * MINUTE, \
	  .stages = HAS(KILL_WAIT) | HAS(STOP) | HAS(CLEANUP) | HAS(FINALIZERS), \
	  .kind = "PodDeletion", .column = "DELETIONS", .things = "DELETIONS OF PODS", \
	  .count = "deletions", .time = "TIME UNTIL THEY WERE GONE", .note = "", \
	  .time_column = "TIME", .percentiles = "seconds", .done = "pods that are gone") \
	X(UPGRADE, "upgrade", judge_upgrades, \
	  "pod_upgrade", "Upgrades in place by result.", "From the change until ready again.", \
	  .about = OBJECT_POD, .limit = 9 * MINUTE, \
	  .stages = HAS(IMAGE_PULL) | HAS(CREATE) | HAS(START) | HAS(READINESS) | HAS(STOP), \
	  .kind = "PodUpgrade", .column = "UPGRADES", .things = "UPGRADES IN PLACE", \
	  .count = "upgrades", .time = "TIME UNTIL READY AGAIN", .note = "", \
	  .time_column = "TIME", .percentiles = "seconds", .done = "upgrades that were done") \
	X(PVC, "pvc", judge_claim, \
	  "pvc_create", "Claims by result.", "From creation until bound.", \
	  .about = OBJECT_CLAIM, .limit = 10 * MINUTE, \
	  .stages = HAS(CONSUMER) | HAS(PROVISION) | HAS(BIND), \
	  .kind = "ClaimBinding", .column = "CLAIMS", .things = "CLAIMS", .count = "claims", \
	  .time = "TIME UNTIL BOUND", .note = "", .time_column = "TIME", \
	  .percentiles = "seconds", .done = "claims that were bound")
/* clang-format on */

#define SLO_ID(id, ...) SLO_##id,
#define SLO_JUDGE(id, name, judge, ...) slo_judge judge;

enum slo { SLOS(SLO_ID) SLO_COUNT };
SLOS(SLO_JUDGE)

extern const struct slo_row slo_rows[SLO_COUNT];
extern const char *const slo_names[SLO_COUNT + 1]; /* create, delete, ...; NULL */
