/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From one milestone to another, as other tools measure pods: the latencies of kube-burner and the
 * transitions of clusterloader2.
 */
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
	const char *metric;   /* of clusterloader2; NULL: none */
	const char *quantile; /* of kube-burner, as is the key of its latency; NULL: none */
	const char *latency;
};

extern const struct transition_row transition_rows[TRANSITION_COUNT];

nsec transition_of(const struct timeline *t, enum transition transition); /* NSEC_NONE: unknown */
