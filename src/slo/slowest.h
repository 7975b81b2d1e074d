/* SPDX-License-Identifier: Apache-2.0 */
/* The slowest outcomes, and which stage is to blame. Memory: those that stay. */
#pragma once

#include "slo/outcome.h"

struct slo_slow {
	struct str cluster, namespace, name, uid, node, code, subject;
	enum verdict verdict;
	nsec begin, total, measured, waited, stage_time;
	nsec waited_whole;	    /* as waited, with what `measured` leaves out */
	enum lifecycle_stage stage; /* in which it spent the most; STAGE_COUNT: none is known */
};

struct slowest {
	struct slo_slow *items; /* slowest first */
	size_t n, limit;
};

void slowest_add(struct slowest *s, const struct timeline *t, const struct outcome *o);
void slowest_free(struct slowest *s);
