/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on a report: "p99(delivery)>30s", "attainment<99.5", "failed>0", "burn(1h)>14.4".
 * They are parsed before the input is read and checked when the report is finished.
 *
 * A failed outcome never finished: a quantile at a failed one is greater than any duration, so
 * ">" and ">=" are true and "<" and "<=" are false, however long it had waited.
 */
#pragma once

#include "slo/report.h"

enum condition_subject {
	CONDITION_QUANTILE,
	CONDITION_COUNT,      /* of a verdict, or all */
	CONDITION_ATTAINMENT, /* in percent */
	CONDITION_BURN,	      /* the worst window of all objectives */
};

enum condition_operator { OVER, AT_LEAST, UNDER, AT_MOST };

struct condition {
	struct str text; /* as given; lives for the run */
	enum condition_subject subject;
	unsigned permille; /* for quantiles */
	bool kubelet;	   /* of the kubelet's SLI; otherwise of sli */
	enum sli sli;
	unsigned column; /* for counts: enum slo_column */
	nsec window;	 /* for burn */
	enum condition_operator operator;
	int64_t limit; /* nanoseconds, a count, millionths, thousandths */
};

enum condition_state {
	CONDITION_HOLDS_NOT,
	CONDITION_HOLDS,
	CONDITION_OF_NOTHING, /* no outcome, no objective, or the log is too short */
};

int condition_parse(struct str text, struct condition *ret, struct err *err);
/* Appends the actual value for people: "41.2s", "> 8m00s", "99.21%"; or why there is none. */
enum condition_state condition_check(const struct condition *c, struct slo_report *r,
				     struct buf *ret_found);
