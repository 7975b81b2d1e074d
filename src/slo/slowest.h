/* SPDX-License-Identifier: Apache-2.0 */
/* The slowest outcomes, and the stage that took the most. Memory: only those that are kept. */
#pragma once

#include "slo/outcome.h"

struct slo_slow {
	struct str cluster, namespace, name, uid, node, code, subject;
	enum verdict verdict;
	nsec begin, total, measured, waited, stage_time;
	nsec waited_whole;	    /* like waited, including the time that `measured` excludes */
	enum lifecycle_stage stage; /* the longest; STAGE_COUNT: unknown */
};

struct slowest {
	struct slo_slow *items; /* slowest first */
	size_t n, limit;
};

void slowest_add(struct slowest *s, const struct timeline *t, const struct outcome *o);
void slowest_free(struct slowest *s);
