/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/slos.h"

const char *const slo_names[SLO_COUNT + 1] = {
	[SLO_CREATE] = "create",
	[SLO_DELETE] = "delete",
	[SLO_UPGRADE] = "upgrade",
	[SLO_PVC] = "pvc",
};

/* clang-format off */
const struct slo_row slo_rows[SLO_COUNT] = {
	[SLO_CREATE] = { OBJECT_POD, NSEC_NONE, judge_creation,
			 "PodDelivery", "PODS", "PODS", "pods",
			 "DELIVERY TIME", " (user time taken off)", "DELIVERY", "deliverySeconds",
			 "pods that were delivered" },
	[SLO_DELETE] = { OBJECT_POD, 10 * MINUTE, judge_deletion,
			 "PodDeletion", "DELETIONS", "DELETIONS OF PODS", "deletions",
			 "TIME UNTIL THEY WERE GONE", "", "TIME", "seconds",
			 "pods that are gone" },
	[SLO_UPGRADE] = { OBJECT_POD, 9 * MINUTE, judge_upgrades,
			  "PodUpgrade", "UPGRADES", "UPGRADES IN PLACE", "upgrades",
			  "TIME UNTIL READY AGAIN", "", "TIME", "seconds",
			  "upgrades that were done" },
	[SLO_PVC] = { OBJECT_CLAIM, 10 * MINUTE, judge_claim,
		      "ClaimBinding", "CLAIMS", "CLAIMS", "claims",
		      "TIME UNTIL BOUND", "", "TIME", "seconds",
		      "claims that were bound" },
};
/* clang-format on */
