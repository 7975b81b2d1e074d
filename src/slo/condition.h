/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on a report: "p99(delivery)>30s", "attainment<99.5", "failed>0", "burn(1h)>14.4".
 * Parsed before anything is read, checked when the report is finished.
 *
 * What failed was never done: a quantile that falls on it is greater than any duration, so that
 * ">" and ">=" hold and "<" and "<=" do not, however long it had waited.
 */
#pragma once

#include "slo/report.h"

enum condition_subject {
	CONDITION_QUANTILE,
	CONDITION_COUNT,      /* of a verdict, or of all */
	CONDITION_ATTAINMENT, /* in percent */
	CONDITION_BURN,	      /* the worst window of any objective */
};

enum condition_operator { OVER, AT_LEAST, UNDER, AT_MOST };

struct condition {
	struct str text; /* as given: of the run */
	enum condition_subject subject;
	unsigned permille; /* of quantiles */
	bool kubelet;	   /* of the kubelet's SLI, else of sli */
	enum sli sli;
	unsigned column; /* of counts: enum slo_column */
	nsec window;	 /* of burn */
	enum condition_operator operator;
	int64_t limit; /* nanoseconds, a count, millionths, thousandths */
};

enum condition_state {
	CONDITION_HOLDS_NOT,
	CONDITION_HOLDS,
	CONDITION_OF_NOTHING, /* no outcome, or no objective, or too short a log: no answer */
};

int condition_parse(struct str text, struct condition *ret, struct err *err);
/* Appends what was found, for people: "41.2s", "> 8m00s", "99.21%"; or why there is nothing. */
enum condition_state condition_check(const struct condition *c, struct slo_report *r,
				     struct buf *ret_found);
