/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/settings.h"

#include "base/pattern.h"

#define GIB ((int64_t)1 << 30)
#define NO_LIMIT INT64_MAX

/*
 * Like IsTypicalPodNew of Alipay's Lunettes, inverted: there the first violated bound decides, here
 * the first row whose bounds are all met. By mistake its TYPICAL pods are treated as best effort;
 * not so here.
 */
static const struct class_row default_classes[CLASS_COUNT] = {
	[CLASS_UNKNOWN] = { { NULL, 0 }, 600 * SECOND, 0, 0, 0, 0 },
	[CLASS_TYPICAL] = { { "typical", 7 }, 90 * SECOND, 8000, 16 * GIB, 3, 15 },
	[CLASS_NONTYPICAL1] = { { "nontypical1", 11 },
				600 * SECOND,
				8000,
				16 * GIB,
				10,
				UINT32_MAX },
	[CLASS_NONTYPICAL2] = { { "nontypical2", 11 },
				1800 * SECOND,
				32000,
				64 * GIB,
				10,
				UINT32_MAX },
	[CLASS_BEST_EFFORT] = { { "bestEffort", 10 },
				600 * SECOND,
				NO_LIMIT,
				NO_LIMIT,
				UINT32_MAX,
				UINT32_MAX },
};

void settings_init(struct settings *s)
{
	*s = (struct settings){
		.classes = default_classes,
		.n_classes = CLASS_COUNT,
		.deadline_service = 480 * SECOND, /* SERVICE_POD_TIMEOUT_TIME */
		.deadline_job = 90 * SECOND,	  /* JOB_POD_TIMEOUT_TIME */
		.delete_stale = HOUR,
		.delete_terminating = 24 * HOUR,
		.post_start_limit = 180 * SECOND,
	};
	for (size_t i = 0; i < SLO_COUNT; i++)
		s->limits[i] = slo_rows[i].limit;
}

void settings_free(struct settings *s)
{
	arena_free(&s->arena);
}

bool settings_ignored(const struct settings *s, struct str namespace)
{
	for (size_t i = 0; i < s->n_ignored; i++)
		if (str_eq(s->ignored[i], namespace))
			return true;
	return false;
}

static bool matches(struct str pattern, struct str name)
{
	return !pattern.p || (name.p && pattern_match(pattern, name));
}

bool workload_matches(const struct workload_match *m, const struct timeline *t)
{
	return matches(m->cluster, t->cluster) && matches(m->namespace, t->namespace) &&
	       matches(m->kind, t->workload_kind) && matches(m->name, t->workload_name);
}
