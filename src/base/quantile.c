/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quantile.h"

#include "base/mem.h"

#define VALUE_MAX (INT64_MAX / 2)

static struct quantile_value unpacked(int64_t packed)
{
	return (struct quantile_value){ packed >> 1, packed & 1 };
}

void quantile_add(struct quantile *q, nsec value, bool censored)
{
	value = value > VALUE_MAX ? VALUE_MAX : value < -VALUE_MAX ? -VALUE_MAX : value;
	array_reserve(q->packed, q->cap, q->n + 1);
	q->packed[q->n++] = value * 2 + censored;
	q->sorted = false;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	if ((x & 1) != (y & 1))
		return x & 1 ? 1 : -1;
	return (x > y) - (x < y);
}

bool quantile_at(struct quantile *q, unsigned permille, struct quantile_value *ret_value)
{
	size_t rank;

	if (q->n == 0)
		return false;
	if (!q->sorted)
		qsort(q->packed, q->n, sizeof(*q->packed), by_value);
	q->sorted = true;
	rank = q->n / 1000 * permille + (q->n % 1000 * permille + 999) / 1000;
	rank = rank < 1 ? 1 : MIN(rank, q->n);
	*ret_value = unpacked(q->packed[rank - 1]);
	for (size_t i = rank - 1; ret_value->censored && i-- > 0;) {
		struct quantile_value below = unpacked(q->packed[i]);

		if (below.censored)
			continue;
		ret_value->value = MAX(ret_value->value, below.value);
		break;
	}
	return true;
}

void quantile_free(struct quantile *q)
{
	mem_free(q->packed);
	*q = (struct quantile){ 0 };
}
