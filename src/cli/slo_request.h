/* SPDX-License-Identifier: Apache-2.0 */
/* The options for an SLO report, parsed before anything is read. */
#pragma once

#include "cli/options.h"
#include "slo/column.h"
#include "slo/condition.h"

struct slo_request {
	struct grouping grouping;
	struct slo_sort sort;
	struct condition *conditions;
	size_t n_conditions;
};

/* Objectives are added to those of the settings, whose arena owns all of it. */
int slo_request_of(const struct options *options, struct settings *settings,
		   struct slo_request *ret, struct err *err);

/* Which conditions are true or cannot be judged: a line each. The report must be finished. */
void slo_request_check(const struct slo_request *request, struct slo_report *r, struct buf *holds,
		       struct buf *empty);
