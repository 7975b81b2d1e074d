/* SPDX-License-Identifier: Apache-2.0 */
/* Latencies between two milestones, as kube-burner (latencies) and clusterloader2 (transitions)
 * measure them. */
#pragma once

#include "timeline/timeline.h"

enum transition {
	CREATE_TO_SCHEDULE,
	CREATE_TO_SANDBOX,
	CREATE_TO_INITIALIZED,
	CREATE_TO_STARTED,
	CREATE_TO_CONTAINERS_READY,
	CREATE_TO_READY,
	CREATE_TO_RUN,
	CREATE_TO_WATCH,
	SCHEDULE_TO_RUN,
	SCHEDULE_TO_WATCH,
	RUN_TO_WATCH,
	TRANSITION_COUNT
};

struct transition_row {
	enum milestone from, to;
	const char *metric;   /* in clusterloader2; NULL: none */
	const char *quantile; /* in kube-burner, like its latency's key; NULL: none */
	const char *latency;
};

extern const struct transition_row transition_rows[TRANSITION_COUNT];

nsec transition_of(const struct timeline *t, enum transition transition); /* NSEC_NONE: unknown */
