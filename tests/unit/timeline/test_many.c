/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods with so many containers and facts that an index finds them: the result must be the same as
 * with a few.
 */
#include "suites.h"

#include "dying.h"
#include "timeline/sight.h"

enum { N = 60, INITS = 10 }; /* six facts of each: more than are walked through */

/* Names are not in the order of the spec. */
static const char *name_of(int i)
{
	static char text[16];

	snprintf(text, sizeof(text), "c%02d", i * 37 % N);
	return text;
}

static void add_spec(struct scene *s)
{
	struct pod_object *o = scene_object(s, AT(0), "");
	struct container_spec *list = arena_array(&s->arena, struct container_spec, N);

	for (int i = 0; i < N; i++) {
		list[i].kind = i < INITS ? CONTAINER_INIT : CONTAINER_APP;
		list[i].name = arena_str(&s->arena, str_from(name_of(i)));
		list[i].image = STR("web:1");
	}
	o->containers = list;
	o->n_containers = N;
}

static nsec begin_of(int i)
{
	return AT(1000 + 100 * i);
}

static struct scene *started(void)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	add_spec(s);
	scene_bind(s, AT(200), "node-1");
	for (int i = 0; i < N; i++) {
		char pulling[64], pulled[64];

		snprintf(pulling, sizeof(pulling), "Pulling image \"web:%d\"", i);
		snprintf(pulled, sizeof(pulled), "Successfully pulled image \"web:%d\" in 20ms", i);
		scene_event(s, begin_of(i), "Pulling", name_of(i), pulling);
		scene_event(s, begin_of(i) + MS(20), "Pulled", name_of(i), pulled);
		scene_event(s, begin_of(i) + MS(30), "Created", name_of(i), "");
		scene_event(s, begin_of(i) + MS(40), "Started", name_of(i), "");
		scene_status(s, begin_of(i) + MS(50));
		scene_running(s, name_of(i), begin_of(i) / SECOND * SECOND);
	}
	return s;
}

START_TEST(each_has_its_own_stages)
{
	struct scene *s = started();
	const struct timeline *t = scene_only(s);

	ck_assert_ptr_nonnull(t->subjects);
	ck_assert_ptr_nonnull(t->container_names);
	ck_assert_uint_eq(t->n_containers, N);
	for (int i = 0; i < N; i++) {
		nsec begin = begin_of(i);
		char image[16];

		snprintf(image, sizeof(image), "web:%d", i);
		check_text(t->containers[i].name, name_of(i));
		ck_assert_int_eq(t->containers[i].started.at, begin + MS(40));
		check_stage(t, STAGE_IMAGE_PULL, image, begin, begin + MS(20));
		check_stage(t, STAGE_CREATE, name_of(i), begin + MS(20), begin + MS(30));
		check_stage(t, STAGE_START, name_of(i), begin + MS(30), begin + MS(40));
		if (i < INITS)
			check_stage(t, STAGE_INIT, name_of(i), begin + MS(40), begin_of(i + 1));
	}
	check_mark(t, MILESTONE_RUNNING, begin_of(INITS) + MS(40), PRECISION_EXACT, SOURCE_EVENT);
	check_mark(t, MILESTONE_STARTED, begin_of(N - 1) + MS(40), PRECISION_EXACT, SOURCE_EVENT);
	check_mark(t, MILESTONE_OBSERVED, begin_of(N - 1) + MS(50), PRECISION_EXACT, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(each_is_stopped_once)
{
	struct scene *s = started();
	const struct timeline *t;

	scene_delete(s, AT(50000), "delete", 200);
	for (int i = 0; i < N; i++) {
		scene_event(s, AT(50100 + 10 * i), "Killing", name_of(i), "Stopping container");
		scene_status(s, AT(60000 + 10 * i));
		scene_terminated(s, name_of(i), begin_of(i) / SECOND * SECOND, AT(52000 + 1000 * i),
				 0);
	}
	t = scene_only(s);
	ck_assert_ptr_nonnull(t->deletion);
	dying_check(&t->deletion->killing, AT(50100), PRECISION_EXACT);
	dying_check(&t->deletion->stopped, AT(52000 + 1000 * (N - 1)), PRECISION_SECOND);
	for (int i = 0; i < N; i++)
		dying_check_stage(t->deletion, STAGE_STOP, name_of(i), AT(50100 + 10 * i),
				  AT(52000 + 1000 * i));
	scene_free(s);
}
END_TEST

/* At a moment those run that had been seen to run by then. */
START_TEST(each_is_seen_when_it_runs)
{
	struct scene *s = started();
	struct arena arena = { 0 };
	struct sight seen;

	scene_status(s, AT(900));
	scene_phase(s, "Pending");
	seen = sight_of(scene_only(s), begin_of(INITS) + MS(60), &arena);
	ck_assert(seen.exists);
	ck_assert_uint_eq(seen.containers, N - INITS);
	check_text(seen.status, "Init:0/10");
	arena_free(&arena);
	scene_free(s);
}
END_TEST

/* Arrays that one life has outgrown serve another, and none sees the other's facts. */
START_TEST(lives_share_no_facts)
{
	static const char *const uids[] = { "u1", "u2", "u3", "u4" };
	enum { EVENTS = 40 };
	struct scene *s = scene_new();
	const struct timeline *t;

	for (int life = 0; life < (int)ARRAY_SIZE(uids); life++) {
		nsec begin = AT(100000 * life);

		scene_create(s, begin)->uid = str_from(uids[life]);
		for (int i = 0; i < EVENTS; i++) {
			char message[32];

			snprintf(message, sizeof(message), "%d of %s", i, uids[life]);
			scene_event(s, begin + MS(1000 + i), "Unhealthy", "app", message)->uid =
			    str_from(uids[life]);
		}
		scene_delete(s, begin + MS(50000), "delete", 200)->uid = str_from(uids[life]);
		s->facts[0].truth = true;
	}
	for (int life = 0; life < (int)ARRAY_SIZE(uids); life++) {
		t = scene_next(s);
		check_text(t->uid, uids[life]);
		ck_assert_uint_eq(t->n_entries, EVENTS + 2);
		for (int i = 0; i < EVENTS; i++) {
			char message[32];

			snprintf(message, sizeof(message), "%d of %s", i, uids[life]);
			check_text(t->entries[i + 1].fact.message, message);
		}
	}
	ck_assert_ptr_null(scene_next(s));
	scene_free(s);
}
END_TEST

Suite *suite_many(void)
{
	Suite *s = suite_create("many");
	TCase *t = tcase_create("many");

	suite_add_tcase(s, t);
	tcase_add_test(t, each_has_its_own_stages);
	tcase_add_test(t, each_is_stopped_once);
	tcase_add_test(t, each_is_seen_when_it_runs);
	tcase_add_test(t, lives_share_no_facts);
	return s;
}
