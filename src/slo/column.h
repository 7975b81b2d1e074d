/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a table of groups: one row per column. Documents contain all columns, and groups
 * can be sorted by any of them. */
#pragma once

#include "slo/report.h"

enum slo_column_kind { COLUMN_COUNTED, COLUMN_SHARE, COLUMN_SECONDS };

enum slo_column {
	COLUMN_PODS,
	COLUMN_SUCCESS,
	COLUMN_SLOW,
	COLUMN_FAILED,
	COLUMN_ABORTED,
	COLUMN_OPEN,
	COLUMN_DENIED,
	COLUMN_EXCLUDED,
	COLUMN_JUDGED,
	COLUMN_ATTAINMENT,
	COLUMN_P50,
	COLUMN_P90,
	COLUMN_P99,
	COLUMN_MAX,
	SLO_COLUMN_COUNT
};

struct slo_column_row {
	const char *name; /* camelCase */
	enum slo_column_kind kind;
	unsigned argument; /* a verdict, or permille */
};

struct slo_column_value {
	bool known, censored;
	uint64_t count, whole; /* for shares: count of whole */
	nsec time;
};

extern const struct slo_column_row slo_columns[SLO_COLUMN_COUNT];

struct slo_column_value slo_column_value(enum slo_column column, struct slo_group *g);

struct slo_sort {
	bool by_name; /* by the group's name; otherwise by column */
	enum slo_column column;
	bool descending;
};

int slo_sort_parse(struct str text, struct slo_sort *ret, struct err *err);
/* For a finished report. Ties keep the order of names; unknown values come last. */
void slo_sort(struct slo_report *r, struct slo_sort sort);
