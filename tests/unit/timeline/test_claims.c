/* SPDX-License-Identifier: Apache-2.0 */
/* Claims: from created to Bound. */
#include "suites.h"

/* The last record is about the claim shop/data. */
static struct record *claim(struct scene *s)
{
	s->record->kind = OBJECT_CLAIM;
	s->record->name = STR("data");
	s->record->uid = STR("c1");
	return s->record;
}

static void phase(struct scene *s, const char *phase, bool written)
{
	scene_phase(s, phase)->written = written;
}

static void body(struct scene *s)
{
	struct claim_object *o = arena_new(&s->arena, struct claim_object);

	*o = (struct claim_object){ .uid = STR("c1"),
				    .created = AT(0),
				    .storage_class = STR("ssd") };
	s->record->claim = o;
}

/* Created at 0.1 s, answered 2 ms later. */
static struct scene *created(void)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	claim(s);
	body(s);
	phase(s, "Pending", false);
	return s;
}

static void binds(struct scene *s, nsec at)
{
	scene_record(s, at, ORIGIN_CONTROLLER, "update");
	claim(s);
	phase(s, "Bound", true);
}

static void event(struct scene *s, nsec at, const char *reason)
{
	struct fact *f;

	scene_event(s, at, reason, "", "");
	f = &s->facts[0];
	f->origin = ORIGIN_CONTROLLER;
	claim(s);
}

START_TEST(bound)
{
	struct scene *s = created();
	const struct timeline *t;

	binds(s, AT(600));
	t = scene_only(s);
	ck_assert_int_eq(t->kind, OBJECT_CLAIM);
	check_text(t->name, "data");
	check_text(t->claim->storage_class, "ssd");
	check_mark(t, MILESTONE_CREATED, AT(100), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_ADMITTED, AT(102), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_BOUND, AT(600), PRECISION_EXACT, SOURCE_STATUS);
	ck_assert(!t->marks[MILESTONE_SCHEDULED].reached);
	ck_assert_uint_eq(t->n_stages, 1);
	check_stage(t, STAGE_BIND, "", AT(100), AT(600));
	scene_free(s);
}
END_TEST

/* Only reads show it: between the last one that did not and the first one that did. */
static const struct {
	nsec before, at;
} sights[] = { { AT(4600), AT(6600) }, { AT(4599), NSEC_NONE } };

START_TEST(seen_bound)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_read(s, sights[_i].before);
	claim(s);
	phase(s, "Pending", false);
	scene_read(s, AT(6600));
	claim(s);
	phase(s, "Bound", false);
	t = scene_only(s);
	check_mark(t, MILESTONE_BOUND, sights[_i].at, PRECISION_INFERRED, SOURCE_BOUND);
	ck_assert_int_eq(t->marks[MILESTONE_BOUND].until,
			 sights[_i].at == NSEC_NONE ? AT(6600) : NSEC_NONE);
	scene_free(s);
}
END_TEST

/* The scheduler names the node at 30 s, a provisioner makes the volume, then it is bound. */
START_TEST(provisioned)
{
	struct scene *s = created();
	const struct timeline *t;

	event(s, AT(300), "WaitForFirstConsumer");
	scene_record(s, AT(30000), ORIGIN_SCHEDULER, "update");
	claim(s);
	*scene_fact(s, FACT_SELECTED) = (struct fact){
		.kind = FACT_SELECTED,
		.written = true,
		.at = AT(30000),
		.begin = NSEC_NONE,
		.subject = STR("node-1"),
	};
	event(s, AT(30100), "ExternalProvisioning");
	event(s, AT(30200), "Provisioning");
	event(s, AT(36000), "ProvisioningSucceeded");
	binds(s, AT(36500));
	t = scene_only(s);
	check_mark(t, MILESTONE_SCHEDULED, AT(30000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert_uint_eq(t->n_stages, 3);
	check_stage(t, STAGE_CONSUMER, "", AT(100), AT(30000));
	check_stage(t, STAGE_PROVISION, "", AT(30100), AT(36000));
	check_stage(t, STAGE_BIND, "", AT(36000), AT(36500));
	scene_free(s);
}
END_TEST

/* A class without a provisioner: no write names the node, but the binding shows it. */
START_TEST(bound_for_its_consumer)
{
	struct scene *s = created();
	const struct timeline *t;

	event(s, AT(300), "WaitForFirstConsumer");
	binds(s, AT(57000));
	t = scene_only(s);
	check_mark(t, MILESTONE_SCHEDULED, AT(57000), PRECISION_INFERRED, SOURCE_BOUND);
	check_stage(t, STAGE_CONSUMER, "", AT(100), AT(57000));
	check_stage(t, STAGE_BIND, "", AT(57000), AT(57000));
	scene_free(s);
}
END_TEST

START_TEST(waits_still)
{
	struct scene *s = created();
	const struct timeline *t;

	event(s, AT(300), "WaitForFirstConsumer");
	event(s, AT(90300), "WaitForFirstConsumer");
	t = scene_only(s);
	ck_assert(!t->marks[MILESTONE_BOUND].reached);
	ck_assert_uint_eq(t->n_stages, 1);
	ck_assert(check_stage(t, STAGE_CONSUMER, "", AT(100), NSEC_NONE)->open);
	/* no claim's status was ever written: the Events alone prove that it waited */
	ck_assert_int_eq(t->status_until, AT(90301));
	scene_free(s);
}
END_TEST

START_TEST(provisions_still)
{
	struct scene *s = created();
	const struct timeline *t;

	context_cluster(&s->context, STR(""))->claim_writes = 1;
	event(s, AT(300), "Provisioning");
	t = scene_only(s);
	ck_assert_uint_eq(t->n_stages, 1);
	ck_assert(check_stage(t, STAGE_PROVISION, "", AT(300), NSEC_NONE)->open);
	ck_assert_int_eq(t->status_until, INT64_MAX);
	scene_free(s);
}
END_TEST

/* A write whose content is not shown may have bound it. */
START_TEST(perhaps_bound)
{
	struct scene *s = created();

	context_cluster(&s->context, STR(""))->claim_writes = 1;
	scene_record(s, AT(600), ORIGIN_CONTROLLER, "update");
	claim(s);
	scene_fact(s, FACT_WRITE);
	ck_assert_int_eq(scene_only(s)->status_until, AT(100));
	scene_free(s);
}
END_TEST

/* In a dump it may have been bound at any time before. */
START_TEST(dumped)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	context_dumped(&s->context, STR(""), AT(900000));
	scene_read(s, AT(0));
	claim(s);
	s->record->dumped = true;
	body(s);
	phase(s, "Bound", false);
	t = scene_only(s);
	check_mark(t, MILESTONE_CREATED, AT(0), PRECISION_SECOND, SOURCE_STATUS);
	check_unknown(t, MILESTONE_BOUND);
	ck_assert_int_eq(t->marks[MILESTONE_BOUND].until, AT(900000));
	scene_free(s);
}
END_TEST

START_TEST(deleted)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_delete(s, AT(5000), "delete", 200);
	claim(s);
	t = scene_only(s);
	check_mark(t, MILESTONE_DELETED, AT(5000), PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert_int_eq(t->deletion->requested.at, AT(5000));
	ck_assert(!t->deletion->gone.reached);
	ck_assert_uint_eq(t->deletion->n_stages, 0);
	scene_free(s);
}
END_TEST

START_TEST(refused)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_refused(s, AT(100), 403, "ExceededQuota");
	s->record->kind = OBJECT_CLAIM;
	t = scene_only(s);
	ck_assert_int_eq(t->kind, OBJECT_CLAIM);
	ck_assert(t->denied);
	check_text(t->refusal, "ExceededQuota");
	scene_free(s);
}
END_TEST

Suite *suite_claims(void)
{
	Suite *s = suite_create("claims");
	TCase *t = tcase_create("claims");

	suite_add_tcase(s, t);
	tcase_add_test(t, bound);
	tcase_add_loop_test(t, seen_bound, 0, (int)ARRAY_SIZE(sights));
	tcase_add_test(t, provisioned);
	tcase_add_test(t, bound_for_its_consumer);
	tcase_add_test(t, waits_still);
	tcase_add_test(t, provisions_still);
	tcase_add_test(t, perhaps_bound);
	tcase_add_test(t, dumped);
	tcase_add_test(t, deleted);
	tcase_add_test(t, refused);
	return s;
}
