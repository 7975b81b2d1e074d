/* SPDX-License-Identifier: Apache-2.0 */
#include "pod.h"

void pod_make(struct pod *p)
{
	*p = (struct pod){ 0 };
	p->object = (struct pod_object){
		.uid = STR("u1"),
		.created = EPOCH,
		.has_spec = true,
		.containers = p->containers,
		.n_containers = 1,
	};
	p->cluster = (struct cluster){ .first = AT(-100), .last = AT(3600) };
	p->t = (struct timeline){
		.cluster = STR(""),
		.namespace = STR("shop"),
		.name = STR("web"),
		.uid = STR("u1"),
		.node = STR("node-1"),
		.object = &p->object,
		.job_known = true,
		.attempts = 1,
		.status_until = INT64_MAX,
		.unseen_from = INT64_MAX,
		.stages = p->stages,
	};
	for (int i = 0; i < MILESTONE_COUNT; i++)
		p->t.marks[i] = (struct mark){ .at = NSEC_NONE, .until = NSEC_NONE };
	pod_mark(p, MILESTONE_CREATED, AT(0));
}

struct mark *pod_mark(struct pod *p, enum milestone milestone, nsec at)
{
	struct mark *m = &p->t.marks[milestone];

	*m = (struct mark){ .at = at, .reached = true, .until = NSEC_NONE };
	return m;
}

void pod_mark_before(struct pod *p, enum milestone milestone, nsec until)
{
	struct mark *m = pod_mark(p, milestone, NSEC_NONE);

	m->until = until;
	m->precision = PRECISION_INFERRED;
	m->source = SOURCE_BOUND;
}

struct stage *pod_stage(struct pod *p, enum lifecycle_stage stage, nsec from, nsec to)
{
	struct stage *s = &p->stages[p->t.n_stages++];

	ck_assert_uint_le(p->t.n_stages, POD_STAGES);
	*s = (struct stage){
		.stage = stage,
		.subject = STR(""),
		.start = { .at = from, .reached = true, .until = NSEC_NONE },
		.end = { .at = to, .reached = to != NSEC_NONE, .until = NSEC_NONE },
		.open = to == NSEC_NONE,
		.waited = NSEC_NONE,
	};
	return s;
}

const struct settings *pod_settings(void)
{
	static struct settings settings;

	settings_init(&settings);
	return &settings;
}

const struct delivery *pod_judge(struct pod *p)
{
	p->d = delivery_of(&p->t, &p->cluster, pod_settings());
	return &p->d;
}

struct outcome pod_outcome(struct pod *p)
{
	struct judging judging = { &p->t, &p->cluster, pod_settings() };
	struct outcome o;

	ck_assert_uint_eq(outcomes_of(SLO_CREATE, &judging, &o), 1);
	p->d = o.delivery;
	return o;
}

struct slo_report *pod_report_new(size_t slowest)
{
	return slo_report_new(&(struct slo_report_config){
	    .slo = SLO_CREATE,
	    .grouping = grouping_default(),
	    .slowest = slowest,
	    .settings = pod_settings(),
	});
}

void pod_report_add(struct slo_report *r, struct pod *p)
{
	struct outcome o = pod_outcome(p);

	slo_report_add(r, &p->t, &o);
}

void pod_report_finish(struct slo_report *r)
{
	slo_report_finish(r, (struct burn_span){ AT(-100), AT(3600) });
}
