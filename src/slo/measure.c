/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/measure.h"

#include "slo/stage_time.h"

static const struct {
	const char *name;
	enum sli sli;
} rows[] = {
	{ "delivery", SLI_DELIVERY },
	{ "total", SLI_TOTAL },
	{ "startup", SLI_STARTUP },
};

bool measure_find(struct str name, struct measure *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_eq(name, str_from(rows[i].name))) {
			*ret = (struct measure){ rows[i].sli, STAGE_COUNT };
			return true;
		}
	for (unsigned i = 0; i < STAGE_COUNT; i++)
		if (str_eq(name, str_from(lifecycle_rows[i].name))) {
			*ret = (struct measure){ SLI_STAGE, (enum lifecycle_stage)i };
			return true;
		}
	return false;
}

void measure_names_add(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		buf_printf(out, "%s%s", i ? ", " : "", rows[i].name);
	for (size_t i = 0; i < STAGE_COUNT; i++)
		buf_printf(out, ", %s", lifecycle_rows[i].name);
}

static enum measured whole(nsec done, nsec so_far, nsec *ret)
{
	*ret = nsec_known(done) ? done : so_far;
	if (nsec_known(done))
		return MEASURED_ALL;
	return nsec_known(so_far) ? MEASURED_AT_LEAST : MEASURED_NOT;
}

static enum measured in_stage(const struct outcome *o, enum lifecycle_stage stage, nsec *ret)
{
	struct stage_time ended, so_far;
	bool any = stage_time_of(o->stages, o->n_stages, stage, NSEC_NONE, &ended);

	if (nsec_known(o->until) &&
	    stage_time_of(o->stages, o->n_stages, stage, o->until, &so_far) &&
	    (!any || so_far.time > ended.time)) {
		*ret = so_far.time;
		return MEASURED_AT_LEAST;
	}
	*ret = ended.time;
	return any ? MEASURED_ALL : MEASURED_NOT;
}

enum measured measure_of(const struct measure *m, const struct outcome *o, nsec *ret)
{
	nsec so_far = NSEC_NONE;

	switch (m->sli) {
	case SLI_DELIVERY:
		return whole(o->measured, o->waited, ret);
	case SLI_TOTAL:
		if (nsec_known(o->until) && nsec_known(o->begin) && o->until >= o->begin)
			so_far = o->until - o->begin;
		return whole(o->total, so_far, ret);
	case SLI_STARTUP:
		return whole(o->startup, NSEC_NONE, ret);
	case SLI_STAGE:
		break;
	}
	return in_stage(o, m->stage, ret);
}
