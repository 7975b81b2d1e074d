/* SPDX-License-Identifier: Apache-2.0 */
/* Image pulls: one stage an image, waiting and failures included. */
#include "suites.h"

#define PULLING(image) "Pulling image \"" image "\""
#define PULLED(image) "Successfully pulled image \"" image "\" in 2.5s"
#define PRESENT(image) "Container image \"" image "\" already present on machine"

static struct scene *bound(const char *containers)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	scene_object(s, AT(0), containers);
	scene_bind(s, AT(200), "node-1");
	return s;
}

START_TEST(one_image)
{
	struct scene *s = bound("app");
	const struct stage *pull;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(4000), "Pulled", "app", PULLED("x:1"));
	pull = check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), AT(4000));
	ck_assert_int_eq(pull->end.precision, PRECISION_EXACT);
	ck_assert_int_eq(pull->end.source, SOURCE_EVENT);
	ck_assert(!pull->open);
	scene_free(s);
}
END_TEST

START_TEST(two_containers_one_image)
{
	struct scene *s = bound("app log");

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(4000), "Pulled", "app", PULLED("x:1"));
	scene_event(s, AT(4300), "Pulled", "log", PRESENT("x:1"));
	check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), AT(4000));
	scene_free(s);
}
END_TEST

/* imagePullPolicy Always asks for it twice: each container's own pull is a stage. */
START_TEST(two_containers_pull_one_image)
{
	static const nsec pulls[][2] = { { AT(1500), AT(4000) }, { AT(4300), AT(4400) } };
	struct scene *s = bound("app log");
	const struct timeline *t;
	size_t n = 0;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(4000), "Pulled", "app", PULLED("x:1"));
	scene_event(s, AT(4300), "Pulling", "log", PULLING("x:1"));
	scene_event(s, AT(4400), "Pulled", "log", PULLED("x:1"));
	t = scene_only(s);
	for (size_t i = 0; i < t->n_stages; i++) {
		if (t->stages[i].stage != STAGE_IMAGE_PULL)
			continue;
		ck_assert_uint_lt(n, ARRAY_SIZE(pulls));
		check_text(t->stages[i].subject, "x:1");
		ck_assert_int_eq(t->stages[i].start.at, pulls[n][0]);
		ck_assert_int_eq(t->stages[i].end.at, pulls[n][1]);
		n++;
	}
	ck_assert_uint_eq(n, 2);
	scene_free(s);
}
END_TEST

START_TEST(two_images)
{
	struct scene *s = bound("app log");
	const struct timeline *t;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(4000), "Pulled", "app", PULLED("x:1"));
	scene_event(s, AT(4100), "Pulling", "log", PULLING("x:10"));
	scene_event(s, AT(5000), "Pulled", "log", PULLED("x:10"));
	t = scene_only(s);
	check_stage(t, STAGE_IMAGE_PULL, "x:1", AT(1500), AT(4000));
	check_stage(t, STAGE_IMAGE_PULL, "x:10", AT(4100), AT(5000));
	scene_free(s);
}
END_TEST

START_TEST(already_present)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(1500), "Pulled", "app", PRESENT("x:1"));
	scene_event(s, AT(1600), "Created", "app", "");
	t = scene_only(s);
	check_no_stage(t, STAGE_IMAGE_PULL, "x:1");
	check_stage(t, STAGE_CREATE, "app", AT(1500), AT(1600));
	scene_free(s);
}
END_TEST

START_TEST(never_finished)
{
	struct scene *s = bound("app");

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	ck_assert(check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

/* The container was created, so the pull ended; the log does not show when. */
START_TEST(finished_nobody_knows_when)
{
	struct scene *s = bound("app");

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(9000), "Created", "app", "");
	ck_assert(!check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

static const bool same_event[] = { true, false };

START_TEST(retried_after_a_failure)
{
	struct scene *s = bound("app");
	struct fact *again;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(2500), "Failed", "app", "Failed to pull image \"x:1\": EOF");
	scene_event(s, AT(2600), "BackOff", "app", "Back-off pulling image \"x:1\"");
	scene_event(s, AT(30000), "Pulling", "app", PULLING("x:1"));
	again = &s->facts[0];
	if (same_event[_i]) {
		/*
		 * a patch of the first Event: its name shows the first time, lastTimestamp this one
		 */
		again->begin = AT(1500);
		again->precision = PRECISION_SECOND;
		again->count = 2;
	}
	scene_event(s, AT(45000), "Pulled", "app", PULLED("x:1"));
	check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), AT(45000));
	scene_free(s);
}
END_TEST

/* Only the second time is in the log; the name of the Event holds the first. */
START_TEST(the_first_time_is_in_the_name)
{
	struct scene *s = bound("app");

	scene_event(s, AT(30000), "Pulling", "app", PULLING("x:1"));
	s->facts[0].begin = AT(1500);
	s->facts[0].count = 2;
	s->facts[0].precision = PRECISION_SECOND;
	scene_event(s, AT(45000), "Pulled", "app", PULLED("x:1"));
	check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), AT(45000));
	scene_free(s);
}
END_TEST

/* A pull long after Ready is an upgrade or a restart, not the delivery. */
START_TEST(pulled_again_later)
{
	struct scene *s = bound("app");
	const struct timeline *t;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(4000), "Pulled", "app", PULLED("x:1"));
	scene_event(s, AT(4100), "Created", "app", "");
	scene_event(s, AT(4200), "Started", "app", "");
	scene_status(s, AT(5000));
	scene_condition(s, "Ready", true, AT(4000));
	scene_event(s, AT(60000), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(63000), "Pulled", "app", PULLED("x:1"));
	scene_event(s, AT(90000), "Pulling", "app", PULLING("x:2"));
	scene_event(s, AT(99000), "Pulled", "app", PULLED("x:2"));
	t = scene_only(s);
	check_stage(t, STAGE_IMAGE_PULL, "x:1", AT(1500), AT(4000));
	check_no_stage(t, STAGE_IMAGE_PULL, "x:2");
	scene_free(s);
}
END_TEST

/* The image was there at first, and was pulled anew when the container was made anew. */
START_TEST(pulled_only_later)
{
	struct scene *s = bound("app");

	scene_event(s, AT(1500), "Pulled", "app", PRESENT("x:1"));
	scene_event(s, AT(1600), "Created", "app", "");
	scene_event(s, AT(1700), "Started", "app", "");
	scene_status(s, AT(2000));
	scene_condition(s, "Ready", true, AT(1000));
	scene_event(s, AT(60000), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(63000), "Pulled", "app", PULLED("x:1"));
	check_no_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1");
	scene_free(s);
}
END_TEST

/* Ready at 5 s, but the pull's end is reported later: by another clock, or of another pull. */
static const struct {
	nsec pulled, end;
} late[] = { { AT(5000), AT(5000) }, { AT(7000), AT(5000) }, { AT(7001), NSEC_NONE } };

START_TEST(pulled_behind_the_delivery)
{
	struct scene *s = bound("app");
	const struct stage *pull;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_status(s, AT(5000));
	scene_condition(s, "Ready", true, AT(4000));
	scene_event(s, late[_i].pulled, "Pulled", "app",
		    "Successfully pulled image \"x:1\" in 1s (9s including waiting)");
	pull = check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), late[_i].end);
	ck_assert(!pull->open);
	ck_assert_int_eq(pull->waited, late[_i].end == NSEC_NONE ? NSEC_NONE : MS(3500));
	scene_free(s);
}
END_TEST

/*
 * All messages of kubelets 1.20 to 1.36 about a finished pull. Durations are Go's. The stage is 2.5
 * s.
 */
static const struct {
	const char *message;
	nsec waited;
	int64_t bytes;
} said[] = {
	{ "Successfully pulled image \"x:1\"", NSEC_NONE, 0 },
	{ "Successfully pulled image \"x:1\" in 1.234s", NSEC_NONE, 0 },
	{ "Successfully pulled image \"x:1\" in 1m2.3s", NSEC_NONE, 0 },
	{ "Successfully pulled image \"x:1\" in 1.2s (1.7s including waiting)", MS(500), 0 },
	{ "Successfully pulled image \"x:1\" in 1.2s (1.2s including waiting)", 0, 0 },
	{ "Successfully pulled image \"x:1\" in 340ms (2.44s including waiting)", MS(2100), 0 },
	{ "Successfully pulled image \"x:1\" in 0s (12.5\xc2\xb5s including waiting)", 12500, 0 },
	{ "Successfully pulled image \"x:1\" in 1m2.3s (1m3s including waiting)", MS(700), 0 },
	{ "Successfully pulled image \"x:1\" in 1h2m3s (1h2m4.5s including waiting)", MS(1500), 0 },
	{ "Successfully pulled image \"x:1\" in 1.2s (1.7s including waiting). "
	  "Image size: 441636745 bytes.",
	  MS(500), 441636745 },
	{ "Successfully pulled image \"x:1\" in 1.2s (1.7s including waiting). Image size: 0 "
	  "bytes.",
	  MS(500), 0 },
	/* never negative, never more than the stage */
	{ "Successfully pulled image \"x:1\" in 1.7s (1.2s including waiting)", 0, 0 },
	{ "Successfully pulled image \"x:1\" in 1s (9s including waiting)", MS(2500), 0 },
	/* malformed messages */
	{ "Successfully pulled image \"x:1\" in soon (1.7s including waiting)", NSEC_NONE, 0 },
	{ "Successfully pulled image \"x:1\" in 1.2s (more including waiting). Image size: big "
	  "bytes.",
	  NSEC_NONE, 0 },
	{ "Successfully pulled image \"x:1\" in 1.2s (1.7s including waiting). "
	  "Image size: 99999999999999999999 bytes.",
	  MS(500), 0 },
};

START_TEST(waited_and_size)
{
	struct scene *s = bound("app");
	const struct stage *pull;

	scene_event(s, AT(1500), "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(4000), "Pulled", "app", said[_i].message);
	pull = check_stage(scene_only(s), STAGE_IMAGE_PULL, "x:1", AT(1500), AT(4000));
	ck_assert_int_eq(pull->waited, said[_i].waited);
	ck_assert_int_eq(pull->bytes, said[_i].bytes);
	scene_free(s);
}
END_TEST

/* An image that was there already takes no time, and the other one 100.808017 s. */
START_TEST(one_present_one_slow)
{
	struct scene *s = bound("log app");
	const struct timeline *t;

	scene_event(s, AT(1000), "Pulled", "log", PRESENT("log:2"));
	scene_event(s, AT(1138) + 593000, "Pulling", "app", PULLING("x:1"));
	scene_event(s, AT(101946) + 610000, "Pulled", "app", "Successfully pulled image \"x:1\"");
	t = scene_only(s);
	check_no_stage(t, STAGE_IMAGE_PULL, "log:2");
	check_stage(t, STAGE_IMAGE_PULL, "x:1", AT(1138) + 593000,
		    AT(1138) + 593000 + (nsec)100808017 * 1000);
	scene_free(s);
}
END_TEST

/* The image of a volume: its Events are about the pod, and not about a container. */
START_TEST(image_of_a_volume)
{
	struct scene *s = bound("app");

	scene_event(s, AT(1500), "Pulling", "", PULLING("data:1"));
	scene_event(s, AT(4000), "Pulled", "", PULLED("data:1"));
	check_stage(scene_only(s), STAGE_IMAGE_PULL, "data:1", AT(1500), AT(4000));
	scene_free(s);
}
END_TEST

START_TEST(image_of_a_volume_whose_end_is_not_seen)
{
	struct scene *s = bound("app");

	scene_event(s, AT(1500), "Pulling", "", PULLING("data:1"));
	scene_event(s, AT(9000), "Created", "app", "");
	ck_assert(
	    !check_stage(scene_only(s), STAGE_IMAGE_PULL, "data:1", AT(1500), NSEC_NONE)->open);
	scene_free(s);
}
END_TEST

Suite *suite_images(void)
{
	Suite *s = suite_create("images");
	TCase *t = tcase_create("images");

	suite_add_tcase(s, t);
	tcase_add_test(t, one_image);
	tcase_add_test(t, two_containers_one_image);
	tcase_add_test(t, two_containers_pull_one_image);
	tcase_add_test(t, two_images);
	tcase_add_test(t, already_present);
	tcase_add_test(t, never_finished);
	tcase_add_test(t, finished_nobody_knows_when);
	tcase_add_loop_test(t, retried_after_a_failure, 0, (int)ARRAY_SIZE(same_event));
	tcase_add_test(t, the_first_time_is_in_the_name);
	tcase_add_test(t, pulled_again_later);
	tcase_add_test(t, pulled_only_later);
	tcase_add_loop_test(t, pulled_behind_the_delivery, 0, (int)ARRAY_SIZE(late));
	tcase_add_loop_test(t, waited_and_size, 0, (int)ARRAY_SIZE(said));
	tcase_add_test(t, one_present_one_slow);
	tcase_add_test(t, image_of_a_volume);
	tcase_add_test(t, image_of_a_volume_whose_end_is_not_seen);
	return s;
}
