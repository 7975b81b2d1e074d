/* SPDX-License-Identifier: Apache-2.0 */
#include "page/inspection.h"

#include "base/mem.h"

struct findings_ground inspection_ground(const struct inspection *i)
{
	struct findings_ground ground = { .coverage = i->coverage,
					  .ingest = i->basis->ingest,
					  .context = i->basis->context,
					  .survey = i->survey };
	const struct basis *b = i->basis;
	bool damaged = false;

	/* the members of an archive follow it */
	for (size_t k = 0; k < b->n_sources; k++) {
		damaged = damaged || b->sources[k].damage;
		if (k + 1 < b->n_sources && b->sources[k + 1].source == b->sources[k].source)
			continue;
		ground.files++;
		ground.damaged_files += damaged;
		damaged = false;
	}
	return ground;
}

const struct survey_run *inspection_run(const struct inspection *i, const struct basis_source *s)
{
	const struct survey_run *runs = i->survey->runs;
	size_t at;

	LOWER_BOUND(at, i->survey->n_runs,
		    runs[at].begin.source < s->source ||
			(runs[at].begin.source == s->source && runs[at].begin.member < s->member));
	if (at < i->survey->n_runs && runs[at].begin.source == s->source &&
	    runs[at].begin.member == s->member)
		return &runs[at];
	return NULL;
}

static uint64_t records_of(const struct survey *s, uint32_t resource)
{
	uint64_t sum = 0;

	for (size_t k = 0; k < LEVEL_N; k++)
		sum += s->levels[resource][k];
	return sum;
}

static int by_records(const void *a, const void *b, void *ctx)
{
	const struct survey *s = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	uint64_t p = records_of(s, x), q = records_of(s, y);

	if (p != q)
		return p > q ? -1 : 1;
	return str_cmp(s->resources.keys[x], s->resources.keys[y]);
}

static int by_name(const void *a, const void *b, void *ctx)
{
	const struct map *m = ctx;

	return str_cmp(m->keys[*(const uint32_t *)a], m->keys[*(const uint32_t *)b]);
}

static uint32_t *numbers(size_t n)
{
	uint32_t *list = mem_alloc((n + 1) * sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = (uint32_t)i;
	return list;
}

uint32_t *inspection_resources(const struct inspection *i)
{
	size_t n = i->survey->resources.n;
	uint32_t *list = numbers(n);

	qsort_r(list, n, sizeof(*list), by_records, (void *)(uintptr_t)i->survey);
	return list;
}

uint32_t *inspection_agents(const struct inspection *i)
{
	size_t n = i->survey->agents.n;
	uint32_t *list = numbers(n);

	qsort_r(list, n, sizeof(*list), by_name, (void *)(uintptr_t)&i->survey->agents);
	return list;
}
