/* SPDX-License-Identifier: Apache-2.0 */
/* Changes in place: which there are, and until when. */
#include "suites.h"

#include "timeline/lifecycle.h"

/* The object of the last record, its first container changed; image NULL: as it was. */
static void changed(struct scene *s, const char *containers, const char *image, int64_t cpu)
{
	struct pod_object *o = scene_object(s, AT(0), containers);
	struct container_spec *list = arena_array(&s->arena, struct container_spec, 8);

	memcpy(list, o->containers, o->n_containers * sizeof(*list));
	list[0].cpu_milli = cpu;
	if (image)
		list[0].image = str_from(image);
	o->containers = list;
	s->record->uid = STR("u1");
	s->record->bodies = BODY_RESPONSE;
	scene_fact(s, FACT_SEEN);
}

static void ready(struct scene *s, nsec received, bool truth, nsec at)
{
	scene_status(s, received);
	scene_condition(s, "Ready", truth, at);
}

/* Created at 0.1 s with example.org/app, running since 2 s, Ready at 3.2 s. */
static struct scene *serving(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), containers);
	scene_bind(s, AT(200), "node-1");
	scene_event(s, AT(1500), "Pulled", "app", "Container image \"example.org/app\" is there");
	scene_event(s, AT(1600), "Created", "app", "Created container: app");
	scene_event(s, AT(1700), "Started", "app", "Started container app");
	ready(s, AT(3200), true, AT(3000));
	scene_running(s, "app", AT(1000));
	return s;
}

static void patched(struct scene *s, nsec at, const char *image)
{
	scene_record(s, at, ORIGIN_OTHER, "patch")->actor = STR("alice");
	changed(s, "app", image, 0);
}

/* The same Event once more: its name still has the first time. */
static void again(struct scene *s, nsec received, const char *reason, const char *message)
{
	struct fact *f;

	scene_event(s, AT(1600), reason, "app", message);
	s->record->received = received;
	f = &s->facts[0];
	f->count = 2;
	f->at = received - received % SECOND;
}

static void check_edge(const struct mark *m, nsec at, enum precision precision)
{
	ck_assert(m->reached);
	ck_assert_int_eq((m->at - EPOCH) / 1000, (at - EPOCH) / 1000);
	ck_assert_int_eq(m->precision, precision);
}

static const struct stage *part(const struct upgrade *u, enum lifecycle_stage stage,
				const char *subject)
{
	for (size_t i = 0; i < u->n_stages; i++)
		if (u->stages[i].stage == stage && str_eq(u->stages[i].subject, str_from(subject)))
			return &u->stages[i];
	ck_abort_msg("no stage %s of %s", lifecycle_rows[stage].name, subject);
	return NULL;
}

static void check_part(const struct upgrade *u, enum lifecycle_stage stage, const char *subject,
		       nsec start, nsec end)
{
	const struct stage *s = part(u, stage, subject);

	ck_assert_int_eq((s->start.at - EPOCH) / 1000, (start - EPOCH) / 1000);
	ck_assert_int_eq(s->end.at == NSEC_NONE ? -1 : (s->end.at - EPOCH) / 1000,
			 end == NSEC_NONE ? -1 : (end - EPOCH) / 1000);
}

static const struct upgrade *only(const struct timeline *t)
{
	ck_assert_uint_eq(t->n_upgrades, 1);
	return &t->upgrades[0];
}

START_TEST(another_image)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	patched(s, AT(50300), "example.org/app:2");
	scene_event(s, AT(50400), "Killing", "app",
		    "Container app definition changed, will be restarted");
	ready(s, AT(51200), false, AT(51000));
	scene_terminated(s, "app", AT(1000), AT(51000), 0);
	scene_event(s, AT(51300), "Pulling", "app", "Pulling image \"example.org/app:2\"");
	scene_event(s, AT(54300), "Pulled", "app",
		    "Successfully pulled image \"example.org/app:2\" in 3s");
	again(s, AT(54500), "Created", "Created container: app");
	again(s, AT(54700), "Started", "Started container app");
	scene_status(s, AT(55200));
	scene_running(s, "app", AT(54000));
	ready(s, AT(60100), true, AT(60000));
	s->written = false;
	scene_condition(s, "Ready", true, AT(60000)); /* the answer shows it as well */
	u = only(scene_only(s));
	ck_assert_int_eq(u->kind, UPGRADE_IMAGE);
	check_text(u->containers, "app");
	check_text(u->before, "example.org/app");
	check_text(u->after, "example.org/app:2");
	ck_assert(str_eq(u->trigger->actor, STR("alice")));
	check_edge(&u->begin, AT(50300), PRECISION_EXACT);
	check_edge(&u->ready, AT(60100), PRECISION_EXACT);
	ck_assert(u->restarted);
	ck_assert_uint_eq(u->n_stages, 5);
	check_part(u, STAGE_STOP, "app", AT(50400), AT(51000));
	check_part(u, STAGE_IMAGE_PULL, "example.org/app:2", AT(51300), AT(54300));
	/* came again: whole seconds, of which the first begins before the pull was done */
	check_part(u, STAGE_CREATE, "app", AT(54300), AT(54300));
	check_part(u, STAGE_START, "app", AT(54300), AT(54300));
	check_part(u, STAGE_READINESS, "", AT(54300), AT(60100));
	scene_free(s);
}
END_TEST

/* So fast that no status write shows it unready: it holds from the sight of the new start. */
START_TEST(never_unready)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	patched(s, AT(50300), "example.org/app:2");
	scene_status(s, AT(52400));
	scene_running(s, "app", AT(51000));
	u = only(scene_only(s));
	check_edge(&u->ready, AT(52400), PRECISION_EXACT);
	ck_assert(u->restarted);
	scene_free(s);
}
END_TEST

/* The old start, reported again, is no new one; and Ready without a new start is the old Ready. */
START_TEST(not_yet_restarted)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	patched(s, AT(50300), "example.org/app:2");
	scene_read(s, AT(52400));
	scene_running(s, "app", AT(1000));
	scene_condition(s, "Ready", true, AT(3000));
	u = only(scene_only(s));
	ck_assert(!u->ready.reached);
	ck_assert(!u->restarted);
	scene_free(s);
}
END_TEST

/* A pod that could never start gets an image that is there. */
START_TEST(mended)
{
	struct scene *s = scene_new();
	const struct upgrade *u;

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), "app");
	ready(s, AT(1200), false, AT(1000));
	patched(s, AT(50300), "example.org/app:2");
	ready(s, AT(53300), true, AT(53000));
	scene_running(s, "app", AT(52000));
	u = only(scene_only(s));
	check_edge(&u->begin, AT(50300), PRECISION_EXACT);
	check_edge(&u->ready, AT(53300), PRECISION_EXACT);
	check_part(u, STAGE_READINESS, "", AT(52000), AT(53300));
	scene_free(s);
}
END_TEST

/* Only reads show the change: the old image was last seen so long before it. */
static const struct {
	nsec before, begin;
} sights[] = { { AT(48300), AT(50300) }, { AT(48299), NSEC_NONE } };

START_TEST(the_write_is_not_in_the_log)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	scene_read(s, sights[_i].before);
	changed(s, "app", NULL, 0);
	scene_read(s, AT(50300));
	changed(s, "app", "example.org/app:2", 0);
	u = only(scene_only(s));
	ck_assert_int_eq(u->begin.at, sights[_i].begin);
	ck_assert_int_eq(u->begin.until, sights[_i].begin == NSEC_NONE ? AT(50300) : NSEC_NONE);
	ck_assert_int_eq(u->begin.precision, PRECISION_INFERRED);
	scene_free(s);
}
END_TEST

/* The row of the timeline: only of a write the actor is reported. */
static void check_row(struct scene *s, enum precision precision, const char *who)
{
	const struct timeline *t = scene_only(s);
	const struct life_row *rows;
	struct arena arena = { 0 };
	size_t n = life_rows(t, &arena, &rows), found = 0;

	for (size_t i = 0; i < n; i++) {
		if (!str_eq(rows[i].operation, STR("set image of app")))
			continue;
		found++;
		ck_assert_int_eq(rows[i].at, AT(50300));
		ck_assert_int_eq(rows[i].precision, precision);
		check_text(rows[i].message, "example.org/app:2, was example.org/app");
		check_text(rows[i].who, who);
	}
	ck_assert_uint_eq(found, 1);
	arena_free(&arena);
	scene_free(s);
}

START_TEST(is_a_row_of_the_timeline)
{
	struct scene *s = serving("app");

	patched(s, AT(50300), "example.org/app:2");
	check_row(s, PRECISION_EXACT, "alice");
	s = serving("app");
	scene_read(s, AT(50300))->actor = STR("bob");
	changed(s, "app", "example.org/app:2", 0);
	check_row(s, PRECISION_INFERRED, "");
}
END_TEST

/* A read that began before the write shows its effect; the write explains it. */
START_TEST(the_write_behind_its_effect)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	scene_read(s, AT(50298));
	changed(s, "app", "example.org/app:2", 0);
	patched(s, AT(50300), "example.org/app:2");
	u = only(scene_only(s));
	check_edge(&u->begin, AT(50300), PRECISION_EXACT);
	ck_assert(str_eq(u->trigger->actor, STR("alice")));
	scene_free(s);
}
END_TEST

/* A cache still answers with the old image: nothing was changed back. */
START_TEST(stale_reads)
{
	struct scene *s = serving("app");

	patched(s, AT(50300), "example.org/app:2");
	scene_read(s, AT(50400));
	changed(s, "app", NULL, 0);
	scene_read(s, AT(50500));
	changed(s, "app", "example.org/app:2", 0);
	check_edge(&only(scene_only(s))->begin, AT(50300), PRECISION_EXACT);
	scene_free(s);
}
END_TEST

/* There and back again, by writes: two, and the first ends where the second begins. */
START_TEST(changed_back)
{
	struct scene *s = serving("app");
	const struct timeline *t;

	patched(s, AT(50300), "example.org/app:2");
	ready(s, AT(51200), false, AT(51000));
	patched(s, AT(52300), "example.org/app");
	ready(s, AT(60100), true, AT(60000));
	scene_running(s, "app", AT(58000));
	t = scene_only(s);
	ck_assert_uint_eq(t->n_upgrades, 2);
	ck_assert(!t->upgrades[0].ready.reached);
	check_edge(&t->upgrades[1].begin, AT(52300), PRECISION_EXACT);
	check_text(t->upgrades[1].before, "example.org/app:2");
	check_edge(&t->upgrades[1].ready, AT(60100), PRECISION_EXACT);
	scene_free(s);
}
END_TEST

/* A probe kills the container, or it crashes: that is no upgrade. */
START_TEST(no_change)
{
	struct scene *s = serving("app");

	scene_event(s, AT(50400), "Killing", "app",
		    "Container app failed liveness probe, will be restarted");
	ready(s, AT(51200), false, AT(51000));
	scene_terminated(s, "app", AT(1000), AT(51000), 137);
	ready(s, AT(53300), true, AT(53000));
	scene_running(s, "app", AT(52000))->count = 1;
	ck_assert_uint_eq(scene_only(s)->n_upgrades, 0);
	scene_free(s);
}
END_TEST

/* No spec is shown, but the kubelet's message has the reason of the restart. */
START_TEST(restarted_for_another_definition)
{
	struct scene *s = serving("app");
	const struct timeline *t;

	for (int i = 0; i < 2; i++) {
		nsec at = AT(50400 + 100000 * i);

		scene_event(s, at, "Killing", "app",
			    "Container app definition changed, will be restarted");
		ready(s, at + MS(800), false, at + MS(600));
		scene_terminated(s, "app", AT(1000), at + MS(600), 0);
		ready(s, at + MS(3900), true, at + MS(3600));
		scene_running(s, "app", at + MS(2600));
	}
	t = scene_only(s);
	ck_assert_uint_eq(t->n_upgrades, 2);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(t->upgrades[i].kind, UPGRADE_RESTART);
		check_text(t->upgrades[i].containers, "app");
		check_text(t->upgrades[i].before, NULL);
		check_edge(&t->upgrades[i].begin, AT(50400 + 100000 * i), PRECISION_EXACT);
		check_edge(&t->upgrades[i].ready, AT(54300 + 100000 * i), PRECISION_EXACT);
	}
	scene_free(s);
}
END_TEST

/* Other resources are taken on in place, or with a restart; how that ends is only then known. */
START_TEST(resized)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	scene_record(s, AT(50300), ORIGIN_OTHER, "patch");
	changed(s, "app", NULL, 500);
	if (_i)
		scene_event(s, AT(50400), "Killing", "app",
			    "Container app resize requires restart");
	ready(s, AT(60100), true, AT(60000));
	scene_running(s, "app", AT(59000));
	u = only(scene_only(s));
	ck_assert_int_eq(u->kind, UPGRADE_RESIZE);
	check_text(u->before, "cpu=0m,memory=0");
	check_text(u->after, "cpu=500m,memory=0");
	ck_assert_int_eq(u->restarted, _i);
	ck_assert_int_eq(u->ready.reached, _i);
	scene_free(s);
}
END_TEST

/* Two containers: Ready again is the pod only when both run anew. */
START_TEST(two_containers)
{
	struct scene *s = serving("app log");
	struct container_spec *list;
	const struct upgrade *u;

	scene_record(s, AT(50300), ORIGIN_OTHER, "patch");
	changed(s, "app log", "example.org/app:2", 0);
	list = arena_array(&s->arena, struct container_spec, 2);
	memcpy(list, s->record->object->containers, 2 * sizeof(*list));
	list[1].image = STR("example.org/log:2");
	scene_object(s, AT(0), "app log")->containers = list;
	scene_status(s, AT(52400));
	scene_running(s, "app", AT(51000));
	scene_status(s, AT(57400));
	scene_running(s, "log", AT(56000));
	u = only(scene_only(s));
	check_text(u->containers, "app,log");
	check_edge(&u->ready, AT(57400), PRECISION_EXACT);
	scene_free(s);
}
END_TEST

/* What the deletion kills is not the upgrade's. */
START_TEST(deleted_meanwhile)
{
	struct scene *s = serving("app");
	const struct upgrade *u;

	patched(s, AT(50300), "example.org/app:2");
	scene_delete(s, AT(52300), "delete", 200)->uid = STR("u1");
	scene_event(s, AT(52400), "Killing", "app", "Stopping container app");
	u = only(scene_only(s));
	ck_assert(!u->ready.reached);
	ck_assert_uint_eq(u->n_stages, 0);
	scene_free(s);
}
END_TEST

Suite *suite_upgrade(void)
{
	Suite *s = suite_create("upgrade");
	TCase *t = tcase_create("upgrade");

	suite_add_tcase(s, t);
	tcase_add_test(t, another_image);
	tcase_add_test(t, is_a_row_of_the_timeline);
	tcase_add_test(t, never_unready);
	tcase_add_test(t, not_yet_restarted);
	tcase_add_test(t, mended);
	tcase_add_loop_test(t, the_write_is_not_in_the_log, 0, (int)ARRAY_SIZE(sights));
	tcase_add_test(t, the_write_behind_its_effect);
	tcase_add_test(t, stale_reads);
	tcase_add_test(t, changed_back);
	tcase_add_test(t, no_change);
	tcase_add_test(t, restarted_for_another_definition);
	tcase_add_loop_test(t, resized, 0, 2);
	tcase_add_test(t, two_containers);
	tcase_add_test(t, deleted_meanwhile);
	return s;
}
