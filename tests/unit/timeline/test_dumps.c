/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that occur several times in dumps: the newer copy is the snapshot. */
#include "suites.h"

static void dumped(struct scene *s, nsec at, const char *version)
{
	scene_read(s, at);
	s->record->dumped = true;
	s->record->audit_id = STR("");
	s->record->verb = STR("object");
	s->record->audit_stage = str_from(version);
	s->record->uri_hash = (uint64_t)at + (uint64_t)version[0];
	scene_object(s, AT(0), "app");
	context_dumped(&s->context, STR(""), at);
	context_copy(&s->context,
		     &(struct dumped_copy){ STR(""), STR("Pod"),
					    s->record->uid.n ? s->record->uid : s->record->name,
					    str_from(version), at });
}

/* Another pod, or a node, of which there are two. */
static void twice(struct scene *s, const char *kind)
{
	context_copy(&s->context, &(struct dumped_copy){ STR(""), str_from(kind), STR("other"),
							 STR("1"), AT(60000) });
	context_copy(&s->context, &(struct dumped_copy){ STR(""), str_from(kind), STR("other"),
							 STR("7"), AT(900000) });
	context_dumped(&s->context, STR(""), AT(900000));
}

static const struct row {
	const char *twice; /* kind of the object that occurs in two versions */
	int copies;	   /* of the pod itself */
	int until;	   /* s */
} rows[] = {
	{ NULL, 1, 900 },
	{ "Node", 1, 900 }, /* which proves nothing about pods */
	{ "Pod", 1, 60 },   /* it was in the older dump, and not in the newer */
	{ "Pod", 2, 900 },  /* it is in both, as it was */
};

START_TEST(looked_at)
{
	struct scene *s = scene_new();

	for (int i = 0; i < rows[_i].copies; i++) {
		dumped(s, AT(1000), "2");
		scene_condition(s, "PodScheduled", false, AT(1000));
	}
	context_dumped(&s->context, STR(""), AT(900000));
	if (rows[_i].twice)
		twice(s, rows[_i].twice);
	ck_assert_int_eq(scene_only(s)->dumped_until, AT(rows[_i].until * 1000));
	scene_free(s);
}
END_TEST

/* Created after the older dump: it can only be in the newer. */
START_TEST(made_later)
{
	struct scene *s = scene_new();

	dumped(s, AT(90000), "2");
	scene_object(s, AT(70000), "app");
	twice(s, "Pod");
	ck_assert_int_eq(scene_only(s)->dumped_until, AT(900000));
	scene_free(s);
}
END_TEST

/* The version decides, not the time: in the newer copy the latest time may be an earlier one. */
START_TEST(the_newer_version_is_the_snapshot)
{
	for (int newer_first = 0; newer_first < 2; newer_first++) {
		struct scene *s = scene_new();
		const struct timeline *t;

		for (int i = 0; i < 2; i++) {
			bool newer = i == !newer_first;

			dumped(s, newer ? AT(5000) : AT(8000), newer ? "10" : "9");
			scene_phase(s, newer ? "Running" : "Pending");
		}
		t = scene_only(s);
		for (size_t k = 0; k < t->n_entries; k++)
			ck_assert_str_eq(t->entries[k].fact.reason.p, "Running");
		ck_assert_uint_eq(t->n_entries, 1);
		scene_free(s);
	}
}
END_TEST

/* Merging gives the same result in any order, and so do equal copies. */
START_TEST(merged)
{
	static const struct {
		const char *version;
		nsec at;
	} copies[] = { { "5", AT(1000) }, { "9", AT(3000) }, { "7", AT(2000) }, { "9", AT(3000) } };
	struct context sum = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(copies); i++) {
		size_t k = (i + (size_t)_i) % ARRAY_SIZE(copies);
		struct context one = { 0 };

		context_copy(&one,
			     &(struct dumped_copy){ STR(""), STR("Pod"), STR("u1"),
						    str_from(copies[k].version), copies[k].at });
		context_merge(&sum, &one);
		context_free(&one);
	}
	ck_assert_int_eq(context_cluster(&sum, STR(""))->dumped_older, AT(2000));
	ck_assert(context_cluster(&sum, STR(""))->pods_twice);
	ck_assert_uint_eq(sum.copies.n, 1);
	ck_assert(!context_outdated(
	    &sum, &(struct dumped_copy){ STR(""), STR("Pod"), STR("u1"), STR("9"), AT(3000) }));
	ck_assert(context_outdated(
	    &sum, &(struct dumped_copy){ STR(""), STR("Pod"), STR("u1"), STR("7"), AT(3000) }));
	ck_assert(!context_outdated(
	    &sum, &(struct dumped_copy){ STR(""), STR("Pod"), STR("u1"), STR("7"), AT(2000) }));
	context_free(&sum);
}
END_TEST

Suite *suite_dumps(void)
{
	Suite *s = suite_create("dumps");
	TCase *t = tcase_create("dumps");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, looked_at, 0, (int)ARRAY_SIZE(rows));
	tcase_add_test(t, made_later);
	tcase_add_test(t, the_newer_version_is_the_snapshot);
	tcase_add_loop_test(t, merged, 0, 4);
	return s;
}
