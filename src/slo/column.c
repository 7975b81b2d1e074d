/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/column.h"

#include "base/mem.h"

const struct slo_column_row slo_columns[SLO_COLUMN_COUNT] = {
	[COLUMN_PODS] = { "pods", COLUMN_COUNTED, 0 },
	[COLUMN_SUCCESS] = { "success", COLUMN_COUNTED, VERDICT_SUCCESS },
	[COLUMN_SLOW] = { "slow", COLUMN_COUNTED, VERDICT_SLOW },
	[COLUMN_FAILED] = { "failed", COLUMN_COUNTED, VERDICT_FAILED },
	[COLUMN_ABORTED] = { "aborted", COLUMN_COUNTED, VERDICT_ABORTED },
	[COLUMN_OPEN] = { "open", COLUMN_COUNTED, VERDICT_OPEN },
	[COLUMN_DENIED] = { "denied", COLUMN_COUNTED, VERDICT_DENIED },
	[COLUMN_EXCLUDED] = { "excluded", COLUMN_COUNTED, VERDICT_EXCLUDED },
	[COLUMN_JUDGED] = { "judged", COLUMN_COUNTED, 0 },
	[COLUMN_ATTAINMENT] = { "attainment", COLUMN_SHARE, 0 },
	[COLUMN_P50] = { "p50", COLUMN_SECONDS, 500 },
	[COLUMN_P90] = { "p90", COLUMN_SECONDS, 900 },
	[COLUMN_P99] = { "p99", COLUMN_SECONDS, 990 },
	[COLUMN_MAX] = { "max", COLUMN_SECONDS, 1000 },
};

static uint64_t counted(enum slo_column column, const struct slo_group *g)
{
	if (column == COLUMN_PODS)
		return g->pods;
	if (column == COLUMN_JUDGED)
		return slo_group_judged(g);
	return g->verdicts[slo_columns[column].argument];
}

struct slo_column_value slo_column_value(enum slo_column column, struct slo_group *g)
{
	struct slo_column_value v = { .known = true };
	struct quantile_value q;

	switch (slo_columns[column].kind) {
	case COLUMN_COUNTED:
		v.count = counted(column, g);
		break;
	case COLUMN_SHARE:
		v.count = g->verdicts[VERDICT_SUCCESS];
		v.whole = slo_group_judged(g);
		v.known = v.whole != 0;
		break;
	case COLUMN_SECONDS:
		v.known = quantile_at(&g->measured, slo_columns[column].argument, &q);
		if (v.known) {
			v.time = q.value;
			v.censored = q.censored;
		}
		break;
	}
	return v;
}

/* Sorting */

int slo_sort_parse(struct str text, struct slo_sort *ret, struct err *err)
{
	struct slo_sort sort = { .descending = str_starts(text, STR("-")) };
	struct str name = sort.descending ? str_after(text, 1) : text;
	struct buf names = { 0 };
	unsigned i = 0;

	while (i < SLO_COLUMN_COUNT && !str_eq(name, str_from(slo_columns[i].name)))
		i++;
	sort.by_name = str_eq(name, STR("name"));
	if (i < SLO_COLUMN_COUNT || sort.by_name) {
		sort.column = (enum slo_column)i;
		*ret = sort;
		return 0;
	}
	for (i = 0; i < SLO_COLUMN_COUNT; i++)
		buf_printf(&names, ", %s", slo_columns[i].name);
	err_set(err, ERR_USAGE,
		"option --sort-by does not take '%.*s'; expected one of name" STR_FMT
		", with '-' before it for the greatest first",
		(int)MIN(text.n, 100), text.p, STR_ARG(buf_str(&names)));
	buf_free(&names);
	return -1;
}

static int cmp_known(enum slo_column column, struct slo_column_value a, struct slo_column_value b)
{
	uint64_t x = a.count, y = b.count;

	switch (slo_columns[column].kind) {
	case COLUMN_COUNTED:
		break;
	case COLUMN_SHARE: /* counts are below 2^32 */
		x = a.count * b.whole;
		y = b.count * a.whole;
		break;
	case COLUMN_SECONDS:
		if (a.censored != b.censored)
			return a.censored ? 1 : -1;
		return (a.time > b.time) - (a.time < b.time);
	}
	return (x > y) - (x < y);
}

/* A group with its earlier position, which breaks ties. */
struct placed {
	struct slo_group group;
	struct slo_column_value value;
	size_t place;
};

static int by_value(const void *a, const void *b, void *context)
{
	const struct placed *x = a, *y = b;
	const struct slo_sort *sort = context;
	int c = 0;

	if (x->value.known != y->value.known)
		return x->value.known ? -1 : 1;
	if (x->value.known && !sort->by_name)
		c = cmp_known(sort->column, x->value, y->value);
	if (!c && sort->by_name)
		c = x->place < y->place ? -1 : 1;
	if (c)
		return sort->descending ? -c : c;
	return x->place < y->place ? -1 : x->place > y->place;
}

void slo_sort(struct slo_report *r, struct slo_sort sort)
{
	struct placed *rows;

	if (!r->n_groups)
		return;
	rows = mem_alloc(r->n_groups * sizeof(*rows));
	for (size_t i = 0; i < r->n_groups; i++) {
		struct slo_column_value value = { .known = true };

		if (!sort.by_name)
			value = slo_column_value(sort.column, &r->groups[i]);
		rows[i] = (struct placed){ r->groups[i], value, i };
	}
	qsort_r(rows, r->n_groups, sizeof(*rows), by_value, &sort);
	for (size_t i = 0; i < r->n_groups; i++)
		r->groups[i] = rows[i].group;
	mem_free(rows);
}
