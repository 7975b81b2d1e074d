/* SPDX-License-Identifier: Apache-2.0 */
#include "dying.h"

/* Created at 0.1 s, bound, running since 2 s; deletions begin at 50.3 s. */
struct scene *dying_scene(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), containers);
	scene_bind(s, AT(200), "node-1");
	scene_status(s, AT(3000));
	scene_running(s, "app", AT(2000));
	return s;
}

/* What an object shows that is being deleted since `at`; finalizers NULL: not shown. */
struct fact *dying_shown(struct scene *s, nsec at, int32_t grace, const char *finalizers)
{
	struct fact *f = scene_fact(s, FACT_DELETING);

	f->at = at;
	f->precision = PRECISION_SECOND;
	f->origin = ORIGIN_APISERVER;
	f->code = grace;
	f->message = finalizers ? str_from(finalizers) : (struct str){ 0 };
	f->written = false;
	return f;
}

void dying_asked(struct scene *s, int32_t grace, const char *finalizers)
{
	scene_delete(s, AT(50300), "delete", 200)->actor = STR("alice");
	dying_shown(s, AT(50000), grace, finalizers);
}

/* The kubelet deletes it for good, which finalizers may keep from being so. */
void dying_released(struct scene *s, nsec at, const char *finalizers)
{
	scene_delete(s, at, "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].origin = ORIGIN_KUBELET;
	s->facts[0].truth = !*finalizers;
	dying_shown(s, AT(50000), 0, finalizers);
}

void dying_stopped(struct scene *s, const char *container, nsec at)
{
	scene_status(s, at + MS(500));
	scene_terminated(s, container, AT(2000), at, 0);
}

void dying_check(const struct mark *m, nsec at, enum precision precision)
{
	ck_assert(m->reached);
	ck_assert_int_eq((m->at - EPOCH) / 1000, (at - EPOCH) / 1000);
	ck_assert_int_eq(m->at, at);
	ck_assert_int_eq(m->precision, precision);
}

const struct stage *dying_stage(const struct deletion *d, enum lifecycle_stage stage,
				const char *subject)
{
	for (size_t i = 0; i < d->n_stages; i++)
		if (d->stages[i].stage == stage && str_eq(d->stages[i].subject, str_from(subject)))
			return &d->stages[i];
	return NULL;
}

void dying_check_stage(const struct deletion *d, enum lifecycle_stage stage, const char *subject,
		       nsec start, nsec end)
{
	const struct stage *s = dying_stage(d, stage, subject);

	ck_assert_msg(s, "no stage %s", lifecycle_rows[stage].name);
	ck_assert_int_eq((s->start.at - EPOCH) / 1000, (start - EPOCH) / 1000);
	ck_assert_int_eq(s->end.at == NSEC_NONE ? -1 : (s->end.at - EPOCH) / 1000,
			 end == NSEC_NONE ? -1 : (end - EPOCH) / 1000);
}
