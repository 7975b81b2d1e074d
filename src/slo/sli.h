/* SPDX-License-Identifier: Apache-2.0 */
/* Durations by the names that objectives, conditions and comparisons have for them. */
#pragma once

#include "base/buf.h"
#include "slo/slos.h"

enum sli {
	SLI_DELIVERY, /* infrastructure time; of deletions and upgrades: the whole */
	SLI_TOTAL,
	SLI_STARTUP, /* the official startup SLI */
	SLI_STAGES,  /* and the stage's number: the time in that stage */
	SLI_COUNT = SLI_STAGES + STAGE_COUNT
};

const char *sli_name(enum sli sli);
bool sli_find(struct str name, enum sli *ret);
void sli_names_add(struct buf *out); /* "delivery, total, ..." */
unsigned sli_slos(enum sli sli);     /* bits of the SLOs that have it */

static inline enum lifecycle_stage sli_stage(enum sli sli)
{
	return (enum lifecycle_stage)(sli - SLI_STAGES);
}
