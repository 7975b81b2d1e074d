/* SPDX-License-Identifier: Apache-2.0 */
/* To whom a pod belongs, and whether it is a job. */
#include "suites.h"

/* EPOCH is minute 29453760 since 1970; a number within a day of the creation is a CronJob's. */
static const struct {
	const char *owner_kind, *owner_name, *hash; /* hash: of the label pod-template-hash */
	const char *kind, *name;
} owners[] = {
	{ "ReplicaSet", "web-6d4f9c8b7d", "6d4f9c8b7d", "Deployment", "web" },
	{ "ReplicaSet", "my-web-6d4f9c8b7d", "6d4f9c8b7d", "Deployment", "my-web" },
	/* a ReplicaSet of its own: no label, or another one */
	{ "ReplicaSet", "web-6d4f9c8b7d", NULL, "ReplicaSet", "web-6d4f9c8b7d" },
	{ "ReplicaSet", "web-abc", "6d4f9c8b7d", "ReplicaSet", "web-abc" },
	{ "StatefulSet", "db", NULL, "StatefulSet", "db" },
	{ "DaemonSet", "logs-6d4", "6d4", "DaemonSet", "logs-6d4" },
	{ "Job", "backup-29453760", NULL, "CronJob", "backup" },
	{ "Job", "backup-29455200", NULL, "CronJob", "backup" },
	{ "Job", "backup-29452320", NULL, "CronJob", "backup" },
	/* a day and a minute off, not eight digits, no name, no number */
	{ "Job", "backup-29455201", NULL, "Job", "backup-29455201" },
	{ "Job", "backup-29452319", NULL, "Job", "backup-29452319" },
	{ "Job", "backup-2945376", NULL, "Job", "backup-2945376" },
	{ "Job", "-29453760", NULL, "Job", "-29453760" },
	{ "Job", "backup", NULL, "Job", "backup" },
	/* without an owner */
	{ "", "", NULL, "", "" },
	/* not in the body */
	{ NULL, NULL, NULL, NULL, NULL },
};

static struct str maybe(const char *text)
{
	return text ? str_from(text) : (struct str){ 0 };
}

START_TEST(workload_of_an_owner)
{
	struct scene *s = scene_new();
	const struct timeline *t;
	struct pod_object *o;

	scene_create(s, AT(100));
	o = scene_object(s, AT(0), "app");
	o->owner_kind = maybe(owners[_i].owner_kind);
	o->owner_name = maybe(owners[_i].owner_name);
	if (owners[_i].hash)
		o->labels = arena_printf(&s->arena, "app%cweb%cpod-template-hash%c%s%czone%ca%c", 0,
					 0, 0, owners[_i].hash, 0, 0, 0);
	t = scene_only(s);
	check_text(t->workload_kind, owners[_i].kind);
	check_text(t->workload_name, owners[_i].name);
	scene_free(s);
}
END_TEST

/* The owner's owner, if the log shows it, is right even where the name suggests another. */
START_TEST(workload_from_the_context)
{
	static const struct str none = { 0 };
	struct scene *s = scene_new();
	const struct timeline *t;
	struct pod_object *o;

	context_owner(&s->context,
		      &(struct ownership){ none, STR("shop"), STR("ReplicaSet"), STR("web-6d4"),
					   STR("Rollout"), STR("web-rollout"), NSEC_NONE });
	context_owner(&s->context,
		      &(struct ownership){ none, STR("shop"), STR("Rollout"), STR("web-rollout"),
					   STR("App"), STR("web-app"), NSEC_NONE });
	context_owner(&s->context,
		      &(struct ownership){ none, STR("other"), STR("App"), STR("web-app"),
					   STR("App"), STR("of another namespace"), NSEC_NONE });
	scene_create(s, AT(100));
	o = scene_object(s, AT(0), "app");
	o->owner_kind = STR("ReplicaSet");
	o->owner_name = STR("web-6d4");
	o->labels = STR("pod-template-hash\0006d4\0");
	t = scene_only(s);
	check_text(t->workload_kind, "App");
	check_text(t->workload_name, "web-app");
	scene_free(s);
}
END_TEST

START_TEST(no_body)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	t = scene_only(s);
	check_text(t->workload_kind, NULL);
	check_text(t->workload_name, NULL);
	check_text(t->node, NULL);
	check_text(t->uid, NULL);
	ck_assert(!t->job_known);
	scene_free(s);
}
END_TEST

/* Metadata alone shows no restartPolicy, but the pods of Jobs cannot be restarted always. */
START_TEST(a_job_by_its_owner)
{
	struct scene *s = scene_new();
	const struct timeline *t;
	struct pod_object *o;

	scene_read(s, AT(5000));
	o = scene_object(s, AT(0), "");
	o->has_spec = false;
	o->owner_kind = _i ? STR("Job") : STR("ReplicaSet");
	o->owner_name = STR("x");
	scene_fact(s, FACT_SEEN);
	t = scene_only(s);
	ck_assert_int_eq(t->job_known, _i);
	ck_assert_int_eq(t->job, _i);
	scene_free(s);
}
END_TEST

/* The most complete object: with a spec, and of those the first. */
START_TEST(the_best_object)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_read(s, AT(1000));
	scene_object(s, AT(0), "")->has_spec = false;
	scene_fact(s, FACT_SEEN);
	scene_read(s, AT(2000));
	scene_object(s, AT(0), "app log");
	scene_fact(s, FACT_SEEN);
	scene_read(s, AT(3000));
	scene_object(s, AT(0), "app");
	s->records[2]->object = s->record->object;
	scene_fact(s, FACT_SEEN);
	t = scene_only(s);
	ck_assert_ptr_nonnull(t->object);
	ck_assert_uint_eq(t->object->n_containers, 2);
	scene_free(s);
}
END_TEST

Suite *suite_workload(void)
{
	Suite *s = suite_create("workload");
	TCase *t = tcase_create("workload");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, workload_of_an_owner, 0, (int)ARRAY_SIZE(owners));
	tcase_add_test(t, workload_from_the_context);
	tcase_add_test(t, no_body);
	tcase_add_loop_test(t, a_job_by_its_owner, 0, 2);
	tcase_add_test(t, the_best_object);
	return s;
}
