/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/transition.h"

const struct transition_row transition_rows[TRANSITION_COUNT] = {
	[CREATE_TO_SCHEDULE] = { MILESTONE_CREATED, MILESTONE_SCHEDULED, "create_to_schedule",
				 "PodScheduled", "schedulingLatency" },
	[CREATE_TO_SANDBOX] = { MILESTONE_CREATED, MILESTONE_SANDBOX, NULL,
				"PodReadyToStartContainers", "readyToStartContainersLatency" },
	[CREATE_TO_INITIALIZED] = { MILESTONE_CREATED, MILESTONE_INITIALIZED, NULL, "Initialized",
				    "initializedLatency" },
	[CREATE_TO_STARTED] = { MILESTONE_CREATED, MILESTONE_STARTED, NULL, "ContainersStarted",
				"containersStartedLatency" },
	[CREATE_TO_CONTAINERS_READY] = { MILESTONE_CREATED, MILESTONE_CONTAINERS_READY, NULL,
					 "ContainersReady", "containersReadyLatency" },
	[CREATE_TO_READY] = { MILESTONE_CREATED, MILESTONE_READY, NULL, "Ready",
			      "podReadyLatency" },
	[CREATE_TO_RUN] = { MILESTONE_CREATED, MILESTONE_STARTED, "create_to_run", NULL, NULL },
	[CREATE_TO_WATCH] = { MILESTONE_CREATED, MILESTONE_OBSERVED, "pod_startup", NULL, NULL },
	[SCHEDULE_TO_RUN] = { MILESTONE_SCHEDULED, MILESTONE_STARTED, "schedule_to_run", NULL,
			      NULL },
	[SCHEDULE_TO_WATCH] = { MILESTONE_SCHEDULED, MILESTONE_OBSERVED, "schedule_to_watch", NULL,
				NULL },
	[RUN_TO_WATCH] = { MILESTONE_STARTED, MILESTONE_OBSERVED, "run_to_watch", NULL, NULL },
};

nsec transition_of(const struct timeline *t, enum transition transition)
{
	nsec from = t->marks[transition_rows[transition].from].at;
	nsec to = t->marks[transition_rows[transition].to].at;

	if (!nsec_known(from) || !nsec_known(to))
		return NSEC_NONE;
	return to > from ? to - from : 0; /* a time with 1 s resolution may be before a more precise
					     start */
}
