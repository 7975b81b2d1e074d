/* SPDX-License-Identifier: Apache-2.0 */
/* The names of durations in objectives, conditions and comparisons. */
#pragma once

#include "base/buf.h"
#include "slo/slos.h"

enum sli {
	SLI_DELIVERY, /* delivery without user time; for other SLOs the whole time */
	SLI_TOTAL,
	SLI_STARTUP, /* the official startup SLI */
	SLI_STAGES,  /* plus the number of a stage: the time in that stage */
	SLI_COUNT = SLI_STAGES + STAGE_COUNT
};

const char *sli_name(enum sli sli);
bool sli_find(struct str name, enum sli *ret);
void sli_names_add(struct buf *out); /* "delivery, total, ..." */
unsigned sli_slos(enum sli sli);     /* bit set of the SLOs that have it */

static inline enum lifecycle_stage sli_stage(enum sli sli)
{
	return (enum lifecycle_stage)(sli - SLI_STAGES);
}
