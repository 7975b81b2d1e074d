/* SPDX-License-Identifier: Apache-2.0 */
/* The delivery classes at every border: upstream's IsTypicalPodNew. */
#include "suites.h"

#define GIB ((int64_t)1 << 30)

static const struct {
	int64_t cpu_milli, memory;
	size_t containers;
	uint32_t volumes;
	enum delivery_class class;
} cases[] = {
	{ 0, 0, 1, 0, CLASS_TYPICAL }, /* nothing is requested */
	{ 500, GIB, 1, 3, CLASS_TYPICAL },
	{ 8000, 0, 1, 0, CLASS_TYPICAL },
	{ 8001, 0, 1, 0, CLASS_NONTYPICAL2 },
	{ 32000, 0, 1, 0, CLASS_NONTYPICAL2 },
	{ 32001, 0, 1, 0, CLASS_BEST_EFFORT },
	{ 0, 16 * GIB, 1, 0, CLASS_TYPICAL },
	{ 0, 16 * GIB + 1, 1, 0, CLASS_NONTYPICAL2 },
	{ 0, 64 * GIB, 1, 0, CLASS_NONTYPICAL2 },
	{ 0, 64 * GIB + 1, 1, 0, CLASS_BEST_EFFORT },
	{ 0, 0, 3, 0, CLASS_TYPICAL },
	{ 0, 0, 4, 0, CLASS_NONTYPICAL1 },
	{ 0, 0, 10, 0, CLASS_NONTYPICAL1 },
	{ 0, 0, 11, 0, CLASS_BEST_EFFORT },
	{ 0, 0, 1, 15, CLASS_TYPICAL },
	{ 0, 0, 1, 16, CLASS_NONTYPICAL1 },
	/* the first row that fits, from above: size, then resources, then number */
	{ 8000, 16 * GIB, 3, 15, CLASS_TYPICAL },
	{ 8001, 0, 4, 16, CLASS_NONTYPICAL2 },
	{ 8001, 0, 11, 0, CLASS_BEST_EFFORT },
	{ 32001, 0, 1, 0, CLASS_BEST_EFFORT },
	{ INT64_MAX, INT64_MAX, 1, 0, CLASS_BEST_EFFORT },
};

START_TEST(class_of_a_spec)
{
	struct pod p;

	pod_make(&p);
	p.object.cpu_milli = cases[_i].cpu_milli;
	p.object.memory = cases[_i].memory;
	p.object.n_containers = cases[_i].containers;
	p.object.n_volumes = cases[_i].volumes;
	ck_assert_int_eq(delivery_class_of(pod_settings(), &p.object), cases[_i].class);
	ck_assert_int_eq(pod_judge(&p)->class, cases[_i].class);
}
END_TEST

START_TEST(only_app_containers_count)
{
	static const enum container_kind kinds[] = { CONTAINER_INIT, CONTAINER_SIDECAR,
						     CONTAINER_EPHEMERAL };
	struct pod p;

	pod_make(&p);
	p.object.n_containers = POD_CONTAINERS;
	for (size_t i = 3; i < POD_CONTAINERS; i++)
		p.containers[i].kind = kinds[i % 3];
	ck_assert_int_eq(delivery_class_of(pod_settings(), &p.object), CLASS_TYPICAL);
}
END_TEST

START_TEST(unknown)
{
	struct pod p;

	pod_make(&p);
	p.object.has_spec = false;
	ck_assert_int_eq(delivery_class_of(pod_settings(), &p.object), CLASS_UNKNOWN);
	ck_assert_int_eq(delivery_class_of(pod_settings(), NULL), CLASS_UNKNOWN);
	ck_assert_ptr_null(pod_settings()->classes[CLASS_UNKNOWN].name.p);
	ck_assert_int_eq(pod_settings()->classes[CLASS_UNKNOWN].limit, SEC(600));
}
END_TEST

START_TEST(names_and_limits)
{
	static const struct {
		const char *name;
		enum delivery_class class;
		nsec limit;
	} rows[] = { { "typical", CLASS_TYPICAL, SEC(90) },
		     { "nontypical1", CLASS_NONTYPICAL1, SEC(600) },
		     { "nontypical2", CLASS_NONTYPICAL2, SEC(1800) },
		     { "bestEffort", CLASS_BEST_EFFORT, SEC(600) } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert(
		    str_eq(pod_settings()->classes[rows[i].class].name, str_from(rows[i].name)));
		ck_assert_int_eq(pod_settings()->classes[rows[i].class].limit, rows[i].limit);
	}
}
END_TEST

Suite *suite_class(void)
{
	Suite *s = suite_create("class");
	TCase *t = tcase_create("class");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, class_of_a_spec, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(t, only_app_containers_count);
	tcase_add_test(t, unknown);
	tcase_add_test(t, names_and_limits);
	return s;
}
