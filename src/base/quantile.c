/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quantile.h"

#include "base/mem.h"

void quantile_add(struct quantile *q, nsec value, bool censored)
{
	array_reserve(q->values, q->cap, q->n + 1);
	q->values[q->n++] = (struct quantile_value){ value, censored };
	q->sorted = false;
}

static int by_value(const void *a, const void *b)
{
	const struct quantile_value *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (int)x->censored - (int)y->censored;
}

bool quantile_at(struct quantile *q, unsigned permille, struct quantile_value *ret_value)
{
	size_t rank;

	if (q->n == 0)
		return false;
	if (!q->sorted)
		qsort(q->values, q->n, sizeof(*q->values), by_value);
	q->sorted = true;
	rank = q->n / 1000 * permille + (q->n % 1000 * permille + 999) / 1000;
	rank = rank < 1 ? 1 : MIN(rank, q->n);
	*ret_value = q->values[rank - 1];
	/* A lower bound among the smaller ones may in truth lie anywhere above. */
	for (size_t i = 0; i + 1 < rank && !ret_value->censored; i++)
		ret_value->censored = q->values[i].censored;
	return true;
}

void quantile_free(struct quantile *q)
{
	mem_free(q->values);
	*q = (struct quantile){ 0 };
}
